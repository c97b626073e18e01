"""Somebody who cannot speak: in danger by key, an operator at once, and more questions by key in the middle of the call."""

import pytest

from tests.browser.test_call import A_MOMENT, WAIT
from tests.browser.test_console import NO_CASE
from tests.browser.test_supervisor import HANG_UP

pytestmark = pytest.mark.browser
NOT_HERE = "A question by keys can be asked only while you and the caller are in the call, and not on hold."
NOT_YET = "The caller is not in the room yet. Wait a moment, then press it again."
FIVE_SECONDS = 5_200
OFFERED = """
from django.utils import timezone
from accounts.models import User
from hotline.models import Contact, OperatorState
now, operator = timezone.now(), User.objects.get(email="operator.lr@example.org")
contact = Contact.objects.get(public_id="{contact}")
Contact.objects.filter(pk=contact.pk).update(
    kind="call", state="offered", step="waiting", claimed_by=operator, connected_at=None, ended_at=None, changed_at=now
)
OperatorState.objects.filter(user=operator).update(state="offered", contact=contact, seen_at=now, since=now)
"""
OVER = """
from django.utils import timezone
from hotline.models import Contact, OperatorState
OperatorState.objects.filter(contact__public_id="{contact}").update(state="off", contact=None)
Contact.objects.filter(public_id="{contact}").update(state="ended", claimed_by=None, ended_at=timezone.now())
"""
# Everything that is said politely from now on: how many wait may be said right after it.
KEEP_SAID = """() => {
  const part = document.getElementById("say-politely");
  window.saidPolitely = [];
  new MutationObserver(() => window.saidPolitely.push(part.textContent)).observe(part, {childList: true, subtree: true});
}"""


def sheet_of(console):
    """Return which question is open on the sheet, and the mark of what stands in it."""
    return console.locator("#sheet-question").input_value(), console.locator("#sheet-mark").input_value()


def press(phone, key, then):
    """Press a key once the line has said what it answers."""
    phone.locator("#phone-heard").get_by_text(then).last.wait_for(timeout=WAIT)
    phone.locator(f'form.pad button[data-key="{key}"]').click()


def call_without_a_word(phone):
    """Dial, press 5 and 1 for English, and 2: in danger."""
    phone.goto("/en/demo/phone/")
    phone.locator("#phone-dial").click()
    press(phone, "5", "For English, press 1.")
    press(phone, "1", "You do not have to speak. Choose your language with a key.")
    press(phone, "2", "in danger now")
    phone.locator("#phone-heard").get_by_text("A person will read your answers.").last.wait_for(timeout=WAIT)


def test_an_operator_asks_by_keys_and_sees_the_answer(visit, sign_in_as, assert_accessible, hand):
    phone = visit(360)
    hand(HANG_UP)  # another caller who waits would be announced in place of the answer
    console = sign_in_as("operator2.lr@example.org", "/en/console/")
    call_without_a_word(phone)
    waiting = console.locator("#queue li").filter(has_text="Danger")
    waiting.get_by_role("button").first.click(timeout=WAIT)

    console.locator("#ask-hurt").wait_for(timeout=WAIT)
    console.wait_for_load_state()  # of the page that the call opened: its keys are heard by then
    sheet = console.locator("#sheet")
    assert "This person cannot speak and answers by keys." in console.locator("#callbar").inner_text()
    assert sheet.locator(".say").count() == 0
    assert "Yes" in console.locator("li", has=console.locator("#ask-danger")).text_content()
    assert console.locator("#ask-hurt kbd").is_hidden()
    console.keyboard.press("k")
    console.locator("#ask-danger:focus").wait_for()
    assert console.locator("#ask-hurt kbd").inner_text() == "4"
    assert console.locator("#answer-1 kbd").is_hidden()
    console.keyboard.press("k")
    console.locator("#ask-keys:focus").wait_for()
    assert console.locator("#ask").get_attribute("open") is None
    was = console.locator("#sheet-question").input_value(), console.locator("#sheet-mark").input_value()
    console.keyboard.press("1")
    assert console.locator("#say-at-once").inner_text().startswith("The questions by keys are closed.")
    console.wait_for_timeout(A_MOMENT)
    assert sheet_of(console) == was
    console.keyboard.press("k")
    assert console.locator("#say-at-once").inner_text() == ""
    console.keyboard.press("4")
    console.locator("#ask-voice").wait_for(timeout=WAIT)
    console.locator("#ask-hurt:focus").wait_for()
    assert console.locator("#ask-voice kbd").inner_text() == "0"
    assert sheet_of(console) == was
    assert_accessible(console)
    phone.get_by_text("Answering a question by keys").wait_for(timeout=WAIT)
    phone.locator("#phone-heard li").filter(has_text="Are you hurt?").nth(1).wait_for(timeout=WAIT)
    console.evaluate(KEEP_SAID)
    phone.locator('form.pad button[data-key="2"]').click()

    console.locator("#ask-voice").wait_for(state="detached", timeout=WAIT)
    assert "Yes" in console.locator("li", has=console.locator("#ask-hurt")).inner_text()
    console.wait_for_function("() => window.saidPolitely.includes('Are you hurt? Yes')")  # once the part has settled
    assert console.locator("#ask").get_attribute("open") is not None
    phone.get_by_text("An operator is in the call with you").first.wait_for(timeout=WAIT)
    console.locator("#ask-hurt:focus").wait_for()
    console.keyboard.press("2")
    console.locator("#ask-voice").wait_for(timeout=WAIT)
    console.keyboard.press("0")
    console.locator("#ask-voice").wait_for(state="detached", timeout=WAIT)
    console.locator("#ask-keys:focus").wait_for()
    asked = console.locator("#sheet-question").input_value()
    phone.locator("#phone-hang-up").click()
    console.get_by_text("The call is over.").wait_for(timeout=WAIT)
    console.locator("#wrap-up :focus").wait_for()
    console.keyboard.press("1")
    console.wait_for_timeout(500)
    assert console.locator("#sheet-question").input_value() == asked
    assert console.locator("#say-at-once").inner_text() == NOT_HERE
    assert_accessible(console)
    console.keyboard.press("/")
    console.keyboard.press("Escape")
    console.keyboard.press("f")
    console.locator('#wrap-up [name="after"]').last.check()
    console.wait_for_timeout(A_MOMENT)
    console.keyboard.press("t")
    assert console.locator("#say-at-once").inner_text() == "Press T once more to close with this answer: Crisis."
    console.keyboard.press("t")
    console.locator("#wrap-up").wait_for(state="detached", timeout=WAIT)


@pytest.mark.parametrize(("is_offered", "words"), [(True, NOT_YET), (False, NOT_HERE)])
def test_where_nobody_can_be_asked_by_keys_k_says_so_and_the_digit_after_it_answers_nothing(
    sign_in_as, assert_accessible, hand, is_offered, words
):
    console = sign_in_as("operator.lr@example.org", NO_CASE)
    contact = console.locator("table tbody th a").first.get_attribute("href").rstrip("/").split("/")[-1]
    if is_offered:
        hand(OFFERED.format(contact=contact))
    console.goto(f"/en/console/?contact={contact}&q=safe_now")
    console.locator("#answer-1").wait_for()
    was = sheet_of(console)

    console.keyboard.press("k")
    console.locator(f'#no-ask.asks[data-words="{words}"]').wait_for()
    assert console.locator("#say-at-once").inner_text() == words
    assert_accessible(console)
    for key in ("k", "w", "1"):  # K once more: axe may take longer than K keeps the digits
        console.keyboard.press(key)
    console.wait_for_timeout(A_MOMENT)
    assert sheet_of(console) == was
    console.locator(f'#no-ask.asks[data-words="{words}"]').wait_for()

    console.wait_for_timeout(FIVE_SECONDS)
    with console.expect_response(lambda answer: answer.url.endswith("/answer/")):
        console.keyboard.press("3")
    hand(OVER.format(contact=contact))


JOINING = """
from django.utils import timezone
from hotline.models import Contact
Contact.objects.filter(public_id="{contact}").update(state="{state}", changed_at=timezone.now())
"""


def test_the_first_k_after_a_call_joins_holds_over_the_updates_that_follow(sign_in_as, hand):
    console = sign_in_as("operator.lr@example.org", NO_CASE)
    contact = console.locator("table tbody th a").first.get_attribute("href").rstrip("/").split("/")[-1]
    hand(OFFERED.format(contact=contact))
    hand(JOINING.format(contact=contact, state="connected"))
    console.goto(f"/en/console/?contact={contact}&q=safe_now")
    console.locator("#ask-keys").wait_for()

    console.keyboard.press("k")
    console.locator("#ask-danger:focus").wait_for()
    for state in ("offered", "connected"):
        console.evaluate("document.querySelector('#callbar').dataset.old = 'yes'")
        hand(JOINING.format(contact=contact, state=state))
        console.locator("#callbar:not([data-old])").wait_for()

    console.locator("#ask[open] #ask-keys:focus").wait_for()
    assert console.locator("#say-at-once").inner_text() == ""
    with console.expect_response(lambda answer: "/ask/" in answer.url):
        console.keyboard.press("1")
    hand(OVER.format(contact=contact))
