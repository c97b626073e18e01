"""What a trainer's telephone asks of the server: a sending of fifty marks, ticks and ticks that are taken back."""

import json
import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Country, User
from cms.bench import Figure, Unexpected, ask, cpu, session_cookie, statements, text_of
from cms.bench_sending import Door, door_of
from training import actions
from training.choices import How, Road, VoidReason
from training.models import Cohort, Enrolment, Member, Progress, Session

MARKS, BUDGET = 50, 60  # of fifty learners, each with her own progress: more work than fifty events of one
SENDING = "/api/attendance/"


def figures(application, enrolment: Enrolment, turns: int) -> list[Figure]:
    """Measure sendings of a trainer's whole group, who are as far in a course as somebody is; a group for each kind."""
    found = []
    for kind, minutes, known in (("ticks", None, 0), ("ticks taken back", 0, 1)):
        now = timezone.now()
        trainer, session = _group(enrolment, now)
        members = list(session.cohort.members.all())
        if known:
            actions.mark_attendance(session=session, members=members, how=How.TRAINER, by=trainer, at=now)
        door = door_of(application, SENDING, session_cookie(trainer))
        before = list(Progress.objects.filter(enrolment__memberships__cohort=session.cohort))

        def send(door=door, session=session, members=members, minutes=minutes, known=known):
            body = _envelope(door, session, members, minutes, known).encode()
            answer = ask(application, SENDING, cookie=door.cookie, method="POST", body=body, headers=door.headers)
            if text_of(answer).count('"accepted"') != MARKS:
                raise Unexpected(SENDING)

        def unsaid(before=before):
            Progress.objects.bulk_update(before, ["state"])

        name = f"sending of {MARKS} {kind}"
        found += [
            Figure(f"{name}: queries", statements(send), ""),
            Figure(f"{name}: CPU", cpu(send, max(turns // 4, 1), unsaid), "ms", BUDGET),
        ]
    return found


@transaction.atomic
def _group(enrolment: Enrolment, at: datetime) -> tuple[User, Session]:
    """Make a group in which a session has begun, with its trainer."""
    country = Country.objects.get(pk=enrolment.learner.user.country_id)
    trainer, *people = (_person(country, role) for role in ("trainer", *("learner",) * MARKS))
    cohort = Cohort.objects.create(
        course=enrolment.course, country=country, name="Bench", begins_on=at.date(), made_by="bench", made_at=at
    )
    cohort.trainers.add(trainer)
    session = actions.plan_session(
        cohort=cohort, starts_at=at - timedelta(minutes=30), minutes=120, place="", by=trainer, at=at
    )
    Member.objects.bulk_create(
        Member(cohort=cohort, enrolment=_as_far(user, enrolment, at), number=number, road=Road.FILE, joined_at=at)
        for number, user in enumerate(people, 1)
    )
    return trainer, session


def _as_far(user: User, enrolment: Enrolment, at: datetime) -> Enrolment:
    """Let somebody be as far in a course as somebody else is."""
    learner, done = actions.learner_of(user), enrolment.progress
    hers = Enrolment.objects.create(
        learner=learner, course=enrolment.course, version=enrolment.version, started_at=at - timedelta(days=1)
    )
    Progress.objects.create(enrolment=hers, state=done.state, sha256=done.sha256, fold=done.fold)
    return hers


def _person(country: Country, role: str) -> User:
    user = User(email=f"bench-{uuid.uuid4().hex}@example.org", name="Bench", country=country)
    user.role_codes = (role,)
    user.set_unusable_password()
    user.save()
    return user


def _envelope(door: Door, session: Session, members: list[Member], minutes: int | None, known: int) -> str:
    at = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    facts = {
        "cohort": str(session.cohort.public_id), "session": session.key, "minutes": minutes, "told": known,
        "reason": VoidReason.NOT_THERE if minutes == 0 else "",
    }  # fmt: skip
    events = [
        {
            "id": str(uuid.uuid4()), "seq": seq + 1, "verb": "attended", "activity": "", "version": "",
            "language": "en", "occurred_at": at, "payload": facts | {"member": str(member.public_id)},
        }
        for seq, member in enumerate(members)
    ]  # fmt: skip
    return json.dumps(
        {"schema": "attendance/1", "who": door.who, "device": str(uuid.uuid4()), "sent_at": at, "events": events}
    )
