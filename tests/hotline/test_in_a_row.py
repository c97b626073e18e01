"""Shifts that touch the one that somebody would take: told to her, and to the supervisor who approves."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.db.models.signals import post_init
from django.urls import reverse
from django.utils import timezone

from hotline.actions import swaps
from hotline.models import Shift
from hotline.queries.absences import own_swaps, with_stretches
from hotline.roster import in_a_row

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
WORDS = "Shifts of the same person touch this one: together they are 16 h 00 min in a row."
TOO_LONG = "A shift lasts no more than 16 hours."


@pytest.fixture
def morning(line, operator):
    """A shift of the operator from eight to four, the day after tomorrow."""
    day = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(days=2)
    return Shift.objects.create(line=line, user=operator, starts_at=day + 8 * HOUR, ends_at=day + 16 * HOUR)


@pytest.fixture
def colleague(person, liberia):
    return person("operator", country=liberia, name="Colleague, Liberia")


def works(line, user, morning, first, last):
    day = morning.starts_at - 8 * HOUR
    return Shift.objects.create(line=line, user=user, starts_at=day + first * HOUR, ends_at=day + last * HOUR)


def test_a_row_is_all_that_touches_and_what_touches_that(at):
    def row(*others):
        first, last = in_a_row(at, at + 8 * HOUR, [(at + one * HOUR, at + other * HOUR) for one, other in others])
        return (first - at) // HOUR, (last - at) // HOUR

    assert row() == (0, 8)
    assert row((9, 12), (-6, -1)) == (0, 8)
    assert row((-8, 0)) == (-8, 8)
    assert row((12, 14), (8, 12), (-4, 0)) == (-4, 14)


def test_who_takes_a_shift_and_who_approves_it_read_which_shifts_touch_it(
    sign_in, line, operator, supervisor, colleague, morning, django_assert_num_queries
):
    works(line, colleague, morning, 0, 8)
    works(line, colleague, morning, 40, 44)
    swap = swaps.ask_swap(shift=morning, to=colleague, by=operator, at=timezone.now())
    asked = BeautifulSoup(sign_in(colleague).get(reverse("hotline:my_shifts")).content, "html.parser")
    swaps.answer_swap(swap=swap, agrees=True, by=colleague, at=timezone.now())
    decides = BeautifulSoup(sign_in(supervisor).get(reverse("hotline:absences")).content, "html.parser")
    asks = BeautifulSoup(sign_in(operator).get(reverse("hotline:my_shifts")).content, "html.parser")

    for page in (asked, decides):
        (told,) = page.select(".stretch")
        assert WORDS in told.get_text(" ", strip=True)
        assert TOO_LONG not in told.text
        (listed,) = told.select("li")
        assert "00:00 to 08:00" in listed.text
    assert asks.select(".stretch") == []
    with django_assert_num_queries(2):
        with_stretches(own_swaps(colleague, timezone.now()))


def test_a_shift_that_touches_none_says_nothing(sign_in, line, operator, colleague, morning):
    works(line, colleague, morning, 20, 24)
    swaps.ask_swap(shift=morning, to=colleague, by=operator, at=timezone.now())

    page = BeautifulSoup(sign_in(colleague).get(reverse("hotline:my_shifts")).content, "html.parser")

    assert "asks you to take this shift" in page.text
    assert page.select(".stretch") == []


def test_more_than_a_shift_may_be_is_said_in_words(sign_in, line, operator, supervisor, colleague, morning):
    works(line, colleague, morning, -0.5, 8)
    swap = swaps.ask_swap(shift=morning, to=colleague, by=operator, at=timezone.now())
    asked = BeautifulSoup(sign_in(colleague).get(reverse("hotline:my_shifts")).content, "html.parser")
    swaps.answer_swap(swap=swap, agrees=True, by=colleague, at=timezone.now())
    decides = BeautifulSoup(sign_in(supervisor).get(reverse("hotline:absences")).content, "html.parser")

    for page in (asked, decides):
        (told,) = page.select(".stretch")
        assert "together they are 16 h 30 min in a row." in told.get_text(" ", strip=True)
        assert [one.text for one in told.select("p strong")] == [TOO_LONG]


def test_only_shifts_that_can_touch_are_read_however_long_the_history_is(
    line, operator, colleague, morning, django_assert_num_queries
):
    read = []
    works(line, colleague, morning, 0, 8)
    works(line, colleague, morning, -8, 0)
    swaps.ask_swap(shift=morning, to=colleague, by=operator, at=timezone.now())

    def count():
        read.clear()
        with django_assert_num_queries(2):
            ((_swap, stretch),) = with_stretches(own_swaps(colleague, timezone.now()))
        return stretch.lasts, len(stretch.shifts), len(read)

    def note(instance, **_more):
        read.append(instance)

    post_init.connect(note, sender=Shift)
    try:
        before = count()
        for day in range(2, 60):
            works(line, colleague, morning, -24 * day, -24 * day + 8)
            works(line, colleague, morning, 24 * (day + 1), 24 * (day + 1) + 8)
        after = count()
    finally:
        post_init.disconnect(note, sender=Shift)

    assert before == after == (24 * HOUR, 2, 3)  # with the shift of the swap
