"""Titles of steps that are not in the reader's language bear their own language and a mark."""

import re

import pytest
from django.utils import translation

from tests.referral.pages import url

pytestmark = pytest.mark.usefixtures("now")


def shown(client, language, name, *args):
    with translation.override(language):
        return client.get(url(name, *args)).content.decode()


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_title_in_another_language_says_so(new_case, operator, sign_in, open_run, language):
    case, client = new_case(), sign_in(operator)
    with translation.override(language):
        mark = translation.gettext("Not yet in this language")

    case_page = shown(client, language, "case_detail", case)
    step_page = shown(client, language, "case_step", case, open_run(case, "screening").number)

    assert mark != "Not yet in this language"
    assert re.search(rf'<b lang="en" dir="ltr">Screen[^<]*</b><br><span class="tiny soft">{mark}</span>', case_page)
    assert re.search(rf'<h2 id="stands">[^<]*</h2><span class="tiny soft">{mark}</span>', case_page)
    assert re.search(
        rf'<h1><span lang="en" dir="ltr">Screen[^<]*</span></h1> <span class="tiny soft">{mark}', step_page
    )


def test_a_title_in_the_readers_language_has_no_mark(new_case, operator, sign_in):
    page = shown(sign_in(operator), "en", "case_detail", new_case())

    assert '<b lang="en" dir="ltr">Screen' in page
    assert "Not yet in this language" not in page


@pytest.mark.parametrize("language", ["ar", "th"])
def test_in_the_list_of_steps_what_is_english_says_so_in_links_and_conditions(new_case, operator, sign_in, language):
    page = shown(sign_in(operator), language, "case_detail", new_case())

    listed = page[page.index('class="steps-list"') : page.index("</ol>", page.index('class="steps-list"'))]
    links = re.findall(r'<a href="#step-[^>]*>(.*?)</a>', listed)
    quoted = re.findall(r"[“«]([^”»]*)[”»]", listed)
    assert links
    assert quoted
    assert all('<span lang="en" dir="ltr">' in words for words in (*links, *quoted))
