"""What a phone's own script ended is told in the language of the page, also where the browser asks for another."""

import pytest

pytestmark = pytest.mark.browser


def test_the_end_of_a_refresher_is_told_in_arabic_on_an_arabic_page(sign_in_as, assert_accessible):
    page = sign_in_as("learner2.lr@example.org", "/ar/learning/", 360, locale="en-US")
    asked = [one.get_attribute("href") for one in page.locator(".changed .mini-links a").all()]

    for address in asked:
        page.goto(address)
        page.locator("form.pager button[type=submit]").click()
        page.wait_for_url(lambda url, left=address: left not in url)
    told = page.locator("main [role=status] .banner.ok").first

    assert "Your refresher is done" not in told.inner_text()
    assert page.evaluate(
        "[...document.querySelectorAll('main [role=status] p')].every((p) => /\\p{Script=Arabic}/u.test(p.innerText))"
    )
    assert told.locator("a").get_attribute("href") == "/ar/learning/certificates/"
    assert_accessible(page)
