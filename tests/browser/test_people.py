"""The screens about people on a phone, and the list of offices that follows the country."""

import pytest

pytestmark = pytest.mark.browser

SCREENS = [
    "audit/",
    "people/",
    "people/invite/",
    "people/import/",
    "letters/",
    "countries/LR/",
    "countries/LR/offices/",
    "countries/LR/offices/1/",
]


def test_the_screens_of_an_administrator_fit_a_narrow_phone(sign_in_as):
    page = sign_in_as("administrator@example.org", "/en/people/", width=360)
    for address in [f"/{language}/{screen}" for screen in SCREENS for language in ("en", "ar")]:
        page.goto(address)

        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address


@pytest.mark.parametrize("language", ["en", "ar", "es", "mg", "ny", "pt", "rw"])
def test_where_one_is_signed_in_fits_a_narrow_phone(sign_in_as, language):
    page = sign_in_as("learner4.tn@example.org", f"/{language}/account/sessions/", width=360)

    assert page.locator("main table tbody tr").count() >= 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_offices_follow_the_country_chosen(sign_in_as):
    page = sign_in_as("administrator@example.org", "/en/people/invite/")
    groups = page.locator("#id_office optgroup")
    every = groups.count()

    page.select_option("#id_country", "LR")
    page.select_option("#id_office", index=1)
    chosen = [group.get_attribute("label") for group in groups.all()]
    page.select_option("#id_country", "HT")
    other = [group.get_attribute("label") for group in groups.all()]

    assert every > 2
    assert (chosen, other) == (["Liberia"], ["Haiti"])
    assert page.input_value("#id_office") == ""


def test_the_button_of_the_menu_can_be_read_under_the_pointer(sign_in_as):
    page = sign_in_as("administrator@example.org", "/en/people/", width=360)
    button = page.locator("details.menu summary")

    button.hover()

    words, ground = (
        [int(part) for part in button.evaluate(f"node => getComputedStyle(node).{name}")[4:-1].split(",")]
        for name in ("color", "backgroundColor")
    )
    assert sum(words) - sum(ground) > 300
