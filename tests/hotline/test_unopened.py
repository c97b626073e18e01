"""A sealed value that was changed, planted or moved is never shown: a clear page, the attempt recorded, an alert."""

import pytest
from django.db import connection
from django.urls import reverse

from accounts import actions as accounts
from accounts.models import AuditEntry
from hotline.actions import sheets
from hotline.models import Contact, Message, Recording
from hotline.views.console import console_url

pytestmark = pytest.mark.django_db
PLANTED = "+231779999999"


def plant(row, column, value):
    """Write a value past every field of ours, as somebody would who has the database."""
    table = connection.ops.quote_name(row._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, row.pk])  # noqa: S608


def unopened():
    return AuditEntry.objects.filter(verb="sealed.cannot_open")


@pytest.fixture
def contact(network):
    network.call()
    Contact.objects.update(may_call="yes")
    return network.contact


def cut(contact):
    return contact.number.raw[:-9] + contact.number.raw[-1]


def of_another_column(contact):
    accounts.seal(contact, "code_word", "lantern")
    return contact.code_word


@pytest.mark.parametrize("spoil", [lambda _: PLANTED, lambda _: "", cut, of_another_column])
def test_a_number_that_cannot_be_opened_is_said_and_recorded(desk, contact, operator, spoil):
    plant(contact, "number", spoil(contact))

    answer = desk.post(reverse("hotline:show_number", args=[contact.public_id]), {"reason": "call_back"})

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "This cannot be opened" in page
    assert PLANTED not in page
    assert "lantern" not in page
    entry = unopened().get()
    assert (entry.actor, entry.country) == (str(operator.public_id), "LR")
    assert entry.thing == accounts.thing_id(contact)
    assert '"field":"number"' in entry.body
    assert PLANTED not in entry.body


def test_a_part_of_a_page_shows_it_in_its_own_place(desk, contact):
    plant(contact, "number", PLANTED)
    url = reverse("hotline:show_number", args=[contact.public_id])

    answer = desk.post(url, {"reason": "call_back"}, headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Reselect"], answer["HX-Reswap"]) == (200, "#unopened", "innerHTML")
    assert 'id="unopened"' in answer.content.decode()


def test_a_recorded_message_that_cannot_be_opened_is_said_and_recorded(desk, contact, at):
    recording = Recording.objects.create(contact=contact, account="AC1", sid="RE1", status="completed", made_at=at)
    plant(recording, "audio", "SUQz")

    answer = desk.get(reverse("hotline:hear_message", args=[contact.public_id, recording.public_id]))

    assert answer.status_code == 409
    assert unopened().get().thing == accounts.thing_id(recording)


def test_a_note_that_cannot_be_opened_leaves_the_console_standing(desk, contact, operator, at):
    sheets.save_note(contact=contact, text="Asked about wages.", version=0, by=operator, at=at)
    sheet = contact.sheets.get(note__isnull=False)
    plant(sheet, "note", "planted words")

    page = desk.get(console_url(contact))

    assert page.status_code == 200
    assert 'id="note-form"' in page.content.decode()
    assert "This cannot be opened" in page.content.decode()
    assert "planted words" not in page.content.decode()
    assert unopened().get().thing == accounts.thing_id(sheet)


def test_a_text_that_cannot_be_opened_stands_among_those_that_can(desk, contact, at, operator):
    for number, words in enumerate(["planted", "I am safe."]):
        row = Message(contact=contact, direction="in", account="AC1", sid=f"SM{number}", key=f"k{number}", made_at=at)
        accounts.seal(row, "body", words)
        row.save()
    plant(contact.messages.order_by("id").first(), "body", "planted words")

    page = desk.get(console_url(contact)).content.decode()

    assert "This cannot be opened" in page
    assert "I am safe." in page
    assert "planted words" not in page
    assert unopened().count() == 1
