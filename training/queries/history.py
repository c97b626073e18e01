"""Everything a learner did and was told, as she reads and downloads it: her own events, newest first."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, IntegerField, Q, Value

from training import progress, scenarios
from training.choices import LESSON_ENDED, STORY_CHOICE, WAIVER_TAKEN_BACK, Form, Source, Track, Verb
from training.models import Attempt, Event
from training.queries import versions
from training.queries.course_rows import Words
from training.queries.decisions import is_waiver_taken_back, reason_of
from training.queries.holders import own
from training.queries.off import courses_known

PLACED = (Verb.REACHED, Verb.CHOSE)  # told by the edition: which screen it was, whether the story was at its end


@dataclass(frozen=True)
class Entry:
    """One event in words: what, in which course and lesson, when, in which language, by which road.

    `edition_of` is the country by whose numbers the edition is told; `is_elsewhere`: that is another one than hers now.
    `result` is the test whose result can be read again, where one was handed in.
    """

    id: str
    at: dt.datetime
    received_at: dt.datetime
    what: str
    about: str
    course: Words | None
    lesson: Words | None
    language: str
    road: str
    edition: int
    edition_of: str
    is_elsewhere: bool
    payload: str
    result: uuid.UUID | None = None


def events_of(user):
    """Return a person's own events, newest first by the corrected clock; those of one instant as they came."""
    hers = Q(**own(user)) | Q(**own(user, "learner__merged_into"))
    rows = Event.objects.filter(hers).select_related("course_version")
    milliseconds = ExpressionWrapper(F("clock_offset_ms"), output_field=IntegerField())  # SQLite multiplies no other
    offset = ExpressionWrapper(milliseconds * Value(dt.timedelta(milliseconds=1)), output_field=DurationField())
    corrected = ExpressionWrapper(F("occurred_at") + offset, output_field=DateTimeField())
    return rows.defer("course_version__body").order_by(
        corrected.desc(), "-received_at", F("device_seq").desc(nulls_last=True), "-pk"
    )


def history(user, events, language: str) -> list[Entry]:
    """Return some of a person's events in words; three queries however many, one more for editions not in memory."""
    found = list(events)
    rows = {row.page: row for row in courses_known(language, {one.course_version.course_id for one in found})}
    names = {one.id: one.heading for row in rows.values() for one in (*row.lessons, *row.stories)}
    editions = versions.values_of(str(one.course_version.public_id) for one in found if one.verb in PLACED)
    voided = (key for one in found if one.verb == Verb.VOIDED for key in progress.read(one.payload)["attempts"])
    keys = {one.attempt for one in found if one.attempt} | {uuid.UUID(key) for key in voided}
    forms = dict(Attempt.objects.filter(public_id__in=keys).values_list("public_id", "form")) if keys else {}
    return [
        _entry(
            event, rows.get(event.course_version.course_id), names, forms, user.country_id, _activity(event, editions)
        )
        for event in found
    ]


def _activity(event: Event, editions: dict[str, progress.Version]) -> progress.Activity | None:
    """Return the lesson or story of an event as its edition has it, where something is told by it."""
    edition = editions.get(str(event.course_version.public_id)) if event.verb in PLACED else None
    return edition.activity(str(event.activity)) if edition else None


def _entry(
    event: Event, course, names: dict[str, Words], forms: dict, home: str | None, activity: progress.Activity | None
) -> Entry:
    there = event.course_version.country_id or ""
    return Entry(
        id=str(event.pk),
        at=min(event.occurred_at + dt.timedelta(milliseconds=event.clock_offset_ms), event.received_at),
        received_at=event.received_at,
        what=_what(event, activity),
        about=_about(event, forms, activity),
        course=course.heading if course else None,
        lesson=names.get(str(event.activity)),
        language=event.language,
        road=str(Source(event.source).label),
        edition=event.course_version.number,
        edition_of=course.country_names.get(there, there) if course else there,
        is_elsewhere=bool(there) and there != home,
        payload=event.payload,
        result=event.attempt if event.verb == Verb.SUBMITTED and event.attempt in forms else None,
    )


def _what(event: Event, activity: progress.Activity | None) -> str:
    """Return what was done; a choice that ended no story has not played it."""
    if is_waiver_taken_back(event):
        return str(WAIVER_TAKEN_BACK)
    if event.verb == Verb.CHOSE and activity and not _is_played(event, activity):
        return str(STORY_CHOICE)
    is_end = event.verb == Verb.REACHED and progress.read(event.payload).get("screen") == progress.END
    return str(LESSON_ENDED if is_end else Verb(event.verb).label)


def _is_played(event: Event, activity: progress.Activity) -> bool:
    return bool(activity.graph and scenarios.walk(activity.graph, progress.read(event.payload)["path"]).end)


def _place(event: Event, screens: tuple[str, ...]) -> str:
    """Return which screen of how many was read; nothing of the end of a lesson."""
    screen = progress.read(event.payload).get("screen")
    return f"{screens.index(screen) + 1}/{len(screens)}" if screen in screens else ""


def _about(event: Event, forms: dict, activity: progress.Activity | None) -> str:
    """Return what else there is to say: which screen, test or group of readers, why it was set aside or waived."""
    if event.verb == Verb.REACHED and activity:
        return _place(event, activity.screens)
    if event.attempt in forms:
        return str(Form(forms[event.attempt]).label)
    if event.verb == Verb.TRACKED:
        track = progress.read(event.payload)["track"]
        return str(Track(track).label) if track in Track.values else track
    if event.verb in {Verb.VOIDED, Verb.WAIVED}:
        payload = progress.read(event.payload)
        tests = [str(Form(forms[key]).label) for key in map(uuid.UUID, payload.get("attempts", ())) if key in forms]
        return " · ".join([*tests, reason_of(event)])
    return ""
