"""On from a part of a course that was asked anew: the next one that is due, and how many are left."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from training import queries
from training.views.off import if_course_off


@require_GET
@if_course_off
def go_on(request, key):
    """Lead a learner to the next part that she owes, with a word of how many are left, else to where she is in her courses."""
    mine = queries.progress_by_key(request.user, key, get_language(), at=timezone.now())
    if mine is None:
        raise Http404
    if mine.owed or mine.asks_test_again:
        messages.info(request, render_to_string("training/_owed_next.html", {"one": mine}))
    if mine.owed:
        return redirect(mine.owed[0].url)
    if mine.next_lesson and not mine.completed_at:
        return redirect(mine.next_lesson.url)
    return redirect("training:learning")
