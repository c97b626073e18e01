"""A test is handed in while no network is there: it stays on the screen with what is ticked, and goes once there is one."""

import pytest

from tests.browser.test_official import COURSE

pytestmark = pytest.mark.browser

NOT_SENT = "The server does not answer: nothing was sent."
TICKED = "[...document.querySelectorAll('form.questions input:checked:not([hidden])')].map(one => one.value)"


@pytest.fixture
def ticked(sign_in_as):
    """An open test on a small screen with two answers ticked, and the network gone."""
    page = sign_in_as("official5.tn@example.org", f"/en{COURSE}#test", 360)
    page.locator("#test form button").click()  # taken, or gone on with: the tests here share her one try
    page.locator("form.questions").wait_for()
    page.wait_for_load_state()  # its scripts are there before the network goes
    for place in range(2):
        page.locator("form.questions section").nth(place).locator("input").first.check()
    page.context.set_offline(True)
    return page


@pytest.mark.parametrize("name", ["Hand in the test", "Keep my answers for now"])
def test_without_a_network_the_test_stays_with_its_answers_and_says_so(ticked, assert_accessible, name):
    page, address, before = ticked, ticked.url, ticked.evaluate(TICKED)

    page.get_by_role("button", name=name).click()
    page.get_by_text(NOT_SENT).wait_for()

    assert page.url == address
    assert page.evaluate(TICKED) == before
    assert len(before) == 2
    page.locator("#not-sent:focus").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert_accessible(page)
    page.context.set_offline(False)
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()
    assert page.evaluate(TICKED) == before
    assert page.get_by_text(NOT_SENT).is_hidden()


def test_what_was_not_sent_still_goes_along_into_another_language(ticked):
    page, before = ticked, ticked.evaluate(TICKED)
    page.get_by_role("button", name="Hand in the test").click()
    page.get_by_text(NOT_SENT).wait_for()
    page.context.set_offline(False)

    page.locator("header a[href*='/languages/']").first.click()
    page.get_by_role("link", name="français").first.click()
    page.wait_for_url("**/fr/test/**")

    assert page.evaluate(TICKED) == before
