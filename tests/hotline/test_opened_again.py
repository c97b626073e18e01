"""A follow-up that was closed by mistake is opened again, by whoever may close it."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from hotline.actions import follow_up
from hotline.models import Contact
from hotline.queries.log import missed_contacts
from hotline.queries.standing import standing_of

pytestmark = pytest.mark.django_db


def door(contact):
    return reverse("hotline:reopen_follow_up", args=[contact.public_id])


def where(contact):
    return reverse("hotline:contact", args=[contact.public_id])


@pytest.fixture
def missed(contact, at):
    """A call in danger that nobody answered, due an hour ago."""
    due = at - dt.timedelta(hours=1)
    Contact.objects.filter(pk=contact.pk).update(is_missed=True, is_danger=True, state="ended", due_at=due)
    return Contact.objects.get(pk=contact.pk)


@pytest.fixture
def closed(missed, operator, at):
    """That call, closed."""
    return follow_up.close_follow_up(contact=missed, closing="no_need", by=operator, at=at)


def test_who_closed_the_wrong_row_is_led_to_it_and_opens_it_again(desk, missed, operator):
    before = standing_of(missed)
    page = desk.post(
        reverse("hotline:close_follow_up", args=[missed.public_id]), {"closing": "no_need"}, follow=True
    ).content.decode()
    gone = list(missed_contacts(operator))

    shown = desk.get(where(missed)).content.decode()
    answer = desk.post(door(missed), follow=True).content.decode()

    assert f'<a href="{where(missed)}#follow-up">Open again</a>' in page
    assert door(missed) in shown
    assert gone == []
    assert list(missed_contacts(operator)) == [missed]
    row = Contact.objects.get(pk=missed.pk)
    assert (row.closing, row.closed_at, row.due_at, standing_of(row)) == ("", None, missed.due_at, before)
    assert f"{missed.code}\u2069: Follow-up open again." in answer
    assert door(missed) not in answer
    assert AuditEntry.objects.filter(verb="hotline.follow_up_opened").count() == 1


def test_what_is_open_stays_as_it_is(desk, missed):
    before = Contact.objects.values().get(pk=missed.pk)

    desk.post(door(missed))

    assert Contact.objects.values().get(pk=missed.pk) == before
    assert not AuditEntry.objects.filter(verb="hotline.follow_up_opened").exists()


def test_a_contact_that_was_not_missed_has_none(desk, contact):
    page = desk.post(door(contact), follow=True).content.decode()

    assert "this contact was not missed" in page
    assert not Contact.objects.get(pk=contact.pk).is_missed


def test_a_sheet_that_was_wrapped_up_stays_so(desk, missed, operator, at):
    Contact.objects.filter(pk=missed.pk).update(wrapped_up_at=at, state="done", topic="crisis")
    follow_up.close_follow_up(contact=missed, closing="no_need", by=operator, at=at)

    desk.post(door(missed))

    row = Contact.objects.get(pk=missed.pk)
    assert (row.closed_at, row.state, row.topic) == (None, "done", "crisis")


@pytest.mark.parametrize("role", ["learner", "manager", "analyst", "interpreter"])
def test_nobody_else_opens_one(sign_in, person, liberia, closed, role):
    answer = sign_in(person(role, country=liberia)).post(door(closed))

    assert answer.status_code in (403, 404)
    assert Contact.objects.get(pk=closed.pk).closed_at is not None


def test_nobody_of_another_country_opens_one(sign_in, person, haiti, closed):
    answer = sign_in(person("operator", country=haiti)).post(door(closed))

    assert answer.status_code == 404
    assert Contact.objects.get(pk=closed.pk).closed_at is not None
