"""GET and POST /api/progress/: a batch of events in, one answer for each, never a server error for odd input."""

import json
import uuid
from datetime import UTC, datetime, timedelta

from django.http import JsonResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.actions import count_attempt
from languages.text import whole
from training import actions
from training.choices import Reason, Source
from training.models import Progress

SCHEMA = "progress/1"
MOST_EVENTS, MOST_BYTES = 50, 262_144
CALLS, WINDOW = 120, 600
FIELDS = {"id", "seq", "verb", "activity", "version", "language", "occurred_at", "payload"}
DEEPEST = 12


class Refused(Exception):
    """Raised when the whole sending cannot be taken: status, a code, and what it is about."""

    def __init__(self, status: int, detail: str, parameter: str = "", retry_after: int = 0):
        self.status, self.detail, self.parameter, self.retry_after = status, detail, parameter, retry_after
        super().__init__(detail)

    @property
    def response(self) -> JsonResponse:
        """Return the answer to send."""
        told = {"detail": self.detail} | ({"parameter": self.parameter} if self.parameter else {})
        response = JsonResponse(told, status=self.status)
        if self.retry_after:
            response["Retry-After"] = str(self.retry_after)
        return response


@csrf_exempt  # checked below, so that the answer is JSON with the reason
@never_cache
@require_http_methods(["GET", "POST"])
def progress_view(request):
    """Answer who is signed in, or take a batch of events."""
    if not request.user.is_authenticated:
        return Refused(401, "sign_in").response
    try:
        return _hello(request) if request.method == "GET" else _take(request)
    except Refused as refused:
        return refused.response


def _now_text(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _hello(request) -> JsonResponse:
    learner = actions.learner_of(request.user)
    return JsonResponse(
        {
            "who": str(learner.public_id),
            "csrf": get_token(request),
            "now": _now_text(timezone.now()),
            "limits": {"events": MOST_EVENTS, "bytes": MOST_BYTES},
        }
    )


def _take(request) -> JsonResponse:
    now = timezone.now()
    _check_door(request, now)
    envelope = _envelope(request)
    learner = actions.learner_of(request.user)
    if envelope["who"] != str(learner.public_id):
        raise Refused(403, "who")
    device = _uuid(envelope["device"])
    sent = _instant(envelope["sent_at"])
    if device is None or sent is None:
        raise Refused(400, "envelope", "device" if device is None else "sent_at")
    arrivals = [_arrival(event, device) for event in envelope["events"]]
    outcomes = actions.record_events(
        learner=learner,
        arrivals=arrivals,
        source=Source.WEB,
        at=now,
        offset_ms=(now - sent) // timedelta(milliseconds=1),
    )
    results = [
        {"id": one.id, "status": one.status} | ({"reason": str(one.reason)} if one.reason else {}) for one in outcomes
    ]
    return JsonResponse({"now": _now_text(now), "results": results, "progress": _progress(learner, arrivals)})


def _check_door(request, now: datetime) -> None:
    if not request.content_type == "application/json":
        raise Refused(415, "content_type")
    length = whole(request.META.get("CONTENT_LENGTH") or "0")
    if length is None or length > MOST_BYTES:
        raise Refused(413, "too_large")
    if _csrf_fault(request):
        raise Refused(403, "csrf")
    if not count_attempt(key=f"progress:{request.user.public_id}", limit=CALLS, seconds=WINDOW, at=now):
        raise Refused(429, "too_many", retry_after=WINDOW)


def _csrf_fault(request) -> bool:
    """Tell whether Django's own check refuses the request."""
    request.csrf_processing_done = False
    check = CsrfViewMiddleware(lambda _request: None)
    check.process_request(request)
    return check.process_view(request, _unexempt, (), {}) is not None


def _unexempt(request):
    """Stand for this view in Django's check, without the exemption."""


def _envelope(request) -> dict:
    body = request.body
    if len(body) > MOST_BYTES:
        raise Refused(413, "too_large")
    try:
        envelope = json.loads(body.decode("utf-8"), object_pairs_hook=_without_doubles, parse_constant=_no_constant)
        json.dumps(envelope, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Refused(400, "json") from error
    if not isinstance(envelope, dict) or set(envelope) != {"schema", "who", "device", "sent_at", "events"}:
        raise Refused(400, "envelope")
    if envelope["schema"] != SCHEMA:
        raise Refused(400, "schema", "schema")
    events = envelope["events"]
    if not isinstance(events, list) or not 1 <= len(events) <= MOST_EVENTS:
        raise Refused(400, "events", "events")
    if _depth(envelope) > DEEPEST or _has_nul(envelope):
        raise Refused(400, "json")
    return envelope


def _without_doubles(pairs: list) -> dict:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("A key stands twice.")
    return found


def _no_constant(name: str):
    raise ValueError(f"{name} is no number.")


def _depth(thing) -> int:
    if isinstance(thing, dict):
        return 1 + max((_depth(value) for value in thing.values()), default=0)
    if isinstance(thing, list):
        return 1 + max((_depth(value) for value in thing), default=0)
    return 0


def _has_nul(thing) -> bool:
    """Tell whether a text holds a true NUL, which no database keeps; the six signs that a person types for one are none."""
    if isinstance(thing, dict):
        return any(_has_nul(one) for pair in thing.items() for one in pair)
    if isinstance(thing, list):
        return any(_has_nul(one) for one in thing)
    return isinstance(thing, str) and "\x00" in thing


def _uuid(value) -> uuid.UUID | None:
    try:
        return uuid.UUID(value) if isinstance(value, str) and len(value) == 36 else None
    except ValueError:
        return None


def _instant(value) -> datetime | None:
    """Return an instant with a zone, in a range that arithmetic cannot leave."""
    try:
        found = parse_datetime(value) if isinstance(value, str) and len(value) <= 40 else None
    except ValueError:
        return None
    if found is None or found.tzinfo is None or not 1990 <= found.year <= 2200:
        return None
    return found.astimezone(UTC)


def _arrival(event, device: uuid.UUID) -> actions.Arrival:
    """Read one event; one that cannot be read is an arrival with its fault."""
    raw = json.dumps(event, ensure_ascii=False)
    name = event.get("id") if isinstance(event, dict) and isinstance(event.get("id"), str) else ""
    if not _is_sound(event):
        return actions.Arrival(id=_uuid(name), fault=Reason.MALFORMED, raw=raw, name=name[:40])
    return actions.Arrival(
        id=_uuid(event["id"]),
        verb=event["verb"],
        activity=str(_uuid(event["activity"]) or ""),
        version=str(_uuid(event["version"]) or ""),
        language=event["language"],
        occurred_at=_instant(event["occurred_at"]),
        payload=event["payload"],
        device=device,
        seq=event["seq"],
        raw=raw,
        name=name,
    )


def _is_sound(event) -> bool:
    return (
        isinstance(event, dict)
        and set(event) == FIELDS
        and _uuid(event["id"]) is not None
        and type(event["seq"]) is int
        and 0 <= event["seq"] < 2**53
        and all(isinstance(event[name], str) for name in ("verb", "activity", "version", "language"))
        and _instant(event["occurred_at"]) is not None
        and isinstance(event["payload"], dict)
        and not _has_float(event["payload"])
    )


def _has_float(thing) -> bool:
    """Tell whether a payload holds a number that is not whole, or too large for any clock."""
    if isinstance(thing, dict):
        return any(_has_float(value) for value in thing.values())
    if isinstance(thing, list):
        return any(_has_float(value) for value in thing)
    return isinstance(thing, float) or (isinstance(thing, int) and abs(thing) >= 2**53)


def _progress(learner, arrivals) -> list[dict]:
    keys = {arrival.version for arrival in arrivals if arrival.version}
    rows = (
        Progress.objects.filter(enrolment__learner=learner, enrolment__course__versions__public_id__in=keys)
        .distinct()
        .values_list("enrolment__version__public_id", "done", "of")
    )
    return [{"version": str(version), "done": done, "of": of} for version, done, of in rows]
