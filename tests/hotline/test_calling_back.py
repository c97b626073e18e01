"""Calling a person back: the operator first, safety judged again, not a word to a stranger's ear."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Letter
from hotline import actions, tasks
from hotline.actions import call_back, safety
from hotline.actions.circuit import CircuitOpen
from hotline.models import CallBack, Command, Contact, OperatorState, SimulatorAct
from hotline.queries.dialling import call_bar
from hotline.telephony.base import ProviderBusy, ProviderDown, ProviderRefused
from tests.hotline.backs import HOUR, NUMBER, OWN, PERSON, comes_in, fresh, orders, step
from tests.hotline.test_unopened import plant

pytestmark = pytest.mark.django_db
DIAL = "hotline.telephony.practice.PracticeProvider.dial"
NEVER_RANG = [CircuitOpen(dt.datetime(2026, 1, 1, tzinfo=dt.UTC)), ProviderRefused("20003"), ProviderBusy("Slowly.")]


def test_a_yes_that_was_given_by_key_is_as_old_as_the_call(missed, at):
    Contact.objects.update(safety_at=None, callback_time="")
    missed.refresh_from_db()

    assert call_bar(missed, at + dt.timedelta(days=30)) == ""
    assert call_bar(missed, at + dt.timedelta(days=31)) == "too_old"


def test_the_operator_is_rung_first_and_the_person_only_once_she_is_in_the_room(network, begun, operator, at):
    tasks.run_commands(at)
    assert orders() == [("dial", f"client:{operator.operator_state.token}")]
    CallBack.objects.update(own_sid=OWN)

    heard = step(network, begun, "back", OWN)
    assert "Press 1 to take it" in heard.said()
    tasks.run_commands(at)
    assert len(orders()) == 1  # not before the key

    room = step(network, begun, "back-key", OWN, Digits="1")
    assert room.document.find(".//Conference").text == begun.room_name
    tasks.run_commands(at)
    assert (fresh(begun).state, len(orders())) == ("operator", 1)  # not before she is there

    comes_in(network, begun)
    comes_in(network, begun)
    tasks.run_commands(at)
    assert len(orders()) == 2
    dialled = SimulatorAct.objects.last().payload
    assert (dialled["order"], dialled["to"], dialled["detects_machine"]) == ("dial", NUMBER, True)
    row = fresh(begun)
    assert (row.state, row.nth, row.dialled_at) == ("person", 1, at)


def test_what_the_practice_network_answers_for_her_needs_no_key(network, begun, operator, at):
    tasks.run_commands(at)
    CallBack.objects.update(own_sid=OWN)

    room = step(network, begun, "back", OWN, To=f"client:{operator.operator_state.token}")

    assert room.verbs() == ["Dial", "Hangup"]
    comes_in(network, begun)
    assert fresh(begun).state == "person"


@pytest.mark.parametrize("told", ["she left", "another came", "the caller's room"])
def test_nobody_is_rung_for_a_room_in_which_the_operator_is_not(network, begun, at, told):
    CallBack.objects.update(own_sid=OWN)
    step(network, begun, "back-key", OWN, Digits="1")
    if told == "she left":  # heard before the report that she came
        network.room("participant-leave", 2, begun, OWN, "op-1")
        comes_in(network, begun)
    elif told == "another came":
        comes_in(network, begun, "CA" + "9" * 32)
    else:
        comes_in(network, begun.contact)

    tasks.run_commands(at)

    assert fresh(begun).state == ("no_operator" if told == "she left" else "operator")
    assert NUMBER not in [to for _order, to in orders()]


def test_who_picks_up_hears_no_recorded_word(network, talking):
    again = step(network, talking, "back-person", PERSON, AnsweredBy="human")

    assert again.verbs() == ["Dial", "Hangup"]
    assert (list(again.document.iter("Say")), list(again.document.iter("Play"))) == ([], [])
    assert talking.state == "talking"


def test_her_own_voicemail_presses_no_key_and_nobody_is_called(network, begun, at):
    tasks.run_commands(at)
    CallBack.objects.update(own_sid=OWN)
    step(network, begun, "back", OWN)

    assert step(network, begun, "back-key", OWN).verbs() == ["Hangup"]

    assert fresh(begun).state == "no_operator"
    assert not Command.objects.filter(kind="call_back", arguments__who="person").exists()
    assert call_bar(begun.contact, at) == ""  # that was no try


@pytest.mark.parametrize(
    "change", [{"may_call": "no"}, {"may_call": "unknown"}, {"safe_from": dt.time(1), "safe_until": dt.time(2)}]
)
def test_safety_is_judged_again_at_the_moment_of_dialling(joined, at, change):
    Contact.objects.update(**change)  # what no form did, so that nothing was cancelled

    tasks.run_commands(at)

    row = fresh(joined)
    assert (row.state, row.dialled_at, bool(row.blocked_by)) == ("blocked", None, True)
    assert NUMBER not in [to for _order, to in orders()]
    assert Command.objects.filter(kind="hang_up", arguments__who="own").exists()


@pytest.mark.parametrize("when", ["rings", "ordered"])
def test_a_change_to_no_ends_a_ringing_call(joined, operator, at, when):
    if when == "rings":
        tasks.run_commands(at)
        CallBack.objects.update(person_sid=PERSON)

    said = dict.fromkeys(("may_call", "may_text", "may_voicemail"), "no") | {"shared_phone": "not_asked"}
    safety.set_safety(
        contact=joined.contact, answers=said, who_may_answer="", cover="", safe_from=None, safe_until=None,
        code_word=None, because="told", by=operator, at=at,
    )  # fmt: skip
    tasks.run_commands(at)

    assert (fresh(joined).state, joined.blocked_by) == ("cancelled", "not_safe")
    assert (("hang_up", "") in orders()) is True
    assert (NUMBER in [to for _order, to in orders()]) is (when == "rings")


def test_a_machine_hears_nothing(network, joined, at):
    tasks.run_commands(at)
    CallBack.objects.update(person_sid=PERSON)

    assert step(network, joined, "back-person", PERSON, AnsweredBy="machine_start").verbs() == ["Hangup"]

    assert fresh(joined).state == "machine"


def test_a_stranger_hears_the_cover_phrase_and_nobody_is_called_any_more(network, talking, operator, supervisor, at):
    call_back.meet_stranger(contact=talking.contact, by=operator, at=at)

    contact = Contact.objects.get()
    assert (contact.may_call, contact.may_text, call_bar(contact, at + 2 * HOUR)) == ("no", "no", "not_safe")
    assert Letter.objects.filter(key__startswith="call_back_strange").count() == 1
    tasks.run_commands(at)
    cover = next(one.payload for one in SimulatorAct.objects.all() if one.payload["order"] == "redirect")
    assert "/back-cover/" in cover["url"]
    heard = step(network, talking, "back-cover", PERSON)
    assert [verb.tag for verb in heard.document] == ["Say", "Hangup"]
    assert heard.document.find("Say").get("language") == "fr-FR"


def test_another_cover_than_the_recorded_one_is_said_by_the_operator_alone(network, talking, operator, at):
    Contact.objects.update(cover="health")
    call_back.meet_stranger(contact=talking.contact, by=operator, at=at)

    assert step(network, talking, "back-cover", PERSON).verbs() == ["Hangup"]


def test_three_tries_an_hour_apart_then_no_more(network, missed, operator, at):
    Contact.objects.update(safety_at=at)
    for nth in (1, 2, 3):
        now = at + nth * HOUR
        row = call_back.begin_call_back(contact=missed, by=operator, at=now)
        CallBack.objects.filter(pk=row.pk).update(state="person", own_sid=OWN)
        call_back.ring_person(row, now)
        tasks.run_commands(now)
        CallBack.objects.filter(pk=row.pk).update(person_sid=f"CA{nth}" + "b" * 30)
        network.rung_status(row.person_token, f"CA{nth}" + "b" * 30, "no-answer")
        assert (fresh(row).state, row.nth) == ("not_reached", nth)
        contact = Contact.objects.get()
        assert call_bar(contact, now + HOUR - dt.timedelta(seconds=1)) == ("tries" if nth == 3 else "too_soon")
    with pytest.raises(call_back.CallRefused, match="tries"):
        call_back.begin_call_back(contact=missed, by=operator, at=at + 9 * HOUR)


@pytest.mark.parametrize(
    ("error", "is_try"), [*((error, False) for error in NEVER_RANG), (ProviderDown("ReadTimeout"), True)]
)
def test_only_an_order_that_may_have_rung_counts_as_a_try(missed, operator, at, monkeypatch, error, is_try):
    def dial(self, **_more):
        raise error

    monkeypatch.setattr(DIAL, dial)
    for nth in (1, 2, 3):
        now = at + nth * HOUR
        row = call_back.begin_call_back(contact=missed, by=operator, at=now)
        CallBack.objects.filter(pk=row.pk).update(state="person", own_sid=OWN)
        call_back.ring_person(row, now)
        tasks.run_commands(now)
        kept = (now, nth) if is_try else (None, None)
        assert (fresh(row).state, row.dialled_at, row.nth) == ("failed", *kept)
        soon = now + dt.timedelta(minutes=1)
        assert call_bar(missed, soon) == (("tries" if nth == 3 else "too_soon") if is_try else "")
    assert call_bar(missed, at + 5 * HOUR) == ("tries" if is_try else "")


@pytest.mark.parametrize("error", NEVER_RANG)
def test_what_never_rang_is_no_try_of_a_call_back_that_ended_meanwhile(joined, at, monkeypatch, error):
    def dial(self, **_more):
        CallBack.objects.update(ended_at=at, state="not_reached")
        raise error

    monkeypatch.setattr(DIAL, dial)
    tasks.run_commands(at)

    assert (fresh(joined).state, joined.dialled_at, joined.nth) == ("not_reached", None, None)
    assert call_bar(joined.contact, at) == ""


def test_one_call_back_of_a_contact_and_one_of_an_operator_at_a_time(begun, missed, operator, other, at):
    with pytest.raises(call_back.CallRefused, match="under_way"):
        call_back.begin_call_back(contact=missed, by=other, at=at)
    values = {"contact": missed, "account": "AC", "made_at": at}
    for by in (other, operator):
        with pytest.raises(IntegrityError), transaction.atomic():
            CallBack.objects.create(by=by, **values)
    with pytest.raises(actions.NotReady):
        actions.set_presence(user=operator, state="break", by=operator, at=at)


def test_the_operator_is_free_again_and_the_providers_records_go(network, talking, operator, at):
    call_back.confirm(contact=talking.contact, by=operator, at=at)

    network.rung_status(talking.person_token, PERSON, "completed")

    assert fresh(talking).state == "reached"
    assert OperatorState.objects.get(user=operator).state == "ready"
    tasks.run_commands(at + dt.timedelta(hours=48))
    assert Command.objects.filter(kind="delete_call", arguments__call_back=talking.pk).count() == 2


def test_reports_in_any_order_and_twice_end_it_once(network, talking, at):
    for word, number in (("completed", "9"), ("ringing", "1"), ("completed", "9"), ("in-progress", "2")):
        network.rung_status(talking.own_token, OWN, word, number)

    assert (fresh(talking).state, talking.own_status) == ("unsure", "completed")
    assert list(Contact.objects.get().events.values_list("kind", flat=True)).count("call_back_over") == 1


def test_a_number_that_cannot_be_opened_ends_it_at_once(network, joined, at):
    plant(joined.contact, "number", "none of ours")

    tasks.run_commands(at)

    assert (fresh(joined).state, joined.dialled_at) == ("failed", None)
    assert Command.objects.filter(kind="hang_up", arguments__who="own").exists()


def test_a_strange_telephone_with_a_right_address_joins_nothing(network, talking):
    assert step(network, talking, "back-person", "CA" + "9" * 32).verbs() == ["Hangup"]
    assert step(network, talking, "back-key", "CA" + "9" * 32, Digits="1").verbs() == ["Hangup"]


def test_what_nobody_hears_of_any_more_ends(begun, operator, at):
    tasks.settle_call_backs(at + dt.timedelta(minutes=1))
    assert fresh(begun).ended_at is None

    tasks.settle_call_backs(at + dt.timedelta(minutes=2))

    assert fresh(begun).state == "no_operator"
    assert OperatorState.objects.get(user=operator).state == "ready"


def test_a_telephone_that_began_to_ring_while_the_call_back_ended_is_hung_up_by_an_order(joined, at, monkeypatch):
    def dial(self, **_more):
        CallBack.objects.update(ended_at=at, state="cancelled")
        return PERSON

    monkeypatch.setattr(DIAL, dial)
    tasks.run_commands(at)

    assert Command.objects.filter(kind="hang_up", key__startswith="hang_up_late").count() == 1
