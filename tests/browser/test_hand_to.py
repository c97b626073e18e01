"""The choice of a colleague while it renews itself: the keyboard stays with her on whom it stands, or on the list."""

import pytest

pytestmark = pytest.mark.browser
OPERATOR, SECOND, THIRD = "operator.lr@example.org", "operator2.lr@example.org", "supervisor.lr@example.org"
OTHERS = (SECOND, THIRD, "operator3.lr@example.org")
STATES = """
from datetime import timedelta

from django.utils import timezone
from accounts.models import User
from hotline import actions
from hotline.models import OperatorState
at = timezone.now()
for email, state in {states}.items():
    user = User.objects.get(email=email)
    actions.operator_state(user, at=at)
    OperatorState.objects.filter(user=user).update(state=state, seen_at=at + timedelta(minutes=10))
"""
BEFORE = """
from hotline.models import OperatorState
people = {people}
before = {{row.user.email: (row.state, row.seen_at) for row in OperatorState.objects.filter(user__email__in=people)}}
"""
AS_BEFORE = """
rows = OperatorState.objects
for email in people:
    state, seen_at = before.get(email, ("off", None))
    rows.filter(user__email=email).update(state=state, seen_at=seen_at)
"""
HERE = "document.activeElement.id"


@pytest.fixture
def ready(hand):
    """Say who of the others is ready: ready(SECOND, THIRD); each is what she was before when the journey ends."""
    hand(BEFORE.format(people=list(OTHERS)))

    def say(*people):
        hand(STATES.format(states={one: "ready" if one in people else "off" for one in OTHERS}))

    yield say
    hand(AS_BEFORE)


@pytest.fixture
def choice(ready, sign_in_as):
    """The choice of a colleague, with two of them in it."""
    ready(SECOND, THIRD)
    page = sign_in_as(OPERATOR, "/en/calls/")
    contact = page.locator("table tbody th a").first.get_attribute("href").rstrip("/").split("/")[-1]
    page.goto(f"/en/console/{contact}/hand/")
    assert page.locator("#hand-to input[type=radio]").count() == 2
    return page


def box_of(page, name):
    return page.locator("#hand-to label.choice", has_text=name).locator("input").get_attribute("id")


def tab_to(page, part):
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(HERE) == part:
            return
    pytest.fail(f"The keyboard does not reach {part}.")


def test_the_keyboard_stays_with_the_colleague_and_goes_to_the_list_where_she_is_gone(
    choice, ready, assert_accessible
):
    first, last = (box.get_attribute("id") for box in choice.locator("#hand-to input[type=radio]").all())
    gone, stays = (SECOND, last) if box_of(choice, "Hotline operator 2") == first else (THIRD, last)
    tab_to(choice, first)
    choice.keyboard.press("ArrowDown")
    assert choice.evaluate(HERE) == stays

    ready(*({SECOND, THIRD} - {gone}))
    choice.locator("#hand-to-gone", has_text="cannot be asked now.").wait_for()
    assert (choice.evaluate(HERE), choice.locator(f"[id='{stays}']").is_checked()) == (stays, True)
    assert_accessible(choice)

    ready(SECOND, THIRD)
    choice.locator(f"[id='{first}']").wait_for()
    assert (choice.evaluate(HERE), choice.locator(f"[id='{stays}']").is_checked()) == (stays, True)
    assert choice.locator("#hand-to-gone").inner_text() == ""

    ready(gone)
    choice.locator(f"[id='{stays}']").wait_for(state="detached")
    choice.locator("#id_person:focus").wait_for()  # given once the part has settled
    assert choice.locator("#hand-to-gone").inner_text().count("cannot be asked now.") == 1
    assert choice.locator("#hand-to input:checked").count() == 0
    choice.keyboard.press("Tab")
    assert choice.evaluate(HERE) == first

    ready()
    choice.get_by_text("Nobody can be rung now").wait_for()
    choice.locator("#hand-to:focus").wait_for()
    assert_accessible(choice)


def test_the_keyboard_that_stands_elsewhere_is_left_there(choice, ready):
    tab_to(choice, "hand-to-send")
    ready(SECOND)
    choice.locator("#hand-to-gone", has_text="cannot be asked now.").wait_for()
    assert choice.evaluate(HERE) == "hand-to-send"
    choice.get_by_role("link", name="Back to the console").focus()
    ready()
    choice.get_by_text("Nobody can be rung now").wait_for()
    assert choice.evaluate("document.activeElement.textContent") == "Back to the console"
