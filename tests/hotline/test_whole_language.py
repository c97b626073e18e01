"""A page of the staff in a language without the staff's words says so, and leads to the same page in one that has them."""

import pytest
from django.urls import reverse
from django.utils import translation

pytestmark = [pytest.mark.django_db, pytest.mark.either]


def page_in(browser, code, name="my_shifts"):
    with translation.override(code):
        return browser.get(reverse(f"hotline:{name}") + "?x=1").content.decode()


@pytest.mark.parametrize(("code", "other"), [("rw", "en"), ("ny", "en"), ("wo", "fr"), ("mg", "fr")])
def test_a_language_without_the_staffs_words_is_named_with_the_way_to_one_that_has_them(desk, code, other):
    page = page_in(desk, code)
    note = page[page.index("not-whole") : page.index("</aside>")]

    assert f'lang="{other}"' in note
    with translation.override(other):
        assert f'href="{reverse("hotline:my_shifts")}?x=1"' in note


@pytest.mark.parametrize("code", ["en", "fr", "ar"])
def test_a_language_that_is_whole_says_nothing(desk, code):
    assert "not-whole" not in page_in(desk, code)


def test_the_console_says_it_too(desk):
    assert "not-whole" in page_in(desk, "rw", "console")
    assert "not-whole" not in page_in(desk, "fr", "console")
