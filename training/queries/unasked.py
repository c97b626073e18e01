"""What was said to be material while no edition could hold it: it waits for the edition that does."""

from django.db import models

from training.models import Course, Lesson, Module, UnaskedChange

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


def lessons_back(module: Module) -> list[Lesson]:
    """Return the published lessons of a module: they come back to readers with it. One query."""
    below = models.QuerySet(Lesson).filter(live=True, path__startswith=module.path)
    return list(below.order_by("path"))
