"""Previews in the editor: what is taught and asked, in hand, as readers of each language would see it."""

from csp.constants import SELF
from django.shortcuts import render
from django.utils import translation

from languages import table
from training import actions, forms, queries, scenarios
from training.models import Course, Lesson, Question, Scenario


def lesson(page: Lesson, request, mode: str):
    """Show a draft in the language that the mode names; what a manager reads of a law is her own country's."""
    language = _language(mode)
    country = getattr(request.user, "country_id", "") or ""
    row = queries.course_row_of(page, language)
    served = row.language if row else language
    with translation.override(served):
        body = actions.preview_body(page, served)
    with translation.override(language):
        found = queries.lesson_preview(body, row, language=language, country=country)
        return _shown(request, "training/preview.html", language, lesson=found, around=found.around)


def course(page: Course, request, mode: str):
    """Show what a course says of itself: its heading, its lessons, its words, what to keep at hand."""
    language = _language(mode)
    with translation.override(language):
        found = queries.course_preview(page, actions.course_preview_body(page, language), language)
        return _shown(request, "training/preview_course.html", language, course=found, is_preview=True)


def question(row: Question, request, mode: str):
    """Show a question of the tests as it is asked, and the reason of each answer."""
    language = _language(mode)
    with translation.override(language):
        asked = queries.question_preview(actions.question_preview_body(row, language), language)
        return _shown(request, "training/preview_question.html", language, page=row, asked=asked)


def scenario(row: Scenario, request, mode: str):
    """Show every scene and end of a story as its cards have them, and what stops it from being played."""
    language = _language(mode)
    with translation.override(language):
        story = queries.story_preview(actions.scenario_preview_body(row, language), language)
        faults = [forms.told_fault(fault) for fault in scenarios.faults_of(row.graph)]
        return _shown(request, "training/preview_story.html", language, story=story, faults=faults)


def _language(mode: str) -> str:
    return mode if mode in table.CODES else table.SOURCE


def _shown(request, template: str, language: str, **context):
    """Answer with a page that the editor's panel shows in a frame, and nobody else does."""
    response = render(request, template, context | {"row": table.BY_CODE[language]})
    response._csp_replace = {"frame-ancestors": [SELF]}
    return response
