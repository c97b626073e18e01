"""One official as her trainer or manager sees her: how far she is, which tests she took; never what she answered."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from training import progress
from training.choices import Form, Verb, WaiveReason
from training.models import Attempt, Enrolment, Event, Learner
from training.queries.completion import learners_visible_to
from training.queries.learning import CourseProgress, progress_of


@dataclass(frozen=True)
class Taken:
    """A test that was begun: when, which, how it ended; set aside when a person voided it."""

    attempt: Attempt
    is_void: bool

    @property
    def form(self) -> str:
        """Return which test it was, in words."""
        return str(Form(self.attempt.form).label)


@dataclass(frozen=True)
class Waiver:
    """What counts as done without being done: since when, why, in words, and who decided it."""

    heading: str
    at: dt.datetime
    why: str
    by: str


@dataclass(frozen=True)
class CourseFile:
    """A course of an official: where she is, the tests she took, and those of which all tries are used.

    `to_waive` are the lessons and stories that are asked of her still, `waived` those of which a waiver stands, and
    `waivers` each of these with why and by whom.
    """

    mine: CourseProgress
    taken: tuple[Taken, ...]
    used_up: tuple[tuple[int, str], ...]
    to_waive: tuple[tuple[str, str], ...] = ()
    waived: tuple[tuple[str, str], ...] = ()
    waivers: tuple[Waiver, ...] = ()


def officials_visible_to(user):
    """Return the learners whose standing a trainer or manager may open: those of her country."""
    return Learner.objects.filter(user__in=learners_visible_to(user)).select_related("user__office", "user__country")


def enrolments_visible_to(user):
    """Return the enrolments of these learners."""
    rows = Enrolment.objects.filter(learner__user__in=learners_visible_to(user))
    return rows.select_related("learner__user", "course", "version", "progress")


def course_files(learner: Learner, language: str, *, at: dt.datetime) -> list[CourseFile]:
    """Return an official's courses with her tests; nine queries at most, however many, two more where one was waived."""
    found = progress_of(learner.user, language, at=at)
    taken: dict[int, list[Attempt]] = {}
    rows = Attempt.objects.filter(enrolment__in=[one.enrolment.pk for one in found]).defer("paper")
    for attempt in rows.order_by("started_at"):
        taken.setdefault(attempt.enrolment_id, []).append(attempt)
    waiving = _waiving([one.enrolment for one in found])
    names = (
        dict(User.objects.filter(public_id__in={row.by for row in waiving}).values_list("public_id", "name"))
        if waiving
        else {}
    )
    told = {str(key): name for key, name in names.items()}
    return [_file(one, taken.get(one.enrolment.pk, ()), waiving, told) for one in found]


def _waiving(enrolments: list[Enrolment]) -> list[Event]:
    """Return the events by which something counts as done, where one stands; they name who decided it."""
    having = [one for one in enrolments if progress.waived(progress.read_state(one.progress.state))]
    if not having:
        return []
    rows = Event.objects.filter(enrolment__in=having, verb=Verb.WAIVED).order_by("received_at")
    return list(rows.only("enrolment", "activity", "payload", "received_at", "by"))


def _waivers(mine: CourseProgress, waiving: list[Event], names: dict[str, str], voided: dict) -> Iterable[Waiver]:
    headings = {one.id: str(one.heading) for one in (*mine.course.lessons, *mine.course.stories)}
    for event in waiving:
        if event.enrolment_id == mine.enrolment.pk and str(event.pk) not in voided and str(event.activity) in headings:
            reason = progress.read(event.payload).get("reason", "")
            why = str(WaiveReason(reason).label) if reason in WaiveReason.values else reason
            yield Waiver(headings[str(event.activity)], event.received_at, why, names.get(event.by, ""))


def _file(
    mine: CourseProgress, attempts: Iterable[Attempt], waiving: list[Event], names: dict[str, str]
) -> CourseFile:
    state = progress.read_state(mine.enrolment.progress.state)
    voided, waived = state["voided"], progress.waived(state)
    there = (*mine.course.lessons, *mine.course.stories)
    again = Form.CHECKUP if mine.course.checkup else Form.POST
    turns = {Form.POST: mine.turn, again: mine.turn_again}
    return CourseFile(
        mine=mine,
        taken=tuple(Taken(one, str(one.public_id) in voided) for one in attempts),
        used_up=tuple((int(form), str(form.label)) for form, turn in turns.items() if turn.is_used_up),
        to_waive=tuple(_to_waive(mine)),
        waived=tuple((one.id, str(one.heading)) for one in there if one.id in waived),
        waivers=tuple(_waivers(mine, waiving, names, voided)),
    )


def _to_waive(mine: CourseProgress) -> Iterable[tuple[str, str]]:
    """Yield what can be waived: what she has not done of her course, and what a refresher asks of her."""
    anew = {one.id for one in mine.refresher}
    for one in (*mine.lessons, *mine.course.stories):
        if one.id not in mine.place.done or one.id in anew:
            yield one.id, str(one.heading)
