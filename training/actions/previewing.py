"""What is taught and asked, in hand, as it would be compiled: for its editor, nothing is stored."""

from django.db import models

from languages import actions as language_actions
from languages import queries as language_queries
from languages import table
from training.actions.bodies import course_body, lesson_body, question_body
from training.actions.stories import scenario_body
from training.actions.trees import Tree, Words
from training.models import Course, Curriculum, Lesson, Question, Scenario


class _Draft:
    """What compiling asks of a course's tree, for one thing in hand."""

    def __init__(self, thing: models.Model, course: Course | None, language: str):
        self.course = course
        self.shown = language_actions.fill_draft(thing, language)
        self.languages = list(dict.fromkeys([table.SOURCE, language]))
        whole = dict.fromkeys(self.languages, language_queries.Status("", 0, 0))
        self.statuses = self.played_in = {thing.pk: whole}

    def words(self, thing: models.Model, _language: str) -> Words:
        """Return the words of the thing in the language for which it was filled."""
        return Words(thing, self.shown)


class _DraftOfCourse(Tree):
    """A course in hand, with what is published below it; one that was never kept has nothing below it."""

    def __init__(self, draft: Course, language: str):
        if draft.pk:
            super().__init__(draft)
        else:
            self._stand_alone(draft, language)
        self.course, self.shown = draft, language_actions.fill_draft(draft, language)

    def _stand_alone(self, draft: Course, language: str) -> None:
        self._words, self.editions, self.countries = {}, {}, []
        self.modules, self.lessons, self.questions, self.scenarios, self.overlays = [], [], [], [], []
        self.languages = list(dict.fromkeys([table.SOURCE, language]))
        self.curriculum = models.QuerySet(Curriculum).get(path=draft.path[: -draft.steplen])
        self.readers = language_queries.Readers([self.curriculum])

    def words(self, thing: models.Model, language: str) -> Words:
        """Return the words of a thing: those of the draft as they were filled."""
        return Words(thing, self.shown) if thing is self.course else super().words(thing, language)


def preview_body(draft: Lesson, language: str) -> dict:
    """Return what the compiled row of a draft would hold in a language; that language is active when it is called."""
    course = models.QuerySet(Course).get(path=draft.path[: -2 * draft.steplen])
    return lesson_body(_Draft(draft, course, language), draft, language)


def question_preview_body(draft: Question, language: str) -> dict:
    """Return a question in hand as the compiled row of its course's tests would hold it; its language is active."""
    return question_body(_Draft(draft, None, language), draft, language)


def scenario_preview_body(draft: Scenario, language: str) -> dict:
    """Return a story in hand as its compiled row would hold it; its language is active."""
    return scenario_body(_Draft(draft, None, language), draft, language)


def course_preview_body(draft: Course, language: str) -> dict:
    """Return a course in hand as its compiled row would hold it, above the lessons that are live; its language is active."""
    return course_body(_DraftOfCourse(draft, language), language) | {"kilobytes": 0}
