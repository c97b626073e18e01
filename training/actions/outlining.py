"""The order of a course: a module or lesson moves to another place, as one edition and one line of the audit log."""

from datetime import datetime

from django.db import transaction
from wagtail.actions.move_page import MovePageAction
from wagtail.models import Page

from accounts.actions import record
from training.actions.editions import as_one_edition, course_changed
from training.actions.going_live import CourseOfOthers
from training.models import Course
from training.queries import outline_of, refusal_to_order
from training.queries.outlines import CourseOutline, ModulePart


class OutlineChanged(RuntimeError):
    """Raised when somebody changed the outline since it was shown; look at it as it stands, and move again."""


class NotThere(ValueError):
    """Raised when what is to be moved, or where to, is no part of the course; open the outline again."""


class AddressTaken(ValueError):
    """Raised when the other module has a lesson of the same address; change one of the two in the editor first."""


class ModuleNotPublished(ValueError):
    """Raised when a published lesson would go into a module that readers do not have; publish the module first."""


@transaction.atomic
def move_part(*, course: Course, part: int, place: int, into: int = 0, seen: str, by, at: datetime) -> bool:
    """Move a module to a place among the modules, or a lesson to a place in its module or in another (`into`).

    Places count from 0, without what moves; past the end is the end. `seen` is the mark of the outline that was shown.
    Returns False where it stands there already: then nothing is written.
    """
    Course.objects.select_for_update().get(pk=course.pk)
    if refusal := refusal_to_order(by, course):
        raise CourseOfOthers(refusal)
    outline = outline_of(course.key)
    if outline.mark != seen:
        raise OutlineChanged
    parent, stands, others = _places(outline, part, into)
    place = max(0, min(place, len(others)))
    if stands == place:
        return False
    with as_one_edition(by=by, at=at):
        _move(part, parent, others, place, by)
        if course.live:
            course_changed(course, by=by, at=at)
    facts = {"part": part, "into": parent, "place": place}
    record(by=by, verb="training.outline_changed", thing=f"training.course:{course.key}", at=at, **facts)
    return True


def _places(outline: CourseOutline, part: int, into: int) -> tuple[int, int | None, list[int]]:
    """Return the page into which a part goes, its place there now (None: elsewhere), and what else stands there."""
    if outline.module(part):
        stand = [module.pk for module in outline.modules]
        return outline.course.pk, stand.index(part), [pk for pk in stand if pk != part]
    home, target = outline.module_of(part), outline.module(into) if into else outline.module_of(part)
    if home is None or target is None:
        raise NotThere
    if home.pk != target.pk:
        _check_target(outline.lesson(part), target)
    stand = [lesson.pk for lesson in target.lessons]
    return target.pk, stand.index(part) if part in stand else None, [pk for pk in stand if pk != part]


def _check_target(lesson, target: ModulePart) -> None:
    if lesson.slug in {one.slug for one in target.lessons}:
        raise AddressTaken
    if lesson.is_live and not target.is_live:
        raise ModuleNotPublished


def _move(part: int, parent: int, others: list[int], place: int, by) -> None:
    """Move the page; who may do it was asked by the route."""
    target, side = parent, "last-child"
    if others:
        target, side = (others[place], "left") if place < len(others) else (others[-1], "right")
    page, target = Page.objects.get(pk=part), Page.objects.get(pk=target)
    MovePageAction(page, target, pos=side, user=by).execute(skip_permission_checks=True)
