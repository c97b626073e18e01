"""One page with which a contact is written down, sent twice at the same instant: one contact, and both come to it."""

import contextlib
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from hotline.actions.written_down import WrittenOtherwise, write_down
from hotline.models import Contact, ContactEvent
from hotline.views.console import console_url
from tests.locks import meanwhile

LOOK = 'WHERE "hotline_contact"."public_id" = '
on_two_connections = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
]


@pytest.fixture
def told(line, operator):
    """What the page tells of a visit of today."""
    return {
        "key": uuid.uuid4(), "kind": "visit", "happened_on": timezone.localdate(), "language": "en", "line": line,
        "by": operator, "at": timezone.now(),
    }  # fmt: skip


@pytest.fixture
def page(told, line):
    """What a browser sends of it."""
    fields = ("key", "kind", "language")
    return {name: str(told[name]) for name in fields} | {
        "happened_on": told["happened_on"].isoformat(), "line": str(line.public_id),
    }  # fmt: skip


@contextlib.contextmanager
def between_look_and_write(act):
    """Do something once where it was looked whether the key is known, and nothing was written yet."""
    left = [act]

    def run(execute, sql, params, many, context):
        found = execute(sql, params, many, context)
        if left and sql.startswith("SELECT") and LOOK in sql:
            left.pop()()
        return found

    with connection.execute_wrapper(run):
        yield
    assert not left


def is_one():
    """Tell whether there is one contact, noted and recorded once."""
    noted = ContactEvent.objects.filter(kind="contact_written_down").count()
    recorded = AuditEntry.objects.filter(verb="hotline.contact_written_down").count()
    return (Contact.objects.count(), noted, recorded) == (1, 1, 1)


@pytest.mark.django_db
def test_the_second_sending_comes_to_the_contact_that_the_first_made_after_it_had_looked(desk, told, page):
    with between_look_and_write(lambda: write_down(**told)):
        sent = desk.post(reverse("hotline:write_down"), page)

    assert (sent.status_code, sent.headers["Location"]) == (302, console_url(Contact.objects.get()))
    assert is_one()


@pytest.mark.django_db
def test_something_else_that_was_written_after_it_had_looked_is_asked_back(desk, told, page):
    """On one connection the refusal undoes what was written meanwhile, too: only the two below tell that it stays."""
    with between_look_and_write(lambda: write_down(**told | {"kind": "letter"})):
        asked = desk.post(reverse("hotline:write_down"), page)

    assert asked.status_code == 422
    assert "was written down before" in asked.content.decode()
    assert asked.context["form"]["key"].value() not in (told["key"], page["key"])


class TestOnTwoConnections:
    """Both sendings are under way; the second waits for the first, which ends."""

    pytestmark = on_two_connections

    def test_the_page_leads_to_the_one_contact(self, desk, told, page):
        second = Client()
        second.cookies = desk.cookies

        with meanwhile(lambda: second.post(reverse("hotline:write_down"), page)) as answers:
            first = desk.post(reverse("hotline:write_down"), page)

        places = {(sent.status_code, sent.headers.get("Location")) for sent in (first, *answers)}
        assert places == {(302, console_url(Contact.objects.get()))}
        assert is_one()

    @pytest.mark.parametrize("kind", ["visit", "letter"])
    def test_the_same_is_one_contact_and_something_else_is_refused(self, told, kind):
        with meanwhile(lambda: write_down(**told | {"kind": kind})) as became:
            made = write_down(**told)

        if kind == "visit":
            assert became == [made]
        else:
            assert [type(one) for one in became] == [WrittenOtherwise]
        assert Contact.objects.get().kind == "visit"
        assert is_one()
