"""Attendance: ticked by the trainer, copied from paper, shown by a code; and taken back by name."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actions import record, record_many
from accounts.chain import actor_id
from training import progress
from training.actions.attending import is_ahead
from training.actions.events import Arrival, Outcome, Sending
from training.actions.recording import record_events
from training.actions.recording_many import locked_enrolments, record_for_all
from training.choices import How, Reason, Source, Verb
from training.exchange import stable_id
from training.models import Enrolment, Member, Session

SOURCES = {How.TRAINER: Source.SHEET, How.PAPER: Source.PAPER, How.PHONE: Source.FORM}


class SessionAhead(Exception):
    """Raised when somebody is ticked before a session begins; tick her then."""

    def __init__(self):
        super().__init__(_("This session has not begun yet. Attendance counts from half an hour before it begins."))


class NotTaken(Exception):
    """Raised when a tick is refused, as of somebody who left the cohort a moment ago; look at the list anew."""

    def __init__(self, reason: str):
        super().__init__(Reason(reason).label)


class NotPresent(LookupError):
    """Raised when attendance is taken back of somebody who is not down as present; nothing is to be done."""

    def __init__(self):
        super().__init__(_("She or he is not down as present at this session."))


@transaction.atomic
def mark_attendance(
    *, session: Session, members: Sequence[Member], how: str, by, at: dt.datetime, minutes: int | None = None
) -> int:
    """Note who was at a session, as an event each; return how many are down now who were not before.

    `minutes` is how long they stayed, the whole session when nothing is said. The same tick again is the same event;
    two ways for one session are one attendance, and the longer one counts.
    """
    if is_ahead(session, at):
        raise SessionAhead
    stayed = min(minutes or session.minutes, session.minutes)
    return note_present(session=session, ticks=_ticks(session, members, how, stayed, at), how=how, by=by, at=at)


def note_present(*, session: Session, ticks: list[tuple[Enrolment, Arrival]], how: str, by, at: dt.datetime) -> int:
    """Store ticks of a session that were judged, of enrolments that are locked; return how many are new. Recorded once."""
    new = record_for_all(ticks, Sending(SOURCES[how], at, actor_id(by)))
    if new:
        country = session.cohort.country_id
        record(
            by=by, verb="training.attendance_marked", thing=session, at=at, country=country, count=new, how=how
        )  # fmt: skip
    return new


def _ticks(
    session: Session, members: Sequence[Member], how: str, minutes: int, at: dt.datetime
) -> list[tuple[Enrolment, Arrival]]:
    """Return the ticks of those who are not down with as many minutes already; all are locked before the first event."""
    key, ticks = str(session.public_id), []
    enrolments = locked_enrolments([member.enrolment_id for member in members])
    # After the wait: a session may have been dropped, and somebody taken out, a moment ago.
    inside = Member.objects.of_the_country().filter(Q(left_at=None) | Q(left_at__gt=at), cohort__sessions=session.pk)
    if inside.filter(pk__in=[one.pk for one in members]).count() < len({one.pk for one in members}):
        raise NotTaken(Reason.UNKNOWN_SESSION)
    for enrolment in enrolments:
        state = progress.read_state(enrolment.progress.state)
        if progress.attended(state).get(key, 0) < minutes:
            taken_back = sum(1 for one in state.get("attended", {}) if one.startswith(f"{key}/"))
            event = stable_id("attended", key, str(enrolment.public_id), str(minutes), str(taken_back))
            ticks.append(tick(enrolment, session, event, minutes=minutes, how=how, at=at))
    return ticks


def tick(
    enrolment: Enrolment, session: Session, key: uuid.UUID, *, minutes: int, how: str, at: dt.datetime,
    typed: int | None = None,
) -> tuple[Enrolment, Arrival]:  # fmt: skip
    """Return one tick of somebody at a session, under the id `key`, seen at `at`; `typed` is kept where it was longer."""
    payload = {"session": session.key, "minutes": minutes, "how": str(how)}
    payload |= {"typed": typed} if typed and typed != minutes else {}
    return enrolment, _arrival(enrolment, Verb.ATTENDED, key, payload, at)


def _enrolment(member: Member) -> Enrolment:
    """Lock the enrolment of a member, then read what stands."""
    return locked_enrolments([member.enrolment_id])[0]


def _arrival(enrolment: Enrolment, verb: str, key: uuid.UUID, payload: dict, at: dt.datetime) -> Arrival:
    return Arrival(
        id=key,
        verb=verb,
        version=str(enrolment.version.public_id),
        language=enrolment.learner.user.language,
        occurred_at=at,
        payload=payload,
    )


@transaction.atomic
def attend_by_code(*, user, session: uuid.UUID, code: str, at: dt.datetime) -> Outcome:
    """Note that somebody typed the code of a session on her phone; what was wrong stands in the outcome."""
    rows = Member.objects.inside().filter(cohort__sessions__public_id=session, enrolment__learner__user=user)
    member = rows.first()
    if member is None:
        return Outcome("", "rejected", "unknown_session")
    enrolment, row = _enrolment(member), Session.objects.get(public_id=session)
    payload = {"session": str(session), "minutes": row.minutes, "how": How.PHONE.value, "code": code}
    arrival = _arrival(enrolment, Verb.ATTENDED, uuid.uuid4(), payload, at)
    if str(session) in progress.attended(progress.read_state(enrolment.progress.state)):
        return Outcome(str(arrival.id), "duplicate")
    return record_events(learner=enrolment.learner, arrivals=[arrival], source=Source.FORM, at=at)[0]


@dataclass(frozen=True)
class TakenBack:
    """That the holder of a locked enrolment was not at a session, or not as long as was said: the id of the event, the reason."""

    session: Session
    enrolment: Enrolment
    key: uuid.UUID
    reason: str


@transaction.atomic
def take_back(*, session: Session, member: Member, reason: str, by, at: dt.datetime) -> None:
    """Take attendance back, by name and with a reason (a code of VoidReason): an event that sets the others aside."""
    note_taken_back(taken=[TakenBack(session, _enrolment(member), uuid.uuid4(), reason)], by=by, at=at)


def note_taken_back(*, taken: Sequence[TakenBack], by, at: dt.datetime) -> None:
    """Set aside whatever says that people were at sessions; each is an act of the audit log, all appended in one go."""
    told = [(one.enrolment, _setting_aside(one, at)) for one in taken]
    record_for_all(told, Sending(Source.SYSTEM, at, actor_id(by)))
    record_many(
        by=by, at=at,
        acts=[
            ("training.attendance_voided", one.session, one.session.cohort.country_id, {"reason": str(one.reason)})
            for one in taken
        ],
    )  # fmt: skip


def _setting_aside(one: TakenBack, at: dt.datetime) -> Arrival:
    seen = progress.seen_by(progress.read_state(one.enrolment.progress.state), one.session.key)
    if not seen:
        raise NotPresent
    payload = {"attempts": [], "events": list(seen), "reason": str(one.reason)}
    return _arrival(one.enrolment, Verb.VOIDED, one.key, payload, at)
