"""An answer begun on the sheet is kept before anything that leaves its question or takes what the sheet says."""

import re

import pytest

from tests.browser.test_call import A_MOMENT, WAIT
from tests.browser.test_console import NO_CASE
from tests.browser.test_console_keys import IN_WRAP_UP, NOTHING_ASKED, OPERATOR

pytestmark = pytest.mark.browser

KEPT = """
from hotline.models import Contact
from hotline.queries.sheets import newest_sheet
contact = Contact.objects.get(public_id="{contact}")
found = newest_sheet(contact).answers.get("needs")
assert found is not None and len(found) == 2, found
"""
CONSENTS = """
from hotline.models import Contact
from hotline.queries.sheets import newest_sheet
contact = Contact.objects.get(public_id="{contact}")
sheet = newest_sheet(contact)
contact.sheets.create(version=sheet.version + 1, answers={{"consent_case": "yes"}}, saved_at=contact.started_at)
"""


@pytest.fixture
def contact(sign_in_as, hand):
    """A contact of the log whose sheet stands open at the needs, of which nothing is known, and its key."""
    page = sign_in_as(OPERATOR, NO_CASE)
    address = page.locator("table tbody th a").first.get_attribute("href")
    key = address.rstrip("/").split("/")[-1]
    hand(NOTHING_ASKED.format(contact=key))
    page.goto(f"/en/console/?contact={key}&q=needs")
    page.locator(".needs").wait_for()
    return page, key


def tick_two(page):
    page.keyboard.press("1")
    page.keyboard.press("2")
    assert page.locator(".needs :checked").count() == 2


def test_what_was_ticked_is_kept_when_the_contact_is_closed(contact, hand):
    page, key = contact
    hand(IN_WRAP_UP.format(contact=key))
    page.locator("#wrap-up").wait_for(timeout=WAIT)
    page.wait_for_timeout(A_MOMENT)
    tick_two(page)

    page.keyboard.press("o")
    page.keyboard.press("o")

    page.locator("#wrap-up").wait_for(state="detached", timeout=WAIT)
    hand(KEPT.format(contact=key))
    hand(f'from hotline.models import Contact; assert Contact.objects.get(public_id="{key}").topic == "concern"')


def test_what_was_ticked_is_in_the_case_that_is_opened(contact, hand):
    page, key = contact
    hand(CONSENTS.format(contact=key))
    page.reload()
    tick_two(page)

    page.keyboard.press("c")
    page.keyboard.press("c")

    page.wait_for_url(re.compile("/cases/"), timeout=WAIT)
    hand(KEPT.format(contact=key))
    hand(f'from hotline.models import Contact; Contact.objects.filter(public_id="{key}").update(case=None)')


@pytest.mark.parametrize("way", ["basis", "language"])
def test_what_was_ticked_is_kept_when_consent_or_the_language_is_asked_first(contact, hand, way):
    page, key = contact
    tick_two(page)

    if way == "basis":
        page.keyboard.press("c")
        page.locator("#sheet-question[value=basis]").wait_for(state="attached")
    else:
        page.locator("#speaks").select_option("fr")
        page.locator("#change-language").click()
        page.locator("#speaks [value=fr][selected]").wait_for(state="attached", timeout=WAIT)

    hand(KEPT.format(contact=key))


def test_a_number_that_is_refused_is_refused_again_and_not_left_behind(contact):
    page, _key = contact
    page.goto(re.sub("q=.*", "q=age", page.url))
    page.keyboard.type("115")
    for _ in range(2):
        page.keyboard.press("Escape")
        with page.expect_response(lambda answer: answer.url.endswith("/answer/")):
            page.keyboard.press("ArrowDown")
        page.locator("#answer-error").wait_for()
        assert page.locator("#answer-number").input_value() == "115"

    page.locator("#answer-number").fill("")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    page.locator("#answer-number").wait_for(state="detached")
