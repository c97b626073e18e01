"""GET and POST /api/progress/ and /api/attendance/: a batch in, one answer for each, never a server error for odd input.

The first takes what a learner did, the second what a trainer ticked of others; door, envelope and greeting are the same.
POST /api/erased/ tells a phone which of the codes that were used on it are erased.
"""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from django.http import JsonResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.actions import count_attempt
from accounts.middleware import has_second_factor
from accounts.queries import client_address
from languages.text import whole
from training import actions, queries
from training.choices import Source
from training.models import Learner, Progress
from training.rules import ROUTES
from training.views.refreshed import taken, tell_refreshed

PROGRESS, ATTENDANCE = "progress/1", "attendance/1"
MEMBERS = ("schema", "who", "device", "sent_at", "events")
MOST_EVENTS, MOST_BYTES = 50, 262_144
MOST_GROUPS = 100
MOST_PEOPLE = 50
CALLS, WINDOW = 120, 600
CALLS_AN_ADDRESS = 600  # a class stands behind one network


class Refused(Exception):
    """Raised when the whole sending cannot be taken: status, a code, the member it is about and what is wrong with it.

    What the member holds is never sent back.
    """

    def __init__(self, status: int, detail: str, parameter: str = "", *, fault: str = "", retry_after: int = 0):
        self.status, self.detail, self.parameter, self.fault = status, detail, parameter, fault
        self.retry_after = retry_after
        super().__init__(detail)

    @property
    def response(self) -> JsonResponse:
        """Return the answer to send."""
        told = {"detail": self.detail} | ({"parameter": self.parameter} if self.parameter else {})
        told |= {"fault": self.fault} if self.fault else {}
        response = JsonResponse(told, status=self.status)
        if self.retry_after:
            response["Retry-After"] = str(self.retry_after)
        return response


@csrf_exempt  # checked below, so that the answer is JSON with the reason
@never_cache
@require_http_methods(["GET", "POST"])
def progress_view(request):
    """Answer who is signed in, or whether a code is hers now, or take a batch of events."""
    if not request.user.is_authenticated:
        return Refused(401, "sign_in").response
    return _answered(request, _take)


@csrf_exempt  # checked below, as above
@never_cache
@require_http_methods(["GET", "POST"])
def attendance_view(request):
    """Answer who is signed in or which groups are not hers, or take a batch of marks that a trainer's phone kept."""
    if request.user.has_role(*ROUTES["training:session"].who) and not has_second_factor(request):
        return Refused(401, "sign_in").response  # as at the page on which the same is done with a network
    if request.method == "GET" and (asked := request.GET.get("groups")):
        return JsonResponse({"gone": _not_hers(request.user, asked.split(",")[:MOST_GROUPS])})
    return _answered(request, _take_marks)


@csrf_exempt  # it is nobody's session that asks, and nothing is changed
@never_cache
@require_http_methods(["POST"])
def erased_view(request):
    """Answer which of the ids in the body are of progress codes that were erased, and nothing else of any of them.

    A phone empties itself on this word alone: what is unknown, stands, was replaced or taken over is never among them.
    """
    try:
        return JsonResponse({"erased": _erased(request)})
    except Refused as refused:
        return refused.response


def _erased(request) -> list[str]:
    _check_kind(request)
    key = f"erased:{client_address(request)}"
    if not count_attempt(key=key, limit=CALLS_AN_ADDRESS, seconds=WINDOW, at=timezone.now()):
        raise Refused(429, "too_many", retry_after=WINDOW)
    told = _json(request)
    names = told.get("who") if isinstance(told, dict) else None
    if not isinstance(names, list) or not 1 <= len(names) <= MOST_PEOPLE:
        raise Refused(400, "who", "who")
    keys = {name: key for name in names if (key := actions.uuid_of(name))}
    erased = queries.erased_of(keys.values())
    return [name for name, key in keys.items() if key in erased]


def _not_hers(user, names: list[str]) -> list[str]:
    """Return which of the groups named are none of hers: a phone that keeps their lists takes them off."""
    keys = {name: actions.uuid_of(name) for name in names}
    found = queries.cohorts_visible_to(user).filter(public_id__in=[key for key in keys.values() if key])
    hers = set(found.values_list("public_id", flat=True))
    return [name for name, key in keys.items() if key not in hers]


def _answered(request, take) -> JsonResponse:
    try:
        return _hello(request) if request.method == "GET" else take(request)
    except Refused as refused:
        return refused.response


def _now_text(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _hello(request) -> JsonResponse:
    learner = actions.learner_of(request.user)
    if other := request.GET.get("as"):
        return JsonResponse({"mine": queries.taken_over(learner, other) is not None})
    return JsonResponse(
        {
            "who": str(learner.public_id),
            "csrf": get_token(request),
            "now": _now_text(timezone.now()),
            "limits": {"events": MOST_EVENTS, "bytes": MOST_BYTES},
        }
    )


@dataclass(frozen=True)
class _Batch:
    """A sound sending: whose, under which code that she took over, when it came, what it holds, how far its clock is off."""

    learner: Learner
    holder: Learner | None
    now: datetime
    arrivals: list
    offset_ms: int


def _batch(request, schema: str) -> _Batch:
    now = timezone.now()
    _check_door(request, now, schema)
    envelope = _envelope(request, schema)
    learner = actions.learner_of(request.user)
    is_own = envelope["who"] == str(learner.public_id)
    holder = queries.taken_over(learner, envelope["who"]) if schema == PROGRESS and not is_own else None
    if not is_own and holder is None:
        raise Refused(403, "who", "who")
    device = actions.uuid_of(envelope["device"])
    sent = actions.instant_from(envelope["sent_at"])
    if device is None or sent is None:
        raise Refused(400, "envelope", "device" if device is None else "sent_at", fault="malformed")
    arrivals = [actions.arrival_of(event, device) for event in envelope["events"]]
    return _Batch(learner, holder, now, arrivals, (now - sent) // timedelta(milliseconds=1))


def _take(request) -> JsonResponse:
    batch = _batch(request, PROGRESS)
    told = {"arrivals": batch.arrivals, "at": batch.now, "offset_ms": batch.offset_ms}
    outcomes = (
        actions.record_events(learner=batch.learner, source=Source.WEB, **told)
        if batch.holder is None
        else actions.record_of_code(learner=batch.learner, holder=batch.holder, **told)
    )
    if batch.holder is None:
        tell_refreshed(request, batch.learner, taken(batch.arrivals, outcomes), batch.now)
    told = {"results": [_result(one) for one in outcomes], "progress": _progress(batch.learner, batch.arrivals)}
    return JsonResponse({"now": _now_text(batch.now)} | told)


def _take_marks(request) -> JsonResponse:
    batch = _batch(request, ATTENDANCE)
    answers = actions.take_marks(arrivals=batch.arrivals, by=request.user, at=batch.now, offset_ms=batch.offset_ms)
    return JsonResponse({"now": _now_text(batch.now), "results": [_result(one) | _stands(one) for one in answers]})


def _result(outcome) -> dict:
    return {"id": outcome.id, "status": outcome.status} | ({"reason": str(outcome.reason)} if outcome.reason else {})


def _stands(answer) -> dict:
    """Return how somebody stands after a mark, and who noted something else meanwhile."""
    told: dict = {"stands": asdict(answer.standing)} if answer.standing else {}
    if answer.said:
        told["said"] = asdict(answer.said) | {"at": _now_text(answer.said.at)}
    return told


def _check_kind(request) -> None:
    if not request.content_type == "application/json":
        raise Refused(415, "content_type")
    length = whole(request.META.get("CONTENT_LENGTH") or "0")
    if length is None or length > MOST_BYTES:
        raise Refused(413, "too_large")


def _check_door(request, now: datetime, schema: str) -> None:
    _check_kind(request)
    if _csrf_fault(request):
        raise Refused(403, "csrf")
    door = schema.partition("/")[0]
    if not count_attempt(key=f"{door}:{request.user.public_id}", limit=CALLS, seconds=WINDOW, at=now):
        raise Refused(429, "too_many", retry_after=WINDOW)


def _csrf_fault(request) -> bool:
    """Tell whether Django's own check refuses the request."""
    request.csrf_processing_done = False
    check = CsrfViewMiddleware(lambda _request: None)
    check.process_request(request)
    return check.process_view(request, _unexempt, (), {}) is not None


def _unexempt(request):
    """Stand for this view in Django's check, without the exemption."""


def _json(request):
    body = request.body
    if len(body) > MOST_BYTES:
        raise Refused(413, "too_large")
    try:
        return actions.read_json(body)
    except ValueError as error:
        raise Refused(400, "json") from error


def _envelope(request, schema: str) -> dict:
    envelope = _json(request)
    if not isinstance(envelope, dict):
        raise Refused(400, "envelope")
    wrong = next((name for name in (*MEMBERS, *envelope) if (name in MEMBERS) is not (name in envelope)), None)
    if wrong is not None:
        raise Refused(400, "envelope", wrong[:40], fault="missing" if wrong in MEMBERS else "unknown")
    if envelope["schema"] != schema:
        raise Refused(400, "schema", "schema")
    events = envelope["events"]
    if not isinstance(events, list) or not 1 <= len(events) <= MOST_EVENTS:
        raise Refused(400, "events", "events")
    return envelope


def _progress(learner, arrivals) -> list[dict]:
    keys = {arrival.version for arrival in arrivals if arrival.version}
    rows = (
        Progress.objects.filter(enrolment__learner=learner, enrolment__course__versions__public_id__in=keys)
        .distinct()
        .values_list("enrolment__version__public_id", "done", "of")
    )
    return [{"version": str(version), "done": done, "of": of} for version, done, of in rows]
