"""The demo's own pages: where a newcomer begins, and every letter and text the demo would have sent."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render

from accounts.actions.letters import LetterWords, open_letter
from accounts.models import Letter
from accounts.sealing import NoSealKey, SealError
from cms import journeys
from hotline import queries as hotline

LETTERS_A_PAGE = 50
OTHER_NAME = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}


def _only_in_the_demo():
    if not settings.DEMO:
        raise Http404


def start(request):
    """Show the journeys of the demo and whom to be in each."""
    _only_in_the_demo()
    return render(request, "demo/start.html", {"journeys": journeys.journeys(_beside(request))})


def _beside(request) -> str:
    """Return where the demo is under this machine's other name; "" where it is reached by a third one."""
    name, _colon, port = request.get_host().partition(":")
    other = OTHER_NAME.get(name)
    return f"{request.scheme}://{other}{_colon}{port}" if other else ""


def _opened(letter: Letter) -> LetterWords | None:
    """Return the words of a letter; None for one that cannot be opened: it takes no other from the page."""
    try:
        return open_letter(letter)
    except (SealError, NoSealKey):
        return None


def letters(request):
    """Show every e-mail and text message that the demo would have sent, newest first."""
    _only_in_the_demo()
    page = Paginator(Letter.objects.order_by("-queued_at", "-id"), LETTERS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "letters": [(letter, _opened(letter)) for letter in page],
        "texts": hotline.demo_texts()[:LETTERS_A_PAGE],
    }
    return render(request, "demo/letters.html", context)
