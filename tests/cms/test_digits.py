"""One way of writing numbers on a page: Latin digits in every language; readers may type their own."""

import datetime as dt
import re
from pathlib import Path

import polib
import pytest
from django.utils import formats, translation

from languages import table

ROOT = Path(__file__).resolve().parents[2]
OTHER_DIGITS = re.compile(r"(?![0-9])\d")
PLACES = ("locale/{}/LC_MESSAGES/*.po", "training/content/*/{}.po", "cms/content/{}.po", "hotline/prompts/{}.po")


def said(entry):
    """Return every text of an entry that a reader of the language sees."""
    return [entry.msgstr, *entry.msgstr_plural.values()]


@pytest.mark.parametrize("code", table.CODES)
def test_counts_and_texts_of_a_language_are_written_in_the_same_digits(code):
    names = {code, translation.to_locale(code)}
    paths = {path for place in PLACES for name in names for path in ROOT.glob(place.format(name))}

    found = [
        f"{path.relative_to(ROOT)}: {text[:80]}"
        for path in sorted(paths)
        for entry in polib.pofile(str(path))
        for text in said(entry)
        if OTHER_DIGITS.search(text)
    ]

    assert paths
    assert found == []


@pytest.mark.parametrize("code", table.CODES)
def test_dates_and_numbers_are_written_in_latin_digits(code):
    with translation.override(code):
        written = [
            formats.date_format(dt.date(2026, 11, 25), "DATE_FORMAT"),
            formats.time_format(dt.time(19, 48), "TIME_FORMAT"),
            formats.localize(360_000),
            formats.number_format(2.5, 1),
        ]

    assert "2026" in written[0]
    assert not [text for text in written if OTHER_DIGITS.search(text)]
