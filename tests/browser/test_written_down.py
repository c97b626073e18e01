"""A visit that is written down: who goes back comes to its sheet, and makes no second contact."""

import pytest

from tests.browser.test_call import WAIT

pytestmark = pytest.mark.browser


def test_the_way_back_leads_to_the_sheet_of_what_was_written_down(sign_in_as):
    page = sign_in_as("operator2.lr@example.org", "/en/calls/write-down/")
    page.locator("#id_kind_0").check()
    page.locator("#id_happened_on").press("Enter")
    page.locator("#wrap-up").wait_for(timeout=WAIT)
    sheet = page.url

    page.go_back()
    page.locator("#wrap-up").wait_for(timeout=WAIT)

    assert page.url == sheet
