"""What taking something off does, before it is done: whom it concerns, which deadlines ask it, who else has it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.db.models import Count

from accounts.models import User
from training import progress
from training.models import Cohort, Course, Curriculum, Lesson, Module, Progress, Question, Scenario
from training.queries.anew import Anew
from training.queries.bank import lacks_of
from training.queries.cohorts import cohorts_visible_to
from training.queries.counted import guests_in
from training.queries.own_courses import Refusal, refusal_to_take_off
from training.queries.reach import Reach, reach
from training.queries.reach_told import told_abroad
from training.queries.tree import homes_of

KINDS = (Curriculum, Course, Module, Lesson, Question, Scenario)


@dataclass(frozen=True)
class CourseOff:
    """One course that it concerns: its officials, the groups with a deadline, the other countries that have it.

    `groups` are named for who may see them; `deadlines` says how many there are. `guests` are those who learn it without
    an account, None for a few.
    """

    heading: str
    reach: tuple[Reach, ...]
    others: tuple[str, ...]
    groups: tuple[Cohort, ...]
    deadlines: int
    guests: int | None = 0


@dataclass(frozen=True)
class TakingOff:
    """What is told before something is taken off.

    `is_asked`: officials must do it; `is_read`: a published course has it; `country` is whose officials alone are
    counted, "" for all; `lack` is what the plan of a live course could not draw without a question.
    """

    kind: str
    is_asked: bool
    is_read: bool
    country: str
    courses: tuple[CourseOff, ...]
    below: int = 0
    refusal: Refusal | None = None
    lack: progress.Lack | None = None


def taking_off(thing: models.Model, user: User, *, at: dt.datetime) -> TakingOff | None:
    """Return what taking a published page, question or story off does, to a person; None for what is no part of the school.

    The numbers are those of her own country, as in every report. What is asked of the database does not hang on how many
    officials or groups there are.
    """
    if not isinstance(thing, KINDS) or not thing.live:
        return None
    homes = list(homes_of(thing).order_by("path").prefetch_related("countries"))
    refusal = refusal_to_take_off(user, thing)
    is_page = not isinstance(thing, Question | Scenario)
    return TakingOff(
        kind=thing._meta.model_name,
        is_asked=getattr(thing, "required", True),
        is_read=isinstance(thing, Course | Curriculum) or any(one.live for one in homes),
        country=user.country.name if user.country else "",
        courses=() if refusal else _concerned(thing, homes, user, at),
        below=thing.get_descendants().live().count() if is_page else 0,
        refusal=refusal,
        lack=_lack(thing, homes) if isinstance(thing, Question) else None,
    )


def is_begun(thing: models.Model) -> bool:
    """Tell whether anybody has begun a course in which a thing stands."""
    return Progress.objects.filter(enrolment__course__in=homes_of(thing).values("pk")).exists()


def _concerned(thing: models.Model, homes: list[Course], user: User, at: dt.datetime) -> tuple[CourseOff, ...]:
    own = user.country_id or ""
    groups, many = _deadlines(thing, homes, user, at)
    guests = guests_in([course.pk for course in homes], own)
    found = []
    for course in homes:
        countries = {one.pk: one.name for one in course.countries.all()}
        reached = reach(course, countries, own, Anew(), at=at)
        found.append(
            CourseOff(
                heading=course.heading_en,
                reach=reached if own else told_abroad(reached),
                guests=guests.get(course.pk, 0),
                others=tuple(sorted(name for code, name in countries.items() if code != own)),
                groups=tuple(one for one in groups if one.course_id == course.pk),
                deadlines=many[course.pk],
            )
        )
    return tuple(found)


def _deadlines(
    thing: models.Model, homes: Iterable[Course], user: User, at: dt.datetime
) -> tuple[list[Cohort], Counter[int]]:
    """Return the groups whose deadline is still to come, for who may see them, and how many there are of each course."""
    if isinstance(thing, Question) or not getattr(thing, "required", True):
        return [], Counter()  # nobody is held up by one question less, or by what nobody must do
    waiting = {"course__in": [one.pk for one in homes], "due_on__gte": at.date()}
    here = {"country": user.country_id} if user.country_id else {}
    named = cohorts_visible_to(user).select_related(None).only("name", "due_on", "course_id").filter(**waiting)
    many = Cohort.objects.filter(**waiting, **here).order_by().values_list("course").annotate(many=Count("pk"))
    return list(named.order_by("due_on", "name", "pk")), Counter(dict(many))


def _lack(question: Question, homes: list[Course]) -> progress.Lack | None:
    """Return what the plan of the live course of a question could not draw without it."""
    if not homes or not homes[0].live:
        return None
    return next(iter(lacks_of(homes[0], homes[0].plan(), homes[0].tracks, without=question.pk)), None)
