"""Events as xAPI statements, version 1.0.3 (github.com/adlnet/xAPI-Spec). Pure: values in, dictionaries out.

A statement has the id of its event and says what was so by then, so that sending it twice makes one: the result of a test
that was marked anew is in the statement of that, and the one of its handing-in stays. What a person typed, and what a
question says, is in none: objects are named by address and kind alone. Which answers were chosen is told where it is asked for. Addresses of verbs and objects stand under the
public address.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from training import grading

VERSION = "1.0.3"
VOIDED = "http://adlnet.gov/expapi/verbs/voided"
KINDS = {
    "course": "http://adlnet.gov/expapi/activities/course",
    "lesson": "http://adlnet.gov/expapi/activities/lesson",
    "test": "http://adlnet.gov/expapi/activities/assessment",
    "question": "http://adlnet.gov/expapi/activities/question",
    "scenario": "http://adlnet.gov/expapi/activities/simulation",
}


@dataclass(frozen=True)
class Result:
    """How a test stands: right answers of how many, and whether it is passed; a pre-test is neither passed nor failed."""

    right: int
    of: int
    passed: bool | None


@dataclass(frozen=True)
class Happened:
    """One event with what a statement tells about it.

    `learner`, `enrolment` and `by`, who of the staff did it for her, are numbers that stand on no page; `at` is the
    corrected time, `stored` when it arrived; `place` the kind of its activity; `items` the kinds of the questions there;
    `targets` the events that a voiding one takes back.
    """

    id: uuid.UUID
    learner: uuid.UUID
    enrolment: uuid.UUID
    course: str
    version: uuid.UUID
    edition: int
    verb: str
    activity: str
    place: str
    language: str
    at: datetime
    stored: datetime
    source: str
    by: uuid.UUID | None = None
    payload: Mapping = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    targets: tuple[uuid.UUID, ...] = ()
    result: Result | None = None


def statements_of(event: Happened, *, base: str, with_choices: bool) -> Iterator[dict]:
    """Yield the statements of an event: one, or one for each event that it voids; `with_choices`, what was chosen in it."""
    if event.targets:
        for target in event.targets:
            own = event.id if len(event.targets) == 1 else uuid.uuid5(event.id, str(target))
            yield _frame(event, base, own, {"id": VOIDED, "display": {"en": "voided"}}) | {
                "object": {"objectType": "StatementRef", "id": str(target)},
                "context": _context(event, base, is_activity=False),
            }
        return
    verb = {"id": f"{base}/xapi/verbs/{event.verb}", "display": {"en": event.verb}}
    thing, parents = _object(event, base)
    statement = _frame(event, base, event.id, verb) | {"object": thing, "context": _context(event, base, parents)}
    result = _result(event, base, with_choices=with_choices)
    yield statement | ({"result": result} if result else {})


def _frame(event: Happened, base: str, own: uuid.UUID, verb: dict) -> dict:
    return {
        "id": str(own),
        "actor": _agent(base, str(event.learner)),
        "verb": verb,
        "timestamp": _instant(event.at),
        "stored": _instant(event.stored),
        "version": "1.0.0",  # of the statement's form: all of 1.0.x bear this one
    }


def _agent(base: str, name: str) -> dict:
    return {"objectType": "Agent", "account": {"homePage": base, "name": name}}


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _activity(base: str, course: str, kind: str = "course", key: str = "") -> dict:
    address = f"{base}/xapi/courses/{course}" + (f"/{kind}/{key}" if key else "")
    definition = {"definition": {"type": KINDS[kind]}} if kind in KINDS else {}
    return {"objectType": "Activity", "id": address} | definition


def _object(event: Happened, base: str) -> tuple[dict, list[dict]]:
    """Return what the statement is about, and what that is a part of: a question or screen of a lesson or test."""
    if not event.activity:
        return _activity(base, event.course), []
    place = _activity(base, event.course, event.place, event.activity)
    part = {"reached": "screen", "acknowledged": "block", "answered": "item"}.get(event.verb)
    key = event.payload.get(part) if part else None
    if not key:
        return place, []
    kind = "question" if event.verb == "answered" else "screen"
    named = key if key != "end" else f"{event.activity}-end"
    return _activity(base, event.course, kind, named), [place]


def _context(event: Happened, base: str, parents: Sequence[dict] = (), *, is_activity: bool = True) -> dict:
    prefix = f"{base}/xapi/extensions"
    context = {
        "registration": str(event.enrolment),
        "extensions": {f"{prefix}/version": str(event.version), f"{prefix}/source": event.source},
    }
    if event.language:
        context["language"] = _tag(event.language)
    if is_activity:
        around = {"parent": list(parents)} if parents else {}
        context |= {
            "platform": "Fanal",
            "revision": str(event.edition),
            "contextActivities": around | {"grouping": [_activity(base, event.course)]},
        }
    if event.by:
        context["instructor"] = _agent(base, str(event.by))
    return context


def _tag(language: str) -> str:
    """Return a code of ours as RFC 5646 writes it."""
    first, _dash, region = language.partition("-")
    return f"{first}-{region.upper()}" if region else first


def _result(event: Happened, base: str, *, with_choices: bool) -> dict:
    prefix, payload = f"{base}/xapi/extensions", event.payload
    if event.verb in {"submitted", "regraded"} and event.result is not None:
        right, of = event.result.right, event.result.of
        score = {"raw": right, "min": 0, "max": of, "scaled": round(right / of, 4)} if of else {}
        told = {"completion": True} | ({} if event.result.passed is None else {"success": event.result.passed})
        return told | ({"score": score} if score else {})
    if event.verb == "answered":
        extensions = {f"{prefix}/turn": payload["turn"]} if "turn" in payload else {}
        if payload.get("attempt"):
            extensions[f"{prefix}/attempt"] = payload["attempt"]
        response = _response(payload.get("response"), event.items.get(payload.get("item", ""), "number"))
        told = {"response": response} if response and with_choices else {}
        return told | ({"extensions": extensions} if extensions else {})
    if event.verb == "focused":
        return {"duration": f"PT{max(0, payload['to'] - payload['from'])}S"}
    if event.verb == "chose":
        told = {"response": "[,]".join(payload.get("path", []))} if with_choices else {}
        return told | {"extensions": {f"{prefix}/play": payload.get("play", "")}}
    if event.verb == "moved":
        return {"extensions": {f"{prefix}/from": payload.get("from", ""), f"{prefix}/to": payload.get("to", "")}}
    return {}


def _response(response, kind: str) -> str:
    """Return which answers were chosen, by id, as interactions of the standard write them; nothing that was typed."""
    if kind in grading.TYPED or not response:  # an answer that was typed stays in the house
        return ""
    if isinstance(response, str):
        return response
    return "[,]".join("[.]".join(part) if isinstance(part, list) else part for part in response)
