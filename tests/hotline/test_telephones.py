"""An operator's own telephone: entered, called, verified by key 1, and only then rung for a caller."""

import datetime as dt
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import actions as accounts
from accounts.models import AuditEntry, DataKey, Letter
from hotline import actions, callstate, tasks
from hotline.models import Command, Contact, Leg, Line, OperatorState, PhoneCheck, SimulatorAct, WebhookEvent
from hotline.queries import roster_gaps, targets_now
from hotline.queries.lines import line_by_id
from hotline.queries.telephones import lines_without, people_without
from hotline.telephony.base import ProviderRefused
from tests.hotline.test_budget import statements
from tests.hotline.test_commands import Broken

pytestmark = pytest.mark.django_db
NUMBER, OTHER = "+231770123456", "+231880123457"
CHECK_SID = "CA" + "c" * 32
REAL = "AC" + "9" * 32


def state_of(user):
    return OperatorState.objects.get(user=user)


def verbs():
    return list(AuditEntry.objects.filter(verb__startswith="operator.").order_by("pk").values_list("verb", flat=True))


@pytest.fixture
def entered(operator, network, at):
    """The operator entered her number, and the worker had it called."""
    actions.set_telephone(user=operator, number=NUMBER, by=operator, at=at)
    tasks.run_commands(at)
    return PhoneCheck.objects.get()


def answers(network, check, step="own-phone", sid=CHECK_SID, **more):
    fields = {
        "CallSid": sid,
        "From": "+2312883",
        "To": NUMBER,
        "CallStatus": "in-progress",
        "Direction": "outbound-api",
    }
    return network.post(f"/hotline/twilio/voice/{step}/?t={check.token}", fields | more)


def reports(network, check, status, sequence=0, sid=CHECK_SID):
    fields = {"CallSid": sid, "To": NUMBER, "CallStatus": status, "SequenceNumber": str(sequence)}
    return network.post(f"/hotline/twilio/status/?t={check.token}", fields)


@pytest.fixture
def called(network, entered):
    """The call reached her telephone: the network knows it by the SID that these tests use."""
    PhoneCheck.objects.update(call_sid=CHECK_SID)
    entered.refresh_from_db()
    return entered


@pytest.fixture
def verified(network, called, operator, at):
    """The operator's telephone, verified."""
    answers(network, called)
    answers(network, called, "own-phone-key", Digits="1")
    tasks.settle_telephones(at)
    return state_of(operator)


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


def test_worker_that_listed_the_call_before_the_change_takes_nothing_into_use(
    network, called, operator, at, monkeypatch
):
    answers(network, called, "own-phone-key", Digits="1")
    actions.set_telephone(user=operator, number=OTHER, by=operator, at=at)
    monkeypatch.setattr("hotline.actions.checks.open_checks", lambda at: PhoneCheck.objects.filter(pk=called.pk))

    assert actions.settle_checks(at=at) == 0
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


# Taking calls -------------------------------------------------------------------------------------------------------


@pytest.fixture
def live(line, monkeypatch, settings):
    """The line on a real account: nothing answers for an operator there."""
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = f"{settings.TWILIO_ACCOUNT_SID},{REAL}", ""
    Line.objects.update(account=REAL, is_practice=False)
    return line


class Dialled:
    """A provider that notes whom it was to ring."""

    def __init__(self):
        self.calls = []

    def dial(self, **values):
        self.calls.append(values)
        return "CA" + "e" * 32


@pytest.fixture
def waiting(line, at):
    """A caller who waits."""
    contact = Contact.objects.create(
        line=line, country=line.country, language="en", state="waiting", step="waiting", queued_at=at, started_at=at,
        changed_at=at,
    )  # fmt: skip
    Leg.objects.create(contact=contact, account=line.account, call_sid="CA" + "7" * 32, made_at=at)
    return contact


@pytest.fixture
def provider(monkeypatch):
    dialled = Dialled()
    monkeypatch.setattr("hotline.actions.commands.provider", lambda account: dialled)
    return dialled


def verify(user, at, number=NUMBER):
    state = state_of(user)
    accounts.seal(state, "phone", number)
    state.phone_verified_at, state.uses_phone, state.seen_at = at, True, at
    state.save()


def test_without_a_verified_telephone_a_live_call_cannot_be_taken(live, waiting, operator, at):
    with pytest.raises(actions.NoTelephone):
        actions.take_call(contact=waiting, by=operator, at=at)

    waiting.refresh_from_db()
    assert (waiting.claimed_by, state_of(operator).state) == (None, "ready")


def test_verified_telephone_rings_with_press_1_and_has_45_seconds(live, waiting, operator, provider, at):
    Leg.objects.update(account=REAL)
    verify(operator, at)
    actions.take_call(contact=waiting, by=operator, at=at)
    tasks.run_commands(at)

    (call,) = provider.calls
    assert (call["to"], "/voice/whisper/" in call["url"]) == (NUMBER, True)
    assert Contact.objects.get().claimed_until == at + dt.timedelta(seconds=45)


def test_number_changed_after_taking_does_not_ring(live, waiting, operator, provider, at):
    Leg.objects.update(account=REAL)
    verify(operator, at)
    actions.take_call(contact=waiting, by=operator, at=at)
    OperatorState.objects.update(phone_verified_at=None, uses_phone=False)
    tasks.run_commands(at)

    assert provider.calls == []
    assert Command.objects.get().fault == "no_telephone"


def test_number_that_cannot_be_opened_does_not_ring_and_is_not_counted_on(live, waiting, operator, provider, at):
    Leg.objects.update(account=REAL)
    verify(operator, at)
    actions.take_call(contact=waiting, by=operator, at=at)
    DataKey.objects.filter(owner=state_of(operator).public_id).delete()
    tasks.run_commands(at)

    assert provider.calls == []
    assert not state_of(operator).has_telephone
    assert targets_now(line_by_id(live.pk), "en", at).kind == "nobody"


@pytest.mark.parametrize("change", ["removed", "verified later"])
def test_telephone_that_is_not_the_verified_one_joins_nobody(network, operator, clock, change):
    verify(operator, clock.now)
    contact = network.queued()
    actions.take_call(contact=contact, by=operator, at=clock.now)
    leg = contact.legs.get(role="operator")
    later = {"phone_verified_at": clock.now + dt.timedelta(seconds=9)}
    OperatorState.objects.update(**(later if change == "verified later" else {"phone_verified_at": None}))

    fields = {"CallSid": "CA" + "f" * 32, "From": "+2312883", "To": NUMBER, "Digits": "1"}
    for step in ("whisper", "softphone"):
        reply = network.post(f"/hotline/twilio/voice/{step}/?t={leg.token}", fields)
        assert "Dial" not in reply.verbs()
        assert "Gather" not in reply.verbs()


def test_router_counts_on_an_open_console_and_a_verified_telephone(live, operator, at):
    facts = line_by_id(live.pk)

    assert targets_now(facts, "en", at).kind == "nobody"
    verify(operator, at)
    assert targets_now(facts, "en", at).kind == "speaker"
    assert targets_now(facts, "en", at + dt.timedelta(minutes=3)).kind == "nobody"


def test_proof_of_the_roster_knows_who_cannot_be_rung(live, operator, at):
    until = at + dt.timedelta(hours=6)

    assert any(gap.starts_at <= at < gap.ends_at and gap.language == "en" for gap in roster_gaps(live, at, 1))
    verify(operator, at)
    assert not any(gap.starts_at < until and gap.language == "en" for gap in roster_gaps(live, at, 1))


def test_people_of_a_live_line_without_a_telephone_are_named(line, operator, at):
    assert people_without(line, at) == []
    Line.objects.update(account=REAL, is_practice=False)
    line.refresh_from_db()
    assert (people_without(line, at), lines_without(at)) == ([operator], [(line, 1)])

    verify(operator, at)
    assert (people_without(line, at), lines_without(at)) == ([], [])


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
