"""The editor by keyboard alone: from inside a list Tab leads on, and changes nothing."""

import pytest

from tests.browser.test_editor_session import open_lesson

pytestmark = pytest.mark.browser

DEPTHS = "(field) => [...field.querySelectorAll('li')].map((item) => item.className)"


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
def test_tab_leaves_a_text_from_inside_a_list_and_indents_nothing(sign_in_as, key):
    page = sign_in_as("manager.mz@example.org", "/admin/")
    open_lesson(page, "What to notice on site")
    field = page.locator(".Draftail-Editor [contenteditable=true]").filter(has=page.locator("li")).first
    field.scroll_into_view_if_needed()
    field.click()
    before, inside = field.evaluate(DEPTHS), "(field) => field.contains(document.activeElement)"
    assert before
    assert field.evaluate(inside)

    page.keyboard.press(key)

    assert not field.evaluate(inside)
    assert field.evaluate(DEPTHS) == before
    assert page.evaluate("document.activeElement !== document.body")
