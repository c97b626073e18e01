"""What every poll asks is compiled once: it reads what its query would, for who has an office and for who has none."""

import datetime as dt

import pytest

from accounts.models import Office
from hotline.actions import shielding
from hotline.models import Contact
from hotline.queries import closed_sheets, colleagues, console, pulse, waiting
from hotline.queries.unfinished import own_sheets
from hotline.queries.whatsapp import first_languages

pytestmark = [pytest.mark.django_db, pytest.mark.either]
HOUR = dt.timedelta(hours=1)


@pytest.fixture(params=["no office", "an office"])
def reader(request, operator, liberia):
    """An operator, with an office that some contacts name or without."""
    if request.param == "an office":
        operator.office = Office.objects.create(country=liberia, name="Hotline room")
        operator.save()
    return operator


def _is_same(statement, reader, at, *more):
    built = list(statement.make(reader, *more, at))
    found = statement.objects(reader, *more, at=at)
    assert found == built
    assert [vars(one).keys() - {"_state"} for one in found] == [vars(one).keys() - {"_state"} for one in built]
    return found


@pytest.mark.both
def test_each_read_of_a_poll_finds_what_its_query_finds(network, conversation, reader, supervisor, at):
    waits = network.queued()
    Contact.objects.filter(pk=conversation.pk).update(is_missed=True, due_at=at - HOUR)
    for then in (at, at + HOUR, at + 48 * HOUR):
        assert waits in _is_same(waiting._WAITING, reader, then)
        assert conversation in _is_same(waiting._at_hand(first_languages()), reader, then)
        for statement in (console._OWN, closed_sheets._LAST, colleagues._THIRDS):
            _is_same(statement, reader, then)
        assert list(map(tuple, console._DUE.rows(reader, at=then))) == list(console._DUE.make(reader, then))
        assert list(map(tuple, pulse._ROW.rows(reader, at=then))) == list(pulse._ROW.make(reader, then))
        opened = pulse._ROW_OPENED.rows(reader, waits.public_id, at=then)
        assert list(map(tuple, opened)) == list(pulse._ROW_OPENED.make(reader, waits.public_id, then))
    assert console.due(reader, at=at).late == 1


@pytest.mark.both
def test_a_contact_that_is_hidden_from_her_or_her_office_is_in_none_of_them(network, reader, supervisor, at):
    hidden = network.queued()
    assert waiting._WAITING.objects(reader, at=at) == [hidden]

    by_office = {"office": reader.office} if reader.office_id else {"user": reader}
    shielding.shield_contact(contact=hidden, **by_office, by=supervisor, at=at)

    assert waiting._WAITING.objects(reader, at=at) == []
    assert own_sheets(reader, at).count() == 0


def test_who_works_at_no_desk_is_shown_nothing(network, person, liberia, at):
    network.queued()

    manager = person("manager", country=liberia)
    assert waiting._WAITING.objects(manager, at=at) == []
    assert console.due(manager, at=at).missed == 0
