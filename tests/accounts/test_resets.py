"""A new password by e-mail."""

from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts import actions
from accounts.models import Letter
from tests.accounts.conftest import enter


def test_a_reset_letter_leads_to_a_new_password_and_not_round_the_second_step(client, guarded):
    client.post(reverse("account_reset_password"), {"email": guarded.email})
    letter = Letter.objects.get()
    link = next(line for line in actions.open_letter(letter).text.splitlines() if "/password/reset/key/" in line)
    path = link[link.index("/en/") :]
    form = client.get(path, follow=True)
    words = {"password1": "nine other lanterns", "password2": "nine other lanterns"}

    client.post(form.redirect_chain[-1][0], words)
    used = Client().get(path, follow=True).content.decode()

    assert "<title>Choose a new password" in form.content.decode()
    assert "<title>This link no longer works" in used
    assert Authenticator.objects.filter(user=guarded, type="totp").exists()
    assert enter(Client(), guarded, "nine other lanterns")["Location"] == reverse("mfa_authenticate")


def test_a_reset_for_an_unknown_address_answers_alike_and_writes_to_nobody(client, db):
    known = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})

    assert known["Location"] == reverse("account_reset_password_done")
    assert not Letter.objects.exists()


def test_the_fourth_reset_of_an_hour_sends_no_letter(with_password):
    user = with_password("learner")
    for _ in range(4):
        Client().post(reverse("account_reset_password"), {"email": user.email})

    assert Letter.objects.count() == 3


def test_letters_use_the_language_of_their_reader(client, with_password):
    user = with_password("learner", language="fr")

    client.post(reverse("account_reset_password"), {"email": user.email})

    assert Letter.objects.get().language == "fr"
