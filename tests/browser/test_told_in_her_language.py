"""What a phone's own script ended is told in the language of the page, also where the browser asks for another."""

import pytest

pytestmark = pytest.mark.browser

CHANGED = "/judicial/what-must-be-proved/what-must-be-proved/when-the-person-is-a-child/"


def test_the_end_of_a_refresher_is_told_in_arabic_on_an_arabic_page(sign_in_as, assert_accessible):
    page = sign_in_as("learner2.lr@example.org", f"/ar{CHANGED}", 360, locale="en-US")

    page.locator("form.pager button[type=submit]").click()
    page.wait_for_url(lambda url: "when-the-person" not in url)
    told = page.locator("main [role=status] .banner.ok").first

    assert "Your refresher is done" not in told.inner_text()
    assert page.evaluate(
        "[...document.querySelectorAll('main [role=status] p')].every((p) => /\\p{Script=Arabic}/u.test(p.innerText))"
    )
    assert told.locator("a").get_attribute("href") == "/ar/learning/certificates/"
    assert_accessible(page)
