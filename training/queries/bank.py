"""What the bank of a course holds, against what the plan of its tests asks."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Cast
from wagtail.models import Revision

from training import progress
from training.models import Course, Lesson, Module, Question

Plan = list[tuple[int, str, int]]


def with_schedules(questions: models.QuerySet[Question]) -> models.QuerySet[Question]:
    """Return questions that know in the same query whether a revision of theirs waits for its time (`is_scheduled`)."""
    waiting = Revision.objects.filter(
        content_type=ContentType.objects.get_for_model(Question),
        object_id=Cast(models.OuterRef("pk"), models.CharField()),
        approved_go_live_at__isnull=False,
    )
    return questions.annotate(is_scheduled=models.Exists(waiting))


def lacks_of(
    course: Course, plan: Plan, tracks: Iterable[str], *, without: int | None = None, instead: Question | None = None
) -> list[progress.Lack]:
    """Return the rows of a plan that the published questions of a course cannot fill, one of them left out if named.

    `instead` is what stands in its place.
    """
    bank = models.QuerySet(Question).filter(course=course.pk, live=True).exclude(pk=without)
    more = [{name: getattr(instead, name) for name in ("form", "objective", "tracks")}] if instead else []
    return progress.lacks(plan, [*bank.values("form", "objective", "tracks"), *more], tracks)


def lacks_with(question: Question) -> list[progress.Lack]:
    """Return the rows of the plan of its live course that a question leaves unfilled once it is as it is in hand.

    A row that lacked as much before is left out: it is not this question that it needs.
    """
    stored = models.QuerySet(Question).filter(pk=question.pk, live=True).select_related("course").first()
    if stored is None or not stored.course.live:
        return []
    course, stays = stored.course, question.course_id == stored.course_id
    plan, tracks = course.plan(), course.tracks
    before = {_row(one): one.there for one in lacks_of(course, plan, tracks)}
    after = lacks_of(course, plan, tracks, without=question.pk, instead=question if stays else None)
    return [one for one in after if one.there < before.get(_row(one), one.asked)]


def _row(lack: progress.Lack) -> tuple[int, str, str]:
    return lack.form, lack.objective, lack.track


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
