"""An operator's own telephone: entered, called, verified by key 1, and only then rung for a caller."""

import datetime as dt
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import actions as accounts
from accounts.models import AuditEntry, DataKey, Letter
from hotline import actions, callstate, tasks
from hotline.models import Command, Contact, Leg, OperatorState, PhoneCheck, SimulatorAct, WebhookEvent
from hotline.telephony.base import ProviderRefused
from tests.hotline.telephones import (  # noqa: F401 -- fixtures
    CHECK_SID,
    NUMBER,
    OTHER,
    answers,
    called_number,
    entered_number,
    reports,
    state_of,
    verified_number,
    verify,
)
from tests.hotline.test_budget import statements
from tests.hotline.test_commands import Broken

pytestmark = pytest.mark.django_db


def verbs():
    return list(AuditEntry.objects.filter(verb__startswith="operator.").order_by("pk").values_list("verb", flat=True))


def test_entered_number_is_sealed_and_called_from_the_line_with_neutral_words(network, entered, operator):
    state, dialled = state_of(operator), SimulatorAct.objects.get().payload
    PhoneCheck.objects.update(call_sid="")
    heard = answers(network, entered)

    assert NUMBER not in str(state.phone.raw)
    assert (state.has_telephone, dialled["to"], dialled["from_"]) == (False, NUMBER, "+2312883")
    assert (heard.verbs(), "Press 1 to use this telephone" in heard.said()) == (["Gather", "Redirect"], True)
    assert not any(word in heard.said().lower() for word in ("traffick", "hotline", "fanal", "liberia"))


def test_key_1_takes_the_telephone_into_use_and_nothing_of_it_is_a_contact(network, verified, operator):
    assert verified.has_telephone
    assert PhoneCheck.objects.get().result == "verified"
    assert not Contact.objects.exists()
    assert not Leg.objects.exists()
    assert verbs() == ["operator.phone_set", "operator.phone_verified"]


def test_number_stands_in_no_audit_entry_inbox_letter_key_or_order(verified, operator, at):
    bodies = " ".join(AuditEntry.objects.values_list("body", flat=True))
    orders = " ".join(str(one.arguments) for one in Command.objects.all())
    letters = Letter.objects.filter(key__startswith="own_telephone")
    payloads = [accounts.reveal(one, "payload", by="test", at=at, reason="test") for one in WebhookEvent.objects.all()]

    assert letters.count() == 2
    assert len(payloads) == 2
    for text in (bodies, orders, *payloads, *letters.values_list("key", "receiver")[0]):
        assert NUMBER[4:] not in str(text)


@pytest.mark.parametrize("digits", ["", "2", "9"])
def test_a_voicemail_or_another_key_verifies_nothing(network, called, operator, at, digits):
    answers(network, called)
    answers(network, called, "own-phone-key", Digits=digits)
    tasks.settle_telephones(at)

    assert (PhoneCheck.objects.get().result, state_of(operator).has_telephone) == ("no_key", False)


@pytest.mark.parametrize(("status", "result"), [
    ("busy", "busy"), ("no-answer", "no_answer"), ("failed", "failed"), ("canceled", "no_answer"),
])  # fmt: skip
def test_a_call_that_reached_nobody_is_said(network, called, operator, at, status, result):
    reports(network, called, status)
    tasks.settle_telephones(at)

    assert (PhoneCheck.objects.get().result, state_of(operator).has_telephone) == (result, False)
    assert not Contact.objects.exists()


def test_hang_up_before_a_key_is_no_key_after_five_seconds(network, called, at):
    answers(network, called)
    reports(network, called, "completed")

    assert tasks.settle_telephones(at + dt.timedelta(seconds=4)) == 0
    assert tasks.settle_telephones(at + dt.timedelta(seconds=5)) == 1
    assert PhoneCheck.objects.get().result == "no_key"


def test_call_that_nobody_hears_of_is_lost_and_can_be_made_again(entered, operator, at):
    later = at + dt.timedelta(seconds=callstate.CHECK_SECONDS)
    tasks.settle_telephones(later)
    actions.ring_again(user=operator, by=operator, at=later)

    assert list(PhoneCheck.objects.values_list("result", flat=True)) == ["lost", ""]


def test_order_of_the_reports_changes_nothing(network, called, operator, at):
    acts = {
        "ask": lambda: answers(network, called),
        "key": lambda: answers(network, called, "own-phone-key", Digits="1"),
        "rings": lambda: reports(network, called, "ringing", 1),
        "over": lambda: reports(network, called, "completed", 2),
    }
    for order in permutations(acts):
        PhoneCheck.objects.update(status="", answer="", result="", ended_at=None, call_sid=CHECK_SID)
        OperatorState.objects.update(phone_verified_at=None, uses_phone=False)
        WebhookEvent.objects.all().delete()
        for name in order:
            acts[name]()
            acts[name]()
        tasks.settle_telephones(at)
        assert state_of(operator).has_telephone, order
        assert PhoneCheck.objects.get().status == "completed"


def test_repeat_of_a_key_gets_the_same_words_and_another_key_has_no_effect(network, called, operator, at):
    answers(network, called)
    first = answers(network, called, "own-phone-key", Digits="1")
    again = answers(network, called, "own-phone-key", Digits="3")
    tasks.settle_telephones(at)

    assert (first.text, first.verbs()) == (again.text, ["Say", "Hangup"])
    assert state_of(operator).has_telephone


def test_another_call_or_an_unknown_number_of_a_check_is_sent_away(network, called, operator, at):
    strange = answers(network, called, "own-phone-key", sid="CA" + "d" * 32, Digits="1")
    called.token += 1
    unknown = answers(network, called, "own-phone-key", Digits="1")
    answered = reports(network, called, "completed")
    tasks.settle_telephones(at)

    assert (strange.verbs(), unknown.verbs(), answered.status) == (["Hangup"], ["Hangup"], 204)
    assert not state_of(operator).has_telephone
    assert not Contact.objects.exists()


def test_forged_key_is_refused(client, called, operator, at):
    path = f"/hotline/twilio/voice/own-phone-key/?t={called.token}"

    answer = client.post(path, {"CallSid": CHECK_SID, "Digits": "1"}, HTTP_X_TWILIO_SIGNATURE="forged")
    tasks.settle_telephones(at)

    assert answer.status_code == 403
    assert not state_of(operator).has_telephone


def test_changed_number_is_unverified_at_once_and_key_1_of_the_old_call_is_worth_nothing(
    network, called, operator, at
):
    actions.set_telephone(user=operator, number=OTHER, by=operator, at=at)
    late = answers(network, called, "own-phone-key", Digits="1")
    tasks.settle_telephones(at)
    tasks.run_commands(at)

    assert late.verbs() == ["Hangup"]
    assert not state_of(operator).has_telephone
    assert list(PhoneCheck.objects.values_list("result", flat=True)) == ["replaced", ""]
    assert SimulatorAct.objects.filter(payload__order="hang_up", payload__sid=CHECK_SID).exists()


def test_key_that_was_pressed_before_the_change_takes_nothing_into_use(network, called, operator, at):
    answers(network, called, "own-phone-key", Digits="1")
    actions.set_telephone(user=operator, number=OTHER, by=operator, at=at)
    tasks.settle_telephones(at)

    assert not state_of(operator).has_telephone


def test_worker_that_listed_the_call_before_the_change_takes_nothing_into_use(network, called, operator, at):
    answers(network, called, "own-phone-key", Digits="1")
    actions.set_telephone(user=operator, number=OTHER, by=operator, at=at)

    assert not actions.settle_check(key=called.pk, at=at)
    assert not state_of(operator).has_telephone


def test_double_click_and_two_tabs_order_one_call(operator, at):
    for _click in range(2):
        actions.set_telephone(user=operator, number=NUMBER, by=operator, at=at)
    actions.ring_again(user=operator, by=operator, at=at)

    assert PhoneCheck.objects.count() == 1
    assert Command.objects.filter(kind="verify").count() == 1
    assert verbs() == ["operator.phone_set"]


def test_nobody_is_rung_more_than_three_times_an_hour(operator, at):
    actions.set_telephone(user=operator, number=NUMBER, by=operator, at=at)
    for _turn in range(2):
        PhoneCheck.objects.update(result="no_key")
        actions.ring_again(user=operator, by=operator, at=at)
    PhoneCheck.objects.update(result="no_key")

    with pytest.raises(actions.TooManyCalls):
        actions.ring_again(user=operator, by=operator, at=at)
    with pytest.raises(actions.TooManyCalls):
        actions.set_telephone(user=operator, number=OTHER, by=operator, at=at)

    actions.ring_again(user=operator, by=operator, at=at + dt.timedelta(hours=1))
    assert PhoneCheck.objects.count() == 4


def test_two_people_cannot_ring_one_number_more_often_together(operator, person, liberia, at):
    for turn in range(3):
        other = person("operator", country=liberia, name=f"Operator {turn + 2}, Liberia")
        actions.set_telephone(user=other, number=NUMBER, by=other, at=at)

    with pytest.raises(actions.TooManyCalls):
        actions.set_telephone(user=operator, number=NUMBER, by=operator, at=at)

    assert state_of(operator).phone is None


def test_removed_number_is_gone_with_its_key(verified, operator, at):
    key = verified.public_id
    actions.remove_telephone(user=operator, by=operator, at=at)
    actions.remove_telephone(user=operator, by=operator, at=at)

    assert (state_of(operator).phone, state_of(operator).has_telephone) == (None, False)
    assert not DataKey.objects.filter(owner=key).exists()
    assert verbs().count("operator.phone_removed") == 1
    actions.set_telephone(user=operator, number=OTHER, by=operator, at=at)
    assert state_of(operator).phone is not None


@pytest.mark.parametrize("leave", ["account", "role"])
def test_number_of_who_leaves_is_wiped(verified, operator, person, at, leave):
    if leave == "account":
        accounts.deactivate(person=operator, by=person("administrator"), at=at)
    else:
        accounts.change_roles(person=operator, roles={"learner"}, by=person("administrator"), at=at)

    assert tasks.settle_telephones(at) == 1
    assert (state_of(operator).phone, state_of(operator).has_telephone) == (None, False)
    assert tasks.settle_telephones(at) == 0


def test_closed_account_is_not_rung_by_a_call_that_was_ordered_before(operator, person, network, at):
    actions.set_telephone(user=operator, number=NUMBER, by=operator, at=at)
    accounts.deactivate(person=operator, by=person("administrator"), at=at)

    tasks.run_commands(at)

    assert not SimulatorAct.objects.exists()
    assert PhoneCheck.objects.get().call_sid == ""


def test_refused_number_is_said_on_the_check(operator, at, monkeypatch, network):
    monkeypatch.setattr("hotline.actions.commands.provider", lambda account: Broken(ProviderRefused("21211")))
    actions.set_telephone(user=operator, number=NUMBER, by=operator, at=at)
    tasks.run_commands(at)

    assert PhoneCheck.objects.get().result == "failed"
    assert Command.objects.get(kind="verify").fault == "21211"


def test_the_record_of_the_call_is_deleted_at_the_provider(verified, at):
    assert Command.objects.get(kind="delete_call").arguments == {"check": PhoneCheck.objects.get().pk}

    tasks.run_commands(at + dt.timedelta(minutes=6))

    assert Command.objects.get(kind="delete_call").done_at is not None


@given(
    st.sampled_from(["", "one", "none"]), st.sampled_from(["", *callstate.CALL_ORDER]), st.floats(-1, 400),
    st.floats(0, 400),
)  # fmt: skip
def test_only_key_1_verifies(answer, status, since_end, since_made):
    result = callstate.check_result(answer, status, since_end, since_made)

    assert (result == "verified") == (answer == "one")
    assert result or since_made < callstate.CHECK_SECONDS


def test_steps_of_the_verification_call_keep_to_the_budget_of_a_voice_step(network, called, monkeypatch):
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 60.0)
    monkeypatch.setattr("hotline.actions.inbox.transaction.on_commit", lambda act: act())
    network.call()

    for step, keys in (("own-phone", {}), ("own-phone-key", {"Digits": "1"})):
        assert len(statements(lambda step=step, keys=keys: answers(network, called, step, **keys))) <= 6
