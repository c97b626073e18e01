"""An operator writes a text while the person writes STOP: nothing of it is lost, and nothing leaves."""

import re

import pytest

pytestmark = pytest.mark.browser

OPERATOR = "operator.lr@example.org"
WRITE = """
import uuid
from django.utils import timezone
from accounts import actions as accounts
from hotline.actions.inbox import Hook
from hotline.actions.receiving import receive_message
from datetime import timedelta
from hotline.models import Contact, Opposition
at, contact = timezone.now(), Contact.objects.get(public_id="{contact}")
number = accounts.reveal(contact, "number", by="system", at=at, reason="test")
fields = dict(MessageSid="SM" + uuid.uuid4().hex, From=number, To=contact.line.number, Body="{words}", NumMedia="0")
if "{words}" == "START":  # within a minute it would undo nothing
    Opposition.objects.update(at=at - timedelta(minutes=2))
receive_message(hook=Hook(
    kind="message", account=contact.line.account, at=at, fields={{name: [value] for name, value in fields.items()}},
))
"""

# By night a text leaves only to who wrote within the hour or named such hours: the tests run at any hour. And the first key
# on a page that was left may have reached the server after the journey that pressed it gave its conversation back.
OPEN_TO_ALL = """
from datetime import time
from hotline.models import Contact
Contact.objects.filter(kind="message").update(
    safe_from=time(0), safe_until=time(23, 59, 59, 999999), claimed_by=None, claimed_until=None
)
"""
FREE = 'from hotline.models import Contact; Contact.objects.filter(public_id="{contact}").update(claimed_by=None, claimed_until=None)'


def open_text(page, hand):
    """Open the first conversation by text that anybody may answer, as a link from elsewhere does; return its contact."""
    hand(OPEN_TO_ALL)
    page.goto("/en/console/")
    door = page.locator("form[action*='/read/']", has_text="Read and answer").first.get_attribute("action")
    contact = re.search("console/([0-9a-f-]+)/", door)[1]
    page.goto(f"/en/console/?contact={contact}")
    return contact


def let_nothing_in(page):
    """Cut the page off from what renews it, and wait until that is so: a question on its way would still be answered."""
    with page.expect_event("requestfailed", lambda request: "/console/live/" in request.url):
        page.route("**/console/live/**", lambda route: route.abort())


@pytest.fixture
def begun(sign_in_as, hand):
    """A text that is being answered, and how its sender writes again: page, write(words)."""
    page = sign_in_as(OPERATOR, "/en/console/")
    contact = open_text(page, hand)
    page.locator("#thread textarea").press_sequentially("We can")
    yield page, lambda words: hand(WRITE.format(contact=contact, words=words))
    page.close(run_before_unload=False)
    hand(WRITE.format(contact=contact, words="START"))
    hand(FREE.format(contact=contact))


def test_words_begun_before_stop_stay_and_cannot_be_sent(begun, assert_accessible):
    page, write = begun
    field, button = page.locator("#thread textarea"), page.locator("#text-send")

    write("STOP")
    page.locator("#text-bar[data-barred]").wait_for()
    page.locator("#text-send[disabled]").wait_for()
    assert (field.input_value(), field.is_editable()) == ("We can", True)
    assert_accessible(page)
    write("START")
    page.locator("#text-send:not([disabled])").wait_for()
    let_nothing_in(page)
    write("STOP")
    button.click()
    page.get_by_text("Not sent. No text message can be sent").wait_for()

    page.locator("#text-refused:focus").wait_for()
    assert (field.input_value(), button.is_disabled()) == ("We can", True)
    assert_accessible(page)
