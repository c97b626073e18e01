"""In an open test the language is changed with answers ticked and not kept: none of them is lost."""

import pytest

from tests.browser.test_official import COURSE

pytestmark = pytest.mark.browser


def test_answers_that_were_ticked_go_along_into_another_language(sign_in_as):
    page = sign_in_as("learner3.ht@example.org", f"/en{COURSE}#test", 360)
    page.get_by_role("button", name="Take the test").click()
    for place in range(3):
        page.locator("form.questions section").nth(place).locator(
            "input[type=radio], input[type=checkbox]"
        ).first.check()
    ticked = page.evaluate("[...document.querySelectorAll('form.questions input:checked')].map(one => one.value)")

    page.locator("header a[href*='/languages/']").first.click()
    page.get_by_role("link", name="français").first.click()
    page.wait_for_url("**/fr/test/**")

    kept = page.evaluate("[...document.querySelectorAll('form.questions input:checked')].map(one => one.value)")
    assert len(ticked) == 3
    assert kept == ticked
