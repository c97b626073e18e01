"""The roster proved each hour: who is told of which hole, how often, and what no letter says."""

import datetime as dt

import pytest

from accounts.actions.letters import open_letter
from accounts.models import Letter
from cms import chores
from hotline import actions
from hotline.models import Absence, OperatorState, RosterProof, Shift
from hotline.queries.holes import roster_count
from hotline.tasks import prove_roster

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def live(line, operator, person, liberia, at):
    """A line that callers reach, in English by night and day, with somebody on each of 16 days."""
    Shift.objects.all().delete()
    people = [operator, person("operator", country=liberia, name="Night, Liberia")]
    actions.set_presence(user=people[1], state="ready", by=people[1], at=at)
    for number, user in enumerate(people):
        actions.set_telephone(user=user, number=f"+23177012345{number}", by=user, at=at)
    OperatorState.objects.update(phone_verified_at=at, uses_phone=True)
    Letter.objects.all().delete()  # of these telephones
    line.is_practice, line.account, line.language_keys = False, "AC" + "1" * 32, "1:en"
    line.sender, line.number = "", "2883"
    line.save()
    midnight = at.replace(hour=0)
    for day in range(16):
        for number, user in enumerate(people):
            starts = midnight + dt.timedelta(days=day, hours=12 * number)
            Shift.objects.create(line=line, user=user, starts_at=starts, ends_at=starts + 12 * HOUR)
    return line


def letters():
    return [open_letter(letter).text for letter in Letter.objects.order_by("pk")]


def test_a_roster_without_a_hole_writes_no_letter(live, supervisor, at):
    assert prove_roster(at) == 0
    assert RosterProof.objects.get().holes == []
    assert roster_count(supervisor, at) == 0
    assert "roster" not in {fault.code for fault in chores.chores()}


def test_a_hole_that_opens_is_told_at_once_and_one_of_the_coming_day_once_a_day(live, supervisor, operator, at, now):
    prove_roster(at)
    far = at.replace(hour=0) + dt.timedelta(days=9)
    Absence.objects.create(user=operator, starts_at=far, ends_at=far + 12 * HOUR, made_at=at)

    assert [prove_roster(at + number * HOUR) for number in (0.5, 1, 2, 3)] == [0, 1, 0, 0]
    assert roster_count(supervisor, at) == 0
    soon = at + 20 * HOUR
    Shift.objects.filter(user=operator, starts_at__lt=soon, ends_at__gt=soon).delete()
    assert [prove_roster(at + number * HOUR) for number in (4, 5, 6)] == [1, 1, 0]

    new, opened, near = letters()
    assert "a hole that was not there" in new
    assert "a hole that was not there" in opened
    assert "within the next 24 hours" in near
    for text in (new, opened, near):
        assert operator.name not in text
        assert not any(sign.isdigit() for sign in text.replace("24", "").split("\n")[0])
    assert roster_count(supervisor, at + 6 * HOUR) == 1
    assert roster_count(operator, at + 6 * HOUR) == 0
    now.move_to(at + 6 * HOUR)
    assert "roster" in {fault.code for fault in chores.chores()}


def test_a_language_hole_that_the_window_reaches_by_itself_is_told_once_and_counted_in_its_last_day(
    live, supervisor, operator, person, liberia, at
):
    day, far = 24 * HOUR, at.replace(hour=0) + dt.timedelta(days=15)
    live.language_keys = "1:en 2:fr"
    live.save()
    Shift.objects.all().delete()
    other = person("operator", country=liberia, name="Other, Liberia")
    actions.set_presence(user=other, state="ready", by=other, at=at)
    actions.set_telephone(user=other, number="+231770123459", by=other, at=at)
    OperatorState.objects.update(phone_verified_at=at, uses_phone=True)
    Letter.objects.all().delete()  # of this telephone
    for number in range(-1, 40):
        starts = at.replace(hour=0) + number * day
        Shift.objects.create(
            line=live, user=other if starts == far else operator, starts_at=starts, ends_at=starts + day
        )

    proved = {number: prove_roster(at + number * day) for number in (0, 1, 2, 10, 11, 12, 13)}
    assert proved == {0: 0, 1: 0, 2: 0, 10: 0, 11: 1, 12: 0, 13: 0}, "three days before and a bit, once"
    assert [hole[:2] for hole in RosterProof.objects.get().holes] == [["fr", "other"]]
    assert "in the coming days" in letters()[0]
    assert roster_count(supervisor, at + 13 * day) == 0
    assert prove_roster(at + 14 * day) == 0
    assert roster_count(supervisor, at + 14 * day) == 1


def test_a_hole_that_is_there_already_is_told_at_once_and_what_comes_near_in_one_letter_for_all(live, supervisor, at):
    Shift.objects.filter(starts_at__lt=at + HOUR).delete()
    Shift.objects.filter(starts_at__date=(at + dt.timedelta(days=2)).date()).delete()
    Shift.objects.filter(starts_at__date=(at + dt.timedelta(days=4)).date()).delete()

    assert [prove_roster(at + number * HOUR) for number in (0, 1, 2)] == [1, 1, 0]
    now, near = letters()
    assert "a hole now" in now
    assert "in the coming days" in near or "within the next 24 hours" in near


def test_of_a_practice_line_nobody_is_written_to(line, operator, supervisor, at):
    Shift.objects.all().delete()

    assert prove_roster(at) == 0
    assert roster_count(supervisor, at) == 1
    assert letters() == []


def test_a_country_without_a_supervisor_is_told_of_to_its_keepers(live, person, liberia, at):
    Shift.objects.all().delete()
    person("manager", country=liberia)

    assert prove_roster(at) == 1
    assert "has no supervisor" in letters()[0]


def test_a_letter_of_what_comes_near_keeps_none_back_of_a_day_without_anybody(live, supervisor, operator, at):
    midnight = at.replace(hour=0) + 48 * HOUR
    Shift.objects.filter(starts_at=midnight).update(ends_at=midnight + HOUR)  # then nobody until noon
    RosterProof.objects.all().delete()

    told = []
    for hour in range(24):
        if prove_roster(midnight + (hour - 23.5) * HOUR):
            told.append((hour, letters()[-1]))

    assert told[0][0] == 0
    assert [hour for hour, letter in told if "within the next 24" in letter] == [1]
