"""A course with everything below it, read once, and the words of its things in each language."""

from django.db import models

from accounts.models import Country
from languages import queries as language_queries
from languages import table
from training.models import Course, Curriculum, Lesson, Module, Question, Scenario
from training.queries import entries_seen, versions


class Words:
    """The words of one thing in one language, each with the language it really is in."""

    def __init__(self, thing, shown: dict[str, language_queries.Shown]):
        self.thing, self.shown = thing, shown

    def field(self, name: str) -> dict:
        """Return a field's text and its language."""
        found = self.shown.get(name)
        return {"text": getattr(self.thing, name) or "", "lang": found.language if found else table.SOURCE}

    def block_language(self, path: str) -> str:
        """Return the language in which a whole block is shown."""
        found = self.shown.get(path)
        return found.language if found else ""

    def state(self, language: str) -> dict:
        """Return how this thing stands for a reader: what fell back, what is stale since when, who has read it."""
        state = language_queries.state_of(self.shown, language)
        date = state.date.isoformat() if state.date else ""
        return {"fallback": state.fallback, "stale": state.stale, "date": date, "native": state.native}


class Tree:
    """A course with everything below it, read once."""

    def __init__(self, course: Course):
        self._words: dict[tuple, Words] = {}
        below = {"path__startswith": course.path, "live": True}
        self.course = models.QuerySet(Course).get(pk=course.pk)
        self.curriculum = models.QuerySet(Curriculum).get(path=course.path[: -course.steplen])
        self.modules = list(models.QuerySet(Module).filter(**below).order_by("path"))
        live = tuple(module.path for module in self.modules)
        found = models.QuerySet(Lesson).filter(**below).order_by("path")
        self.lessons = [lesson for lesson in found if lesson.path.startswith(live)]
        self.questions = list(models.QuerySet(Question).filter(course=course, live=True).order_by("position", "key"))
        playable = models.QuerySet(Scenario).filter(course=course, live=True)
        self.scenarios = list(playable.order_by("position", "key"))
        self.overlays = entries_seen(course)
        self.countries = list(Country.objects.filter(is_active=True))
        self.editions = versions.newest_by_country(course.pk)
        things = (self.course, *self.lessons, *self.questions, *self.scenarios)
        live = set(language_queries.live_units_of(*things).values_list("language", flat=True).distinct())
        self.languages = [code for code in table.CODES if code == table.SOURCE or code in live]
        self.readers = language_queries.Readers([*things, self.curriculum, *self.modules, *self.overlays])
        found = language_queries.coverage_of([*self.lessons, *self.scenarios])
        self.statuses = {lesson.pk: found[language_queries.key_of(lesson)] for lesson in self.lessons}
        self.played_in = {one.pk: found[language_queries.key_of(one)] for one in self.scenarios}

    def words(self, thing, language: str) -> "Words":
        """Return the words of a thing in a language, read once."""
        key = (type(thing), thing.pk, language)
        if key not in self._words:
            self._words[key] = Words(thing, self.readers.shown_in(thing, language))
        return self._words[key]

    def module_of(self, lesson: Lesson) -> Module:
        """Return the module in which a lesson stands."""
        return next(module for module in self.modules if lesson.path.startswith(module.path))
