"""Calling a person back by the browser: it calls out to that room, then the person's telephone rings."""

import datetime as dt

import pytest
from django.urls import reverse

from hotline import actions, tasks
from hotline.actions import call_back
from hotline.actions.called_back import settle_call_back
from hotline.models import CallBack, Command, Contact, OperatorState
from tests.hotline.backs import comes_in, fresh
from tests.hotline.browser import live_line, real_network, works_in_browser  # noqa: F401 -- fixtures
from tests.hotline.telephones import verify
from tests.hotline.thirds import plain

pytestmark = pytest.mark.django_db
SID, NEW = "CA" + "c" * 32, "CA" + "d" * 32
LATE = dt.timedelta(seconds=call_back.LATE_SECONDS)
PROVIDER = "hotline.telephony.twilio.TwilioProvider"


@pytest.fixture
def missed(real, at):
    """A call of the live line that nobody took, of somebody whom we may call."""
    real.queued()
    real.status("completed", "9")
    Contact.objects.update(may_call="yes", safety_at=at)
    return real.contact


@pytest.fixture
def begun(missed, operator, clock):
    """An operator on shift who works in the browser alone began a call back."""
    works_in_browser(operator, clock.now)
    return call_back.begin_call_back(contact=missed, by=operator, at=clock.now)


def rung():
    return list(Command.objects.filter(kind="call_back").values_list("arguments__who", flat=True))


def room_of(reply):
    return reply.document.find(".//Conference")


def test_her_browser_joins_first_and_the_persons_telephone_rings_then(real, begun, missed, operator, desk):
    page = desk.get(reverse("hotline:call_back", args=[missed.public_id]))
    assert rung() == []
    assert f'data-call="back-{begun.pk}"' in page.content.decode()
    assert "softphone-desk.js" in page.content.decode()
    assert "Your browser joins the call: keep the window of its telephone open" in plain(page)

    reply = real.browser(operator, sid=SID)
    room = room_of(reply)
    assert (room.text, room.get("startConferenceOnEnter"), room.get("endConferenceOnExit")) == (
        begun.room_name, "true", "true",
    )  # fmt: skip
    assert (rung(), fresh(begun).state, begun.own_sid) == ([], "operator", SID)
    assert real.browser(operator, sid=SID).text == reply.text
    assert rung() == []
    comes_in(real, begun, SID)
    assert (rung(), fresh(begun).state, begun.own_sid) == (["person"], "person", SID)
    live = desk.get(reverse("hotline:call_back_live", args=[missed.public_id]), {"seen": ""})
    assert 'data-call="' not in live.content.decode()

    second = real.browser(operator, sid="CA" + "d" * 32)
    assert (room_of(second), second.verbs()[-1], fresh(begun).own_sid) == (None, "Hangup", SID)


def test_her_browser_that_hangs_up_ends_the_call_back_and_frees_her(real, begun, operator):
    real.browser(operator, sid=SID)
    comes_in(real, begun, SID)
    told = {"CallSid": SID, "From": f"client:{operator.operator_state.token}", "SequenceNumber": "2"}
    real.post("/hotline/twilio/status/", told | {"CallStatus": "in-progress"})
    assert fresh(begun).ended_at is None
    real.post("/hotline/twilio/status/", told | {"CallStatus": "completed", "SequenceNumber": "3"})

    assert (fresh(begun).ended_at is None, OperatorState.objects.get(user=operator).state) == (False, "ready")
    assert Contact.objects.count() == 1  # of her own call no contact is made


def over(real, user, sid):
    return real.post("/hotline/twilio/status/", {
        "CallSid": sid, "From": f"client:{user.operator_state.token}", "CallStatus": "completed", "SequenceNumber": "4",
    })  # fmt: skip


@pytest.mark.parametrize("is_told_over", [True, False])
def test_a_browser_that_did_not_get_into_the_room_tries_again_once_and_the_person_is_rung_then(
    real, begun, operator, missed, desk, clock, is_told_over
):
    real.browser(operator, sid=SID)
    if is_told_over:
        over(real, operator, SID)
    clock.move(seconds=1 if is_told_over else 4)
    assert (rung(), fresh(begun).ended_at) == ([], None)
    page = desk.get(reverse("hotline:call_back", args=[missed.public_id])).content.decode()
    assert ('data-call="back-' in page) is is_told_over  # for a window that was opened anew

    room = room_of(real.browser(operator, sid=NEW))

    assert (room.text, room.get("participantLabel"), rung()) == (begun.room_name, "op-2", [])
    comes_in(real, begun, NEW, "op-2")
    over(real, operator, SID)
    assert (rung(), fresh(begun).state, begun.own_sid) == (["person"], "person", NEW)
    assert Command.objects.filter(kind="hang_up", arguments__sid=SID).exists() is not is_told_over
    assert Command.objects.filter(kind="delete_call", arguments__sid=SID).count() == 1


def test_a_second_browser_is_sent_away_while_the_first_is_on_its_way(real, begun, operator, clock):
    real.browser(operator, sid=SID)
    clock.move(seconds=2)

    assert room_of(real.browser(operator, sid=NEW)) is None
    assert fresh(begun).own_sid == SID


def test_a_browser_that_fails_twice_ends_the_call_back_and_nobody_is_rung(real, begun, operator, clock):
    for sid in (SID, NEW):
        assert room_of(real.browser(operator, sid=sid)) is not None
        assert fresh(begun).ended_at is None
        over(real, operator, sid)
        clock.move(seconds=3)

    assert (fresh(begun).state, rung(), OperatorState.objects.get(user=operator).state) == ("no_operator", [], "ready")
    assert room_of(real.browser(operator, sid="CA" + "e" * 32)) is None


def test_what_is_left_of_a_browser_s_first_call_is_hung_up_and_its_record_goes(
    real, begun, operator, clock, monkeypatch
):
    done = []
    for act in ("hang_up", "delete_call"):
        monkeypatch.setattr(f"{PROVIDER}.{act}", lambda self, sid, act=act: done.append((act, sid)))
    real.browser(operator, sid=SID)
    clock.move(seconds=4)
    real.browser(operator, sid=NEW)

    tasks.run_commands(clock.now)
    assert done == []
    tasks.run_commands(clock.now + LATE)
    assert done == [("hang_up", SID)]
    tasks.run_commands(clock.now + call_back.RECORD_KEPT * dt.timedelta(seconds=1))
    assert ("delete_call", SID) in done


@pytest.mark.parametrize("is_second_there", [True, False])
def test_a_first_browser_that_comes_late_into_the_room_goes_without_ending_it(
    real, begun, operator, clock, monkeypatch, is_second_there
):
    done = []
    monkeypatch.setattr(f"{PROVIDER}.hang_up", lambda self, sid: done.append(("hang_up", sid)))
    monkeypatch.setattr(
        f"{PROVIDER}.set_room_end", lambda self, room, sid, *, ends: done.append(("room_end", room, sid, ends))
    )
    monkeypatch.setattr(f"{PROVIDER}.dial", lambda self, **told: "CA" + "e" * 32)
    real.browser(operator, sid=SID)
    clock.move(seconds=4)
    real.browser(operator, sid=NEW)
    if is_second_there:
        comes_in(real, begun, NEW, "op-2")

    real.room("participant-join", 2, begun, SID, "op-1")
    tasks.run_commands(clock.now)
    assert done == [("room_end", "CF" + "1" * 32, SID, False), ("hang_up", SID)]
    real.room("participant-leave", 3, begun, SID, "op-1")
    if not is_second_there:
        real.room("participant-join", 4, begun, NEW, "op-2")

    assert (fresh(begun).state, begun.own_sid, begun.ended_at) == ("person", NEW, None)


def test_who_is_there_by_right_is_not_hung_up(real, begun, operator, clock):
    real.browser(operator, sid=SID)
    comes_in(real, begun, SID)
    real.room("participant-join", 2, begun, "CA" + "e" * 32, "person")

    assert not Command.objects.filter(kind="hang_up").exists()


def test_a_browser_that_never_comes_is_no_try_of_the_person(begun, missed, desk, clock):
    clock.move(seconds=91)
    assert settle_call_back(key=begun.pk, at=clock.now)
    assert (fresh(begun).state, rung()) == ("no_operator", [])
    page = plain(desk.get(reverse("hotline:call_back", args=[missed.public_id])))
    assert "Your browser did not join the call" in page


def test_without_browser_and_telephone_nobody_calls_back_and_off_shift_the_telephone_rings(
    missed, operator, clock, desk
):
    with pytest.raises(call_back.CallRefused) as refused:
        call_back.begin_call_back(contact=missed, by=operator, at=clock.now)
    assert refused.value.code == "no_telephone"

    verify(operator, clock.now)
    OperatorState.objects.update(in_browser=True, state="off")
    begun = call_back.begin_call_back(contact=missed, by=operator, at=clock.now)
    page = desk.get(reverse("hotline:call_back", args=[missed.public_id])).content.decode()
    assert (rung(), begun.before, "data-call" in page) == (["own"], "off", False)
    assert "Your telephone rings: pick it up and press 1, or enter your PIN" in page


def test_a_browser_of_who_calls_nobody_back_is_sent_away(real, begun, person, liberia, clock):
    other = person("operator", country=liberia, name="Other, Liberia")
    actions.set_presence(user=other, state="ready", by=other, at=clock.now)
    reply = real.browser(other, sid=SID)

    assert (room_of(reply), CallBack.objects.get().own_sid) == (None, "")
