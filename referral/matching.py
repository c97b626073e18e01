"""Which services fit a person: a reason for each criterion, and an order. Pure: values in, values out.

"Not stated" and "not known" are never read as yes. Nothing is dropped: what does not fit stays visible with its reason.
"""

import datetime as dt
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field

YES, NO, NOT_KNOWN = "yes", "no", "not_known"
CRITERIA = (
    "term", "running", "area", "sex", "age", "nationality", "disability", "children", "form",
    "language", "open", "capacity", "conflict",
)  # fmt: skip
# A "no" here rules a service out; a "no" on the others (an interpreter helps, it opens tomorrow) only ranks it lower.
RULING_OUT = frozenset(CRITERIA) - {"language", "open", "capacity"}
CAPACITY_IS_NEWS_FOR = dt.timedelta(hours=72)
WEEK = 7 * 1440  # minutes

Opening = tuple[int, dt.time, dt.time]  # weekday (0 is Monday), from, until


@dataclass(frozen=True)
class Person:
    """What matching may know of a person. Areas run from the nearest outwards; None means not known."""

    term: str
    areas: tuple[int, ...] = ()
    sex: str | None = None
    age: int | None = None
    is_national: bool | None = None
    has_disability: bool | None = None
    children_with: int | None = None
    forms: frozenset[str] = frozenset()
    language: str | None = None
    conflicts: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Offer:
    """One service as matching sees it. `taken` maps (criterion, group) to yes or no; what is missing is not stated."""

    key: int
    organisation: int
    term: str
    is_running: bool = True
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    areas: frozenset[int] = frozenset()
    minimum_age: int | None = None
    maximum_age: int | None = None
    taken: dict[tuple[str, str], bool] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    is_always_open: bool = False
    hours: tuple[Opening, ...] = ()
    available: int | None = None
    available_at: dt.datetime | None = None
    assured_date: dt.date | None = None
    position: int = 0


@dataclass(frozen=True)
class Reason:
    """The answer for one criterion."""

    criterion: str
    answer: str


@dataclass(frozen=True)
class Match:
    """One service with its reasons; excluded when a ruling criterion says no."""

    key: int
    reasons: tuple[Reason, ...]
    distance: int

    @property
    def is_excluded(self) -> bool:
        """Tell whether a ruling criterion says no."""
        return any(reason.answer == NO and reason.criterion in RULING_OUT for reason in self.reasons)

    def answer(self, criterion: str) -> str:
        """Return the answer for one criterion."""
        return next(reason.answer for reason in self.reasons if reason.criterion == criterion)

    def count(self, answer: str) -> int:
        """Return how many criteria have this answer."""
        return sum(reason.answer == answer for reason in self.reasons)


def _said(truth: bool | None) -> str:
    return NOT_KNOWN if truth is None else YES if truth else NO


def first_overlap(openings: Iterable[Opening]) -> tuple[Opening, Opening] | None:
    """Return the first two openings of a week that lie over each other; one over midnight goes on into the next day."""
    spans = []
    for day, opens, closes in sorted(openings):
        start, end = (day * 1440 + time.hour * 60 + time.minute for time in (opens, closes))
        spans.append((start, end if end > start else end + 1440, (day, opens, closes)))
    for (_start, end, one), (start, _end, other) in itertools.pairwise(spans):
        if start < end:
            return one, other
    if spans and spans[-1][1] - WEEK > spans[0][0]:
        return spans[-1][2], spans[0][2]
    return None


def is_open(offer: Offer, local: dt.datetime) -> bool | None:
    """Tell whether a service is open at a local instant; None when no hours are stated. Over midnight is allowed."""
    if offer.is_always_open:
        return True
    if not offer.hours:
        return None
    now, today, yesterday = local.time(), local.weekday(), (local.weekday() - 1) % 7
    for weekday, opens, closes in offer.hours:
        over_midnight = closes < opens
        if weekday == today and opens <= now and (over_midnight or now < closes):
            return True
        if weekday == yesterday and over_midnight and now < closes:
            return True
    return False


def _running(offer: Offer, today: dt.date) -> bool:
    started = offer.valid_from is None or offer.valid_from <= today
    ended = offer.valid_until is not None and offer.valid_until < today
    return offer.is_running and started and not ended


def _area(offer: Offer, person: Person) -> tuple[bool | None, int]:
    """Return whether the person's area is served, and how far out the serving area lies; no areas: the whole country."""
    if not offer.areas:
        return True, len(person.areas)
    for distance, area in enumerate(person.areas):
        if area in offer.areas:
            return True, distance
    return (False if person.areas else None), len(person.areas)


def _age(offer: Offer, person: Person) -> bool | None:
    if person.age is None or (offer.minimum_age is None and offer.maximum_age is None):
        return None
    too_young = offer.minimum_age is not None and person.age < offer.minimum_age
    too_old = offer.maximum_age is not None and person.age > offer.maximum_age
    return not (too_young or too_old)


def _group(offer: Offer, criterion: str, group: str | None) -> bool | None:
    return None if group is None else offer.taken.get((criterion, group))


def _nationality(offer: Offer, person: Person) -> bool | None:
    group = None if person.is_national is None else "national" if person.is_national else "foreign"
    return _group(offer, "nationality", group)


def _need_of(offer: Offer, criterion: str, group: str, *, applies: bool | None) -> bool | None:
    """Return yes where the need does not arise; else what the service states."""
    if applies is None:
        return None
    return offer.taken.get((criterion, group)) if applies else True


def _forms(offer: Offer, person: Person) -> bool | None:
    answers = {offer.taken.get(("form", form)) for form in person.forms}
    if False in answers:
        return False
    return True if answers == {True} else None


def _language(offer: Offer, person: Person) -> bool | None:
    return person.language in offer.languages if offer.languages and person.language else None


def _capacity(offer: Offer, at: dt.datetime) -> bool | None:
    if offer.available is None or offer.available_at is None or at - offer.available_at > CAPACITY_IS_NEWS_FOR:
        return None
    return offer.available > 0


def explain(offer: Offer, person: Person, local: dt.datetime) -> Match:
    """Return the answer for every criterion of one service."""
    served, distance = _area(offer, person)
    children = None if person.children_with is None else person.children_with > 0
    answers = {
        "term": offer.term == person.term,
        "running": _running(offer, local.date()),
        "area": served,
        "sex": _group(offer, "sex", person.sex),
        "age": _age(offer, person),
        "nationality": _nationality(offer, person),
        "disability": _need_of(offer, "disability", "yes", applies=person.has_disability),
        "children": _need_of(offer, "children", "yes", applies=children),
        "form": _forms(offer, person),
        "language": _language(offer, person),
        "open": is_open(offer, local),
        "capacity": _capacity(offer, local),
        "conflict": offer.organisation not in person.conflicts,
    }
    return Match(offer.key, tuple(Reason(name, _said(answers[name])) for name in CRITERIA), distance)


def _order(offer: Offer, match: Match) -> tuple:
    assured = offer.assured_date or dt.date.min
    return (
        match.is_excluded,
        match.count(NO) > 0,
        match.count(NOT_KNOWN),
        match.distance,
        match.answer("open") != YES,
        match.answer("capacity") != YES,
        -assured.toordinal(),
        offer.position,
        offer.key,
    )


def rank(offers: Iterable[Offer], person: Person, local: dt.datetime) -> list[Match]:
    """Return every service with its reasons, the best first, the excluded last. `local` is the country's own time."""
    pairs = [(offer, explain(offer, person, local)) for offer in offers]
    return [match for offer, match in sorted(pairs, key=lambda pair: _order(*pair))]
