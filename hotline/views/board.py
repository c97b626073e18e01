"""The supervisor's board: the page, and its live part."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from hotline.queries.board import board, board_mark
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
    """Answer the board's question whether anything changed: 204, or its parts anew."""
    if request.GET.get("seen") == board_mark(request.user, at=timezone.now()):
        return HttpResponse(status=204)
    return _parts(request)


@in_local_time
def _parts(request):
    return render(request, "hotline/_board.html", _context(request))
