"""What of a learner was not counted, and why."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from cms import worker
from training import actions, tasks
from training.models import RefusedEvent


@pytest.fixture
def refuse(enrolment):
    """A function by which the official's page sends something that cannot be counted."""

    def send(at, **changes):
        told = {"verb": "danced", "activity": "", "version": str(enrolment.version.public_id), "language": "fr",
                "occurred_at": at, "payload": {}}  # fmt: skip
        arrival = actions.Arrival(id=uuid.uuid4(), **(told | changes))
        actions.record_events(learner=enrolment.learner, arrivals=[arrival], source="form", at=at)

    return send


def test_what_was_not_counted_stands_in_my_learning_with_its_reason(
    client, sign_in, official, enrolment, lessons, refuse
):
    refuse(timezone.now(), verb="reached", activity=str(lessons[0].translation_key), payload={"screen": "nowhere"})
    sign_in(official)

    html = client.get("/en/learning/").content.decode().split('id="not-counted"')[1]

    assert "1 record was not counted" in html
    assert lessons[0].heading_en in html
    assert "Screen read" in html
    assert "The answer does not fit its question." in html


def test_nobody_sees_what_of_another_person_was_not_counted(client, sign_in, person, countries, refuse):
    refuse(timezone.now())
    sign_in(person("learner", country=countries["HT"]))

    assert 'id="not-counted"' not in client.get("/en/learning/").content.decode()


@pytest.mark.parametrize("body", ["", "[", "7", '["x"]', '{"verb":["x"],"activity":{}}', '{"verb":"reached"'])
def test_a_refused_record_of_any_shape_is_listed(client, sign_in, official, enrolment, body):
    RefusedEvent.objects.create(learner=enrolment.learner, reason="malformed", body=body, received_at=timezone.now())
    sign_in(official)

    html = client.get("/en/learning/").content.decode()

    assert "The record cannot be read." in html


def test_many_refused_records_are_counted_and_the_newest_shown(client, sign_in, official, refuse):
    now = timezone.now()
    for number in range(13):
        refuse(now - dt.timedelta(minutes=number))
    sign_in(official)

    html = client.get("/en/learning/").content.decode().split('id="not-counted"')[1]

    assert "13 records were not counted" in html
    assert html.split("</ul>")[0].count("<li>") == 10
    assert "And 3 older ones." in html


def test_the_worker_drops_refused_records_after_ninety_days(enrolment, refuse, at):
    refuse(at - dt.timedelta(days=91))
    refuse(at - dt.timedelta(days=89))

    assert tasks.drop_refused(at) == 1
    assert RefusedEvent.objects.get().received_at == at - dt.timedelta(days=89)
    assert tasks.drop_refused in worker.jobs()
