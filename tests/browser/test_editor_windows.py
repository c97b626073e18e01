"""One person with two windows on a page of the editor: what it keeps by itself is hers, what the other window saved is not."""

import re

import pytest

from tests.browser.test_editor_session import AUTOSAVE, MANAGER, open_lesson, press, publish_shown

pytestmark = pytest.mark.browser

LESSON = "Consent and vulnerability"
ELSEWHERE = "You saved this page in another window while you wrote here"
EDIT = re.compile("/edit/$")


def type_in(page, words):
    page.locator('[name="aim_en"]').fill(words)
    page.locator('[name="change"]').select_option("material")


def send(page, name):
    """Send the form, past the editor's own question of a moment ago about the other window."""
    page.locator(f'button[name="{name}"]').evaluate("button => button.form.requestSubmit(button)")


def test_what_was_kept_by_itself_is_published_and_another_window_asks_first(sign_in_as):
    page = sign_in_as(MANAGER, "/admin/")
    open_lesson(page, LESSON)
    other = page.context.new_page()
    open_lesson(other, LESSON)
    with page.expect_response(EDIT, timeout=AUTOSAVE) as kept:
        type_in(page, "You can tell consent from fear, in the first window.")
    assert kept.value.json()["success"]

    with page.expect_navigation():
        press(page, "action-publish")
    publish_shown(page)
    type_in(other, "You can tell consent from fear, in the other window.")
    with other.expect_navigation():
        send(other, "action-publish")

    assert ELSEWHERE not in page.content()
    assert "published" in page.locator(".messages").inner_text()
    assert ELSEWHERE in other.content()
    assert other.locator('[name="aim_en"]').input_value() == "You can tell consent from fear, in the other window."


def test_a_button_that_is_pressed_while_the_editor_keeps_by_itself_waits_for_the_answer(sign_in_as):
    page = sign_in_as(MANAGER, "/admin/")
    open_lesson(page, LESSON)
    kept = []

    def slowly(route):
        if route.request.headers.get("accept") != "application/json":
            route.continue_()
            return
        answer = route.fetch()
        page.wait_for_timeout(2_500)
        kept.append(answer.json()["success"])
        route.fulfill(response=answer)

    page.route(EDIT, slowly)
    with page.expect_request(EDIT, timeout=AUTOSAVE):
        type_in(page, "You can tell consent from fear, and say so.")
    with page.expect_navigation():
        press(page, "action-publish")

    assert kept == [True]
    assert ELSEWHERE not in page.content()
    assert page.get_by_role("button", name="Publish now").count() == 2
