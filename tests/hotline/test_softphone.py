"""The telephone in the browser: its token, its trial, the call that joins by our own rows alone, and the way back."""

import datetime as dt
import re

import jwt
import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from hotline import actions, softphone
from hotline.actions import softphone as phone
from hotline.actions.comparing import sweep_account
from hotline.models import BrowserTrial, Command, Contact, OperatorState
from hotline.queries import roster_gaps, targets_now
from hotline.queries.lines import line_by_id
from hotline.queries.telephones import people_without
from hotline.telephony.base import CallFacts
from tests.hotline.browser import BROWSER_SID, SECRET, live_line, real_network, works_in_browser  # noqa: F401
from tests.hotline.telephones import REAL, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def taken(real, clock, operator, at):
    """A call that waits on the live line, taken by an operator who works in the browser."""
    works_in_browser(operator, at)
    contact = real.queued()
    actions.take_call(contact=contact, by=operator, at=at)
    return Contact.objects.get(pk=contact.pk)


def state_of(user):
    return OperatorState.objects.get(user=user)


def audited(verb):
    return AuditEntry.objects.filter(verb=verb).count()


@pytest.mark.either
def test_a_trial_is_judged_by_what_came_through():
    told = {
        "good": softphone.Trial(packets=300, delay=120, jitter=8, lost=2),
        "weak": softphone.Trial(packets=300, delay=500, jitter=8, lost=2),
        "bad_line": softphone.Trial(packets=300, delay=120, jitter=8, lost=250),
        "no_sound": softphone.Trial(packets=0, delay=120),
        "no_microphone": softphone.Trial(problem="no_microphone", packets=300),
    }

    assert {softphone.judged(trial): trial for trial in told.values()} == told


def test_the_token_lets_one_identity_call_out_for_an_hour_and_nothing_in(live, operator, at):
    made = jwt.decode(
        phone.token_for(user=operator, at=at), SECRET, algorithms=["HS256"], options={"verify_nbf": False}
    )

    voice = {"outgoing": {"application_sid": "AP" + "1" * 32}}
    assert made["grants"] == {"identity": state_of(operator).token, "voice": voice}
    assert (made["sub"], made["iss"]) == (REAL, "SK" + "1" * 32)
    assert made["exp"] - made["nbf"] <= 3600


def test_no_token_off_shift_nor_where_no_browser_may_call_nor_in_a_call(live, desk, operator, settings, taken):
    ask = lambda **more: desk.post(reverse("hotline:softphone_token"), more)  # noqa: E731
    assert ask().status_code == 200
    assert "You are in a call" in ask(trial=1).json()["words"]

    OperatorState.objects.filter(user=operator).update(state="off", contact=None)
    assert (ask().status_code, "off shift" in ask().json()["words"]) == (409, True)
    OperatorState.objects.filter(user=operator).update(state="ready")
    settings.TWILIO_VOICE_SECRET = ""
    assert (ask().status_code, "No line of your country" in ask().json()["words"]) == (409, True)


def test_who_takes_a_call_in_the_browser_joins_by_her_own_call_and_nothing_rings(real, taken, operator):
    assert not Command.objects.filter(kind="dial").exists()

    other = Contact.objects.create(
        line=taken.line, country=taken.country, started_at=taken.started_at, changed_at=taken.changed_at
    )
    reply = real.browser(operator, contact=str(other.public_id), To="+231770000001")
    leg = taken.legs.get(role="operator")
    room = reply.document.find(".//Conference")
    assert (room.text, room.get("participantLabel")) == (taken.room_name, leg.label)
    assert (room.get("startConferenceOnEnter"), room.get("endConferenceOnExit")) == ("true", "true")
    assert leg.call_sid == BROWSER_SID
    assert real.browser(operator).text == reply.text

    real.room("participant-join", 1, taken, sid=BROWSER_SID, label=leg.label)
    taken.refresh_from_db()
    assert (taken.state, state_of(operator).state) == ("connected", "on_call")


def test_a_second_browser_and_whoever_holds_no_claim_are_sent_away_on_record(
    real, taken, operator, person, liberia, at
):
    real.browser(operator)
    second = real.browser(operator, sid="CA" + "c" * 32)
    other = person("operator", country=liberia)
    actions.set_presence(user=other, state="ready", by=other, at=at)
    stranger = real.browser(other, sid="CA" + "d" * 32)
    nobody = real.post(
        "/hotline/twilio/voice/softphone/", {"CallSid": "CA" + "e" * 32, "From": "client:op_00000000", "To": ""}
    )

    for reply in (second, stranger, nobody):
        assert reply.verbs()[-1] == "Hangup"
        assert "Dial" not in reply.verbs()
    assert audited("operator.browser_refused") == 2
    assert Contact.objects.count() == 1


@pytest.mark.parametrize("is_told_over", [True, False])
def test_a_browser_whose_first_call_did_not_get_into_the_room_tries_again_once(
    real, taken, operator, clock, is_told_over
):
    real.browser(operator)
    if is_told_over:
        real.sid = BROWSER_SID
        real.status("completed", From=f"client:{state_of(operator).token}", To="")
    else:
        clock.move(seconds=4)
    again = "CA" + "c" * 32
    room = real.browser(operator, sid=again).document.find(".//Conference")

    first, second = taken.legs.filter(role="operator")
    taken.refresh_from_db()
    assert (room.text, room.get("participantLabel")) == (taken.room_name, second.label)
    assert (second.call_sid, taken.claimed_until) == (again, clock.now + dt.timedelta(seconds=20))
    assert Command.objects.filter(kind="hang_up", leg=first).exists() is not is_told_over
    assert ("no_claim" in taken.flags, audited("operator.browser_refused")) == (False, 0)
    real.room("participant-join", 1, taken, sid=again, label=second.label)
    assert state_of(operator).state == "on_call"


def test_a_browser_that_fails_twice_is_sent_away(real, taken, operator, clock):
    for nth in "bcd":
        reply = real.browser(operator, sid="CA" + nth * 32)
        clock.move(seconds=5)

    assert (reply.verbs()[-1], "Dial" in reply.verbs()) == ("Hangup", False)
    assert taken.legs.filter(role="operator").count() == 2


def test_a_trial_is_heard_kept_and_makes_no_contact(real, desk, operator, clock, monkeypatch):
    monkeypatch.setattr("hotline.views.softphone.timezone.now", lambda: clock.now)
    assert desk.post(reverse("hotline:softphone_token"), {"trial": 1}).json()["token"]
    reply = real.browser(operator)
    assert reply.verbs() == ["Say", "Pause", "Hangup"]
    said = {"From": f"client:{state_of(operator).token}", "To": "", "Direction": "inbound"}
    real.sid = BROWSER_SID
    assert real.status("completed", **said).status == 204
    good = {"packets": 300, "delay": 90, "jitter": 5, "lost": 1}
    told = desk.post(reverse("hotline:softphone_trial"), good).json()
    assert (told["serves"], state_of(operator).in_browser) == (True, True)
    assert BrowserTrial.objects.get().delay == 90

    told = desk.post(reverse("hotline:softphone_trial"), {"problem": "not_allowed"}).json()
    assert (told["serves"], state_of(operator).in_browser) == (False, False)
    assert desk.post(reverse("hotline:softphone_trial"), {"packets": "x"}).status_code == 400
    assert not Contact.objects.exists()
    assert (audited("operator.browser_used"), audited("operator.browser_left")) == (1, 1)
    clock.move(minutes=3)
    assert real.browser(operator, sid="CA" + "c" * 32).verbs()[-1] == "Hangup"
    assert audited("operator.browser_refused") == 1


def test_the_sweep_takes_no_browser_for_a_caller(live, operator, monkeypatch, at):
    class Listing:
        def calls_since(self, since):
            return [CallFacts(BROWSER_SID, "completed", "", f"client:{state_of(operator).token}", "inbound", at)]

        def messages_since(self, since):
            return []

        recordings_since = messages_since

    monkeypatch.setattr("hotline.actions.comparing.provider", lambda account: Listing())
    assert sweep_account(account=REAL, at=at) == 0
    assert not Contact.objects.exists()


def test_by_one_key_the_call_that_waits_rings_her_own_telephone(real, taken, desk, operator, at, monkeypatch):
    monkeypatch.setattr("hotline.views.softphone.timezone.now", lambda: at + dt.timedelta(seconds=5))
    verify(operator, at)
    desk.post(reverse("hotline:softphone_leave"))

    _first, second = taken.legs.filter(role="operator")
    taken.refresh_from_db()
    assert not state_of(operator).in_browser
    assert Command.objects.get(kind="dial").leg == second
    assert taken.claimed_until == at + dt.timedelta(seconds=50)


def test_by_one_key_a_call_that_was_cut_is_taken_again_by_her_own_telephone(
    real, taken, desk, operator, at, monkeypatch
):
    later = at + dt.timedelta(seconds=90)
    for place in ("softphone", "console"):
        monkeypatch.setattr(f"hotline.views.{place}.timezone.now", lambda: later)
    verify(operator, at)
    real.browser(operator)
    leg = taken.legs.get(role="operator")
    real.room("participant-join", 0, taken, sid=real.sid, label="caller")
    real.room("participant-join", 1, taken, sid=BROWSER_SID, label=leg.label)
    real.room("participant-leave", 2, taken, sid=BROWSER_SID, label=leg.label)
    real.step("left", Contact.objects.get().turn, DialCallStatus="answered")
    taken.refresh_from_db()
    assert taken.state == "returned"
    assert "Take the cut call by my telephone" in desk.get(reverse("hotline:console")).content.decode()

    desk.post(reverse("hotline:softphone_leave"))
    taken.refresh_from_db()
    assert (taken.state, taken.claimed_by) == ("offered", operator)
    assert Command.objects.get(kind="dial").leg == taken.legs.filter(role="operator").last()


def test_the_router_and_the_proof_count_on_a_browser_while_the_account_lets_it(live, operator, at, settings):
    operator.spoken = "fr ar"
    operator.save()
    facts = line_by_id(live.pk)
    assert targets_now(facts, "en", at).kind == "nobody"
    assert people_without(live, at) == [operator]
    works_in_browser(operator, at)
    assert targets_now(facts, "en", at).kind == "speaker"
    assert people_without(live, at) == []
    BrowserTrial.objects.create(
        operator=OperatorState.objects.get(user=operator), begun_at=at, ended_at=at, result="good"
    )
    shift = operator.shifts.get()
    assert all(gap.starts_at >= shift.ends_at for gap in roster_gaps(live, at) if gap.language == "en")

    settings.TWILIO_VOICE_APP = ""
    assert targets_now(facts, "en", at).kind == "nobody"
    assert people_without(live, at) == [operator]


def test_a_trial_counts_for_its_shift(live, operator, desk, at, monkeypatch):
    hour = dt.timedelta(hours=1)

    def tried(when):
        phone.end_trial(user=operator, trial=softphone.Trial(packets=300), at=when)

    def begins(when):
        for state in ("off", "ready"):
            actions.set_presence(user=operator, state=state, by=operator, at=when)
        return state_of(operator).in_browser

    def opens(when, before):
        OperatorState.objects.filter(user=operator).update(seen_at=before)
        monkeypatch.setattr("hotline.views.console.timezone.now", lambda: when)
        desk.get(reverse("hotline:console_live"))
        assert state_of(operator).seen_at == when
        return state_of(operator).in_browser

    tried(at)
    assert [begins(at + hour), begins(at + 13 * hour)] == [True, False]
    tried(at + 13 * hour)
    day = at + 26 * hour
    assert opens(day, day - hour / 30), "nobody is interrupted who worked on"
    assert not opens(day, day - 8 * hour)
    assert audited("operator.browser_left") == 2


def test_only_its_window_may_reach_the_provider_and_the_console_tells_it_what_to_join(taken, desk, monkeypatch, at):
    monkeypatch.setattr("hotline.views.console.timezone.now", lambda: at + dt.timedelta(seconds=5))
    window, console = (desk.get(reverse(f"hotline:{name}")) for name in ("softphone", "console"))

    assert "connect-src 'self' wss://voice-js.dublin.twilio.com" in window["Content-Security-Policy"]
    assert "microphone=(self)" in window["Permissions-Policy"]
    assert 'integrity="sha384-' in window.content.decode()
    said = dict(re.findall(r'data-say-(\w+)="([^"]*)"', window.content.decode()))
    assert (said["ready"], said["own"]) == ("Ready.", "Your own telephone rings.")
    assert ("try again" in said["failed"], "from the queue again" in said["failed"]) == (False, True)
    assert "twilio" not in console["Content-Security-Policy"]
    assert "microphone=()" in console["Permissions-Policy"]
    assert f'data-call="{taken.legs.get(role="operator").pk}"' in console.content.decode()
    assert "twilio" not in console.content.decode()


def test_on_the_practice_network_the_window_looks_the_same_and_nothing_is_called(line, desk, operator):
    assert desk.post(reverse("hotline:softphone_token"), {"trial": 1}).json() == {"token": ""}
    told = desk.post(reverse("hotline:softphone_trial"), {}).json()

    assert told["serves"]
    assert "practice network" in told["words"]
    page = desk.get(reverse("hotline:softphone")).content.decode()
    assert "data-live" not in page
    assert "vendor/" not in page
