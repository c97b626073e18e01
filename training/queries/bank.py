"""What the bank of a course holds, against what the plan of its tests asks."""

from collections.abc import Iterable

from django.db import models

from training import progress
from training.models import Course, Lesson, Module, Question

Plan = list[tuple[int, str, int]]


def lacks_of(course: Course, plan: Plan, tracks: Iterable[str], *, without: int | None = None) -> list[progress.Lack]:
    """Return the rows of a plan that the published questions of a course cannot fill, one of them left out if named."""
    bank = models.QuerySet(Question).filter(course=course.pk, live=True).exclude(pk=without)
    return progress.lacks(plan, bank.values("form", "objective", "tracks"), tracks)


def unread_modules(course: Course) -> list[str] | None:
    """Return what the published modules of a course without a single published lesson are called; None where it has one.

    A course that is in no tree yet has neither.
    """
    if not course.path:
        return []
    inside = {"live": True, "path__startswith": course.path}
    if models.QuerySet(Lesson).filter(**inside).exists():
        return None
    return list(models.QuerySet(Module).filter(**inside).order_by("path").values_list("heading_en", flat=True))
