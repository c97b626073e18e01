"""A lesson in hand as it would be compiled, for its editor: nothing is stored."""

from django.db import models

from languages import actions as language_actions
from languages import queries as language_queries
from languages import table
from training.actions.bodies import lesson_body
from training.actions.trees import Words
from training.models import Course, Lesson


class _Draft:
    """What compiling asks of a course's tree, for one lesson in hand."""

    def __init__(self, lesson: Lesson, language: str):
        self.course = models.QuerySet(Course).get(path=lesson.path[: -2 * lesson.steplen])
        self.shown = language_actions.fill_draft(lesson, language)
        self.languages = list(dict.fromkeys([table.SOURCE, language]))
        whole = language_queries.Status("", 0, 0)
        self.statuses = {lesson.pk: dict.fromkeys(self.languages, whole)}

    def words(self, lesson: Lesson, _language: str) -> Words:
        """Return the words of the lesson in the language for which it was filled."""
        return Words(lesson, self.shown)


def preview_body(draft: Lesson, language: str) -> dict:
    """Return what the compiled row of a draft would hold in a language; that language is active when it is called."""
    return lesson_body(_Draft(draft, language), draft, language)
