"""Days and times as each language writes them."""

import datetime as dt

import pytest
from django.utils import translation

from languages.clocks import short_day


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Fri 27 Nov"),
        ("fr", "ven. 27 nov."),
        ("es", "vie, 27 nov"),
        ("ar", "جمعة 27 نوفمبر"),
        ("sw", "Ijmaa 27 Nov"),
    ],
)
def test_a_short_day_is_written_by_the_rule_of_its_language(language, words):
    with translation.override(language):
        assert short_day(dt.date(2026, 11, 27)) == words


def test_a_month_with_a_short_name_of_its_own_has_no_stop_in_french():
    with translation.override("fr"):
        assert short_day(dt.date(2027, 5, 1)) == "sam. 1 mai"
