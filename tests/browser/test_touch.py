"""On a telephone what is pressed is as high as a thumb: pages that people in the field open, from the top to the end."""

import pytest

from tests.browser.test_console import LOW

pytestmark = pytest.mark.browser
TOUCH = 44


@pytest.mark.parametrize(
    ("email", "address"),
    [
        ("learner.ht@example.org", "/fr/learning/"),
        ("learner.ht@example.org", "/en/learning/groups/"),
        ("operator.lr@example.org", "/en/cases/"),
        ("operator.lr@example.org", "/en/demo/people/"),
        ("operator.lr@example.org", "/en/liberia/"),
        ("learner.mz@example.org", "/pt/mozambique/"),
        ("learner.mz@example.org", "/pt/learning/"),
        ("supervisor.lr@example.org", "/en/roster/"),
        ("supervisor.lr@example.org", "/en/roster/trained/"),
    ],
)
def test_what_is_pressed_on_a_page_is_as_high_as_a_thumb(sign_in_as, email, address):
    page = sign_in_as(email, address, 360)

    assert page.evaluate(LOW, TOUCH) == []


def test_what_is_pressed_in_a_case_is_as_high_as_a_thumb(sign_in_as):
    page = sign_in_as("operator.lr@example.org", "/en/cases/", 360)
    page.goto(page.locator("table tbody th a, .case-list a").first.get_attribute("href"))

    assert page.evaluate(LOW, TOUCH) == []
