"""The outline of a course as its editors order it: modules with their lessons, drafts too."""

from dataclasses import dataclass

from django.db import models

from accounts.queries.marks import mark
from training.models import Course, Lesson, Module


@dataclass(frozen=True)
class LessonPart:
    """A lesson in its module; `is_live` when readers have it."""

    pk: int
    heading: str
    slug: str
    minutes: int
    is_live: bool


@dataclass(frozen=True)
class ModulePart:
    """A module with its lessons in order."""

    pk: int
    heading: str
    is_live: bool
    lessons: tuple[LessonPart, ...]


@dataclass(frozen=True)
class CourseOutline:
    """A course with its modules in order, and a mark of that order."""

    course: Course
    modules: tuple[ModulePart, ...]

    @property
    def mark(self) -> str:
        """Return a mark that differs as soon as anything stands elsewhere, came or went."""
        return mark([(module.pk, [lesson.pk for lesson in module.lessons]) for module in self.modules])

    def module_of(self, part: int) -> ModulePart | None:
        """Return the module in which a lesson stands."""
        return next((one for one in self.modules if any(lesson.pk == part for lesson in one.lessons)), None)

    def module(self, part: int) -> ModulePart | None:
        """Return a module by its page."""
        return next((one for one in self.modules if one.pk == part), None)

    def lesson(self, part: int) -> LessonPart | None:
        """Return a lesson by its page."""
        return next((one for module in self.modules for one in module.lessons if one.pk == part), None)


def outline_of(key: str) -> CourseOutline | None:
    """Return the outline of a course by its key, published or not; three queries."""
    course = models.QuerySet(Course).filter(key=key).first()
    if course is None:
        return None
    below = {"path__startswith": course.path}
    lessons = list(models.QuerySet(Lesson).filter(**below).order_by("path"))
    modules = models.QuerySet(Module).filter(**below).order_by("path")
    return CourseOutline(course, tuple(_module(one, lessons) for one in modules))


def _module(module: Module, lessons: list[Lesson]) -> ModulePart:
    of_it = (one for one in lessons if one.path.startswith(module.path))
    parts = tuple(LessonPart(one.pk, one.heading_en, one.slug, one.minutes, one.live) for one in of_it)
    return ModulePart(module.pk, module.heading_en, module.live, parts)
