"""Danger is seen and said where nobody looks at an open console: on other pages of the desk, in the title, at opening."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_call import WAIT

pytestmark = pytest.mark.browser


@pytest.fixture
def in_danger(visit):
    """Dial, and press 9 in the greeting: in_danger() -> the phone."""
    phone = visit(360)
    phone.goto("/en/demo/phone/")

    def call():
        phone.locator("#phone-dial").click()
        phone.get_by_text("In danger, press 9").first.wait_for(timeout=WAIT)
        phone.locator('form.pad button[data-key="9"]').click()

        return phone

    return call


@pytest.mark.parametrize(
    ("language", "width", "title"), [("en", 1280, "⚠ Danger · "), ("ar", 360, "⚠ ")], ids=["en", "ar"]
)
def test_a_page_that_stands_open_says_it_by_itself_and_takes_it_back(
    in_danger, visit, sign_in_as, assert_accessible, language, width, title
):
    page = sign_in_as("supervisor.lr@example.org", f"/{language}/cases/", width)
    plain = page.title()
    bar = page.locator("#alarm")
    assert bar.is_hidden()
    phone = in_danger()

    bar.wait_for(state="visible", timeout=WAIT)
    assert bar.get_attribute("role") == "alert"
    assert page.title().startswith(title)
    assert page.title().endswith(plain)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(page)
    without = sign_in_as("operator3.lr@example.org", f"/{language}/calls/", width, script=False)
    assert without.locator("#alarm a").is_visible()

    console = sign_in_as("operator2.lr@example.org", "/en/console/")
    console.locator("#say-at-once").get_by_text("Somebody in danger waits.").wait_for(timeout=WAIT)
    assert console.title() == "⚠ Danger · Console"
    phone.locator("#phone-hang-up").click()
    expect(console).to_have_title("Console", timeout=WAIT)
    bar.wait_for(state="hidden", timeout=WAIT)
    assert page.title() == plain
