"""A third person in a call: asked, rung one after the other, joined by key 1, announced, gone; the caller is never lost by it."""

import datetime as dt

import pytest

from hotline import actions, tasks
from hotline.demo.stage import Stage
from hotline.models import Command, Contact, ContactEvent, Leg, OperatorState, ThirdCall
from hotline.queries.thirds import interpreting
from tests.hotline.conftest import OPERATOR_SID
from tests.hotline.telephones import state_of, verify
from tests.hotline.thirds import (  # noqa: F401 -- fixtures
    a_service_in_the_directory,
    colleague_who_is_ready,
    comes,
    conversation_with_an_operator,
    interpreter_on_duty,
    interpreter_who_is_asked,
    newest,
    orders,
    picks_up,
    reports,
)

pytestmark = pytest.mark.django_db


def test_an_interpreter_hears_the_language_and_comes_by_key_1_and_all_hear_it(network, talk, third, clock):
    leg = newest(third)
    call = orders("dial")[-1]
    assert (call["to"], call["seconds"], f"/interpreter/?t={leg.token}" in call["url"]) == ("+231770123401", 20, True)

    assert "A call for you in English. Press 1 to take it." in picks_up(network, leg).said()
    joined = picks_up(network, leg, "interpreter-key", Digits="1").document.find(".//Conference")
    assert (joined.get("startConferenceOnEnter"), joined.get("endConferenceOnExit")) == ("false", "false")
    assert (joined.get("participantLabel"), joined.text) == ("int-1", talk.room_name)
    assert (newest(third).label, third.state, network.contact.state) == ("int-1", "accepted", "connected")

    network.room("participant-join", 11, talk, leg.call_sid, "int-1")
    tasks.run_commands(clock.now)

    third.refresh_from_db()
    assert (third.state, network.contact.state) == ("joined", "consult")
    said = orders("announce")
    assert [one["room_sid"] for one in said] == ["CF" + "1" * 32]
    path = said[0]["url"].partition("#")[0].partition("/hotline")[2]
    heard = network.post(f"/hotline{path}", {"ConferenceSid": "CF" + "1" * 32, "FriendlyName": talk.room_name})
    assert (heard.said(), heard.verbs()) == ("An interpreter is joining the call.", ["Say"])


def test_an_interpreter_is_shown_and_let_go_also_once_the_language_is_the_operators_own(
    network, talk, third, operator, clock
):
    assert talk.language in operator.speaks
    assert interpreting(operator, network.contact, clock.now).state == "ringing"
    comes(network, third)
    assert interpreting(operator, network.contact, clock.now).state == "joined"

    actions.release_third(contact=network.contact, role="interpreter", by=operator, at=clock.now)
    network.room("participant-leave", 12, talk, newest(third).call_sid, "int-1")

    assert interpreting(operator, network.contact, clock.now) is None


def test_an_interpreter_who_leaves_is_no_lost_operator(network, talk, third):
    leg = comes(network, third)

    network.room("participant-leave", 12, talk, leg.call_sid, "int-1")

    third.refresh_from_db()
    assert (third.state, network.contact.state) == ("over", "connected")


WHAT_CALLS = "A call for you in English. Press 1 to take it."
NOT_FREE = "In this call the person cannot speak, or somebody else listens. Say nothing before the operator does."


@pytest.mark.parametrize("answers", [{}, {"may_talk": "yes"}, {"may_talk": "no"}, None])
def test_an_interpreter_hears_first_and_whole_that_the_person_cannot_talk_freely_and_nobody_else_hears_it(
    network, talk, third, clock, answers
):
    if answers is None:
        Contact.objects.filter(pk=talk.pk).update(cannot_speak=True)
    else:
        talk.sheets.create(version=1, answers=answers, saved_at=clock.now)
    is_told = answers is None or answers == {"may_talk": "no"}

    asked = picks_up(network, newest(third))
    assert asked.said() == (f"{NOT_FREE} {WHAT_CALLS}" if is_told else WHAT_CALLS)
    assert asked.verbs() == ([*is_told * ["Say", "Say"], "Gather", "Hangup"])  # no key cuts it short
    again = picks_up(network, newest(third), "interpreter-key", Digits="4")
    assert again.said() == asked.said()

    comes(network, third)
    tasks.run_commands(clock.now)
    path = orders("announce")[0]["url"].partition("#")[0].partition("/hotline")[2]
    heard = network.post(f"/hotline{path}", {"ConferenceSid": "CF" + "1" * 32, "FriendlyName": talk.room_name})
    assert heard.said() == "An interpreter is joining the call."


def test_a_service_that_is_rung_is_told_nothing_of_how_the_person_speaks(network, talk, agency, operator, clock):
    Contact.objects.filter(pk=talk.pk).update(cannot_speak=True)
    actions.ask_agency(contact=talk, agency=agency, is_cold=False, by=operator, at=clock.now)
    tasks.run_commands(clock.now)

    asked = picks_up(network, ThirdCall.objects.get().leg, "agency")

    assert asked.verbs() == ["Gather", "Hangup"]


def test_a_colleague_hears_first_that_the_person_cannot_talk_freely(network, talk, operator, second, clock):
    Contact.objects.filter(pk=talk.pk).update(cannot_speak=True)
    verify(second, clock.now, "+231770123401")
    actions.ask_colleague(contact=talk, person=second, by=operator, at=clock.now)
    actions.take_over(contact=talk, by=second, at=clock.now)
    tasks.run_commands(clock.now)

    heard = picks_up(network, ThirdCall.objects.get().leg, "colleague")

    assert heard.said().startswith(
        "In this call the person cannot speak, or somebody else listens. You are asked into"
    )
    assert heard.verbs() == ["Say", "Gather", "Hangup"]


def test_at_a_wrong_key_the_words_come_again_twice_and_then_the_next_one_rings(network, talk, third, interpret, clock):
    interpret("Zoe")
    first = newest(third)
    picks_up(network, first)
    for step, following in (("interpreter-key", "interpreter-key-2"), ("interpreter-key-2", "interpreter-key-3")):
        again = picks_up(network, first, step, Digits="7")
        assert (WHAT_CALLS in again.said(), f"/voice/{following}/" in again.address("Gather")) == (True, True)
        assert newest(third) == first
    assert picks_up(network, first, "interpreter-key-3", Digits="7").verbs() == ["Hangup"]

    assert newest(third).user.name == "Zoe"


def test_the_right_key_at_the_last_try_brings_her_in(network, talk, third, clock):
    leg = newest(third)
    picks_up(network, leg)
    picks_up(network, leg, "interpreter-key", Digits="2")
    picks_up(network, leg, "interpreter-key-2", Digits="3")

    assert picks_up(network, leg, "interpreter-key-3", Digits="1").document.find(".//Conference") is not None
    assert ThirdCall.objects.get().state == "accepted"


def test_none_pressed_after_a_wrong_key_rings_the_next_one(network, talk, third, interpret, clock):
    interpret("Zoe")
    leg = newest(third)
    picks_up(network, leg)
    picks_up(network, leg, "interpreter-key", Digits="2")

    assert picks_up(network, leg, "interpreter-key-2", Digits="").verbs() == ["Hangup"]
    assert newest(third).user.name == "Zoe"


def test_who_picked_up_late_is_not_hung_up_while_she_hears_what_calls(network, talk, third, interpret, clock):
    interpret("Zoe")
    first = newest(third)
    clock.move(seconds=19)
    reports(network, first, "in-progress")
    picks_up(network, first)

    tasks.settle_thirds(clock.move(seconds=10))
    assert newest(third) == first
    tasks.settle_thirds(clock.move(seconds=31))
    assert ThirdCall.objects.get().state == "nobody"


@pytest.mark.parametrize("refused", ["busy", "no-answer", "no key", "hung up", "nothing heard"])
def test_who_does_not_come_gives_way_to_the_next_and_the_caller_hears_nothing_of_it(
    network, talk, third, interpret, clock, refused
):
    interpret("Zoe")
    first = newest(third)
    if refused == "no key":
        picks_up(network, first)
        assert picks_up(network, first, "interpreter-key", Digits="").verbs() == ["Hangup"]
    elif refused == "hung up":
        picks_up(network, first)
        reports(network, first, "completed")
        assert newest(third) == first
        tasks.settle_thirds(clock.move(seconds=6))
    elif refused == "nothing heard":
        tasks.settle_thirds(clock.move(seconds=23))
    else:
        reports(network, first, refused)
    tasks.run_commands(clock.now)

    second = newest(third)
    assert (second.label, second.user.name, third.state, third.tries) == ("int-2", "Zoe", "ringing", 2)
    assert [call["to"] for call in orders("dial")[-2:]] == ["+231770123401", "+231770123402"]
    assert picks_up(network, first, "interpreter-key", Digits="1").verbs()[-1] == "Hangup"
    assert (network.contact.state, orders("announce")) == ("connected", [])


def test_nobody_in_a_minute_is_said_and_stands_in_the_record(network, talk, third, interpret, clock):
    for name in ("Bea", "Cleo", "Dora"):
        interpret(name)
    for _try in range(3):
        tasks.settle_thirds(clock.move(seconds=22))
        tasks.run_commands(clock.now)

    third.refresh_from_db()
    assert (third.state, third.tries, third.ended_at) == ("nobody", 3, clock.now)
    assert ContactEvent.objects.filter(contact=talk, kind="third_nobody").count() == 1
    assert {one["sid"] for one in orders("hang_up")} == set(
        Leg.objects.filter(role="interpreter").values_list("call_sid", flat=True)
    )
    assert network.contact.state == "connected"
    assert picks_up(network, third.leg, "interpreter-key", Digits="1").verbs()[-1] == "Hangup"


def test_an_order_that_the_provider_refuses_gives_way_to_the_next(network, talk, third, interpret, clock):
    interpret("Zoe")
    Command.objects.filter(kind="dial_third").update(failed_at=clock.now)
    Leg.objects.filter(role="interpreter").update(call_sid=None)

    tasks.settle_thirds(clock.now)

    assert newest(third).user.name == "Zoe"


def test_asked_twice_is_asked_once_and_the_operator_may_take_it_back(network, talk, third, operator, clock):
    assert actions.ask_interpreter(contact=talk, by=operator, at=clock.now) == third

    actions.release_third(contact=talk, role="interpreter", by=operator, at=clock.now)
    tasks.run_commands(clock.now)

    third.refresh_from_db()
    assert (third.state, [one["sid"] for one in orders("hang_up")]) == ("stopped", [third.leg.call_sid])
    assert picks_up(network, third.leg).verbs()[-1] == "Hangup"
    assert actions.ask_interpreter(contact=talk, by=operator, at=clock.now) != third


def test_nobody_is_asked_without_a_telephone_or_a_conversation(network, talk, interpret, operator, clock):
    user = interpret("Ada")
    OperatorState.objects.filter(user=user).update(uses_phone=False)
    with pytest.raises(actions.NobodyToRing):
        actions.ask_interpreter(contact=talk, by=operator, at=clock.now)

    actions.end_call(contact=talk, by=operator, at=clock.now)
    with pytest.raises(actions.NotInRoom):
        actions.ask_interpreter(contact=talk, by=operator, at=clock.now)
    assert not ThirdCall.objects.exists()


def test_a_telephone_changed_since_or_a_call_that_is_over_is_sent_away(network, talk, third, operator, clock):
    leg = newest(third)
    verify(leg.user, clock.now + dt.timedelta(minutes=1), "+231770999999")
    assert picks_up(network, leg).verbs()[-1] == "Hangup"

    verify(leg.user, clock.now - dt.timedelta(hours=1))
    network.status("completed", "9")
    third.refresh_from_db()
    assert (third.state, third.contact.state) == ("stopped", "wrap_up")
    assert picks_up(network, leg, "interpreter-key", Digits="1").verbs()[-1] == "Hangup"


def test_a_lost_operator_stops_the_ringing(network, talk, third):
    network.room("participant-leave", 5, talk, OPERATOR_SID, "op-1")

    third.refresh_from_db()
    assert (third.state, network.contact.state) == ("stopped", "returned")


def test_the_room_goes_on_two_minutes_when_the_caller_leaves_a_third_person_in_it(
    network, talk, third, operator, clock
):
    leg = comes(network, third)
    network.status("completed", "9")
    assert network.contact.state == "wrap_up"
    tasks.run_commands(clock.now)
    assert not orders("hang_up")

    tasks.run_commands(clock.move(seconds=121))

    assert {one["sid"] for one in orders("hang_up")} == {OPERATOR_SID, leg.call_sid}
    assert state_of(operator).state == "wrap_up"
    assert leg.left_at is None
    with pytest.raises(actions.NotReady):
        actions.set_presence(user=operator, state="ready", by=operator, at=clock.now)


def test_the_room_closes_at_once_when_the_third_person_leaves_too(network, talk, third, operator, clock):
    leg = comes(network, third)
    network.status("completed", "9")
    network.room("participant-leave", 12, talk, leg.call_sid, "int-1")

    tasks.run_commands(clock.now)

    assert [one["sid"] for one in orders("hang_up")] == [OPERATOR_SID]
    network.room("participant-leave", 13, talk, OPERATOR_SID, "op-1")
    assert actions.set_presence(user=operator, state="ready", by=operator, at=clock.now).state == "ready"


def test_played_through_the_practice_network_the_caller_hears_who_joins_and_goes_on_talking(
    line, operator, interpret, at
):
    interpret("Bea", number="+231770000208")  # where a voicemail answers
    interpret("Cleo", number="+231770000201")
    stage = Stage(at=at, operator=operator)
    stage.play("call 2883 from +231770000001\nwait 8\npress 1\nwait 5\noperator takes")
    contact = stage.contact
    assert contact.state == "connected"

    actions.ask_interpreter(contact=contact, by=operator, at=stage.at)
    stage.wait(40)

    third = ThirdCall.objects.get()
    assert (third.state, third.tries, third.leg.user.name, stage.contact.state) == ("joined", 2, "Cleo", "consult")
    heard = [one.text for one in stage.heard if one.call_sid == stage.call.sid and one.kind in ("say", "joined")]
    assert heard[-2:] == ["int-2", "An interpreter is joining the call."]

    actions.release_third(contact=contact, role="interpreter", by=operator, at=stage.at)
    stage.wait(2)
    assert (ThirdCall.objects.get().state, stage.contact.state) == ("over", "connected")

    actions.ask_interpreter(contact=contact, by=operator, at=stage.at)
    stage.wait(40)
    stage.network.hang_up(stage.call.sid)
    stage.wait(60)
    assert stage.network.rooms
    stage.wait(65)
    assert not stage.network.rooms
    assert (stage.contact.state, ThirdCall.objects.latest("pk").state) == ("wrap_up", "over")
