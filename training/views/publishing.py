"""What publishing does: the page that an editor reads before she presses the button."""

from django.db import models
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from training import queries
from training.actions.shipped import editor_of
from training.models import Course, Lesson, Question, Scenario

KINDS = {"lesson": Lesson, "course": Course, "question": Question, "scenario": Scenario}


@require_GET
def publishing(request, kind, pk):
    """Show what publishing the saved draft of a lesson, course, question or story will do; nothing is written."""
    thing = models.QuerySet(KINDS[kind]).filter(pk=pk).first() if kind in KINDS else None
    if thing is None:
        raise Http404
    found = queries.publishing(thing, at=timezone.now(), country=request.user.country_id or "")
    return render(
        request, "training/publishing.html", {"found": found, "kind": kind, "editor": editor_of(found.thing)}
    )
