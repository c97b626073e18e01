"""A conversation that was closed and whose text did not arrive is open again: on every screen, for all who may close it."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from hotline.actions import follow_up
from hotline.actions.given_up import tell_lost
from hotline.actions.messages import queue_message
from hotline.models import Contact, Message
from hotline.queries.answering import conversation_version
from hotline.queries.log import answered_texts, missed_contacts
from hotline.rules import may_end_follow_up, may_wrap_up
from tests.hotline.test_views_ending import case_of

pytestmark = pytest.mark.django_db
TOPIC = "information"


def answer(contact, by, at, key):
    row = Contact.objects.get(pk=contact.pk)
    seen = conversation_version(row)
    return queue_message(contact=row, text_key="received", by=by, at=at, key=key, seen=seen)


@pytest.fixture
def closed(conversation, operator, at):
    """A conversation that was answered and closed on the console."""
    Contact.objects.filter(pk=conversation.pk).update(may_text="yes")
    answer(conversation, operator, at, "first")
    return follow_up.wrap_up(contact=conversation, topic=TOPIC, by=operator, at=at)


@pytest.fixture
def lost(closed, at):
    """That conversation, once the carrier reported that the answer did not arrive."""
    Message.objects.filter(key="first").update(state="undelivered")
    tell_lost(Message.objects.get(key="first"), code="30003", at=at + dt.timedelta(hours=2))
    return Contact.objects.get(pk=closed.pk)


def recorded():
    return AuditEntry.objects.filter(verb="hotline.wrapped_up").count()


def test_it_is_open_and_waits_due_as_a_new_one(lost, operator, at):
    assert (lost.state, lost.is_closed, lost.closing) == ("ended", False, "")
    assert lost.due_at == at + dt.timedelta(hours=26)
    assert list(missed_contacts(operator)) == [lost]


def test_who_may_not_read_the_case_it_became_does_not_close_it(lost, person, liberia, at):
    Contact.objects.filter(pk=lost.pk).update(case=case_of(liberia, at))
    row, colleague = Contact.objects.get(pk=lost.pk), person("operator", country=liberia)

    assert (may_wrap_up(colleague, row), may_end_follow_up(colleague, row)) == (False, False)


def test_it_is_answered_and_closed_on_the_console_again(desk, lost, operator, at):
    answer(lost, operator, at, "second")
    assert list(answered_texts(operator)) == [lost]

    page = desk.get(reverse("hotline:console"), {"contact": lost.public_id}).content.decode()
    seen = conversation_version(Contact.objects.get(pk=lost.pk))
    desk.post(reverse("hotline:wrap_up", args=[lost.public_id]), {"topic": TOPIC, "seen": seen})

    assert reverse("hotline:wrap_up", args=[lost.public_id]) in page
    assert "Wrapped up." not in page
    row = Contact.objects.get(pk=lost.pk)
    assert (row.state, row.closing) == ("done", "reached")
    assert (list(answered_texts(operator)), list(missed_contacts(operator))) == ([], [])


def test_whoever_closes_it_again_is_in_its_timeline_and_recorded(lost, operator, at):
    follow_up.wrap_up(contact=lost, topic=TOPIC, by=operator, at=at)

    assert Contact.objects.get(pk=lost.pk).closing == "reached"
    assert (lost.events.filter(kind="wrapped_up").count(), recorded()) == (2, 2)


def test_a_sheet_that_is_closed_once_more_with_the_same_words_is_left_as_it_is(closed, operator, at):
    Contact.objects.filter(pk=closed.pk).update(closed_at=None, closing="")
    closed.messages.filter(direction="in").update(read_at=None)
    before = Contact.objects.values().get(pk=closed.pk)

    follow_up.wrap_up(contact=closed, topic=TOPIC, by=operator, at=at, seen=conversation_version(closed))

    assert Contact.objects.values().get(pk=closed.pk) == before
    assert closed.messages.filter(read_at=None, direction="in").exists()
    assert (closed.events.filter(kind="wrapped_up").count(), recorded()) == (1, 1)
