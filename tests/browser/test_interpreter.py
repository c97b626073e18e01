"""One person plays three: a caller, the operator who takes the call, and the interpreter who is asked into it by a key."""

import re

import pytest

from tests.browser.test_call import hang_up_and_close

pytestmark = pytest.mark.browser

WAIT = 45_000


def test_an_interpreter_is_asked_by_key_picks_up_on_a_screen_and_is_let_go(visit, sign_in_as, assert_accessible):
    interpreter, caller = visit(360), visit(360)
    interpreter.goto("/en/demo/phone/")
    interpreter.locator('[name="caller"]').select_option("+231770000201")
    interpreter.get_by_role("button", name="Only wait for a call").click()
    console = sign_in_as("operator2.lr@example.org", "/en/console/")
    with console.expect_navigation():
        console.locator("#shift-ready").click()
    caller.goto("/en/demo/phone/")
    caller.locator("#phone-dial").click()
    caller.locator('#phone-heard [lang="ar"] .words').first.wait_for(timeout=WAIT)
    caller.locator('form.pad button[data-key="3"]').click()
    waiting = console.locator("#queue li", has=console.locator('bdi[lang="ar"]'))
    waiting.get_by_role("button").first.click(timeout=WAIT)
    console.get_by_role("button", name=re.compile("Hold")).wait_for(timeout=WAIT)
    console.wait_for_load_state()  # of the page that the call opened: its keys are heard by then

    console.keyboard.press("i")
    interpreter.locator("#phone-answer").wait_for(timeout=WAIT)
    console.get_by_text("Ringing for an interpreter").wait_for(timeout=WAIT)
    assert_accessible(console)
    assert_accessible(interpreter)
    interpreter.locator("#phone-answer").click()
    interpreter.get_by_text("Press 1 to take it.").wait_for(timeout=WAIT)
    interpreter.keyboard.press("1")

    console.get_by_text("interprets in this call.").wait_for(timeout=WAIT)
    caller.get_by_text("An interpreter is in the call with you.").wait_for(timeout=WAIT)
    interpreter.get_by_text("You are in the call.", exact=True).wait_for(timeout=WAIT)
    assert_accessible(console)

    console.keyboard.press("i")
    console.locator("form.asks #act-interpreter").wait_for(timeout=WAIT)
    console.keyboard.press("i")
    interpreter.locator("#phone-dial").wait_for(timeout=WAIT)
    console.get_by_role("button", name=re.compile("Ask an interpreter into the call")).wait_for(timeout=WAIT)
    hang_up_and_close(caller, console)
