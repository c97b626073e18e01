"""The languages that somebody speaks: given when she is invited, corrected on her page, kept by other changes."""

import pytest
from django.urls import reverse

from accounts import actions
from accounts.models import User
from accounts.queries.marks import person_mark

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in, person):
    """The browser of an administrator."""
    return sign_in(person("administrator"))


def page(user):
    return reverse("accounts:person", args=[user.public_id])


def sent(user, **more):
    facts = {"name": user.name, "roles": sorted(user.role_codes), "country": user.country_id or "", "office": ""}
    return facts | {"language": user.language, "spoken": user.spoken.split(), "seen": person_mark(user)} | more


def test_they_are_given_with_the_invitation_and_a_new_link_keeps_them(desk, liberia, administrator, at):
    given = {"email": "new@office.example", "roles": ["translator"], "language": "en", "spoken": ["fr", "ht"]}

    desk.post(reverse("accounts:invite"), given)
    invited = User.objects.get(email="new@office.example")
    actions.invite_again(person=invited, by=administrator, at=at)

    invited.refresh_from_db()
    assert invited.speaks == ["en", "fr", "ht"]


def test_they_are_shown_and_changed_on_the_page_of_the_person(desk, person, liberia):
    user = person("interpreter", country=liberia, name="I", spoken="fr")
    shown = desk.get(page(user)).context["form"]["spoken"].value()

    desk.post(page(user), sent(user, spoken=["ar", "sw"]))

    user.refresh_from_db()
    assert (shown, user.spoken) == (["fr"], "ar sw")


def test_what_she_said_herself_meanwhile_is_not_taken_back(desk, person, liberia, at):
    user = person("operator", country=liberia, name="O", spoken="fr")
    form = sent(user, name="Another")
    actions.update_profile(person=user, name="O", language="en", spoken=["fr", "ar"], theme="", at=at)

    refused = desk.post(page(user), form)

    user.refresh_from_db()
    assert (refused.status_code, user.name, user.spoken) == (409, "O", "fr ar")


def test_a_language_that_we_do_not_have_is_refused(desk, person, liberia):
    user = person("operator", country=liberia, name="O", spoken="fr")

    answer = desk.post(page(user), sent(user, spoken=["xx"]))

    user.refresh_from_db()
    assert ("spoken" in answer.context["form"].errors, user.spoken) == (True, "fr")
