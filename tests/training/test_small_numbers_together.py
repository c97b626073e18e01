"""All reports of one country at once: what an analyst reads on one page gives nothing away beside another."""

import itertools
import uuid

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from training.models import Counted, LessonCount, OfficeCount, OfficePeople
from training.queries.completion import completion
from training.queries.dashboard import dashboard
from training.queries.dropoff import dropoff
from training.queries.readiness import readiness
from training.queries.small_numbers import SMALLEST

LANGUAGES = ("ar", "fr")
# How somebody stands: not begun; stopped in a lesson or there still; finished, and what her certificate says since, which
# is current and ends soon for some.
STOPPED, THERE = ("stopped 0", "stopped 1"), ("there 0", "there 1")
FINISHED = ("current", "refresher_due", "lapsed", "ending")
BEGUN = (*STOPPED, *THERE, *FINISHED)
MANY = st.sampled_from([0, 0, 0, 1, 3, 10, 12, 20, 31])
OFFICE = st.tuples(MANY, *[st.tuples(*[MANY] * len(BEGUN))] * len(LANGUAGES)).filter(
    lambda one: one[0] + sum(map(sum, one[1:])) >= SMALLEST
)
OFFICES = st.lists(OFFICE, min_size=1, max_size=3)


class People:
    """Groups of people by office, language and standing, and numbers of them: each as the groups that it counts."""

    def __init__(self, drawn):
        self.groups = {}
        for office, (not_begun, *languages) in enumerate(drawn):
            self.groups[office, "", "not begun"] = not_begun
            for language, counts in zip(LANGUAGES, languages, strict=True):
                self.groups |= {
                    (office, language, name): count for name, count in zip(BEGUN, counts, strict=True)
                }  # fmt: skip
        self.offices = range(len(drawn))

    def of(self, *names, office=None, language=None):
        """Return the groups that stand in one of these ways."""
        return frozenset(
            key for key in self.groups
            if key[2] in names and office in {None, key[0]} and language in {None, key[1]}
        )  # fmt: skip

    def count(self, groups):
        """Return how many people they are."""
        return sum(self.groups[key] for key in groups)

    def many(self, *names, **where):
        """Return how many people stand in one of these ways."""
        return self.count(self.of(*names, **where))


EVERYBODY = ("not begun", *BEGUN)
COLUMNS = {
    "current": ("current", "ending"),
    "refresher_due": ("refresher_due",),
    "lapsed": ("lapsed",),
    "lapsing": ("ending", "refresher_due"),
}
PARTS = (
    (BEGUN, ("stopped 1", "there 1", *FINISHED), ("stopped 0",)),
    (("stopped 1", "there 1", *FINISHED), FINISHED, ("stopped 1",)),
)


def write(people, course, country, rooms, lessons, at):
    """Write the counts of these people, as the worker would."""
    for place, office in zip(people.offices, rooms, strict=False):
        whole = {
            "begun": people.many(*BEGUN, office=place), "finished": people.many(*FINISHED, office=place),
            "current": people.many(*COLUMNS["current"], office=place),
        }  # fmt: skip
        OfficePeople.objects.create(
            country=country, office=office, officials=people.many(*EVERYBODY, office=place), **whole
        )
        for language in LANGUAGES:
            where = {"office": place, "language": language}
            OfficeCount.objects.create(
                course=course, country=country, office=office, language=language,
                begun=people.many(*BEGUN, **where), finished=people.many(*FINISHED, **where),
                **{name: people.many(*names, **where) for name, names in COLUMNS.items()},
            )  # fmt: skip
    rows = [(None, BEGUN, FINISHED, STOPPED)]
    rows += [(lesson.translation_key, *part) for lesson, part in zip(lessons, PARTS, strict=False)]
    for activity, *names in rows:
        opened, ended, stopped = (people.many(*one) for one in names)
        LessonCount.objects.create(
            course=course, country=country, activity=activity, opened=opened, ended=ended, stopped=stopped
        )


def read(people, analyst, rooms, at):
    """Yield each number that an analyst reads, with the groups that it counts."""
    page = completion(analyst, {"course": "judicial"})
    yield page.total, people.of(*EVERYBODY)
    yield page.finished, people.of(*FINISHED)
    yield page.under_way, people.of(*STOPPED, *THERE)
    place_of = {office.name: place for place, office in enumerate(rooms)}
    for group in page.groups:
        office = place_of[group.name]
        yield group.total, people.of(*EVERYBODY, office=office)
        yield group.finished, people.of(*FINISHED, office=office)
        yield group.under_way, people.of(*STOPPED, *THERE, office=office)
    for share in page.languages:
        yield share.begun, people.of(*BEGUN, language=share.code)
        yield share.finished, people.of(*FINISHED, language=share.code)
    first = dashboard(analyst, "en")
    for one in (first, *first.courses):
        yield one.begun, people.of(*BEGUN)
        yield one.finished, people.of(*FINISHED)
        yield one.current, people.of(*COLUMNS["current"])
    for one in first.courses:
        for name, names in COLUMNS.items():
            yield getattr(one, name), people.of(*names)
    yield from read_offices(people, analyst, place_of, at)
    yield from read_ready(people, analyst, first, at)
    way = dropoff(analyst, {"course": "judicial"}, "en")
    if way.begun is not None:
        yield way.begun, people.of(*BEGUN)
        yield way.finished, people.of(*FINISHED)
        yield way.stopped, people.of(*STOPPED)
        for part, names in zip(way.parts, PARTS, strict=False):
            for number, one in zip((part.opened, part.ended, part.stopped), names, strict=True):
                yield number, people.of(*one)


def read_offices(people, analyst, place_of, at):
    """Yield what is told of each office; what says yes, no or a language, and a filter that keeps it, as numbers are."""
    for row in readiness(analyst, {}, "en", at=at).rows:
        place = place_of[row.office.name]
        for name, names in COLUMNS.items():
            yield getattr(row.numbers, name), people.of(*names, office=place)
        if row.is_ready is not None:
            yield people.many(*COLUMNS["current"], office=place), people.of(*COLUMNS["current"], office=place)
        if row.is_covered:
            yield people.many("refresher_due", office=place), people.of("refresher_due", office=place)
        for code in LANGUAGES if row.languages else ():
            groups = people.of(*COLUMNS["current"], office=place, language=code)
            assert (code in row.languages) == (people.count(groups) > 0)
            yield people.count(groups), groups
    for show, name in (("lapsing", "lapsing"), ("nobody", "current")):
        for row in readiness(analyst, {"show": show}, "en", at=at).rows:
            groups = people.of(*COLUMNS[name], office=place_of[row.office.name])
            yield people.count(groups), groups


def read_ready(people, analyst, first, at):
    """Yield what follows of offices that are not told from in how many somebody is current; of one alone it never does."""
    said = [row.is_ready for row in readiness(analyst, {}, "en", at=at).rows]
    current = [people.of(*COLUMNS["current"], office=place) for place in people.offices]
    for ready in (first.ready, *(one.offices for one in first.courses)):
        lacking = None if ready is None else ready - said.count(True)
        if lacking in {0, said.count(None)}:
            yield from ((people.count(groups), groups) for groups in current)
        assert lacking != 1


def follow(told, people):
    """Yield each number that follows from three that are told, or from a total less all that is told of its column."""
    digit = {key: 1 << (4 * place) for place, key in enumerate(people.groups)}
    ones = sum(digit.values())
    sums = {sum(digit[key] for key in groups): people.count(groups) for groups in told}
    found = set()
    for many in (1, 2, 3):
        for some in itertools.combinations(sums.items(), many):
            for signs in itertools.product((1, -1), repeat=many):
                groups = sum(sign * one for sign, (one, _count) in zip(signs, some, strict=True))
                if groups > 0 and not groups & ~ones:
                    found.add(sum(sign * count for sign, (_one, count) in zip(signs, some, strict=True)))
    for whole in told:
        inside = [one for one in told if one < whole]
        for some in (_apart(inside), _apart(sorted(inside, key=len))):
            found.add(people.count(whole) - sum(map(people.count, some)))
    return found


def _apart(groups):
    """Return some of these that have nobody in common, each the first that fits."""
    taken, found = set(), []
    for one in groups:
        if not taken & one:
            taken |= one
            found.append(one)
    return found


@pytest.fixture
def rooms(office):
    """Three offices."""
    return [office(f"Court {name}") for name in "ABC"]


@pytest.fixture
def try_all(course, countries, rooms, lessons, person, at):
    """Write the counts of some people, read every report, and return what follows from them."""
    analyst, country = person("analyst", country=countries["HT"]), countries["HT"]

    def run(drawn):
        people = People(drawn)
        with transaction.atomic():
            Counted.objects.create(what=f"test {uuid.uuid4()}"[:40], at=at)
            write(people, course, country, rooms, lessons, at)
            numbers = [(number, groups) for number, groups in read(people, analyst, rooms, at) if number is not None]
            transaction.set_rollback(True)
        assert all(number == people.count(groups) for number, groups in numbers)
        nobody = frozenset().union(*(groups for number, groups in numbers if number == 0))
        return follow({groups - nobody for _number, groups in numbers} - {frozenset()}, people)

    return run


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(OFFICES)
@example([(3, (0,) * 8, (0, 0, 0, 0, 20, 0, 12, 0))])
@example([(2, (0,) * 8, (0, 0, 0, 0, 13, 0, 0, 0))])
@example([(16, (0,) * 8, (0, 11, 0, 1, 12, 0, 0, 0))])
@example([(12, (0,) * 8, (12, 0, 0, 0, 20, 0, 12, 0)), (20, (10, 0, 0, 0, 12, 0, 0, 0), (0, 12, 0, 0, 31, 0, 3, 0))])
@example([(3, (0,) * 8, (0, 0, 0, 0, 15, 0, 0, 0)), (30, (0,) * 8, (0,) * 8)])
@example([(3, (0,) * 8, (0, 0, 0, 0, 0, 0, 0, 15)), (30, (0,) * 8, (0, 0, 0, 0, 15, 0, 0, 0))])
@example([(30, (0,) * 8, (0, 0, 0, 0, 2, 10, 12, 10))])
@example([(12, (0,) * 8, (0, 0, 0, 0, 12, 0, 0, 0)), (12, (0, 0, 0, 0, 20, 0, 0, 0), (0, 0, 0, 0, 2, 0, 0, 0))])
@example([(0, (0, 0, 0, 0, 0, 0, 1, 10), (0, 0, 0, 0, 0, 0, 10, 0))])
@example([(10, (20, 12, 0, 31, 10, 31, 0, 1), (0, 1, 3, 0, 20, 20, 0, 0))])
@example(
    [
        (0, (0, 20, 12, 3, 0, 3, 10, 0), (12, 0, 3, 10, 0, 12, 12, 0)),
        (31, (1, 1, 31, 31, 10, 0, 20, 12), (0, 20, 12, 3, 0, 3, 10, 0)),
        (0, (0, 20, 12, 3, 0, 3, 10, 0), (12, 0, 3, 10, 0, 12, 12, 0)),
    ]
)
def test_no_small_number_follows_from_all_reports_of_a_country(try_all, drawn):
    assert {number for number in try_all(drawn) if 0 < number < SMALLEST} == set()
