"""A lesson's preview in the editor: the draft as readers of each language would see it."""

from csp.constants import SELF
from django.shortcuts import render
from django.utils import translation

from languages import table
from training import actions, queries
from training.models import Lesson


def lesson(page: Lesson, request, mode: str):
    """Show a draft in the language that the mode names; what a manager reads of a law is her own country's."""
    language = mode if mode in table.CODES else table.SOURCE
    country = getattr(request.user, "country_id", "") or ""
    row = queries.course_row_of(page, language)
    served = row.language if row else language
    with translation.override(served):
        body = actions.preview_body(page, served)
    with translation.override(language):
        found = queries.lesson_preview(body, row, language=language, country=country)
        context = {"lesson": found, "row": table.BY_CODE[language], "around": found.around}
        response = render(request, "training/preview.html", context)
    response._csp_replace = {"frame-ancestors": [SELF]}  # the editor's panel shows it in a frame, nobody else does
    return response
