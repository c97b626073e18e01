"""What one request writes: the same rows on both databases, whether they go one by one or in one message."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hotline.models import Contact, ContactEvent, Leg
from hotline.models.rows import RowExists, Writing, insert, insert_all, update
from hotline.queries.legs import leg_of_call

pytestmark = pytest.mark.django_db
ACCOUNT = "AC" + "1" * 32


def contact_of(at, **values):
    return Contact(started_at=at, changed_at=at, **values)


def leg_of(contact, at, sid="CA1"):
    return Leg(contact=contact, account=ACCOUNT, call_sid=sid, made_at=at)


def written(at, sid="CA1", **values):
    """Write a contact, its leg and two lines of its timeline together; return contact and leg."""
    write = Writing(Contact, Leg)
    contact = contact_of(at, **values)
    write.insert(contact)
    leg = leg_of(contact, at, sid)
    write.insert(leg, once=("account", "call_sid"), must_be_new=True)
    write.insert_all([ContactEvent(contact_id=contact.pk, at=at, kind=kind) for kind in ("call_started", "queued")])
    write.update(contact, {"flags": "100% %s odd"})
    write.send()
    return contact, leg


def test_rows_written_together_are_whole_and_point_to_each_other(at):
    contact, leg = written(at, question="it's; a %s 100%")

    stored = Leg.objects.select_related("contact").get()
    assert (stored.pk, stored.contact_id, stored.contact.pk) == (leg.pk, contact.pk, contact.pk)
    assert (stored.contact.question, stored.contact.flags) == ("it's; a %s 100%", "100% %s odd")
    assert (stored.contact.public_id, stored.contact.started_at) == (contact.public_id, at)
    assert [event.kind for event in contact.events.all()] == ["call_started", "queued"]


def test_row_that_had_to_be_new_stops_all_of_it(at):
    written(at)

    with pytest.raises(RowExists), transaction.atomic():
        written(at)

    assert (Contact.objects.count(), Leg.objects.count(), ContactEvent.objects.count()) == (1, 1, 2)


def test_row_that_may_be_there_is_passed_by_and_the_rest_is_written(at):
    contact, _leg = written(at)
    write = Writing()
    write.insert(leg_of(contact, at), once=("account", "call_sid"))
    write.update(contact, {"turn": 7})
    write.send()

    contact.refresh_from_db()
    assert (Leg.objects.count(), contact.turn) == (1, 7)


def test_postgresql_is_waited_for_twice_where_sqlite_writes_four_times(at):
    with CaptureQueriesContext(connection) as captured:
        written(at)

    assert len(captured) == (2 if connection.vendor == "postgresql" else 4)


def test_statements_of_their_own_give_keys_and_write_at_once(at):
    contact = contact_of(at)
    is_new = insert(contact)
    insert_all([ContactEvent(contact_id=contact.pk, at=at, kind="queued", detail={"a": 1})])
    update(contact, {"step": "waiting", "queued_at": at})

    contact.refresh_from_db()
    assert is_new
    assert (contact.step, contact.queued_at, contact.events.get().detail) == ("waiting", at, {"a": 1})


@pytest.mark.parametrize("is_locked", [False, True])
def test_a_leg_of_a_request_is_the_row_that_the_orm_reads(at, is_locked):
    written(at, question="q", queued_at=at)
    expected = Leg.objects.select_related("contact").get()

    with transaction.atomic():
        found = leg_of_call(ACCOUNT, "CA1", is_locked=is_locked)
    for one, other in ((found, expected), (found.contact, expected.contact)):
        assert type(one) is type(other)
        assert {name: getattr(one, name) for name in names_of(one)} == {
            name: getattr(other, name) for name in names_of(one)
        }
        assert (one._state.adding, one._state.db) == (other._state.adding, other._state.db)
        assert one.get_deferred_fields() == set()
    found.status = "completed"
    found.save()
    found.contact.save()
    assert Leg.objects.get().status == "completed"


def names_of(row):
    return [field.attname for field in row._meta.concrete_fields]
