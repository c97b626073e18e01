"""Who did it for a learner stands in the stream under a number of her own, and nobody stands beside the number that hides her."""

import io
import json
import uuid

import pytest
from django.core.management import call_command

from tests.training.counted_tries import clock, course
from tests.training.test_tries_without_account import DAYS, code, held, taken, used_up
from tests.training.without_account import allowed
from training import actions, progress
from training.choices import Source
from training.models import Event

__all__ = ["allowed", "clock", "code", "course", "held", "used_up"]


@pytest.fixture(params=["page", "command"])
def stream(request, sign_in, person, settings):
    """The whole stream as a text, as the page sends it to an administrator and as the command writes it."""
    settings.PUBLIC_URL = "https://fanal.example"

    def by_page():
        answer = sign_in(person("administrator")).post("/en/reports/statements.jsonl", {})
        return b"".join(answer.streaming_content).decode()

    def by_command():
        out = io.StringIO()
        call_command("export_xapi", stdout=out)
        return out.getvalue()

    return by_page if request.param == "page" else by_command


def instructors(told):
    """The instructor of each statement, by the end of its verb; None where it names none."""
    found = {}
    for one in map(json.loads, told.splitlines()):
        account = one["context"].get("instructor", {}).get("account", {})
        found.setdefault(one["verb"]["id"].rpartition("/")[2], set()).add(account.get("name"))
    return found


def test_a_test_that_a_claim_sets_aside_names_no_account(stream, official, used_up, code, held, at):
    taken(held, at + 9 * DAYS, passed=True)
    actions.claim(user=official, code=code, address="1", at=at + 10 * DAYS)

    told = stream()

    assert instructors(told)["voided"] == {None}
    assert str(official.public_id) not in told


def test_what_somebody_sends_of_her_own_names_no_account_whoever_it_was_stored_of(
    stream, official, enrolment, lessons, code, held, at
):
    lesson = progress.version_of("v", enrolment.version.body).lessons[0]
    for one in (enrolment, held):
        read = actions.Arrival(
            id=uuid.uuid4(), verb="reached", activity=lesson.id, version=str(one.version.public_id), language="fr",
            occurred_at=at, payload={"screen": lesson.screens[0]}, device=uuid.uuid4(), seq=1,
        )  # fmt: skip
        by = str(official.public_id)
        actions.record_events(learner=one.learner, arrivals=[read], source=Source.KEPT, at=at, by=by)
    actions.claim(user=official, code=code, address="1", at=at + DAYS)

    told = stream()

    assert Event.objects.filter(verb="reached", by=str(official.public_id)).count() == 2
    assert instructors(told)["reached"] == {None}
    assert str(official.public_id) not in told


def test_who_of_the_staff_decided_bears_a_number_that_stands_on_no_page(stream, manager, enrolment, lessons, at):
    key = str(lessons[-1].translation_key)
    actions.waive_activity(enrolment=enrolment, activity=key, reason="taught", by=manager, at=at)

    told = stream()

    assert instructors(told)["waived"] == {str(actions.number_of(manager.public_id))}
    assert str(manager.public_id) not in told
