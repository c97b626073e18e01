"""A conversation by text that is hidden from somebody in the moment in which she acts in it: it is not there for her."""

import pytest
from django.db import connection
from django.urls import reverse

from hotline import actions
from hotline.actions.answering import claim_answer, take_over_answer
from hotline.actions.desks import mark_read
from hotline.actions.own_rows import NamesHer
from hotline.actions.shielding import shield_contact
from hotline.models import Contact
from tests.hotline.texting import HTMX, door, holder, sent, thread, two  # noqa: F401 -- fixtures
from tests.hotline.texting import other as second_operator  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def hide(thread, operator, supervisor, at):  # noqa: F811
    """Hide the conversation from the operator, who read it before."""
    return lambda: shield_contact(contact=Contact.objects.get(pk=thread.pk), by=supervisor, at=at, user=operator)


def unread(contact) -> int:
    return contact.messages.filter(direction="in", read_at=None).count()


ACTS = {
    "claim": lambda row, by, at: claim_answer(contact=row, by=by, at=at),
    "take over": lambda row, by, at: take_over_answer(contact=row, by=by, at=at, seen=""),
    "send": lambda row, by, at: actions.queue_message(contact=row, text_key="received", by=by, at=at, key="one"),
    "read": lambda row, by, at: mark_read(contact=row, by=by, at=at),
}


@pytest.mark.parametrize("name", ACTS)
def test_who_read_it_before_it_was_hidden_from_her_does_nothing_in_it(name, thread, hide, operator, at):  # noqa: F811
    before = unread(thread)
    hide()

    with pytest.raises(NamesHer):
        ACTS[name](thread, operator, at)

    assert (holder(thread), sent(thread).count(), unread(thread)) == (None, 0, before)


def test_she_does_not_take_it_from_the_colleague_who_answers(thread, hide, operator, other, at):  # noqa: F811
    claim_answer(contact=thread, by=other, at=at)
    hide()

    with pytest.raises(NamesHer):
        take_over_answer(contact=thread, by=operator, at=at, seen=str(other.public_id))

    assert holder(thread) == other


def at_the_first_transaction(act):
    """Do something once, just before the first transaction of a request begins: what that request read is older."""
    done = []

    def wrapper(execute, sql, params, many, context):
        if sql.startswith("SAVEPOINT") and not done:
            done.append(sql)
            act()
        return execute(sql, params, many, context)

    return connection.execute_wrapper(wrapper)


@pytest.mark.parametrize("name", ["read_messages", "claim_text", "take_over_text", "send_text"])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_its_doors_answer_as_if_it_was_not_there(name, headers, desk, thread, hide, other, at):  # noqa: F811
    if name == "take_over_text":
        claim_answer(contact=thread, by=other, at=at)
    before = holder(thread)

    with at_the_first_transaction(hide):
        answer = desk.post(
            reverse(f"hotline:{name}", args=[thread.public_id]),
            {"ready": "received", "seen": "0.0", "holder": str(other.public_id)},
            headers=headers,
        )

    assert (answer.status_code, holder(thread), sent(thread).count()) == (404, before, 0)
    assert thread.events.filter(kind="shield_met").exists()
