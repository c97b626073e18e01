"""What an address answers whose course, module, lesson or story was taken off: that it was, and that what was done is kept."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from training import queries
from training.queries import TakenOff

KEPT = _("What you sent just now is kept.")


def taken_off(request, found: TakenOff):
    """Say what was taken off, with 410, and lead on: to the course where it stands, to her learning, to the courses."""
    is_hers = request.user.is_authenticated and queries.has_begun(request.user, found.course.page)
    return render(request, "training/taken_off.html", {"off": found, "is_hers": is_hers}, status=410)


def tell_kept(request) -> None:
    """Say that something was taken in, though what it belongs to is not there."""
    messages.success(request, KEPT)


def if_course_off(view):
    """Let an address that bears the key of a course say so where the course was taken off."""
    return _instead(view, queries.course_taken_off)


def if_story_off(view):
    """Let an address that bears the key of a story say so where it, or its course, was taken off."""
    return _instead(view, queries.story_taken_off)


def _instead(view, find: Callable[[str, str], TakenOff | None]):
    @wraps(view)
    def inner(request, key, *args, **kwargs):
        try:
            return view(request, key, *args, **kwargs)
        except Http404:
            found = find(key, get_language())
            if found is None:
                raise
            return taken_off(request, found)

    return inner
