"""Many lines: the roster and the console ask as much as for one, and tell each line its own."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from hotline.models import Line, Shift
from hotline.queries import forget_lines
from tests.growth import MORE, statements
from tests.hotline.console import waiting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(monkeypatch, fresh_memory):
    """Lines stay in memory for a while, as in a running process."""
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 60.0)


@pytest.fixture
def more_lines(line, person, liberia, at):
    """Make more live lines, each with an operator of its own on shift and a caller who waits for her language."""
    now = timezone.now()

    def make():
        for number in range(MORE):
            row = Line.objects.create(
                country=liberia, name=f"Line {number}", number=f"+23177{number:07}", numbers=f"+23177{number:07}",
                account="AC" + "7" * 32, language_keys="1:en 2:fr", duty_phone="+231770009999", other_number="116",
            )  # fmt: skip
            user = person("operator", country=liberia, spoken="fr", name=f"Operator {number}")
            span = {"starts_at": now - dt.timedelta(hours=1), "ends_at": now + dt.timedelta(hours=1)}
            Shift.objects.create(line=row, user=user, **span)
            waiting(row, at, language="fr")
        forget_lines()

    return make


@pytest.mark.parametrize("address", ["hotline:roster", "hotline:console", "hotline:console_live"])
def test_a_page_asks_as_much_for_many_lines_as_for_one(desk, line, operator, person, liberia, at, more_lines, address):
    other = Line.objects.create(
        country=liberia, name="Live", number="+231779", numbers="+231779", account="AC" + "7" * 32,
        language_keys="1:en 2:fr", duty_phone="+231770009999", other_number="116",
    )  # fmt: skip
    now = timezone.now()
    Shift.objects.create(
        line=other, user=operator, starts_at=now - dt.timedelta(hours=1), ends_at=now + dt.timedelta(hours=1)
    )
    waiting(line, at, language="fr")
    forget_lines()
    before = statements(desk, reverse(address))
    more_lines()

    assert statements(desk, reverse(address)) == before


def test_each_line_shows_its_own_shifts_holes_and_people_without_a_telephone(desk, line, operator, more_lines):
    more_lines()

    weeks = {week.line.name: week for week in desk.get(reverse("hotline:roster")).context["weeks"]}

    assert len(weeks) == MORE + 1
    for number in range(MORE):
        week = weeks[f"Line {number}"]
        assert {shift.user.name for day in week.days for shift in day.shifts} <= {f"Operator {number}"}
        assert [person.name for person in week.without_telephone] == [f"Operator {number}"]
    assert weeks["Practice line"].without_telephone == []
    assert {one.code for hole in weeks["Practice line"].holes for one in hole.languages} == {"en", "fr", "ar"}
