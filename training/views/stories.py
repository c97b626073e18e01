"""A scenario, played with links and buttons: the path is in the address, and for a learner in her record."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from training import actions, queries
from training.choices import Reason
from training.forms import TokenForm, sign
from training.queries.holders import is_holder
from training.views.off import if_story_off
from training.views.pages import country_of
from training.views.refreshed import tell_refreshed

NOT_HERS = _("This was not counted: another account had opened the page. Send it once more.")
SIGNED_OUT = _(
    "You are signed out, so this step is not in your record yet. This page keeps your place: sign in, and go on from here."
)
NOT_COUNTED = _("This step is not in your record: %(reason)s")
NOTHING_CHOSEN = _("Choose one of the ways on.")


@require_http_methods(["GET", "POST"])
@if_story_off
def scenario(request, key):
    """Show a scenario before its beginning, a scene or an end; take a choice and lead to what follows."""
    if request.method == "POST":
        return _chosen(request, key)
    address = request.GET.get("path")
    view = _view(request, key, None if address is None else queries.path_in(address))
    return _render(request, view)


def _view(request, key: str, path):
    view = queries.play_view(
        key,
        path=path,
        language=get_language(),
        user=request.user,
        country=country_of(request),
        at=timezone.now(),
        also_off=request.method == "POST",
    )
    if view is None:
        raise Http404
    return view


def _render(request, view, *, faults=(), status=200):
    keeps = request.user.is_authenticated and not view.closed
    place = {
        "who": str(request.user.public_id) if keeps else "",
        "lesson": view.story.id,
        "version": view.version,
        "graph": view.story.graph_id,
        "play": view.play or str(uuid.uuid4()),
        "path": list(view.path),
    }
    context = {
        "view": view,
        "story": view.story,
        "token": sign(place),
        "keeps": keeps,
        "certified": _certified(request, view) if keeps else None,
        "faults": faults,
        "query": _query(request),
        "next_path": request.get_full_path(),
    }
    return render(request, "training/scenario.html", context, status=status)


def _certified(request, view) -> queries.Finished | None:
    """Return what she is certified for, at an end that is in her record."""
    if not (view.here and view.here.is_end and view.is_kept) or is_holder(request.user):
        return None
    return queries.certified_for(queries.kinds_held(request.user, view.course.page))


def _query(request) -> str:
    """Return what of the address each link carries on: the country that a visitor chose."""
    country = "" if request.user.is_authenticated else country_of(request)
    return f"&{urlencode({'country': country})}" if country else ""


def _chosen(request, key: str):
    """Take a choice, or a path that is not in her record yet; whatever happens, the next address holds the whole path."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        path = queries.path_in(request.GET.get("path", ""))
        return _render(request, _view(request, key, path), faults=form.errors["token"], status=422)
    token, chosen = form.cleaned_data["token"], request.POST.get("choice", "")
    path = [*token["path"], chosen] if chosen else token["path"]
    view = _view(request, key, path)
    if token["lesson"] != view.story.id:
        raise Http404
    if view.is_cut or not path:
        return _render(request, view, faults=[NOTHING_CHOSEN], status=422)
    if token["who"] and not _keep(request, view, token, path):
        return redirect(_address(request, ".".join(token["path"])))
    return redirect(_address(request, view.address))


def _address(request, path: str) -> str:
    return f"{request.path}?path={path}{_query(request)}#scene"


def _keep(request, view, token: dict, path: list[str]) -> bool:
    """Record a path for the person to whom the page was shown, or say why not; tell whether the story goes on."""
    if not request.user.is_authenticated:
        messages.warning(request, SIGNED_OUT)
        return True
    if token["who"] != str(request.user.public_id):
        messages.warning(request, NOT_HERS)
        return False
    play = token["play"] if view.is_same_play(token["play"], path) else actions.other_play(token["play"], path)
    now = timezone.now()
    outcome = actions.submit_choice(
        user=request.user, scenario=view.story.id, version=token["version"], graph=token["graph"], play=play,
        path=path, language=get_language(), at=now,
    )  # fmt: skip
    if outcome.status == "accepted":
        tell_refreshed(
            request, actions.learner_of(request.user), [uuid.UUID(outcome.id)], now, with_certificates=False
        )
    if outcome.status == "rejected":
        messages.warning(request, NOT_COUNTED % {"reason": Reason(outcome.reason).label})
    return True
