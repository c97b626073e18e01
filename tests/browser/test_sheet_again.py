"""A sheet that one letter closed, by keyboard alone: the console says with what, and A opens it again."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_call import WAIT

pytestmark = pytest.mark.browser
A_MOMENT = 1600  # so long no letter closes a sheet that has just come


@pytest.mark.parametrize(("language", "width", "words"), [("en", 1280, "Closed: Hoax"), ("ar", 360, "")])
def test_one_letter_closes_a_sheet_and_a_opens_it_again(sign_in_as, assert_accessible, language, width, words):
    page = sign_in_as("operator2.lr@example.org", f"/{language}/calls/write-down/", width)
    page.locator("#id_kind_0").focus()
    page.keyboard.press("Space")
    page.locator("#id_happened_on").focus()
    page.keyboard.press("Enter")
    page.locator("#wrap-up").wait_for(timeout=WAIT)
    page.wait_for_load_state()  # the moment runs once its script is there
    page.wait_for_timeout(A_MOMENT)

    page.keyboard.press("j")
    told = page.locator("#closed-sheet p")
    told.wait_for(timeout=WAIT)
    page.wait_for_load_state("domcontentloaded")
    expect(told).to_contain_text(words)
    assert page.locator("#wrap-up").count() == 0
    expect(page.locator("#say-politely")).to_have_text(told.inner_text().strip(), timeout=WAIT)
    expect(page.locator("#open-sheet-again kbd")).to_have_count(1)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    page.keyboard.press("a")
    page.locator("#wrap-up").wait_for(timeout=WAIT)
    page.wait_for_load_state()
    assert page.locator("#closed-sheet").count() == 0
    assert_accessible(page)
    page.wait_for_timeout(A_MOMENT)
    page.keyboard.press("a")
    page.locator("#closed-sheet").wait_for(timeout=WAIT)
