"""The pages of figures, as a program reads them to who does not see them: in English and in Arabic, wide and on a phone."""

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_the_figures_can_be_read_by_everybody(sign_in_as, assert_accessible, language, width):
    page = sign_in_as("supervisor.lr@example.org", f"/{language}/calls/figures/", width=width)
    for address in ("figures", "figures-by-quarter"):
        page.goto(f"/{language}/calls/{address}/")
        page.locator("main h1").wait_for()
        assert_accessible(page)
