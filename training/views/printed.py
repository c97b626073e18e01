"""Sheets to print: sent as a file, or refused with what is missing and who can mend it."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from training import drawing, printing, queries
from training.views.off import if_course_off, if_story_off
from training.views.pages import country_of


def pdf_response(request, draw: Callable[[], bytes], filename: str, *, back: str = ""):
    """Return a drawn PDF as a file; when it cannot be drawn, say why: nothing with empty boxes leaves the house."""
    try:
        body = draw()
    except drawing.FontsMissing as refusal:
        return _not_drawn(request, back, status=503, families=refusal.families)
    except drawing.LetterMissing as refusal:
        return _not_drawn(request, back, status=422, letters=refusal.letters)
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _not_drawn(request, back: str, *, status: int, **why):
    return render(request, "training/not_drawn.html", {"back": back} | why, status=status)


@require_GET
@if_course_off
def aide(request, key):
    """Send a course's aide-mémoire in the reader's language, with the numbers of her country."""
    country = country_of(request)
    course = queries.aide_of(key, get_language(), country)
    if course is None:
        raise Http404
    row, around = course
    today = timezone.localdate()
    return pdf_response(
        request,
        lambda: printing.aide_sheet(row, around, language=get_language(), on=today),
        f"{key}-{get_language()}.pdf",
        back=row.url,
    )


@require_GET
@if_story_off
def cards(request, key):
    """Send a scenario as cards for a group, in the reader's language."""
    return _story_sheet(request, key, printing.story_cards, "cards")


@require_GET
@if_story_off
def debrief(request, key):
    """Send what who leads a group keeps in her own hand: what each choice does, and what to say at each end."""
    return _story_sheet(request, key, printing.story_debrief, "debrief")


def _story_sheet(request, key: str, draw, name: str):
    story, language = queries.story_view(key, get_language()), get_language()
    if story is None:
        raise Http404
    today = timezone.localdate()
    back = reverse("training:scenario", args=[key])
    return pdf_response(
        request, lambda: draw(story, language=language, on=today), f"{key}-{name}-{language}.pdf", back=back
    )
