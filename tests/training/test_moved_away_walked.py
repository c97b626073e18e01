"""Every other door of training to somebody who moved to another country: whose she is now, and what the old one keeps."""

import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.actions import move_person
from tests.training.cohorts import cohort, member, trainer
from tests.training.finishing import finish
from tests.training.group_pages import clock, shown
from training import queries
from training.models import Certificate, Event
from training.queries.lists import enrolments_listed, results_listed
from training.queries.statements import events_between

__all__ = ["clock", "cohort", "member", "trainer"]
NEW_NAME = "Wed, Tunisia"
LIST = "/en/reports/certificates/"


@pytest.fixture
def moved(member, official, course, countries, at):
    """The official, who finished in Haiti, was in a group there, and works in Tunisia now under another name."""
    finish(official, course, at)
    place = {"country": countries["TN"], "office": None, "language": "fr"}
    return move_person(person=official, name=NEW_NAME, by="tests", at=at, **place)


@pytest.fixture
def old_manager(person, countries):
    """A manager of the country that she left."""
    return person("manager", country=countries["HT"])


@pytest.fixture
def new_manager(person, countries):
    """A manager of the country where she is."""
    return person("manager", country=countries["TN"])


def names(client, **asked):
    """Return the names in the list of certificates."""
    page = shown(client.get(LIST, asked))
    return [cell.get_text("|", strip=True) for cell in page.select('tbody th[scope="row"]')]


@pytest.mark.parametrize("who", ["trainer", "old_manager"])
def test_her_own_pages_and_lists_are_closed_to_the_old_country(request, sign_in, moved, who):
    reader = request.getfixturevalue(who)
    client, enrolment = sign_in(reader), moved.learner.enrolments.get()

    pages = {
        name: client.get(reverse(f"training:{name}", args=[enrolment.public_id]))
        for name in ("waive", "allow_attempt")
    }
    pages["official"] = client.get(reverse("training:official", args=[moved.learner.public_id]))

    assert {page.status_code for page in pages.values()} <= {404, 405}
    assert pages["official"].status_code == 404
    assert NEW_NAME not in client.get("/en/reports/people/", {"q": NEW_NAME}).content.decode()
    assert list(queries.learners_listed(reader)) == list(enrolments_listed(reader)) == []
    assert list(results_listed(reader)) == []
    assert list(queries.enrolments_visible_to(reader)) == []
    assert list(events_between(None, None, user=reader)) == []


def test_the_new_country_has_them(sign_in, moved, new_manager):
    client = sign_in(new_manager)

    assert client.get(reverse("training:official", args=[moved.learner.public_id])).status_code == 200
    assert [one.user for one in queries.learners_listed(new_manager)] == [moved]
    assert events_between(None, None, user=new_manager).count() == Event.objects.count() > 0


def test_a_file_of_her_phone_is_handed_in_by_a_trainer_of_her_country_alone(
    sign_in, moved, trainer, person, countries, at
):
    told = {"schema": "kept/1", "who": str(moved.learner.public_id), "device": str(uuid.uuid4()), "offset_ms": 0}
    enrolment = moved.learner.enrolments.select_related("version").get()
    event = {
        "id": str(uuid.uuid4()), "seq": 1, "verb": "opened", "activity": str(Event.objects.filter(verb="reached")[0].activity),
        "version": str(enrolment.version.public_id), "language": "fr", "occurred_at": at.isoformat(), "payload": {},
    }  # fmt: skip
    body, before = json.dumps(told | {"events": [event]}).encode(), Event.objects.count()

    def hand_in(by):
        file = SimpleUploadedFile("answers.json", body)
        return sign_in(by).post("/en/reports/from-a-phone/", {"file": file})

    refused = hand_in(trainer).content.decode()
    assert Event.objects.count() == before
    assert not any(name in refused for name in ("Official, Haiti", NEW_NAME))
    hand_in(person("trainer", country=countries["TN"]))
    assert Event.objects.count() == before + 1


def test_a_certificate_stays_with_the_country_of_the_work_under_the_name_that_it_bears(
    sign_in, moved, old_manager, new_manager
):
    client = sign_in(old_manager)

    assert names(client) == ["Official, Haiti"] * 2
    assert names(client, code="Official, Haiti") == ["Official, Haiti"] * 2
    assert names(client, code=NEW_NAME) == []
    assert names(sign_in(new_manager)) == []


def test_who_has_no_country_is_told_the_name_of_the_account_too(sign_in, moved, person):
    client = sign_in(person("manager"))

    assert names(client) == [f"Official, Haiti|In the account:|{NEW_NAME}"] * 2
    assert names(client, code=NEW_NAME) == names(client)


def test_where_a_certificate_is_corrected_the_name_is_told_that_it_would_bear(sign_in, moved, old_manager):
    certificate = Certificate.objects.filter(kind="achievement").get()

    page = sign_in(old_manager).get(reverse("training:withdraw", args=[certificate.public_id])).content.decode()

    assert NEW_NAME in page
