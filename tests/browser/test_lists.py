"""The lists of the desk on a phone: each link in a table has room for a thumb."""

import pytest

pytestmark = pytest.mark.browser

TOUCH = 44
LISTS = ["/en/calls/", "/en/cases/", "/en/cases/work-list/", "/en/directory/"]


def test_links_in_folded_tables_have_room_for_a_thumb(sign_in_as):
    page = sign_in_as("supervisor.lr@example.org", LISTS[0], width=360)
    for address in LISTS:
        page.goto(address)
        links = page.locator("main table tbody a:visible")
        heights = [link.bounding_box()["height"] for link in links.all()]

        assert heights, address
        assert min(heights) >= TOUCH, address
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
