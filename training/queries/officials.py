"""One official as her trainer or manager sees her: how far she is, which tests she took; never what she answered."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Max, OuterRef, Subquery

from training import progress
from training.choices import Form, Verb
from training.models import Attempt, Certificate, Enrolment, Event, Learner
from training.queries.certificates import certificates_visible_to
from training.queries.completion import answers_for
from training.queries.decisions import Decision, decisions, withdrawals
from training.queries.learners import learners_visible_to
from training.queries.learning import CourseProgress, progress_of
from training.queries.renewal import run_out


@dataclass(frozen=True)
class Taken:
    """A test that was begun: when, which, how it ended; set aside when a person voided it.

    The attempt bears `anew_at`: when answers in it were marked anew last, where some were.
    """

    attempt: Attempt
    is_void: bool

    @property
    def form(self) -> str:
        """Return which test it was, in words."""
        return str(Form(self.attempt.form).label)


@dataclass(frozen=True)
class CourseFile:
    """A course of an official: where she is, the tests she took, and those of which all tries are used.

    `to_waive` are the lessons and stories that are asked of her still, `waived` those of which a waiver stands,
    `decided` what a person decided about her work, with when, why and by whom. `run_out` are her certificates that ran
    out and were not renewed.
    """

    mine: CourseProgress
    taken: tuple[Taken, ...]
    used_up: tuple[tuple[int, str], ...]
    to_waive: tuple[tuple[str, str], ...] = ()
    waived: tuple[tuple[str, str], ...] = ()
    decided: tuple[Decision, ...] = ()
    run_out: tuple[Certificate, ...] = ()


def officials_visible_to(user):
    """Return the learners whose standing a trainer or manager may open: her country's, or those of her groups."""
    return Learner.objects.filter(user__in=learners_visible_to(user)).select_related("user__office", "user__country")


def is_set_aside(attempt: Attempt) -> bool:
    """Tell whether a test counts for nothing, since a person or a claim set it aside."""
    return str(attempt.public_id) in progress.read_state(attempt.enrolment.progress.state)["voided"]


def enrolments_visible_to(user):
    """Return the enrolments of these learners."""
    rows = Enrolment.objects.filter(learner__user__in=learners_visible_to(user))
    return rows.select_related("learner__user", "course", "version", "progress")


def course_files(learner: Learner, language: str, *, at: dt.datetime, reader=None) -> list[CourseFile]:
    """Return an official's courses with her tests; ten queries at most, however many, three more where a person decided.

    A reader who is a manager of her country is told of withdrawn certificates too, with two queries more.
    """
    found = progress_of(learner.user, language, at=at)
    taken: dict[int, list[Attempt]] = {}
    anew = Event.objects.filter(enrolment=OuterRef("enrolment"), verb=Verb.REGRADED, attempt=OuterRef("public_id"))
    last = anew.order_by().values("attempt").annotate(last=Max("received_at")).values("last")
    rows = Attempt.objects.filter(enrolment__in=[one.enrolment.pk for one in found]).defer("paper")
    rows = rows.annotate(anew_at=Subquery(last))
    for attempt in rows.order_by("started_at"):
        taken.setdefault(attempt.enrolment_id, []).append(attempt)
    there = (part for one in found for part in (*one.course.lessons, *one.course.stories))
    decided = decisions([one.enrolment for one in found], {part.id: str(part.heading) for part in there}, taken)
    for enrolment, row in _withdrawn(learner, reader):
        decided[enrolment] = (*decided.get(enrolment, ()), row)
    files = [_file(one, taken.get(one.enrolment.pk, ()), _newest_first(decided[one.enrolment.pk])) for one in found]
    ended = run_out([one.enrolment.pk for one in found], at)
    return [replace(one, run_out=tuple(ended.get(one.mine.enrolment.pk, ()))) for one in files]


def _withdrawn(learner: Learner, reader) -> Iterable[tuple[int, Decision]]:
    """Yield the withdrawals of an official's certificates, each with its enrolment, as far as a reader may see them."""
    if reader is not None and answers_for(reader, learner.user.country_id):
        rows = certificates_visible_to(reader).filter(learner=learner, withdrawal__isnull=False)
        rows = list(rows.select_related("withdrawal__by"))
        told = withdrawals(rows)
        yield from ((row.enrolment_id, told[row.pk]) for row in rows)


def _newest_first(decided: Iterable[Decision]) -> tuple[Decision, ...]:
    return tuple(sorted(decided, key=lambda one: one.at, reverse=True))


def _file(mine: CourseProgress, attempts: Iterable[Attempt], decided: tuple[Decision, ...]) -> CourseFile:
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
        decided=decided,
    )


def _to_waive(mine: CourseProgress) -> Iterable[tuple[str, str]]:
    """Yield what can be waived: what she has not done of her course, and what is asked of her anew."""
    for one in (*mine.lessons, *mine.course.stories):
        if one.id not in mine.place.done or one.id in mine.anew:
            yield one.id, str(one.heading)
