"""Who was at which session, as a trainer's phone takes it along, and who said last what stands of somebody."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import User
from training import progress
from training.choices import How, Verb
from training.models import Cohort, Event, Member, Session

KEPT_AFTER = dt.timedelta(days=7)  # a list is of no use much longer than its last session


@dataclass(frozen=True)
class Standing:
    """How somebody stands with one session: for how many minutes, none when she is not down, and what was said so far.

    `told` never falls (`progress.told_of`): a phone that names it shows what it knew.
    """

    minutes: int
    told: int


def standing_at(state: progress.State, session: Session) -> Standing:
    """Return how somebody stands with a session, who stayed its own length at most."""
    minutes = progress.attended(state).get(session.key, 0)
    return Standing(min(minutes, session.minutes), progress.told_of(state, session.key))


@dataclass(frozen=True)
class Listed:
    """One member on a list: her number and name, and how she stands with each session of which something was said."""

    member: Member
    name: str
    standings: dict[str, Standing]


@dataclass(frozen=True)
class AttendanceList:
    """The list of a group: its sessions, its members by their numbers, until when a phone has a use for it."""

    cohort: Cohort
    sessions: tuple[Session, ...]
    lines: tuple[Listed, ...]
    until: dt.datetime


def attendance_list(cohort: Cohort, members: QuerySet[Member], *, at: dt.datetime) -> AttendanceList:
    """Return the list of a group for its trainer's phone; two queries whatever the number of members."""
    sessions = tuple(cohort.sessions.all())
    lines = tuple(_listed(member, sessions) for member in members)
    last = max([at, *(session.ends_at for session in sessions)])
    return AttendanceList(cohort, sessions, lines, last + KEPT_AFTER)


def _listed(member: Member, sessions: Sequence[Session]) -> Listed:
    state = progress.read_state(member.enrolment.progress.state)
    found = {session.key: standing_at(state, session) for session in sessions}
    standings = {key: standing for key, standing in found.items() if standing.told}
    return Listed(member, str(member.enrolment.learner.user), standings)


@dataclass(frozen=True)
class Said:
    """What was said last of somebody at a session: whether by a tick or by taking one back, by whom, how, when."""

    is_taken_back: bool
    by: str
    how: str
    at: dt.datetime


def last_said(pairs: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Said]:
    """Return what was said last of each pair of an enrolment and a session; two queries however many.

    For who may see these members: it names the trainers who ticked, nobody where a learner typed the code herself.
    """
    wanted = set(pairs)
    rows = Event.objects.filter(enrolment__in={key for key, _session in wanted}, verb__in=[Verb.ATTENDED, Verb.VOIDED])
    session_of: dict[str, str] = {}
    found: dict[tuple[int, str], tuple[Event, str]] = {}
    for row in rows.order_by("received_at", "verb", "id"):
        payload = progress.read(row.payload)
        if row.verb == Verb.ATTENDED:
            session_of[str(row.pk)] = payload["session"]
            found[row.enrolment_id, payload["session"]] = (row, payload["how"])
        else:
            for pair in {(row.enrolment_id, session_of[key]) for key in payload["events"] if key in session_of}:
                if str(found[pair][0].pk) in payload["events"]:  # else she was seen again since, or in its place
                    found[pair] = (row, "")
    names = _names(row.by for pair, (row, _how) in found.items() if pair in wanted)
    return {
        pair: Said(not how, names.get(row.by, "") if how != How.PHONE else "", how, row.received_at)
        for pair, (row, how) in found.items()
        if pair in wanted
    }


def _names(keys: Iterable[str]) -> dict[str, str]:
    """Return people's names by their public ids, as events bear them; what the system wrote has no name."""
    ids = {key for key in keys if len(key) == 36}
    return {str(user.public_id): str(user) for user in User.objects.filter(public_id__in=ids)}
