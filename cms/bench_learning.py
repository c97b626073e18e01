"""What a learner's telephone asks of the server beside lessons: the pages around them, and a sending of fifty events.

A trainer's telephone, which sends what she ticked of others, is measured beside it.
"""

import json
import uuid
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone, translation

from cms import bench_marks
from cms.bench import Figure, NothingToMeasure, Unexpected, ask, cpu, session_cookie, text_of, usual_statements
from cms.bench_sending import door_of
from training import progress
from training.models import Enrolment

EVENTS = 50
SENDING = "/api/progress/"


def figures(application, turns: int) -> list[Figure]:
    """Measure the pages around a lesson for somebody who is in the middle of a course, and her telephone's sending."""
    enrolment = (
        Enrolment.objects.filter(learner__user__isnull=False, progress__completed_at=None)
        .select_related("learner__user", "version", "course")
        .order_by("-progress__done", "pk")
        .first()
    )
    if enrolment is None:
        raise NothingToMeasure
    cookie = session_cookie(enrolment.learner.user)
    return [
        *_page_figures(application, cookie, enrolment, turns),
        *_sending_figures(application, cookie, enrolment, turns),
        *bench_marks.figures(application, enrolment, turns),
    ]


def _page_figures(application, cookie: str, enrolment: Enrolment, turns: int) -> list[Figure]:
    found = []
    with translation.override("en"):
        pages = {
            "catalogue": reverse("training:catalogue"),
            "course": enrolment.course.get_url(),
            "my learning": reverse("training:learning"),
        }
    for name, path in pages.items():

        def act(path=path):
            return ask(application, path, cookie=cookie)

        if not act().status.startswith("200"):
            raise Unexpected(path)
        found += [
            Figure(f"{name}, signed in: queries", usual_statements(act), "", 8),
            Figure(f"{name}, signed in: CPU", cpu(act, turns), "ms", 8),
        ]
    return found


def _sending_figures(application, cookie: str, enrolment: Enrolment, turns: int) -> list[Figure]:
    """Measure sendings of fifty new events each, every one from a telephone of its own."""
    door = door_of(application, SENDING, cookie)

    def send():
        body = json.dumps(_envelope(door.who, enrolment)).encode()
        answer = ask(application, SENDING, cookie=door.cookie, method="POST", body=body, headers=door.headers)
        if text_of(answer).count('"accepted"') != EVENTS:
            raise Unexpected(SENDING)

    return [Figure(f"sending of {EVENTS} events: CPU", cpu(send, turns), "ms", 40)]


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
