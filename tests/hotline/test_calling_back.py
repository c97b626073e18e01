"""Calling a person back: the operator first, safety judged again, not a word to a stranger's ear."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import actions as accounts
from accounts.models import Letter, SecondYes
from hotline import actions, tasks
from hotline.actions import call_back, sheets
from hotline.actions.override import ask_override
from hotline.models import CallBack, Command, Contact, OperatorState, SimulatorAct
from hotline.queries.dialling import call_bar, number_bar
from tests.hotline.test_unopened import plant

pytestmark = pytest.mark.django_db
OWN, PERSON = "CA" + "a" * 32, "CA" + "b" * 32
NUMBER = "+231770000001"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def missed(network, at):
    """A call that nobody took, of somebody whom we may call."""
    network.queued()
    network.status("completed", "9")
    Contact.objects.update(may_call="yes", may_text="yes", safety_at=at, language="fr")
    return network.contact


@pytest.fixture
def begun(missed, operator, at):
    return call_back.begin_call_back(contact=missed, by=operator, at=at)


def step(network, row, name, sid, **more):
    token = row.person_token if name in ("back-person", "back-cover") else row.own_token
    fields = {
        "CallSid": sid,
        "From": "+2312883",
        "To": NUMBER,
        "CallStatus": "in-progress",
        "Direction": "outbound-api",
    }
    return network.post(f"/hotline/twilio/voice/{name}/?t={token}", fields | more)


def status(network, token, sid, word, number="9"):
    fields = {"CallSid": sid, "To": NUMBER, "CallStatus": word, "SequenceNumber": number}
    return network.post(f"/hotline/twilio/status/?t={token}", fields)


def orders():
    return [(one.payload["order"], one.payload.get("to", "")) for one in SimulatorAct.objects.order_by("pk")]


@pytest.fixture
def joined(network, begun, at):
    """The operator's telephone rang, and she pressed 1."""
    tasks.run_commands(at)
    CallBack.objects.update(own_sid=OWN)
    step(network, begun, "back", OWN)
    step(network, begun, "back-key", OWN, Digits="1")
    return begun


@pytest.fixture
def talking(network, joined, at):
    """The person's telephone was rung, and somebody picked up."""
    tasks.run_commands(at)
    CallBack.objects.update(person_sid=PERSON)
    step(network, joined, "back-person", PERSON, AnsweredBy="human")
    joined.refresh_from_db()
    return joined


def fresh(row):
    row.refresh_from_db()
    return row


def test_a_yes_that_was_given_by_key_is_as_old_as_the_call(missed, at):
    Contact.objects.update(safety_at=None, callback_time="")
    missed.refresh_from_db()

    assert call_bar(missed, at + dt.timedelta(days=30)) == ""
    assert call_bar(missed, at + dt.timedelta(days=31)) == "too_old"


def test_the_operator_is_rung_first_and_the_person_only_after_key_1(network, begun, operator, at):
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
    dialled = SimulatorAct.objects.last().payload
    assert (dialled["order"], dialled["to"], dialled["detects_machine"]) == ("dial", NUMBER, True)
    row = fresh(begun)
    assert (row.state, row.nth, row.dialled_at) == ("person", 1, at)


def test_what_the_practice_network_answers_for_her_needs_no_key(network, begun, operator, at):
    tasks.run_commands(at)
    CallBack.objects.update(own_sid=OWN)

    room = step(network, begun, "back", OWN, To=f"client:{operator.operator_state.token}")

    assert room.verbs() == ["Dial", "Hangup"]
    assert fresh(begun).state == "person"


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

    said = dict.fromkeys(("may_call", "may_text", "may_voicemail", "shared_phone"), "no")
    sheets.set_safety(
        contact=joined.contact, answers=said, who_may_answer="", cover="", safe_from=None, safe_until=None,
        code_word=None, by=operator, at=at,
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
        status(network, row.person_token, f"CA{nth}" + "b" * 30, "no-answer")
        assert (fresh(row).state, row.nth) == ("not_reached", nth)
        contact = Contact.objects.get()
        assert call_bar(contact, now + HOUR - dt.timedelta(seconds=1)) == ("tries" if nth == 3 else "too_soon")
    with pytest.raises(call_back.CallRefused, match="tries"):
        call_back.begin_call_back(contact=missed, by=operator, at=at + 9 * HOUR)


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

    status(network, talking.person_token, PERSON, "completed")

    assert fresh(talking).state == "reached"
    assert OperatorState.objects.get(user=operator).state == "ready"
    tasks.run_commands(at + dt.timedelta(hours=48))
    assert Command.objects.filter(kind="delete_call", arguments__call_back=talking.pk).count() == 2


def test_reports_in_any_order_and_twice_end_it_once(network, talking, at):
    for word, number in (("completed", "9"), ("ringing", "1"), ("completed", "9"), ("in-progress", "2")):
        status(network, talking.own_token, OWN, word, number)

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


def test_the_page_says_what_to_say_and_shows_the_code_word_only_while_somebody_is_there(
    network, missed, desk, operator, at, now
):
    accounts.seal(missed, "code_word", "mango")
    missed.cover = "health"
    missed.save()
    page = reverse("hotline:call_back", args=[missed.public_id])
    first = desk.get(page).content.decode()
    assert "A health information service" in first
    assert NUMBER not in first
    assert "Once you press 1, or enter your PIN, the" in first

    desk.post(page)
    row = CallBack.objects.get()
    assert "pick it up and press 1, or enter your PIN" in desk.get(page).content.decode()
    elsewhere = BeautifulSoup(desk.get(reverse("hotline:missed")).content, "html.parser").find(id="back-to-call")
    assert elsewhere["href"] == page
    act = {
        name: reverse("hotline:call_back_act", args=[missed.public_id, name]) for name in ("word", "confirm", "end")
    }
    assert "mango" not in desk.post(act["word"], follow=True).content.decode()
    CallBack.objects.update(state="talking", own_sid=OWN, person_sid=PERSON, dialled_at=at, picked_up_at=at)
    assert "mango" in desk.post(act["word"]).content.decode()
    desk.post(act["confirm"])
    assert "you may speak" in desk.get(page).content.decode()
    desk.post(act["end"])

    assert fresh(row).state == "reached"
    assert NUMBER not in desk.get(page).content.decode()


def test_the_button_is_shut_with_its_reason_and_the_number_too(missed, desk, sign_in, supervisor, now):
    Contact.objects.update(may_call="unknown")
    contact = reverse("hotline:contact", args=[missed.public_id])
    number = reverse("hotline:show_number", args=[missed.public_id])
    refused = "The safety state does not say that we may call this person."

    assert refused in desk.get(contact).content.decode()
    assert refused in desk.get(reverse("hotline:missed")).content.decode()
    desk.post(reverse("hotline:call_back", args=[missed.public_id]))
    assert not CallBack.objects.exists()
    assert NUMBER not in desk.post(number, {"reason": "callback"}, follow=True).content.decode()

    boss = sign_in(supervisor)
    reason = boss.get(contact).context["number_form"].fields["reason"].choices[1][0]
    assert NUMBER in boss.post(number, {"reason": reason}).content.decode()


def test_two_persons_may_call_what_is_not_known_to_be_safe_for_half_an_hour(
    missed, desk, sign_in, person, supervisor, operator, at, now
):
    Contact.objects.update(may_call="unknown")
    ask, agree = (reverse(f"hotline:{name}", args=[missed.public_id]) for name in ("override_ask", "override_agree"))
    assert desk.post(ask, {"reason": "danger"}).status_code == 404  # an operator does not ask
    boss = sign_in(supervisor)
    boss.post(ask, {"reason": "danger"})
    seen = {"asked": SecondYes.objects.get().asked_at.isoformat()}
    boss.post(agree, seen)
    missed.refresh_from_db()
    assert call_bar(missed, at) == "not_safe"  # one person in both roles is none

    second = sign_in(operator)
    log = BeautifulSoup(second.get(reverse("hotline:call_log")).content, "html.parser")
    assert missed.code in log.find(id=f"to-agree-{missed.code}").text
    assert log.select_one(".staff-nav [aria-current] .count").text == "1"
    second.post(agree, {"asked": at.replace(year=2025).isoformat()})  # another asking than the one that was seen
    missed.refresh_from_db()
    assert call_bar(missed, at) == "not_safe"
    assert (
        "asks to call although it is not known to be safe"
        in second.get(reverse("hotline:call_back", args=[missed.public_id])).content.decode()
    )
    second.post(agree, seen)

    assert (call_bar(missed, at), call_bar(missed, at + dt.timedelta(minutes=31))) == ("", "not_safe")
    assert number_bar(missed, operator, at) == "not_safe"
    Contact.objects.update(may_call="no")
    missed.refresh_from_db()
    assert call_bar(missed, at) == "not_safe"  # a no stands


def test_nobody_is_asked_to_agree_where_the_person_said_no(missed, supervisor, at):
    Contact.objects.update(may_call="no")

    with pytest.raises(call_back.CallRefused):
        ask_override(contact=missed, reason="danger", by=supervisor, at=at)
    assert not SecondYes.objects.exists()


def live_part(client, contact, seen=""):
    page = client.get(reverse("hotline:call_back_live", args=[contact.public_id]), {"seen": seen})
    return page.status_code, BeautifulSoup(page.content, "html.parser")


def test_the_page_renews_its_part_only_and_says_where_the_call_stands(network, begun, desk, at, now):
    page = BeautifulSoup(desk.get(reverse("hotline:call_back", args=[begun.contact.public_id])).content, "html.parser")
    seen = page.find(id="call-mark")["value"]
    assert page.select_one("a[href*='console/?contact=']")  # the sheet
    assert live_part(desk, begun.contact, seen)[0] == 204
    CallBack.objects.update(state="talking", dialled_at=at, picked_up_at=at)

    status_code, part = live_part(desk, begun.contact, seen)

    assert (status_code, part.find(id="say-politely").text) == (200, "Somebody picked up")
    assert [one["data-key"] for one in part.select("[data-key]")] == ["y", "x", "e"]
    assert [one["id"] for one in part.select("[data-ask]")] == ["act-stranger", "act-end"]
    assert "cover phrase" in part.find(id="act-stranger").text
    Contact.objects.update(cover="health")
    told = live_part(desk, begun.contact)[1].find(id="act-stranger").text
    assert ("cover phrase" in told, "A health information service, wrong number" in told) == (False, True)


def test_the_code_word_comes_into_its_place_and_leaves_the_address_alone(begun, desk, at, now):
    accounts.seal(begun.contact, "code_word", "mango")
    begun.contact.save()
    CallBack.objects.update(state="talking", dialled_at=at, picked_up_at=at)
    door = {
        name: reverse("hotline:call_back_act", args=[begun.contact.public_id, name]) for name in ("word", "confirm")
    }

    part = BeautifulSoup(desk.post(door["word"], HTTP_HX_REQUEST="true").content, "html.parser")

    assert (part.find(id="code-word").text, part.find("html")) == ("mango", None)
    assert (
        live_part(desk, begun.contact, part.find(id="call-mark")["value"])[0] == 204
    )  # it stays until something changes
    assert "you may speak" in desk.post(door["confirm"], HTTP_HX_REQUEST="true").content.decode()


def test_the_console_of_who_calls_back_leads_to_that_call(begun, desk, now):
    page = BeautifulSoup(desk.get(reverse("hotline:console")).content, "html.parser")

    assert page.find(id="to-call-back")["href"] == reverse("hotline:call_back", args=[begun.contact.public_id])
    assert "Set yourself to" not in page.find(id="main").text
    assert "Nobody on the line" not in page.find(id="main").text


def test_a_telephone_that_began_to_ring_while_the_call_back_ended_is_hung_up_by_an_order(joined, at, monkeypatch):
    def dial(self, **_more):
        CallBack.objects.update(ended_at=at, state="cancelled")
        return PERSON

    monkeypatch.setattr("hotline.telephony.practice.PracticeProvider.dial", dial)
    tasks.run_commands(at)

    assert Command.objects.filter(kind="hang_up", key__startswith="hang_up_late").count() == 1


def test_who_talks_with_a_service_is_on_the_line_and_who_only_wrote_is_not(missed, at):
    Contact.objects.update(state="wrap_up", ended_at=None)
    missed.refresh_from_db()
    assert call_bar(missed, at) == "on_the_line"

    Contact.objects.update(kind="message")
    missed.refresh_from_db()
    assert call_bar(missed, at) == ""
