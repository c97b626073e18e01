"""How far off a deadline is, in words of ours."""

import datetime as dt

import pytest
from django.utils import timezone, translation

from referral.templatetags.referral_tags import until

MOMENT = dt.timedelta(seconds=20)


@pytest.mark.parametrize(
    ("off", "words"),
    [
        ({"minutes": 0}, "1 minute"), ({"minutes": 1}, "1 minute"), ({"minutes": 59}, "59 minutes"),
        ({"hours": 1}, "1 hour"), ({"hours": 23, "minutes": 50}, "23 hours"), ({"days": 1}, "1 day"),
        ({"days": 2, "hours": 23}, "2 days"), ({"days": 20}, "20 days"), ({"days": 400}, "400 days"),
    ],
)  # fmt: skip
def test_until_says_how_far_off_an_instant_is(off, words):
    now, off = timezone.now(), dt.timedelta(**off) + MOMENT

    assert (until(now + off), until(now - off)) == (f"in {words}", f"late by {words}")


@pytest.mark.parametrize("unit", ["days", "hours", "minutes"])
def test_no_number_stands_before_the_word_that_says_two_in_arabic(unit):
    off = dt.timedelta(**{unit: 2}) + MOMENT
    with translation.override("ar"):
        said = until(timezone.now() + off), until(timezone.now() - off)

    assert not any(word in words for words in said for word in ("يومين", "ساعتين", "دقيقتين") if "2" in words)
