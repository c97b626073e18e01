"""What holds in every template: the comma is that of the language being written, each column has its words."""

import re

import pytest
from django.conf import settings

ROOMS = ("accounts", "cms", "hotline", "languages", "referral", "training")
PAGES = sorted(path for room in ROOMS for path in (settings.BASE_DIR / room / "templates").rglob("*.html"))
# What a translator writes has the comma of its language already.
TRANSLATED = re.compile(r"\{% blocktranslate.*?%\}.*?\{% endblocktranslate %\}", re.DOTALL)
LATIN_COMMA = re.compile(r"\|join:\", ?\"|(?:\}\}|%\}|</\w+>), (?=[{<])")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_no_template_joins_parts_with_a_latin_comma(page):
    assert LATIN_COMMA.findall(TRANSLATED.sub("", page.read_text("utf-8"))) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_no_column_is_without_words(page):
    assert re.findall(r"<th\b[^>]*>\s*</th>", page.read_text("utf-8")) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_no_name_is_read_that_the_tag_of_blocks_takes(page):
    """Inside a block Django puts the block itself under `block`: what a view gave by that name is not seen."""
    assert (
        re.findall(
            r"\{\{ *block(?!\.super)\b|\{% *(?:el)?if [^%]*\bblock\b|[= ]block\.(?!super)", page.read_text("utf-8")
        )
        == []
    )
