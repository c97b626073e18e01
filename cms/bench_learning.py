"""What a learner's telephone asks of the server beside lessons: the pages around them, and a sending of fifty events.

A trainer's telephone, which sends what she ticked of others, is measured beside it.
"""

import json
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone, translation

from cms import bench_marks
from cms.bench import Answer, Figure, NothingToMeasure, Unexpected, ask, cpu, session_cookie, text_of, usual_statements
from cms.bench_sending import door_of
from training import progress
from training.models import Attempt, CourseVersion, Enrolment, Member

EVENTS = 50
SENDINGS = 90  # of one telephone: with those of warm-up fewer than it may send in ten minutes
SENDING = "/api/progress/"


def figures(application, turns: int) -> list[Figure]:
    """Measure the pages around a lesson for the dearest of several learners, and the sending of one's telephone."""
    found = _learners()
    if not found:
        raise NothingToMeasure
    enrolment = found[0]
    cookie = session_cookie(enrolment.learner.user)
    return [
        *_page_figures(application, found, turns),
        *_sending_figures(application, cookie, enrolment, turns),
        *bench_marks.figures(application, enrolment, turns),
    ]


def _learners() -> list[Enrolment]:
    """Return one place in a course of each kind there is: first the furthest that is not finished, then whoever failed a
    test, was allowed one more try, has finished, owes a newer edition, is in a group, or moved to another country."""
    begun = (
        Enrolment.objects.filter(learner__user__isnull=False, progress__isnull=False, merged_into=None)
        .select_related("learner__user", "version", "course")
        .order_by("-progress__done", "pk")
    )
    newer = CourseVersion.objects.filter(
        course=OuterRef("course"), country=OuterRef("version__country"), number__gt=OuterRef("version__number")
    )
    kinds = (
        Q(progress__completed_at=None),
        Exists(Attempt.objects.filter(enrolment=OuterRef("pk"), passed=False)),
        Q(allowances__isnull=False),
        Q(progress__completed_at__isnull=False),
        Exists(newer),
        Exists(Member.objects.filter(enrolment=OuterRef("pk"), left_at=None)),
        ~Q(version__country=F("learner__user__country")),
    )
    found = [row for kind in kinds if (row := begun.filter(kind).first())]
    return list({row.pk: row for row in found}.values())


def _page_figures(application, learners: list[Enrolment], turns: int) -> list[Figure]:
    """Measure each page for all of them, and tell the one for whom it takes most statements."""
    found = []
    for name in ("catalogue", "course", "my learning"):
        acts = [_opening(application, name, enrolment) for enrolment in learners]
        counted = [usual_statements(act) for act in acts]
        dearest = acts[counted.index(max(counted))]
        found += [
            Figure(f"{name}, signed in: queries", max(counted), "", 8),
            Figure(f"{name}, signed in: CPU", cpu(dearest, turns), "ms", 8),
        ]
    return found


def _opening(application, name: str, enrolment: Enrolment) -> Callable[[], Answer]:
    """Return what opens a page as a learner does; it opened once before."""
    with translation.override("en"):
        paths = {"catalogue": reverse("training:catalogue"), "my learning": reverse("training:learning")}
        path = paths.get(name) or enrolment.course.get_url()
    cookie = session_cookie(enrolment.learner.user)

    def act() -> Answer:
        return ask(application, path, cookie=cookie)

    if not act().status.startswith("200"):
        raise Unexpected(path)
    return act


def _sending_figures(application, cookie: str, enrolment: Enrolment, turns: int) -> list[Figure]:
    """Measure sendings of fifty new events each, every one from a telephone of its own."""
    door = door_of(application, SENDING, cookie)

    def send():
        body = json.dumps(_envelope(door.who, enrolment)).encode()
        answer = ask(application, SENDING, cookie=door.cookie, method="POST", body=body, headers=door.headers)
        if text_of(answer).count('"accepted"') != EVENTS:
            raise Unexpected(SENDING)

    return [Figure(f"sending of {EVENTS} events: CPU", cpu(send, min(turns, SENDINGS)), "ms", 40)]


def _envelope(who: str, enrolment: Enrolment) -> dict:
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    places = [(lesson.id, screen) for lesson in version.lessons for screen in lesson.screens]
    at = timezone.now() - timedelta(minutes=5)
    events = [
        {
            "id": str(uuid.uuid4()), "seq": seq + 1, "verb": "reached", "activity": activity, "version": version.id,
            "language": "en", "occurred_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "payload": {"screen": screen},
        }
        for seq, (activity, screen) in enumerate((places * EVENTS)[:EVENTS])
    ]  # fmt: skip
    sent = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"schema": "progress/1", "who": who, "device": str(uuid.uuid4()), "sent_at": sent, "events": events}
