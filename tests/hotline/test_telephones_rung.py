"""What rings for an operator of a live line: her own verified telephone, or nothing."""

import base64
import datetime as dt

import pytest

from accounts.models import DataKey
from hotline import actions, tasks
from hotline.models import Command, Contact, Leg, Line, OperatorState
from hotline.queries import roster_gaps, targets_now
from hotline.queries.lines import line_by_id
from hotline.queries.telephones import lines_without, people_without
from languages import table
from tests.hotline.telephones import NUMBER, REAL, state_of, verify

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize(("hers", "chosen", "named"), [
    ("en", "3", "A call for you in Arabic."), ("fr", "3", "Langue : arabe."), ("ar", "1", "اللغة: الإنجليزية."),
    ("ht", "1", "Langue : anglais."),  # no voice says Haitian Creole: it is heard in French, all of it
    ("en", "", "A call for you in English, French, Arabic."), ("ar", "", "اللغة: الإنجليزية، الفرنسية، العربية."),
])  # fmt: skip
def test_the_callers_language_is_named_in_the_language_of_the_sentence(
    network, line, operator, at, hers, chosen, named
):
    Line.objects.update(is_practice=False)
    operator.language = hers
    operator.save()
    verify(operator, at)
    network.call()
    network.step("language", 1, Digits=chosen or "9")
    actions.take_call(contact=network.contact, by=operator, at=at)
    leg = network.contact.legs.get(role="operator")
    fields = {"CallSid": "CA" + "e" * 32, "From": "+2312883", "To": NUMBER, "CallStatus": "in-progress"}
    reply = network.post(f"/hotline/twilio/voice/whisper/?t={leg.token}", fields | {"Direction": "outbound-api"})
    said = reply.said().replace("\xa0", " ")

    assert named in said
    assert not any(row.own in said for row in table.TABLE if row.own not in named)


def test_her_own_telephone_hears_first_that_the_person_cannot_talk_freely(network, line, operator, at):
    Line.objects.update(is_practice=False)
    verify(operator, at)
    network.call()
    network.step("language", 1, Digits="1")
    Contact.objects.update(cannot_speak=True)
    actions.take_call(contact=network.contact, by=operator, at=at)
    token = network.contact.legs.get(role="operator").token
    fields = {"CallSid": "CA" + "e" * 32, "From": "+2312883", "To": NUMBER, "CallStatus": "in-progress"}

    reply = network.post(f"/hotline/twilio/voice/whisper/?t={token}", fields | {"Direction": "outbound-api"})

    assert reply.said().startswith("In this call the person cannot speak, or somebody else listens. A call for you")
    assert reply.verbs() == ["Say", "Gather", "Hangup"]  # no key cuts it short


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


OTHER_KEY = base64.b64encode(b"0123456789abcdef" * 2).decode()


# No key of that id; another key of that id (the demo's is k1); none; nothing that can be read.
@pytest.mark.parametrize("strange", [f"*:k9:{OTHER_KEY}", f"*:k1:{OTHER_KEY}", "", "*:k1:abc"])
def test_a_telephone_whose_key_is_away_rings_again_once_the_key_is_back(
    live, waiting, operator, provider, at, settings, strange
):
    Leg.objects.update(account=REAL)
    verify(operator, at)
    actions.take_call(contact=waiting, by=operator, at=at)
    right, settings.SEAL_KEYS = settings.SEAL_KEYS, strange
    tasks.run_commands(at)
    away = list(provider.calls), Command.objects.get().fault
    settings.SEAL_KEYS = right
    later = at + dt.timedelta(minutes=1)
    tasks.release_claims(later)
    actions.set_presence(user=operator, state="ready", by=operator, at=later)
    waiting.refresh_from_db()
    actions.take_call(contact=waiting, by=operator, at=later)
    tasks.run_commands(later)

    assert away == ([], "unopened")
    assert [call["to"] for call in provider.calls] == [NUMBER]


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
