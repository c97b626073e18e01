"""What was said to be material while no edition could hold it: it waits for the edition that does."""

from django.db import models

from training import changing, progress
from training.models import Course, CourseVersion, Lesson, Module, Scenario, UnaskedChange
from training.queries.said import kept_text, said_by
from training.queries.tree import activity_of

COURSE, MODULE, BOTH = "course", "module", "both"


def unasked_of(course: Course) -> dict[str, set[str]]:
    """Return what waits to be asked, by country; "" stands for all countries together. One query."""
    found: dict[str, set[str]] = {}
    for country, what in UnaskedChange.objects.filter(course=course.pk).values_list("country", "what"):
        found.setdefault(country or "", set()).add(what)
    return found


def awaited(thing: models.Model, course: Course | None) -> str:
    """Return what must be published before readers get a thing that is published now: the course, the module or both."""
    is_off = course is not None and not isinstance(thing, Course) and not course.live
    above = thing.path[: -thing.steplen] if isinstance(thing, Lesson) else ""
    if above and models.QuerySet(Module).filter(path=above, live=False).exists():
        return BOTH if is_off else MODULE
    return COURSE if is_off else ""


def asks_once_held(draft: models.Model, course: Course, change: str, *, differs: bool) -> bool:
    """Tell whether who has finished is asked once an edition holds a thing that the newest one does not, as it will be.

    An earlier change that waits counts as well, whatever this one is; what says again what the last edition with it
    said asks nothing. `differs`: it does, for what cannot be compared with an edition by itself.
    """
    waits = activity_of(draft) in unasked_of(course).get("", ())
    if isinstance(draft, Lesson | Scenario):
        is_other = kept_text(said_by(draft))[0] != _last_said(course, activity_of(draft))
        return draft.required and is_other and (waits or change == changing.MATERIAL)
    return waits or differs


def lessons_back(module: Module) -> list[Lesson]:
    """Return the published lessons of a module: they come back to readers with it. One query."""
    below = models.QuerySet(Lesson).filter(live=True, path__startswith=module.path)
    return list(below.order_by("path"))


def asked_with(lessons: list[Lesson], course: Course) -> list[Lesson]:
    """Return the lessons of which a change waits that who has finished is asked for once an edition holds them."""
    waiting = unasked_of(course).get("", set())
    found = [one for one in lessons if activity_of(one) in waiting]
    return [one for one in found if asks_once_held(one, course, "", differs=False)]


def _last_said(course: Course, key: str) -> str | None:
    """Return what an activity said when an edition last held it, by its hash."""
    body = (
        CourseVersion.objects.filter(course=course.pk, country=None).order_by("-number").values_list("body", flat=True)
    )
    skeleton = progress.read(body[0]) if body else {}
    lessons = [one for module in skeleton.get("modules", ()) for one in module["lessons"]]
    standing = {one["id"]: one for one in [*lessons, *skeleton.get("scenarios", ())]}
    resting = skeleton.get("resting", {}).get("activities", {})
    return (standing.get(key) or resting.get(key) or {"content": None})["content"]
