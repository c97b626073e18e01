"""Invitations and the own profile under two pairs of hands: what happened meanwhile is said, and nothing is taken back."""

import json

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import AuditEntry, Invitation, Letter
from tests.accounts.test_stale import CHANGED, sent_by, words


@pytest.fixture
def keeper(sign_in, administrator):
    """A client signed in as an administrator."""
    return sign_in(administrator)


@pytest.fixture
def invited(administrator, liberia):
    """Somebody who was invited and has not opened her account."""
    invitation = actions.invite(
        email="new@office.example", name="Martha", roles=["learner"], country=liberia, language="en",
        by=administrator, at=timezone.now(),
    )  # fmt: skip
    return invitation.user


def link():
    """Return the path of the link in the latest letter."""
    text = actions.open_letter(Letter.objects.latest("id")).text
    line = next(line for line in text.splitlines() if "/invitation/" in line)
    return line[line.index("/", len("https://")) :]


def accept():
    """Open the account by the link, in another browser."""
    told = {"name": "Martha", "password1": "seven quiet lanterns", "password2": "seven quiet lanterns"}
    assert Client().post(link(), told).status_code == 302


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("invite_again", "She or he has opened the account. No new link was sent."),
        ("revoke", "She or he has opened the account. If she or he shall not have it, press “Close the account”."),
    ],
)
def test_an_invitation_accepted_meanwhile_is_said_and_the_account_can_be_closed(keeper, invited, act, said):
    page, action = (reverse(f"accounts:{name}", args=[invited.public_id]) for name in ("person", act))
    told = sent_by(keeper.get(page).content, action)
    accept()

    answer = keeper.post(action, told, follow=True)

    assert (answer.status_code, [str(message) for message in answer.context["messages"]]) == (200, [said])
    assert reverse("accounts:close", args=[invited.public_id]) in answer.content.decode()
    assert Letter.objects.filter(key__startswith="invitation:").count() == 1


def test_a_second_click_sends_one_letter_and_leaves_its_link_open(keeper, invited):
    page, action = (reverse(f"accounts:{name}", args=[invited.public_id]) for name in ("person", "invite_again"))
    told = sent_by(keeper.get(page).content, action)

    assert [keeper.post(action, told).status_code for _ in range(2)] == [302, 302]

    assert Letter.objects.filter(key__startswith="invitation:").count() == 2  # the first one, and one more
    assert Client().get(link()).status_code == 200


def test_a_link_that_was_closed_meanwhile_gives_way_to_a_new_one(keeper, invited, administrator):
    page, action = (reverse(f"accounts:{name}", args=[invited.public_id]) for name in ("person", "invite_again"))
    told = sent_by(keeper.get(page).content, action)
    actions.revoke_invitation(person=invited, by=administrator, at=timezone.now())

    keeper.post(action, told)

    assert Invitation.objects.get().revoked_at is None


def test_a_name_is_not_taken_away_from_a_person(keeper, person, liberia):
    martha = person("operator", country=liberia, name="Martha")
    page = reverse("accounts:person", args=[martha.public_id])

    answer = keeper.post(page, sent_by(keeper.get(page).content) | {"name": " "})

    martha.refresh_from_db()
    assert (martha.name, "name" in answer.context["form"].errors) == ("Martha", True)


def test_a_person_invited_without_a_name_can_be_kept_without_one(keeper, person, liberia):
    nobody = person("operator", country=liberia, name="")
    page = reverse("accounts:person", args=[nobody.public_id])

    assert keeper.post(page, sent_by(keeper.get(page).content)).status_code == 302


@pytest.fixture
def martha(person, liberia):
    """Somebody with a profile."""
    return person("operator", country=liberia, name="Marta", spoken="fr pt")


def correct(martha, by, **facts):
    """Correct her name or her language of letters, as an administrator does."""
    told = {"name": martha.name, "country": martha.country, "office": None, "language": martha.language} | facts
    actions.change_person(person=martha, roles=martha.role_codes, by=by, at=timezone.now(), **told)


def test_a_new_theme_leaves_what_an_administrator_corrected_meanwhile(sign_in, martha, administrator):
    client, page = sign_in(martha), reverse("accounts:profile")
    told = sent_by(client.get(page).content)
    correct(martha, administrator, name="Martha K.", language="fr")

    assert client.post(page, told | {"theme": "dark"}).status_code == 302

    martha.refresh_from_db()
    assert (martha.name, martha.language, martha.theme, martha.spoken) == ("Martha K.", "fr", "dark", "fr pt")


def test_where_both_changed_the_same_both_are_shown_and_hers_can_be_sent_again(sign_in, martha, administrator):
    client, page = sign_in(martha), reverse("accounts:profile")
    told = sent_by(client.get(page).content)
    correct(martha, administrator, name="Martha K.")

    answer = client.post(page, told | {"name": "Martha Kollie"})

    martha.refresh_from_db()
    assert (answer.status_code, martha.name) == (409, "Martha K.")
    assert CHANGED in words(answer)
    assert "Name: stands now: Martha K.; yours: Martha Kollie" in words(answer)
    again = sent_by(answer.content)
    assert json.loads(again["seen"])["name"] == "Martha K."
    assert client.post(page, again).status_code == 302
    martha.refresh_from_db()
    assert martha.name == "Martha Kollie"


@pytest.mark.parametrize("seen", ["", "{", "[1]", "7"])
def test_a_profile_sent_without_what_was_seen_is_kept_as_it_is_written(sign_in, martha, seen):
    client, page = sign_in(martha), reverse("accounts:profile")
    told = sent_by(client.get(page).content)

    assert client.post(page, told | {"seen": seen, "name": "Martha"}).status_code == 302
    martha.refresh_from_db()
    assert martha.name == "Martha"


def test_a_profile_saved_as_it_stands_is_no_act(sign_in, martha):
    client, page = sign_in(martha), reverse("accounts:profile")

    client.post(page, sent_by(client.get(page).content))

    assert not AuditEntry.objects.filter(verb="person.profile_changed").exists()
    assert BeautifulSoup(client.get(page).content, "html.parser").find(attrs={"name": "seen"})
