"""Leaving a colleague's call: a button for everybody who is in one, a word once she has left, nobody left alone."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from hotline import actions
from hotline.actions.leaving import CallerAlone, leave_colleague
from hotline.actions.shielding import shield_contact
from hotline.models import Contact, Leg, OperatorState, ThirdCall
from tests.hotline.thirds import (  # noqa: F401 -- fixtures
    browser_of,
    call_on_stage,
    colleague_who_is_ready,
    members,
    plain,
)

pytestmark = pytest.mark.django_db
CONSOLE, BOARD, LEAVE = (reverse(f"hotline:{name}") for name in ("console", "board", "leave_colleague"))


@pytest.fixture(params=["supervisor", "colleague"])
def there(request, stage, operator, second, supervisor, now):
    """Somebody who is in the operator's call: a supervisor whom everybody hears, or the colleague who is to have it."""
    if request.param == "supervisor":
        actions.offer_join(contact=stage.contact, mode="open", reason="quality", by=supervisor, at=stage.at)
        actions.let_in(contact=stage.contact, by=operator, at=stage.at)
    else:
        actions.ask_colleague(contact=stage.contact, person=second, by=operator, at=stage.at)
        actions.take_over(contact=stage.contact, by=second, at=stage.at)
    stage.wait(6)
    now.move_to(stage.at, tick=False)
    return supervisor if request.param == "supervisor" else second


def hide(stage, user, by):
    shield_contact(contact=Contact.objects.get(pk=stage.contact.pk), by=by, at=stage.at, user=user)


def page_of(user, address=CONSOLE):
    return BeautifulSoup(browser_of(user).get(address).content, "html.parser")


@pytest.mark.parametrize("is_named", [True, False])
def test_who_is_in_a_colleague_s_call_leaves_it_with_one_button_and_reads_that_she_has(
    stage, operator, supervisor, there, is_named, now
):
    if is_named:
        hide(stage, there, operator)
    page = page_of(there)
    button = page.find(id="leave-supervised")
    assert (button.find_parent("form")["action"], button["data-key"]) == (LEAVE, "l")
    assert "You have left the call." not in page.text
    assert stage.contact.code not in page.find(id="asked-of-me").text or not is_named

    answer = browser_of(there).post(LEAVE, {"from": "console"})
    stage.wait(3)
    now.move_to(stage.at, tick=False)

    assert (answer.status_code, answer["Location"]) == (302, CONSOLE)
    assert members(stage) == {"caller", "op-1"}
    assert stage.contact.state == "connected"
    page = page_of(there)
    assert page.find(id="leave-supervised") is None
    assert page.find(id="has-left").text.strip() == "You have left the call."
    assert "You have left the call." in page.find(id="asked-of-me")["data-said"]
    now.move_to(stage.at + dt.timedelta(minutes=3), tick=False)
    assert page_of(there).find(id="has-left") is None


def test_who_was_let_go_by_the_operator_reads_that_she_has_left(stage, operator, there, now):
    role = ThirdCall.objects.get().role
    actions.release_third(contact=stage.contact, role=role, by=operator, at=stage.at)
    stage.wait(3)
    now.move_to(stage.at, tick=False)

    assert "You have left the call." in plain(browser_of(there).get(CONSOLE))


def test_who_has_the_call_now_or_whose_call_is_over_is_not_told_that_she_left(stage, operator, there, now):
    if ThirdCall.objects.get().role == "colleague":
        actions.hand_over(contact=stage.contact, by=operator, at=stage.at)
        stage.wait(2)
        actions.leave_call(contact=stage.contact, by=operator, at=stage.at)
    else:
        stage.play("hang up")
        stage.wait(125)  # the room goes on for two minutes for a third person
    stage.wait(4)
    now.move_to(stage.at, tick=False)

    assert ThirdCall.objects.get().state == "over"
    assert page_of(there).find(id="has-left") is None


def test_the_console_of_who_is_in_a_call_does_not_say_that_there_is_none(stage, there):
    page = page_of(there)
    assert "You are in the call of" in page.find(id="my-part").text
    for words in ("No call", "Nobody on the line", "to take the next call"):
        assert words not in page.find(id="main").text
    live = plain(
        browser_of(there).get(reverse("hotline:console_live"), {"seen": "older"}, headers={"HX-Request": "true"})
    )
    assert "Nobody on the line" not in live


def test_the_console_of_whose_own_call_names_her_says_that_she_is_in_it(stage, operator, supervisor, now):
    hide(stage, operator, supervisor)
    now.move_to(stage.at, tick=False)

    text = page_of(operator).find(id="main").text

    assert "You are in a call of which nothing is shown to you. Hang up your telephone to leave it." in text
    assert "Nobody on the line" not in text
    assert stage.contact.code not in text


def test_the_console_without_a_call_says_so_where_it_renews_itself(operator, now):
    assert "Nobody on the line" in page_of(operator).find(id="callbar").text


def test_nobody_leaves_a_caller_alone(stage, operator, there):
    Leg.objects.filter(role="operator").update(left_at=stage.at)
    with pytest.raises(CallerAlone):
        leave_colleague(by=there, at=stage.at)

    answer = browser_of(there).post(LEAVE, {"from": "console"}, follow=True)

    assert "You would leave the caller alone." in answer.content.decode()
    stage.wait(3)
    assert there.pk in Leg.objects.filter(left_at=None).values_list("user_id", flat=True)


def test_who_is_in_a_room_that_the_caller_has_left_may_go(stage, operator, there):
    Leg.objects.filter(role="operator").update(left_at=stage.at)
    Contact.objects.update(ended_at=stage.at)

    leave_colleague(by=there, at=stage.at)
    stage.wait(3)

    assert OperatorState.objects.get(user=there).state in ("off", "ready")


@pytest.mark.parametrize("there", ["colleague"], indirect=True)
def test_a_call_that_was_being_handed_to_who_leaves_stays_with_its_operator(stage, operator, second, there):
    actions.hand_over(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(2)

    leave_colleague(by=second, at=stage.at)

    with pytest.raises(actions.NotConfirmed):
        actions.leave_call(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(3)
    assert (stage.contact.state, stage.contact.claimed_by) == ("connected", operator)


def test_who_is_in_nobody_s_call_is_told_that_she_is_in_none(operator, now):
    answer = browser_of(operator).post(LEAVE, {"from": "console"}, follow=True)
    assert "This is not possible any more: the call is over, or you are not in it." in answer.content.decode()


def test_the_board_has_the_same_button_without_a_key(stage, operator, supervisor, now):
    actions.offer_join(contact=stage.contact, mode="open", reason="quality", by=supervisor, at=stage.at)
    actions.let_in(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(6)
    hide(stage, supervisor, operator)
    now.move_to(stage.at, tick=False)

    button = page_of(supervisor, BOARD).find(id="leave-supervised")

    assert (button.find_parent("form")["action"], button.get("data-key")) == (LEAVE, None)
