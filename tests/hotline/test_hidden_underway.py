"""What is under way in a call when it is hidden from somebody: she does not get there, and the caller loses nobody."""

import pytest
from django.urls import reverse

from hotline import actions
from hotline.actions.call_back import begin_call_back
from hotline.actions.operators import AlreadyTaken
from hotline.actions.own_rows import NamesHer
from hotline.actions.shielding import shield_contact
from hotline.actions.talking import NotInRoom
from hotline.models import CallBack, Contact, Leg, OperatorState, SimulatorAct, ThirdCall
from hotline.queries.unfinished import unfinished_contacts
from tests.hotline.backs import comes_in
from tests.hotline.conftest import OPERATOR_SID
from tests.hotline.telephones import verify
from tests.hotline.thirds import (  # noqa: F401 -- fixtures
    browser_of,
    call_on_stage,
    colleague_who_is_ready,
    conversation_with_an_operator,
    interpreter_on_duty,
    members,
    orders,
    picks_up,
    plain,
)

pytestmark = pytest.mark.django_db


def doing(user):
    return OperatorState.objects.get(user=user).state


def hide(contact, user, by, at):
    shield_contact(contact=Contact.objects.get(pk=contact.pk), by=by, at=at, user=user)


def asks_help(stage, operator, supervisor, *, shown):
    actions.ask_help(contact=stage.contact, by=operator, at=stage.at)
    third = actions.offer_join(contact=stage.contact, mode="coach", reason="help", by=supervisor, at=stage.at)
    if shown:
        actions.note_shown(contact=stage.contact, by=operator, at=stage.at)
    return third


@pytest.mark.parametrize("is_rung", [True, False])
def test_a_named_supervisor_who_answered_a_call_for_help_is_not_rung_and_the_duty_phone_is(
    stage, operator, supervisor, is_rung
):
    third = asks_help(stage, operator, supervisor, shown=is_rung)
    hide(stage.contact, supervisor, operator, stage.at)

    actions.note_shown(contact=stage.contact, by=operator, at=stage.at)
    with pytest.raises(NamesHer):
        actions.offer_join(contact=stage.contact, mode="coach", reason="help", by=supervisor, at=stage.at)
    stage.wait(8)

    third.refresh_from_db()
    assert (third.state, third.person, doing(supervisor)) == ("asked", None, "off")
    assert members(stage) == {"caller", "op-1"}
    stage.wait(25)
    third.refresh_from_db()
    assert (third.state, third.leg.user) == ("ringing", None)


def test_a_named_supervisor_whose_telephone_is_at_her_ear_does_not_come_in_with_key_1(
    network, talk, operator, supervisor, clock
):
    actions.operator_state(supervisor, at=clock.now)
    verify(supervisor, clock.now)
    actions.offer_join(contact=talk, mode="open", reason="quality", by=supervisor, at=clock.now)
    actions.let_in(contact=talk, by=operator, at=clock.now)
    leg = ThirdCall.objects.get().leg
    Leg.objects.filter(pk=leg.pk).update(call_sid="CA" + "e" * 32)
    picks_up(network, leg, "supervisor")
    hide(talk, supervisor, operator, clock.now)

    assert "<Conference" not in picks_up(network, leg, "supervisor-key", Digits="1").text
    assert ThirdCall.objects.get().state == "stopped"
    assert "joined_refused" in talk.events.values_list("kind", flat=True)


def test_the_caller_s_yes_rings_no_supervisor_from_whom_the_call_is_hidden(stage, operator, supervisor):
    actions.offer_join(contact=stage.contact, mode="open", reason="quality", by=supervisor, at=stage.at)
    hide(stage.contact, supervisor, operator, stage.at)

    actions.let_in(contact=stage.contact, by=operator, at=stage.at)

    assert (ThirdCall.objects.get().state, ThirdCall.objects.get().leg) == ("stopped", None)


def test_who_coaches_is_taken_out_and_who_talks_stays_and_is_shown_nothing(stage, operator, supervisor):
    asks_help(stage, operator, supervisor, shown=True)
    stage.wait(6)
    assert "sup-1" in members(stage)
    hide(stage.contact, supervisor, operator, stage.at)
    stage.wait(3)
    assert members(stage) == {"caller", "op-1"}
    assert stage.contact.state == "connected"


def test_an_openly_joined_supervisor_stays_and_neither_sees_it_nor_turns_to_listening(stage, operator, supervisor):
    actions.offer_join(contact=stage.contact, mode="open", reason="quality", by=supervisor, at=stage.at)
    actions.let_in(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(6)
    code, board = stage.contact.code, reverse("hotline:board")
    assert code in plain(browser_of(supervisor).get(board))

    hide(stage.contact, supervisor, operator, stage.at)
    stage.wait(3)

    assert "sup-1" in members(stage)
    page = plain(browser_of(supervisor).get(board))
    assert "You are in the call of Operator, Liberia: everybody hears you." in page
    assert code not in page
    with pytest.raises(NamesHer):
        actions.set_join_mode(contact=stage.contact, mode="coach", by=supervisor, at=stage.at)


def test_a_named_colleague_says_yes_in_vain(stage, operator, second, supervisor):
    actions.ask_colleague(contact=stage.contact, person=second, by=operator, at=stage.at)
    hide(stage.contact, second, operator, stage.at)
    with pytest.raises(NamesHer):
        actions.take_over(contact=stage.contact, by=second, at=stage.at)
    assert (ThirdCall.objects.get().state, doing(second)) == ("stopped", "ready")


@pytest.mark.parametrize("is_handed", [True, False])
def test_a_named_colleague_in_the_room_does_not_get_the_call(stage, operator, second, supervisor, is_handed):
    third = actions.ask_colleague(contact=stage.contact, person=second, by=operator, at=stage.at)
    actions.take_over(contact=stage.contact, by=second, at=stage.at)
    stage.wait(6)
    third.refresh_from_db()
    if is_handed:
        actions.hand_over(contact=stage.contact, by=operator, at=stage.at)
        stage.wait(2)
    hide(stage.contact, second, operator, stage.at)
    stage.wait(2)
    assert third.leg.label in members(stage)
    for act in (actions.hand_over, actions.leave_call):
        with pytest.raises(NotInRoom):
            act(contact=stage.contact, by=operator, at=stage.at)

    stage.drop()
    stage.wait(4)

    assert (stage.contact.state, stage.contact.claimed_by) == ("returned", None)


def test_the_next_interpreter_is_rung_in_the_place_of_a_named_one(talk, interpret, operator, supervisor, clock):
    first, other = interpret("Ada"), interpret("Bea")
    third = actions.ask_interpreter(contact=talk, by=operator, at=clock.now)
    assert third.leg.user == first

    hide(talk, first, operator, clock.now)

    third.refresh_from_db()
    assert (third.state, third.leg.user) == ("ringing", other)


def test_a_call_taken_by_a_named_operator_goes_back_and_her_telephone_does_not_join(network, operator, supervisor, at):
    contact = network.queued()
    actions.take_call(contact=contact, by=operator, at=at)
    leg = contact.legs.get(role="operator")
    hide(contact, operator, supervisor, at)

    contact.refresh_from_db()
    assert (contact.state, contact.claimed_by, contact.claimed_until) == ("waiting", None, None)
    assert (doing(operator), OperatorState.objects.get(user=operator).missed_offers) == ("ready", 0)
    fields = {"From": "+2312883", "To": f"client:{operator.operator_state.token}", "CallStatus": "in-progress"}
    fields |= {"CallSid": OPERATOR_SID, "Direction": "outbound-api"}
    Contact.objects.filter(pk=contact.pk).update(
        claimed_by=operator
    )  # her office was named, and she moved there since
    reply = network.post(f"/hotline/twilio/voice/softphone/?t={leg.token}", fields)
    assert "<Conference" not in reply.text
    with pytest.raises(AlreadyTaken):
        actions.take_call(contact=contact, by=operator, at=at)


def test_a_browser_that_gives_way_to_a_telephone_takes_no_call_back_that_names_its_operator(
    network, talk, operator, supervisor, desk, now, at
):
    verify(operator, at)
    OperatorState.objects.filter(user=operator).update(in_browser=True)
    fields = {"CallSid": OPERATOR_SID, "From": "+2312883", "To": "client:x", "CallStatus": "completed"}
    network.post("/hotline/twilio/status/", fields | {"SequenceNumber": "5", "Direction": "outbound-api"})
    assert network.contact.state == "returned"
    hide(talk, operator, supervisor, at)

    desk.post(reverse("hotline:softphone_leave"))

    assert (network.contact.state, network.contact.claimed_by, doing(operator)) == ("returned", None, "ready")


def test_a_caller_on_hold_is_taken_back_when_her_operator_may_not_see_the_call_any_more(stage, operator, supervisor):
    actions.hold(contact=stage.contact, by=operator, at=stage.at)
    actions.mute(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(2)
    assert stage.contact.state == "held"

    hide(stage.contact, operator, supervisor, stage.at)
    stage.wait(2)

    assert (stage.contact.state, stage.contact.claimed_by) == ("connected", operator)
    assert not stage.contact.legs.filter(is_muted=True).exists()
    assert members(stage) == {"caller", "op-1"}


@pytest.mark.parametrize("is_over", [True, False])
def test_the_sheet_of_a_call_that_names_its_operator_is_left_to_the_others(
    stage, operator, supervisor, second, is_over
):
    contact = stage.contact
    if not is_over:
        hide(contact, operator, supervisor, stage.at)
    stage.play("hang up")
    stage.wait(5)
    assert (stage.contact.state, doing(operator)) == ("wrap_up", "wrap_up" if is_over else "ready")
    if is_over:
        hide(contact, operator, supervisor, stage.at)

    assert doing(operator) == "ready"
    assert contact.code not in plain(browser_of(operator).get(reverse("hotline:console")))
    assert list(unfinished_contacts(second, stage.at)) == [contact]
    assert list(unfinished_contacts(operator, stage.at)) == []


@pytest.fixture
def begun(network, second, at):
    """The colleague calls back somebody who hung up before anybody answered."""
    network.queued()
    network.status("completed", "9")
    Contact.objects.update(may_call="yes", safety_at=at, language="en")
    return begin_call_back(contact=network.contact, by=second, at=at)


def of_call_back(network, row, name, token, sid="CA" + "9" * 32):
    return network.rung(name, token, sid, Digits="1")


def test_a_call_back_that_rings_is_stopped_and_key_1_rings_nobody(network, begun, second, supervisor, at):
    hide(begun.contact, second, supervisor, at)

    begun.refresh_from_db()
    assert (begun.state, begun.ended_at, doing(second)) == ("cancelled", at, "ready")
    assert "<Conference" not in of_call_back(network, begun, "back-key", begun.own_token).text
    with pytest.raises(NamesHer):
        begin_call_back(contact=begun.contact, by=second, at=at)


def test_a_call_back_in_conversation_goes_on(network, begun, second, supervisor, at):
    assert "<Conference" in of_call_back(network, begun, "back-key", begun.own_token).text
    comes_in(network, begun, "CA" + "9" * 32)
    assert "<Conference" in of_call_back(network, begun, "back-person", begun.person_token, "CA" + "8" * 32).text

    hide(begun.contact, second, supervisor, at)

    begun.refresh_from_db()
    assert (begun.state, begun.ended_at) == ("talking", None)
    assert not SimulatorAct.objects.filter(payload__order="hang_up").exists()


@pytest.fixture
def hidden_talk(network, begun, second, supervisor, at):
    """The colleague talks with the person whom she called back, and the contact was hidden from her."""
    CallBack.objects.update(state="talking", dialled_at=at, picked_up_at=at)
    hide(begun.contact, second, supervisor, at)
    return begun


@pytest.mark.parametrize(("act", "state"), [("end", "unsure"), ("stranger", "strange")])
def test_who_talks_in_a_call_back_that_is_hidden_from_her_leaves_it_and_is_shown_nothing(
    hidden_talk, second, sign_in, now, act, state
):
    browser, contact = sign_in(second), hidden_talk.contact
    where = reverse("hotline:call_back", args=[contact.public_id])

    page = browser.get(where).content.decode()
    assert ("act-end" in page, "act-stranger" in page, "act-confirm" in page) == (True, True, False)
    assert contact.code not in page.replace(str(contact.public_id), "")  # the address may have the digits of the code
    assert browser.get(f"{where}live/").status_code == 404
    assert [browser.post(f"{where}{one}/").status_code for one in ("confirm", "word")] == [404, 404]
    answer = browser.post(f"{where}{act}/")

    hidden_talk.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, reverse("hotline:console"))
    assert (hidden_talk.state, doing(second)) == (state, "ready")
    assert [browser.get(where).status_code, browser.post(f"{where}{act}/").status_code] == [404, 404]


def test_a_call_back_in_conversation_is_left_by_nobody_else(hidden_talk, operator, sign_in, now):
    browser = sign_in(operator)

    browser.post(reverse("hotline:call_back_act", args=[hidden_talk.contact.public_id, "end"]))

    hidden_talk.refresh_from_db()
    assert (hidden_talk.state, hidden_talk.ended_at) == ("talking", None)
