"""Nobody decides about her own learning: her own test is marked anew, her certificate withdrawn, by somebody else."""

import pytest
from django.urls import reverse

from tests.training.finishing import finish
from tests.training.test_regrading import correct, first_two, take
from training.models import Certificate

OWN = "A test of your own waits too."


@pytest.fixture
def learning_manager(person, countries):
    """A manager of Haiti who learns as well."""
    return person("manager", "learner", country=countries["HT"], language="fr", name="Who learns too")


@pytest.fixture
def own(learning_manager, course, at, later):
    """Her own failed test, which the corrected answers make a pass."""
    attempt = take(finish(learning_manager, course, at, passed=False), at, 2)
    correct(course, later(60), *first_two(course))
    return attempt


def anew(client):
    return client.post(reverse("training:regrade", args=["judicial"]))


def passed(attempt):
    attempt.refresh_from_db()
    return attempt.passed


def test_her_own_test_is_not_marked_anew_by_her_and_she_is_told(sign_in, learning_manager, own):
    client = sign_in(learning_manager)

    page = client.get(reverse("training:regrade", args=["judicial"])).content.decode()
    anew(client)

    assert OWN in page
    assert "No test waits to be marked anew" in page
    assert not passed(own)
    assert not Certificate.objects.filter(kind="achievement").exists()


@pytest.mark.parametrize("role", ["manager", "administrator"])
def test_somebody_else_marks_it(sign_in, person, countries, own, role):
    client = sign_in(person(role, country=countries["HT"] if role == "manager" else None))

    page = client.get(reverse("training:regrade", args=["judicial"])).content.decode()
    anew(client)

    assert OWN not in page
    assert passed(own)


def test_an_administrator_is_told_how_many_pass_and_not_who(sign_in, person, own):
    page = sign_in(person("administrator")).get(reverse("training:regrade", args=["judicial"])).content.decode()

    assert "1 person more passes" in page
    assert "Who learns too" not in page


def test_her_own_certificate_she_withdraws_not_and_another_manager_does(
    sign_in, person, countries, learning_manager, course, at
):
    finish(learning_manager, course, at)
    certificate = Certificate.objects.first()
    url = reverse("training:withdraw", args=[certificate.public_id])

    own = sign_in(learning_manager)
    assert own.get(url).status_code == 404
    assert own.post(url, {"reason": "other", "words": "x"}).status_code == 404
    assert url not in own.get(reverse("training:issued")).content.decode()

    other = sign_in(person("manager", country=countries["HT"]))
    assert other.get(url).status_code == 200
    assert url in other.get(reverse("training:issued")).content.decode()
