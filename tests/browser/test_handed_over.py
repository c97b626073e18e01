"""A call is handed from one operator to another by keys: what was ticked and not saved yet goes with it."""

import re

import pytest

from tests.browser.test_call import WAIT, hang_up_and_close
from tests.browser.test_supervisor import HANG_UP

pytestmark = pytest.mark.browser
FIRST, SECOND = "operator2.lr@example.org", "operator3.lr@example.org"
KEPT = """
from hotline.models import Contact
from hotline.queries.sheets import newest_sheet
contact = Contact.objects.filter(claimed_by__email="operator3.lr@example.org").latest("pk")
assert len(newest_sheet(contact).answers["needs"]) == 2, newest_sheet(contact).answers
"""


@pytest.fixture
def call(visit, sign_in_as, hand):
    """A call in which both operators are: the first has it, the second has said yes to it. Yields both consoles."""
    hand(HANG_UP)
    phone = visit(360)
    phone.goto("/en/demo/phone/")
    phone.locator("#phone-dial").click()
    phone.get_by_text("For English, press 1.").wait_for(timeout=WAIT)
    phone.locator('form.pad button[data-key="1"]').click()
    first, second = (sign_in_as(one, "/en/console/") for one in (FIRST, SECOND))
    for page in (first, second):
        with page.expect_navigation():
            page.locator("#shift-ready").click()
    first.locator('#queue button[id^="take-"]').first.click(timeout=WAIT)
    first.locator("#act-end").wait_for(timeout=WAIT)
    first.wait_for_load_state()  # a page drawn with it hears no key before
    first.keyboard.press("t")
    first.locator("#hand-to label.choice", has_text="Hotline operator 3").click(timeout=WAIT)
    first.locator("#hand-to button").last.click()
    second.locator("#act-take-over").wait_for(timeout=WAIT)
    second.keyboard.press("j")
    second.keyboard.press("j")
    first.locator("#act-hand-to").wait_for(timeout=WAIT)
    yield first, second
    hang_up_and_close(phone, second)


def test_what_was_ticked_goes_with_the_call_that_is_handed_over_and_a_press_that_fails_says_so(
    call, hand, assert_accessible
):
    first, second = call
    contact = first.locator("#live-contact").input_value()
    first.goto(f"/en/console/?contact={contact}&q=needs")
    first.locator(".needs").wait_for()
    first.keyboard.press("1")
    first.keyboard.press("2")
    assert_accessible(first)

    first.route("**/hand_over/", lambda route: route.fulfill(status=500, body=""))
    first.keyboard.press("l")
    first.locator("#act-failed").get_by_text("That did not work, and nothing was done.").wait_for(timeout=WAIT)
    first.unroute("**/hand_over/")
    first.keyboard.press("l")
    first.locator("#act-leave-to").wait_for(timeout=WAIT)
    first.locator("#act-failed").wait_for(state="hidden", timeout=WAIT)
    assert first.locator(".needs :checked").count() == 2
    first.keyboard.press("l")
    first.keyboard.press("l")

    second.get_by_role("heading", name=re.compile("In conversation")).wait_for(timeout=WAIT)
    first.locator("#act-leave-to").wait_for(state="detached", timeout=WAIT)
    hand(KEPT)
