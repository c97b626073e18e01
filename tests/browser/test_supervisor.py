"""A supervisor by keyboard alone, in a tab beside the operator's: board, into the call, coach, out of it; in English and Arabic."""

import re

import pytest

from tests.browser.test_console_keys import until_keys_close

pytestmark = pytest.mark.browser

WAIT = 45_000
LASTS = re.compile(r"^\d+ \S+ \d\d \S+$")  # 1 min 05 s, in whatever language
# N takes who waits longest: the demo's own caller, or one whom another journey left, would be taken in this caller's place.
HANG_UP = """
from django.utils import timezone
from hotline.actions import simulation
from hotline.choices import ActKind, PhoneState
from hotline.models import SimulatorPhone
for phone in SimulatorPhone.objects.filter(state__in=[PhoneState.DIALLING, PhoneState.LIVE, PhoneState.RINGING]):
    simulation.do(phone=phone, kind=ActKind.HANG_UP, at=timezone.now())
"""


def tab_to(page, wanted):
    """Press Tab until the keyboard stands on the part whose id begins so."""
    for _press in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id").startswith(wanted):
            return
    pytest.fail(f"The keyboard does not reach {wanted}.")


def enter(page, wanted):
    tab_to(page, wanted)
    page.keyboard.press("Enter")


def test_a_supervisor_comes_into_a_call_coaches_and_leaves(visit, demo_site, sign_in_as, assert_accessible, hand):
    caller = visit(360)
    hand(HANG_UP)
    console = sign_in_as("operator2.lr@example.org", "/en/console/")
    console.locator("#queue [id^=take-]").first.wait_for(state="detached", timeout=WAIT)
    caller.goto("/en/demo/phone/")
    caller.locator("#phone-dial").click()
    caller.locator('#phone-heard [lang="ar"] .words').first.wait_for(timeout=WAIT)
    caller.locator('form.pad button[data-key="1"]').click()
    console.locator("#queue [data-key=n][id^=take-]").wait_for(timeout=WAIT)
    console.keyboard.press("n")
    console.locator("#act-hold").wait_for(timeout=WAIT)
    caller.get_by_text("An operator is in the call with you.").first.wait_for(timeout=WAIT)

    board = console.context.new_page()  # one browser, two sign-ins: the other name of this machine
    board.set_default_timeout(WAIT)
    there = demo_site.replace("127.0.0.1", "localhost")
    board.goto(f"{there}/en/demo/people/")
    for more in board.locator("details > summary").all():
        more.click()
    row = board.locator("li", has=board.get_by_text("supervisor.lr@example.org", exact=True))
    with board.expect_navigation():
        row.get_by_role("button").click()

    for language in ("en", "ar"):
        console.goto(f"/{language}/console/")
        board.goto(f"{there}/{language}/console/board/")
        assert_accessible(board)
        for part in ("board-talks", "board-people"):
            board.locator(f"#{part} ~ table [data-since]", has_text=LASTS).first.wait_for()
        enter(board, "join-")
        board.locator("#id_reason").wait_for()
        assert_accessible(board)
        tab_to(board, "id_mode")
        board.keyboard.press("ArrowUp")  # from coaching to being heard by all
        tab_to(board, "id_reason")
        board.keyboard.press("ArrowDown")
        board.keyboard.press("Tab")
        board.keyboard.press("Enter")
        board.locator("#my-part").wait_for()

        console.locator("#act-let-in").wait_for(timeout=WAIT)
        assert_accessible(console)
        console.keyboard.press("j")
        board.locator('form[action$="/join/coach/"] #join-mode').wait_for(timeout=WAIT)
        assert_accessible(board)
        enter(board, "join-mode")
        board.locator('form[action$="/join/open/"] #join-mode').wait_for(timeout=WAIT)
        console.locator("#supervising.ok").wait_for(timeout=WAIT)
        assert_accessible(console)
        enter(board, "leave-supervised")
        console.locator("#act-help").wait_for(timeout=WAIT)
        board.locator("#my-part").wait_for(state="detached", timeout=WAIT)
    console.keyboard.press("e")
    console.keyboard.press("e")
    caller.locator("#phone-dial").wait_for(timeout=WAIT)
    until_keys_close(console)  # the next journey finds her ready
    console.keyboard.press("i")
    console.keyboard.press("i")
    console.locator("#wrap-up").wait_for(state="detached", timeout=WAIT)
    board.close()
