"""What is sent again, by a second click or an answer that was lost: it stands once, in the rows and in the history."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from hotline.models import Contact, ContactEvent, Sheet
from tests.hotline.console import waiting

pytestmark = pytest.mark.django_db


def times(contact, kind):
    """Return how often the history of a contact tells something."""
    return ContactEvent.objects.filter(contact=contact, kind=kind).count()


def test_who_follows_it_up_is_written_down_once(desk, line, operator, at):
    contact = waiting(line, at, state="ended", is_missed=True, ended_at=at)

    for _ in range(5):
        sent = {"owner": str(operator.public_id), "seen": ""}
        answer = desk.post(reverse("hotline:give_owner", args=[contact.public_id]), sent)

    assert (answer.status_code, Contact.objects.get(pk=contact.pk).owner) == (302, operator)
    assert times(contact, "owner_changed") == 1


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_note_of_one_page_is_kept_once(desk, contact, headers):
    form = desk.get(reverse("hotline:console"), {"contact": contact.public_id}).context["note_form"]
    sent = {name: form[name].value() for name in ("version", "page")} | {"note": "Left this morning."}

    for _ in range(5):
        desk.post(reverse("hotline:note", args=[contact.public_id]), sent, headers=headers)

    assert Sheet.objects.filter(contact=contact).count() == 1
    assert times(contact, "sheet_saved") == 1
    desk.post(reverse("hotline:note", args=[contact.public_id]), sent | {"note": "Left at noon."}, headers=headers)
    assert Sheet.objects.filter(contact=contact).count() == 2


def test_saving_the_words_that_stand_keeps_nothing_more(desk, contact):
    for version in range(3):
        sent = {"note": "Left this morning.", "version": version, "page": ""}
        desk.post(reverse("hotline:note", args=[contact.public_id]), sent)

    assert Sheet.objects.filter(contact=contact).count() == 1


def test_what_it_was_about_is_written_down_once(desk, line, at):
    contact = waiting(line, at, state="wrap_up", ended_at=at)

    for _ in range(3):
        desk.post(reverse("hotline:wrap_up", args=[contact.public_id]), {"topic": "concern"})

    assert Contact.objects.get(pk=contact.pk).topic == "concern"
    assert times(contact, "wrapped_up") == 1
    assert AuditEntry.objects.filter(verb="hotline.wrapped_up").count() == 1
