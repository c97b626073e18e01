"""A quality review by keyboard alone, in English and Arabic: an operator asks for it, a supervisor gives it, she has seen it."""

import pytest

pytestmark = pytest.mark.browser
OPERATORS = (
    "operator",
    "operator2",
    "operator3",
)  # by the hour another one took the call that the demo's review is of
GIVEN = 'tr:has(.chip.ok) a[id^="own-review-"]'


def tab_to(page, wanted):
    """Press Tab until the keyboard stands on the part of this selector."""
    for _press in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    pytest.fail(f"The keyboard does not reach {wanted} at {page.url}.")


def enter(page, wanted):
    tab_to(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def whose_call_was_reviewed(sign_in_as):
    """Return the window of the operator whose call the demo's given review is of, and the address of that contact."""
    for name in OPERATORS:
        page = sign_in_as(f"{name}.lr@example.org", "/en/roster/mine/")
        given = page.locator(GIVEN)
        if given.count():
            page.goto(given.first.get_attribute("href"))
            return page, page.locator(".case-head a").get_attribute("href")
    return pytest.fail("The demo gave no review.")


def test_asked_given_and_seen_by_keyboard(sign_in_as, assert_accessible):
    operator, contact = whose_call_was_reviewed(sign_in_as)
    supervisor = sign_in_as("supervisor.lr@example.org", "/en/calls/")
    for language in ("en", "ar"):
        operator.goto(contact.replace("/en/", f"/{language}/"))
        assert_accessible(operator)
        enter(operator, "#ask-review")
        assert_accessible(operator)
        tab_to(operator, "#id_reason")
        operator.keyboard.press("ArrowDown")
        tab_to(operator, "#id_question")
        operator.keyboard.type("Practice: was it right to wait?")
        enter(operator, "main button.button")
        operator.locator("#take-back").wait_for()
        assert_accessible(operator)
        review = operator.url.split("/")[-3]

        supervisor.goto(f"/{language}/calls/reviews/")
        assert_accessible(supervisor)
        enter(supervisor, f'[id="review-{review}"]')
        assert_accessible(supervisor)
        for criterion in supervisor.locator("#give-review fieldset").all():
            tab_to(supervisor, f"#{criterion.locator('input').first.get_attribute('id')}")
            supervisor.keyboard.press("Space")
        tab_to(supervisor, "#id_comment")
        supervisor.keyboard.type("Practice: yes. Ask about safety first.")
        enter(supervisor, "#give-review button")
        supervisor.locator(f'#given ~ table [id="review-{review}"]').wait_for()
        assert_accessible(supervisor)

        operator.goto(f"/{language}/roster/mine/")
        assert_accessible(operator)
        enter(operator, f'[id="own-review-{review}"]')
        assert "Practice: yes. Ask about safety first." in operator.locator("main").inner_text()
        assert_accessible(operator)
        tab_to(operator, "#id_answer")
        operator.keyboard.type("Practice: thank you.")
        enter(operator, "#seen")
        operator.locator("#seen").wait_for(state="detached")
        supervisor.locator(f'[id="review-{review}"]').click()
        supervisor.get_by_text("Practice: thank you.").wait_for()
