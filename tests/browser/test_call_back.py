"""A person is called back on the practice network, by keys alone, and a stranger is left with the cover phrase."""

import pytest

from tests.browser.test_call import A_MOMENT

pytestmark = pytest.mark.browser
OPERATOR = "operator.lr@example.org"
SAFE = """
from datetime import time

from django.utils import timezone
from accounts import actions as accounts
from hotline.models import Contact
row = Contact.objects.get(public_id="{contact}")
row.may_call, row.safety_at, row.cover = "yes", timezone.now(), "health"
row.safe_from, row.safe_until = time(0), time(23, 59, 59, 999999)
accounts.seal(row, "code_word", "mango")
row.save()
"""


def test_a_stranger_is_left_by_one_key_and_nobody_calls_again(sign_in_as, hand, assert_accessible):
    page = sign_in_as(OPERATOR, "/en/calls/missed/")
    asked = page.locator("tr", has_text="Asked to be called back").first  # for the evening: it may not be one
    address = asked.locator("a[href*='/call-back/']").get_attribute("href")
    hand(SAFE.format(contact=address.split("/")[3]))
    page.reload()
    asked.locator("summary").click()
    page.locator("details.follow-up[open] a.button[href*='/call-back/']").click()
    page.get_by_text("If somebody asks who calls: A health information service.").wait_for()
    assert_accessible(page)

    page.locator("#call-back:enabled").press("Enter", timeout=120_000)  # once the worker of the demo is heard
    page.get_by_role("heading", name="Somebody picked up").wait_for(timeout=60_000)
    page.locator("#say-politely", has_text="Somebody picked up").wait_for(state="attached")
    address = page.url
    page.wait_for_timeout(A_MOMENT)  # a part that was just put in is sent with the whole page
    page.keyboard.press("w")
    page.locator("#code-word", has_text="mango").wait_for()
    assert page.url == address
    assert_accessible(page)
    page.keyboard.press("x")
    page.locator("#say-at-once", has_text="Press X once more").wait_for(state="attached")
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ء', code: 'KeyX', bubbles: true}))")

    page.get_by_text("Hung up. Nobody calls or writes to this person any more").wait_for()
    assert page.locator("#call-back").is_disabled()
    assert_accessible(page)
