"""Colleagues and supervisors who work in the browser: asked into a call, they call out to it, and nothing rings."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import User
from hotline import actions, tasks
from hotline.models import Command, Contact, Leg, OperatorState, ThirdCall
from hotline.queries.colleagues import colleagues_to_ask
from tests.hotline.browser import BROWSER_SID, live_line, real_network, works_in_browser  # noqa: F401 -- fixtures
from tests.hotline.telephones import verify
from tests.hotline.thirds import (  # noqa: F401 -- a fixture
    browser_of,
    newest,
    plain,
    who_moves_into_a_named_office,
)

pytestmark = pytest.mark.django_db
OTHER_SID = "CA" + "c" * 32
CONSOLE = reverse("hotline:console")


@pytest.fixture
def talk(real, operator, clock):
    """A call of the live line that an operator has in hand by her browser."""
    works_in_browser(operator, clock.now)
    contact = real.queued()
    actions.take_call(contact=contact, by=operator, at=clock.now)
    real.browser(operator)
    real.room("participant-join", 1, contact, real.sid, "caller")
    real.room("participant-join", 2, contact, BROWSER_SID, "op-1")
    return real.contact


@pytest.fixture
def second(real, person, liberia, clock):
    """A colleague who is ready and works in the browser alone."""
    user = person("operator", country=liberia, name="Second, Liberia")
    actions.set_presence(user=user, state="ready", by=user, at=clock.now)
    works_in_browser(user, clock.now)
    return user


@pytest.fixture
def boss(real, supervisor, clock):
    """A supervisor on shift who works in the browser alone."""
    actions.set_presence(user=supervisor, state="ready", by=supervisor, at=clock.now)
    works_in_browser(supervisor, clock.now)
    return supervisor


@pytest.fixture
def asked(talk, second, operator, clock):
    """The colleague said yes to taking the call over."""
    third = actions.ask_colleague(contact=talk, person=second, by=operator, at=clock.now)
    actions.take_over(contact=talk, by=second, at=clock.now)
    third.refresh_from_db()
    return third


def room_of(reply):
    return reply.document.find(".//Conference")


def test_a_colleague_in_the_browser_is_asked_calls_out_and_is_in_the_call(real, talk, second, asked):
    assert not Command.objects.filter(kind="dial_third").exists()
    page = browser_of(second).get(CONSOLE)
    assert f'data-call="{asked.leg_id}"' in page.content.decode()
    assert "Your browser joins the call: keep the console and the window of its telephone open." in plain(page)

    reply = real.browser(second, sid=OTHER_SID)
    room = room_of(reply)
    assert (room.text, room.get("participantLabel")) == (talk.room_name, "col-1")
    assert (room.get("startConferenceOnEnter"), room.get("endConferenceOnExit")) == ("false", "false")
    assert real.browser(second, sid=OTHER_SID).text == reply.text
    asked.refresh_from_db()
    assert (asked.state, newest(asked).call_sid) == ("accepted", OTHER_SID)
    assert 'data-call="' not in browser_of(second).get(CONSOLE).content.decode()

    real.room("participant-join", 3, talk, OTHER_SID, "col-1")
    asked.refresh_from_db()
    assert asked.state == "joined"
    real.post("/hotline/twilio/status/", {"CallSid": OTHER_SID, "CallStatus": "completed", "SequenceNumber": "4"})
    asked.refresh_from_db()
    assert (asked.state, OperatorState.objects.get(user=second).state) == ("over", "ready")


def test_who_is_ready_in_the_browser_can_be_asked_and_who_has_nothing_cannot(talk, second, operator, clock):
    assert colleagues_to_ask(talk, operator, clock.now) == [second]
    OperatorState.objects.filter(user=second).update(in_browser=False)
    assert colleagues_to_ask(talk, operator, clock.now) == []


def test_a_second_browser_and_one_that_is_not_asked_are_sent_away(real, talk, second, asked, boss):
    real.browser(second, sid=OTHER_SID)
    for user, sid in ((second, "CA" + "d" * 32), (boss, "CA" + "e" * 32)):
        reply = real.browser(user, sid=sid)
        assert (room_of(reply), reply.verbs()[-1]) == (None, "Hangup")
    assert newest(asked).call_sid == OTHER_SID


def test_nobody_comes_into_a_call_that_is_over(real, talk, second, asked):
    Contact.objects.filter(pk=talk.pk).update(end_asked_at=asked.asked_at)
    reply = real.browser(second, sid=OTHER_SID)
    assert (room_of(reply), Leg.objects.get(pk=asked.leg_id).call_sid) == (None, None)


def test_a_browser_that_does_not_call_gives_way_in_time(talk, second, asked, clock):
    clock.move(seconds=23)
    tasks.settle_thirds(clock.now)

    asked.refresh_from_db()
    assert (asked.state, OperatorState.objects.get(user=second).state) == ("nobody", "ready")


def test_a_supervisor_in_the_browser_comes_to_help_and_is_heard_by_the_operator_alone(
    real, talk, boss, operator, clock
):
    helped = actions.ask_help(contact=talk, by=operator, at=clock.now)
    browser = browser_of(boss)
    board = browser.get(reverse("hotline:board"))
    assert "Your browser joins the call. You hear it; only the operator hears you." in plain(board)
    sent = browser.post(reverse("hotline:supervise_act", args=[talk.public_id, "help"]), {"from": "board"})
    assert sent["Location"] == CONSOLE  # whose page tells her browser
    actions.note_shown(contact=talk, by=operator, at=clock.now)

    room = room_of(real.browser(boss, sid=OTHER_SID))
    assert (room.get("participantLabel"), room.get("coach")) == ("sup-1", BROWSER_SID)
    helped.refresh_from_db()
    assert helped.state == "accepted"


def test_a_supervisor_off_shift_is_rung_on_her_telephone_whatever_browser_she_had(talk, boss, operator, clock):
    actions.set_presence(user=boss, state="off", by=boss, at=clock.now)
    verify(boss, clock.now)
    OperatorState.objects.filter(user=boss).update(in_browser=True)
    actions.ask_help(contact=talk, by=operator, at=clock.now)
    actions.offer_join(contact=talk, mode="coach", reason="help", by=boss, at=clock.now)
    actions.note_shown(contact=talk, by=operator, at=clock.now)

    assert Command.objects.filter(kind="dial_third").count() == 1
    page = plain(browser_of(boss).get(CONSOLE))
    assert "Your telephone rings: press 1, or enter your PIN, to join the call." in page


def test_a_supervisor_whose_browser_does_not_come_gives_way_to_the_duty_phone(talk, boss, operator, clock):
    actions.ask_help(contact=talk, by=operator, at=clock.now)
    actions.offer_join(contact=talk, mode="coach", reason="help", by=boss, at=clock.now)
    actions.note_shown(contact=talk, by=operator, at=clock.now)
    assert not Command.objects.filter(kind="dial_third").exists()
    clock.move(seconds=23)
    tasks.settle_thirds(clock.now)

    third = ThirdCall.objects.get()
    assert (third.person, third.leg.user, Command.objects.filter(kind="dial_third").count()) == (None, None, 1)
    assert clock.now - third.asked_at < dt.timedelta(seconds=1)


CHANGES = {
    "named": lambda contact, user, move: move(contact, user),
    "no duty": lambda contact, user, move: User.objects.filter(pk=user.pk).update(roles=",focal_point,"),
    "abroad": lambda contact, user, move: User.objects.filter(pk=user.pk).update(country=None),
    "held no more": lambda contact, user, move: Contact.objects.filter(pk=contact.pk).update(state="returned"),
    "over": lambda contact, user, move: Leg.objects.filter(user=user).update(status="failed"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_browser_is_not_let_into_a_colleague_s_call_that_is_not_for_her_any_more(
    real,
    talk,
    second,
    asked,
    move,
    change,
):
    CHANGES[change](talk, second, move)

    reply = real.browser(second, sid=OTHER_SID)

    assert room_of(reply) is None
    asked.refresh_from_db()
    assert (asked.state, newest(asked).call_sid) == ("ringing", None)


def test_a_browser_of_whom_nobody_asked_any_more_is_not_let_in(real, talk, second, asked):
    ThirdCall.objects.filter(pk=asked.pk).update(state="stopped")
    assert room_of(real.browser(second, sid=OTHER_SID)) is None


def again(real, user, sid):
    return room_of(real.browser(user, sid=sid))


@pytest.mark.parametrize("is_told_over", [True, False])
def test_a_browser_that_did_not_get_into_a_colleague_s_call_tries_again_once(
    real, talk, second, asked, clock, is_told_over
):
    real.browser(second, sid=OTHER_SID)
    if is_told_over:
        real.post("/hotline/twilio/status/", {"CallSid": OTHER_SID, "CallStatus": "completed", "SequenceNumber": "4"})
    clock.move(seconds=1 if is_told_over else 4)
    new = "CA" + "d" * 32

    room = again(real, second, new)

    assert (room.text, room.get("participantLabel")) == (talk.room_name, "col-2")
    real.room("participant-join", 3, talk, new, "col-2")
    asked.refresh_from_db()
    assert (asked.state, asked.leg.call_sid) == ("joined", new)
    assert Command.objects.filter(leg__call_sid=OTHER_SID, kind="hang_up").exists() is not is_told_over


def test_a_browser_that_fails_twice_is_sent_away_and_the_call_goes_on(real, talk, second, asked, clock):
    for nth, sid in enumerate((OTHER_SID, "CA" + "d" * 32)):
        assert again(real, second, sid) is not None
        real.post(
            "/hotline/twilio/status/", {"CallSid": sid, "CallStatus": "completed", "SequenceNumber": str(4 + nth)}
        )
        clock.move(seconds=3)

    assert again(real, second, "CA" + "e" * 32) is None
    clock.move(seconds=10)
    tasks.settle_thirds(clock.now)
    asked.refresh_from_db()
    assert (asked.state, OperatorState.objects.get(user=second).state) == ("nobody", "ready")
    assert real.contact.state == "connected"
