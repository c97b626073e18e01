"""Marks of attendance as a trainer's phone sends them, and who speaks of whom in them, for the tests of what becomes of them."""

import uuid

import pytest

from accounts.models import AuditEntry
from training import actions, queries
from training.actions.arriving import arrival_of
from training.choices import Road, VoidReason
from training.models import Event

DEVICE = uuid.UUID("00000000-0000-4000-8000-0000000000d1")


@pytest.fixture
def colleague(person, countries, cohort, trainer, at):
    """A second trainer of the same group."""
    other = person("trainer", country=countries["HT"], name="Colleague, Haiti")
    actions.change_cohort(cohort=cohort, trainers=[trainer, other], by=trainer, at=at)
    return other


@pytest.fixture
def members(cohort, person, countries, trainer, at):
    """Five members of the group."""
    people = [person("learner", country=countries["HT"]) for _place in range(5)]
    actions.add_members(cohort=cohort, users=people, road=Road.FILE, by=trainer, at=at)
    return list(cohort.members.order_by("number"))


def told(session, member, at, minutes=None, known=0, **changes):
    """Return a mark as a phone sends it; `changes` are of its payload, or of itself where they bear its names."""
    payload = {
        "cohort": str(member.cohort.public_id), "session": session.key, "member": str(member.public_id),
        "minutes": minutes, "reason": VoidReason.NOT_THERE.value if minutes == 0 else "", "told": known,
    }  # fmt: skip
    event = {
        "id": str(uuid.uuid4()), "seq": 1, "verb": "attended", "activity": "", "version": "", "language": "fr",
        "occurred_at": at.isoformat(),
    }  # fmt: skip
    own = {name: changes.pop(name) for name in list(changes) if name in event}
    return event | own | {"payload": payload | changes}


def taken(by, *marks, at):
    """Send marks; return their answers."""
    return actions.take_marks(arrivals=[arrival_of(one, DEVICE) for one in marks], by=by, at=at)


def codes(answers):
    """Return status and reason of answers."""
    return [(one.status, str(one.reason)) for one in answers]


def told_now(session, member):
    """Return what a phone that keeps the list now knows of somebody."""
    rows = queries.attendance_list(member.cohort, member.cohort.members.all(), at=session.starts_at)
    line = next(one for one in rows.lines if one.member == member)
    return line.standings.get(session.key, queries.Standing(0, 0))


def stored():
    """Return what a repeat may not change: every event, and how many acts the audit log has."""
    return sorted(Event.objects.values_list("pk", "sha256")), AuditEntry.objects.count()
