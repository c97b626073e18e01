"""The supervisor's board: the page, and its live part."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from hotline.queries.board import board, board_mark, is_silent_in
from hotline.views.access import in_local_time


def _context(request) -> dict:
    at = timezone.now()
    return {"board": board(request.user, at=at), "now": at}


@require_GET
def show(request):
    """Show the board of the supervisor's country."""
    return render(request, "hotline/board.html", _context(request))


@require_GET
def live(request):
    """Answer the board's question whether anything changed: 204, or its parts anew.

    The alarm stands outside what is renewed, and comes along only when it begins or ends: it is read aloud once.
    """
    seen, mark = request.GET.get("seen", ""), board_mark(request.user, at=timezone.now())
    if seen == mark:
        return HttpResponse(status=204)
    return _parts(request, is_silence_new=is_silent_in(seen) != is_silent_in(mark))


@in_local_time
def _parts(request, **more):
    return render(request, "hotline/_board.html", _context(request) | more)
