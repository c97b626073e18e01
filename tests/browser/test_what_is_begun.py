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
# The names stay with the process of `hand`: what the first order remembers the second gives back.
AS_IT_WAS = """
from hotline.models import Contact, OperatorState, Sheet
found = (
    Contact.objects.filter(public_id="{contact}"), OperatorState.objects.filter(user__email="operator.lr@example.org"),
    Sheet.objects.filter(contact__public_id="{contact}"),
)
remembered = [(rows.model, row) for rows in found for row in rows.values()]
"""
GIVE_BACK = """
for model, row in remembered:
    model.objects.filter(pk=row["id"]).update(**row)
sheets = {row["id"] for model, row in remembered if model is Sheet}
Sheet.objects.filter(contact=remembered[0][1]["id"]).exclude(pk__in=sheets).delete()
"""


@pytest.fixture
def contact(sign_in_as, hand):
    """A contact of the log whose sheet stands open at the needs, of which nothing is known, and its key; it is given back."""
    page = sign_in_as(OPERATOR, NO_CASE)
    address = page.locator("table tbody th a").first.get_attribute("href")
    key = address.rstrip("/").split("/")[-1]
    hand(AS_IT_WAS.format(contact=key))
    hand(NOTHING_ASKED.format(contact=key))
    page.goto(f"/en/console/?contact={key}&q=needs")
    page.locator(".needs").wait_for()
    yield page, key
    page.close()
    hand(GIVE_BACK)


def tick_two(page):
    page.keyboard.press("1")
    page.keyboard.press("2")
    assert page.locator(".needs :checked").count() == 2


def test_what_was_ticked_is_kept_when_the_contact_is_closed(contact, hand):
    page, key = contact
    hand(IN_WRAP_UP.format(contact=key))
    page.locator("#callbar:not(.htmx-added) #wrap-up").wait_for(timeout=WAIT)  # the moment runs once it has settled
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


def test_the_page_of_cases_to_join_opens_once_what_was_ticked_is_kept(contact, hand):
    page, key = contact
    tick_two(page)

    page.locator("#join-case").click()

    page.wait_for_url(re.compile("/case/join/"), timeout=WAIT)
    hand(KEPT.format(contact=key))


def test_what_was_pressed_while_no_network_was_goes_on_once_the_answer_is_kept(contact, hand):
    page, key = contact
    tick_two(page)
    page.route("**/answer/", lambda route: route.abort())
    page.locator("#join-case").click()
    page.locator("#answer-waits").wait_for(timeout=WAIT)

    page.unroute("**/answer/")

    page.wait_for_url(re.compile("/case/join/"), timeout=WAIT)
    hand(KEPT.format(contact=key))


@pytest.mark.parametrize("way", ["#join-case", "#question-before"])
def test_where_no_answer_is_taken_it_is_said_and_what_is_pressed_once_more_goes_on(contact, way):
    page, _key = contact
    tick_two(page)
    page.route("**/answer/", lambda route: route.fulfill(status=403, body=""))

    page.locator(way).click()
    page.locator("#leaving").get_by_text("What you wrote is not saved.").wait_for(timeout=WAIT)
    assert page.locator(".needs :checked").count() == 2

    page.locator(way).click()
    page.locator(".needs").wait_for(state="detached", timeout=WAIT)


def test_of_two_presses_while_the_answer_is_on_its_way_the_last_counts(contact, hand):
    page, key = contact
    held, opened = [], []
    tick_two(page)
    page.route("**/answer/", lambda route: route.continue_() if opened else held.append(route))
    with page.expect_request("**/answer/"):
        page.locator("#join-case").click(no_wait_after=True)
    page.locator("#question-before").click(no_wait_after=True)
    opened.append(True)
    for one in held:
        one.continue_()

    page.locator(".needs").wait_for(state="detached", timeout=WAIT)
    hand(KEPT.format(contact=key))


TAKEN = """
from accounts.models import User
from hotline.models import Contact
from referral.models import Case
case = Case.objects.filter(country="LR").exclude(owner__email="operator.lr@example.org").exclude(owner=None).first()
Contact.objects.filter(public_id="{contact}").update(case=case)
"""


def test_nothing_goes_on_where_the_contact_became_a_case_that_is_a_colleagues(contact, hand):
    page, key = contact
    tick_two(page)
    hand(TAKEN.format(contact=key))

    page.locator("nav a[href='/en/calls/']").first.click()

    page.get_by_text("Nothing was written").wait_for(timeout=WAIT)
    page.wait_for_timeout(1_000)
    assert page.get_by_text("Nothing was written").is_visible()


def test_a_number_that_is_refused_is_refused_again_and_not_left_behind(contact):
    page, _key = contact
    page.goto(re.sub("q=.*", "q=age", page.url))
    page.keyboard.type("115")
    for _ in range(2):
        page.keyboard.press("Escape")
        page.locator("#sheet").evaluate("(sheet) => { sheet.dataset.old = 'yes'; }")
        with page.expect_response(lambda answer: answer.url.endswith("/answer/")):
            page.keyboard.press("ArrowDown")
        page.locator("#sheet:not([data-old]):not(.htmx-added) #answer-error").wait_for()  # of this answer, and settled
        assert page.locator("#answer-number").input_value() == "115"

    page.locator("#answer-number").fill("")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    page.locator("#answer-number").wait_for(state="detached")
