"""A trainer's attendance list on her own phone: where she keeps it, what goes along, and what comes back as a file."""

import json
import zlib
from datetime import datetime

from django.conf import settings
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.views.clocks import in_own_time
from training import actions, queries
from training.choices import Reason
from training.forms import MarksFileForm
from training.models import Session
from training.views import kept
from training.views.cohorts import cohort_for

FILE_OF_ANOTHER = _("Somebody else made these marks. Whoever ticked them hands the file in, signed in as herself.")


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


@require_http_methods(["GET", "POST"])
@in_own_time
def marks_file(request, cohort):
    """Take in the marks that a trainer took out of her phone as a file, and say what became of each."""
    row, now = cohort_for(request, cohort), timezone.now()
    form = MarksFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    context = {"cohort": row, "form": form}
    if not form.is_valid():
        return render(request, "training/marks_file.html", context, status=422 if form.is_bound else 200)
    file = form.cleaned_data["file"]
    try:
        answers = actions.send_marks(file=file, by=request.user, at=now)
    except actions.FileOfAnother:
        form.add_error("file", FILE_OF_ANOTHER)
        return render(request, "training/marks_file.html", context, status=422)
    found = queries.attendance_list(row, queries.members_inside(request.user, row), at=now)
    actions.note_names_read(by=request.user, rows=len(found.lines), at=now)
    rows = [_marked(arrival.payload, answer, found) for arrival, answer in zip(file.arrivals, answers, strict=True)]
    arrived = sum(1 for one in answers if one.status in actions.TAKEN)
    return render(request, "training/marks_file.html", context | {"rows": rows, "arrived": arrived})


def _marked(told: dict | None, answer, found: queries.AttendanceList) -> dict:
    """Return what is told of one mark: of whom in this group, which session, how long, what became of it."""
    told = told or {}
    person, place = actions.uuid_of(told.get("member")), actions.uuid_of(told.get("session"))
    member = next((one for one in found.lines if one.member.public_id == person), None)
    session = next((one for one in found.sessions if one.public_id == place), None)
    return {
        "member": member,
        "session": session,
        "is_stay": member is not None and "minutes" in told and actions.is_stay(told["minutes"]),
        "minutes": told.get("minutes"),
        "status": answer.status,
        "reason": Reason(answer.reason).label if answer.reason in Reason.values else answer.reason,
    }
