"""The first administrator of a country that is opened: one letter with a link, and what a second run does about it."""

import base64
import datetime as dt
import re

import pytest
from django.utils import timezone

from accounts.actions import accept_invitation, open_letter, revoke_invitation
from accounts.models import Invitation, Letter, User
from accounts.tasks import send_letters

pytestmark = pytest.mark.either


def test_administrator_gets_one_letter_with_a_link(open_country):
    open_country(administrator="ama@office.example")
    open_country(administrator="ama@office.example")

    ama = User.objects.get(email="ama@office.example")
    assert (ama.role_codes, ama.is_active, ama.country) == ({"administrator"}, False, None)
    assert Invitation.objects.get(user=ama).invited_by == "open_country"
    letter = open_letter(Letter.objects.get())
    assert letter.to == "ama@office.example"
    assert "/en/invitation/" in letter.text


@pytest.fixture
def mail_away(settings):
    """A mail server that nobody reaches."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


def invited(open_country, email="ama@office.example"):
    """Open the country with an administrator: what was said."""
    return open_country(administrator=email)[1]


def send(*hours):
    """Let the worker send what is due, so many hours from now."""
    for later in hours:
        send_letters(timezone.now() + dt.timedelta(hours=later))


def letters():
    """Return what became of each letter, the oldest first."""
    return [(letter.fault, letter.failed_at is not None) for letter in Letter.objects.order_by("id")]


def test_administrator_whose_letter_was_given_up_is_invited_anew(open_country, mail_away):
    invited(open_country)
    send(0, 1, 2, 3, 9)
    assert letters() == [("ConnectionRefusedError", True)]
    closed = Invitation.objects.get().digest

    said = invited(open_country)

    assert "made  Administrator ama@office.example, invited anew by e-mail from" in said
    assert "the letter was given up (ConnectionRefusedError)" in said
    assert "Nothing changed" not in said
    assert letters() == [("ConnectionRefusedError", True), ("", False)]
    assert Invitation.objects.get().digest != closed
    assert invited(open_country).count("invited anew") == 0
    assert Letter.objects.count() == 2


@pytest.mark.parametrize(
    ("fault", "to_do"),
    [
        (
            "ConnectionRefusedError",
            "has not left (ConnectionRefusedError: if the address is right, look at FANAL_EMAIL_HOST",
        ),
        ("KeyAway", "has not left (put the seal key that wrote it back into FANAL_SEAL_KEYS)"),
    ],
)
def test_letter_of_the_administrator_that_waits_is_left_with_why_and_what_to_do(
    open_country, mail_away, settings, fault, to_do
):
    invited(open_country)
    if fault == "KeyAway":
        settings.SEAL_KEYS = f"*:other:{base64.b64encode(b'o' * 32).decode()}"
    send(0)

    said = invited(open_country)

    assert letters() == [(fault, False)]
    assert f"LEFT  The letter to ama@office.example {to_do}" in said
    assert "Nothing changed" in said


def test_administrator_whose_link_is_over_is_invited_anew_until_she_has_her_account(open_country):
    invited(open_country)
    send(0)
    assert "kept  Administrator ama@office.example, invited by e-mail from" in invited(open_country)
    Invitation.objects.update(ends_at=timezone.now() - dt.timedelta(days=1))

    assert "the link was over; ./fanal worker" in invited(open_country)
    link = re.search(r"/invitation/([^/\s]+)/", open_letter(Letter.objects.latest("id")).text)[1]
    accept_invitation(token=link, name="Ama", password="a lantern by the sea", at=timezone.now())
    Invitation.objects.update(ends_at=timezone.now() - dt.timedelta(days=1))

    assert "kept  Administrator ama@office.example\n" in invited(open_country)
    assert Letter.objects.count() == 2


def test_link_that_somebody_closed_and_an_account_without_the_role_are_left_to_people(open_country, person):
    invited(open_country)
    revoke_invitation(person=User.objects.get(), by="test", at=timezone.now())
    others = [person("learner"), person("administrator", is_active=False)]

    assert "LEFT  The link of ama@office.example was closed" in invited(open_country)
    for other in others:
        assert f"LEFT  {other.email} has an account that is closed, or no" in invited(open_country, other.email)
    assert Letter.objects.count() == 1
