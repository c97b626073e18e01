"""No sheet of a child closes by keys before it is said what happens now; a supervisor is one key away."""

import pytest

from tests.browser.test_call import A_MOMENT, WAIT
from tests.browser.test_console import NO_CASE

pytestmark = pytest.mark.browser

CHILD = """
from django.utils import timezone
from accounts.models import User
from hotline.models import Contact, OperatorState
from hotline.queries.sheets import newest_sheet
now, operator = timezone.now(), User.objects.get(email="operator.lr@example.org")
contact = Contact.objects.get(public_id="{contact}")
rows = Contact.objects.filter(pk=contact.pk)
rows.update(state="wrap_up", claimed_by=operator, topic="", closed_at=None, closing="", is_missed=False, ended_at=now, changed_at=now)
version = newest_sheet(contact).version + 1
contact.sheets.create(version=version, answers={{"age": 15}}, saved_by=operator, saved_at=now)
OperatorState.objects.filter(user=operator).update(state="wrap_up", contact=contact, seen_at=now, since=now)
"""

NOTHING_SAID = """
from hotline.models import Contact
from hotline.queries.sheets import newest_sheet
sheet = newest_sheet(Contact.objects.get(public_id="{contact}"))
sheet.contact.sheets.create(version=sheet.version + 1, answers={{}}, saved_by=sheet.saved_by, saved_at=sheet.saved_at)
"""


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_a_child_is_handed_on_by_one_key_before_the_sheet_closes(sign_in_as, hand, assert_accessible, language, width):
    page = sign_in_as("operator.lr@example.org", NO_CASE, width=width)
    address = page.locator("table tbody th a").first.get_attribute("href")
    contact = address.rstrip("/").split("/")[-1]
    hand(CHILD.format(contact=contact))
    page.goto(f"/{language}/console/")
    page.locator("#wrap-up [name=after]:focus").wait_for()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.wait_for_timeout(A_MOMENT)
    page.keyboard.press("z")
    page.keyboard.press("z")
    page.locator(".told .banner").wait_for(timeout=WAIT)
    page.locator("#wrap-up").wait_for()
    page.wait_for_load_state()  # the moment begins with the scripts of the new page
    page.wait_for_timeout(A_MOMENT)
    page.keyboard.press("y")
    assert page.locator("#wrap-up [name=after]:checked").get_attribute("value") == "supervisor"
    page.keyboard.press("z")
    page.keyboard.press("z")

    page.locator("#wrap-up").wait_for(state="detached", timeout=WAIT)
    hand(NOTHING_SAID.format(contact=contact))  # the next journey finds it calm


CUT = CHILD.replace('{{"age": 15}}', '{{"age": 15, "sign_violence": "yes", "safe_now": "no"}}').replace(
    "ended_at=now,", "ended_at=now, end_asked_at=None, is_danger=True,"
)
CALM = NOTHING_SAID + "\nContact.objects.filter(pk=sheet.contact_id).update(is_danger=False)\n"


def test_after_a_call_cut_in_danger_keys_lead_to_a_case_by_way_of_the_basis(sign_in_as, hand, assert_accessible):
    page = sign_in_as("operator.lr@example.org", NO_CASE)
    address = page.locator("table tbody th a").first.get_attribute("href")
    contact = address.rstrip("/").split("/")[-1]
    hand(CUT.format(contact=contact))
    page.goto("/en/console/")
    page.locator("#wrap-up [name=after]:focus").wait_for()
    assert_accessible(page)
    page.keyboard.press("c")
    page.locator("[aria-label='Basis without consent'] #answer-1:focus").wait_for(timeout=WAIT)
    page.goto("/en/console/")
    page.locator("[id^=case-from-]").press("Enter")
    page.locator("[aria-label='Basis without consent'] #answer-1:focus").wait_for(timeout=WAIT)
    page.wait_for_load_state()  # the page is drawn with this focus: its keys are heard by then
    page.keyboard.press("1")
    page.locator("button#open-case").wait_for(timeout=WAIT)
    page.keyboard.press("c")

    page.get_by_text("Open a case all the same?").wait_for(timeout=WAIT)
    hand(CALM.format(contact=contact))  # the next journey finds it calm
