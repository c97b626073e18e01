"""Sendings of a phone whose clock is in doubt, a deadline that rests on them, and the page that lists them."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup

from training import actions, progress, queries
from training.choices import Source
from training.demo.learners import take_test
from training.models import Cohort, Enrolment, Event, Progress

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
PAGE = "/en/reports/doubts/"
WAITS, MISSED = "In time only by a clock in doubt", "Finished after the deadline"


@pytest.fixture
def device():
    """The id of a phone's store."""
    return uuid.uuid4()


@pytest.fixture
def send(member, device):
    """A function by which the member's phone sends ends of lessons: what its clock told, when it came, how far it was off."""
    numbers = iter(range(1, 10_000))
    body = progress.version_of(str(member.enrolment.version.public_id), member.enrolment.version.body)

    def go(*places, told, came, offset=dt.timedelta(), source=Source.WEB, phone=device, screen="end"):
        arrivals = [
            actions.Arrival(
                id=uuid.uuid4(), verb="reached", activity=body.lessons[place].id, version=body.id, language="fr",
                occurred_at=told, payload={"screen": screen}, device=phone, seq=next(numbers) if phone else None,
            )
            for place in places
        ]  # fmt: skip
        offset_ms = offset // dt.timedelta(milliseconds=1)
        learner = member.enrolment.learner
        actions.record_events(learner=learner, arrivals=arrivals, source=source, at=came, offset_ms=offset_ms)

    return go


@pytest.fixture
def due(cohort, at):
    """The group's deadline: the end of the day after the course was begun; return that instant."""
    Cohort.objects.filter(pk=cohort.pk).update(due_on=at.date() + DAY)
    cohort.refresh_from_db()
    return queries.due_at(cohort)


@pytest.fixture
def late(member, send, due, at):
    """The member finishes by what came two hours after the deadline, from a clock that tells two days before it began."""
    came = due + 2 * MINUTE * 60
    enrolment = Enrolment.objects.get(pk=member.enrolment_id)
    sitting = take_test(enrolment, "fr", at)
    actions.record_events(learner=enrolment.learner, arrivals=[sitting], source=Source.FORM, at=at + MINUTE)
    send(0, 1, 2, 3, told=at - 2 * DAY, came=came)
    assert Progress.objects.get(enrolment=enrolment).completed_at < due
    return came


def flags():
    return [event.flags for event in Event.objects.filter(verb="reached").order_by("received_at", "device_seq")]


def rows(client, address=PAGE):
    found = BeautifulSoup(client.get(address).content, "html.parser").select_one("table")
    return found.select("tbody tr") if found else []


def press(client, row, verdict):
    form = row.select_one("form")
    fields = {
        one["name"]: one["value"] for one in form.select("input[type=hidden]") if one["name"] != "csrfmiddlewaretoken"
    }
    return client.post(form["action"], fields | {"verdict": verdict})


def group_page(client, cohort):
    return client.get(f"/en/groups/{cohort.public_id}/").content.decode()


def find(row, words):
    """Return what a row says after some words."""
    return next(one for one in row.select("li") if one.get_text().startswith(words)).select_one("bdi").get_text()


def shown_at(moment):
    """Return an instant as somebody in Haiti reads it."""
    there = moment.astimezone(ZoneInfo("America/Port-au-Prince"))
    return f"{there.day} {there:%b %Y %H:%M}"
