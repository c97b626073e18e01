"""Who left a call to a colleague, and whom the provider did not hang up: she reads so, and leaves it with the same key."""

import datetime as dt

import pytest
from django.urls import reverse

from hotline import actions
from hotline.models import Command, OperatorState
from tests.hotline.test_in_hand import opened
from tests.hotline.thirds import (  # noqa: F401 -- fixtures
    browser_of,
    call_on_stage,
    colleague_who_is_ready,
    leave_to,
    members,
)

pytestmark = pytest.mark.django_db
LEAVING = "You are leaving the call: asked for, not confirmed yet."
AGAIN = "That you leave is not confirmed by the network: press “Leave the call” again."


@pytest.fixture
def left(stage, operator, second, now):
    """The operator has left her call to a colleague, and the provider has not hung her up yet."""
    leave_to(stage, second, by=operator)
    assert stage.contact.claimed_by == second
    at_work(stage, now)
    return stage


def at_work(stage, now):
    """Let the clocks stand at the stage's, the consoles just seen."""
    now.move_to(stage.at, tick=False)
    OperatorState.objects.update(seen_at=stage.at)


def given_up(stage):
    hang_ups().filter(done_at=None).update(failed_at=stage.at)


def hang_ups():
    return Command.objects.filter(key__startswith="leave:").order_by("pk")


def leaves(user, contact):
    return browser_of(user).post(reverse("hotline:control", args=[contact.public_id, "leave"]), follow=True)


def test_who_could_not_be_hung_up_leaves_with_the_same_key_and_the_call_goes_on(left, operator, second, now):
    contact = left.contact
    given_up(left)
    left.wait(5)
    at_work(left, now)
    assert members(left) == {"caller", "op-1", "col-1"}
    page = opened(operator, contact)
    assert page.select_one("#still-in p").text == AGAIN
    assert page.find(id="act-leave-again")["data-key"] == "l"
    assert "You have left" not in page.find(id=f"in-hand-{contact.code}").text

    leaves(operator, contact)
    left.wait(4)
    at_work(left, now)

    assert (members(left), left.contact.claimed_by, left.contact.state) == ({"caller", "col-1"}, second, "connected")
    page = opened(operator, contact)
    assert page.find(id="still-in") is None
    assert "You have left the call." in page.find(id=f"in-hand-{contact.code}").text
    assert hang_ups().count() == 2


def test_while_it_is_on_its_way_she_reads_so_and_it_is_ordered_once(left, operator):
    assert opened(operator, left.contact).select_one("#still-in p").text == LEAVING
    leaves(operator, left.contact)
    assert hang_ups().count() == 1


def test_it_is_nobody_elses_to_leave(left, second, supervisor):
    given_up(left)
    for user in (second, supervisor):
        assert opened(user, left.contact).find(id="still-in") is None
        with pytest.raises(actions.NotInRoom):
            actions.leave_call(contact=left.contact, by=user, at=left.at + dt.timedelta(seconds=1))
    assert hang_ups().count() == 1
