"""A trainer reads names of who is or was in the groups that she trains, and of nobody else; a manager those of her country."""

import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from tests.training.cohorts import cohort, member, trainer
from training import actions, progress, queries
from training.choices import Road
from training.models import Progress

__all__ = ["cohort", "member", "trainer"]
PEOPLE = "/en/reports/people/"


@pytest.fixture
def stranger(person, countries, course, at):
    """An official of the same country who learns, in no group."""
    user = person("learner", country=countries["HT"], language="fr", name="Stranger, Haiti")
    enrolment = actions.enrol(learner=actions.learner_of(user), course=course, country="HT", at=at)
    Progress.objects.filter(enrolment=enrolment).update(last_at=at)
    return enrolment


def page_of(enrolment):
    return f"{PEOPLE}{enrolment.learner.public_id}/"


def test_a_trainer_sees_the_members_of_her_groups_only(client, sign_in, trainer, member, stranger):
    sign_in(trainer)

    page = client.get(PEOPLE).content.decode()

    assert "Official, Haiti</bdi>" in page
    assert "Stranger" not in page
    assert "the members of the groups that you train" in page
    assert client.get(page_of(member.enrolment)).status_code == 200
    assert client.get(page_of(stranger)).status_code == 404
    assert AuditEntry.objects.filter(verb="training.names_read").count() == 2


def test_who_left_the_group_is_seen_still(client, sign_in, trainer, member, at):
    actions.take_out(member=member, by=trainer, at=at)
    sign_in(trainer)

    assert "Official, Haiti</bdi>" in client.get(PEOPLE).content.decode()
    assert client.get(page_of(member.enrolment)).status_code == 200


def test_the_group_of_another_trainer_is_not_hers(client, sign_in, person, countries, member):
    sign_in(person("trainer", country=countries["HT"]))

    page = client.get(PEOPLE).content.decode()

    assert "Official, Haiti" not in page
    assert "Nobody in the groups that you train has begun a course yet." in page
    assert client.get(page_of(member.enrolment)).status_code == 404


def test_who_hands_a_group_on_sees_its_members_no_more(client, sign_in, person, countries, trainer, cohort, member):
    cohort.trainers.set([person("trainer", country=countries["HT"])])
    sign_in(trainer)

    assert client.get(page_of(member.enrolment)).status_code == 404


@pytest.mark.parametrize("roles", [("manager",), ("manager", "trainer")])
def test_a_manager_sees_her_whole_country(client, sign_in, person, countries, member, stranger, roles):
    sign_in(person(*roles, country=countries["HT"]))

    page = client.get(PEOPLE).content.decode()

    assert "Official, Haiti</bdi>" in page
    assert "Stranger, Haiti</bdi>" in page
    assert "the groups that you train" not in page
    assert client.get(page_of(stranger)).status_code == 200


def test_a_trainer_allows_nobody_outside_her_groups_one_more_try(client, sign_in, trainer, member, stranger):
    sign_in(trainer)
    sent = {"form": 2, "reason": "network"}

    answers = [client.post(f"{PEOPLE}allow/{one.public_id}/", sent) for one in (stranger, member.enrolment)]

    assert [answer.status_code for answer in answers] == [404, 302]


def test_a_trainer_lets_a_whole_office_in_whom_she_did_not_see_before(trainer, cohort, office, staff):
    people = staff(office("Court A"), under_way=3)

    assert actions.add_office(cohort=cohort, office=people[0].office, by=trainer, at=cohort.made_at) == 3
    assert set(queries.learners_visible_to(trainer)) == set(people)


def test_a_trainer_hands_in_the_file_of_whom_she_does_not_see_and_reads_no_name(
    client, sign_in, trainer, stranger, at
):
    version = progress.version_of(str(stranger.version.public_id), stranger.version.body)
    event = {
        "id": str(uuid.uuid4()), "seq": 1, "verb": "reached", "activity": version.lessons[0].id, "version": version.id,
        "language": "fr", "occurred_at": at.isoformat(), "payload": {"screen": "end"},
    }  # fmt: skip
    who = str(stranger.learner.public_id)
    told = {"schema": "kept/1", "who": who, "device": str(uuid.uuid4()), "offset_ms": 0, "events": [event]}
    sign_in(trainer)

    file = SimpleUploadedFile("answers.json", json.dumps(told).encode())
    page = client.post("/en/reports/from-a-phone/", {"file": file}).content.decode()

    assert "1 of 1 record is with the server." in page
    assert not [one for one in ("Stranger", who, stranger.learner.user.email) if one in page]


def test_the_list_costs_the_same_for_one_member_and_for_twelve(
    client, sign_in, trainer, cohort, member, office, staff, at
):
    sign_in(trainer)
    client.get(PEOPLE)

    def queries_of_page():
        with CaptureQueriesContext(connection) as counted:
            client.get(PEOPLE)
        return len(counted)

    one = queries_of_page()
    actions.add_members(cohort=cohort, users=staff(office("Court B"), under_way=11), road=Road.FILE, by=trainer, at=at)

    assert queries_of_page() == one
