"""A trainer's attendance list on her own phone: the page on which she keeps it, and what goes along when she does."""

import json
import zlib
from datetime import datetime

from django.conf import settings
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.views.clocks import in_own_time
from training import actions, queries
from training.models import Session
from training.views import kept
from training.views.cohorts import cohort_for


@never_cache
@require_GET
@in_own_time
def keep_list(request, cohort):
    """Show what keeping a group's list means and how large it is; the page's script does the rest."""
    row, now = cohort_for(request, cohort), timezone.now()
    told = _told(request, row, now)
    pages = kept.pages_of_lists(request) if settings.KEEPING else {"files": []}
    context = {
        "cohort": row,
        "who": actions.learner_of(request.user).public_id,
        "is_on": settings.KEEPING,
        "people": len(told["members"]),
        "sessions": len(told["sessions"]),
        "list_size": _kilobytes(len(zlib.compress(json.dumps(told).encode()))),
        "page_size": _kilobytes(sum(one["travels"] for one in pages["files"])),
    }
    return render(request, "training/keep/keep_list.html", context)


def _kilobytes(size: int) -> int:
    return -(-size // 1024)


@never_cache
@require_POST
@in_own_time
def list_data(request, cohort):
    """Hand out a group's list for this phone, with the pages that show it there. That the names were read is recorded."""
    row, now = cohort_for(request, cohort), timezone.now()
    if not settings.KEEPING:
        raise Http404
    told = _told(request, row, now)
    actions.note_names_read(by=request.user, rows=len(told["members"]), at=now)
    return JsonResponse({"list": told, "pages": kept.pages_of_lists(request)})


def _told(request, cohort, now: datetime) -> dict:
    """Return a list as the phone keeps it: numbers, names, sessions, who is down; nothing of what anybody learned."""
    found = queries.attendance_list(cohort, queries.members_inside(request.user, cohort), at=now)
    return {
        "place": str(cohort.public_id),
        "name": cohort.name,
        "language": get_language(),
        "at": now.isoformat(),
        "until": found.until.isoformat(),
        "sessions": [_session(one, cohort.place) for one in found.sessions],
        "members": [_member(one) for one in found.lines],
    }


def _session(session: Session, place: str) -> dict:
    return {
        "id": session.key,
        "when": date_format(timezone.localtime(session.starts_at), "DATETIME_FORMAT"),
        "opens": (session.starts_at - actions.EARLY).isoformat(),
        "ends": session.ends_at.isoformat(),
        "minutes": session.minutes,
        "where": session.place or place,
    }


def _member(one: queries.Listed) -> dict:
    standings = {key: {"minutes": it.minutes, "told": it.told} for key, it in one.standings.items()}
    return {"id": str(one.member.public_id), "number": one.member.number, "name": one.name, "stands": standings}
