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


@pytest.mark.parametrize("language", ["ar", "mg", "th"])
@pytest.mark.parametrize(
    ("who", "addresses"),
    [
        ("supervisor.lr@example.org", ("console", "calls", "calls/missed", "cases", "cases/work-list", "directory", "roster")),
        ("focal_point.lr@example.org", ("directory/requests", "directory")),
        ("manager.lr@example.org", ("lines", "reports/completion", "reports/people", "reports/courses", "people", "countries")),
        ("translator.lr@example.org", ("desk",)),
        ("administrator@example.org", ("people", "countries", "audit", "lines")),
    ],
)  # fmt: skip
def test_no_page_of_the_staff_scrolls_sideways_on_a_telephone(sign_in_as, language, who, addresses):
    page = sign_in_as(who, f"/{language}/account/profile/", width=360)
    for address in addresses:
        assert page.goto(f"/{language}/{address}/").status == 200, address
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, address
