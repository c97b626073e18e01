"""A conversation by text is closed by who has seen all of it; what was unread then opens it again once it is read."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from hotline.actions import follow_up
from hotline.models import Contact
from hotline.queries.log import answered_texts, missed_contacts
from referral.models import Case
from tests.hotline.texting import HTMX, close, live, read, send, sent, shown

pytestmark = pytest.mark.django_db


def closing_mark(page):
    """Return the mark that the form for closing bears in a page or in the live parts of one."""
    return re.search(r'id="wrap-up".*?name="seen" value="([^"]+)"', page, re.DOTALL)[1]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_conversation_is_not_closed_past_a_text_that_its_closer_has_not_seen(
    desk, network, thread, operator, at, headers
):
    page = read(desk, thread)
    network.text("do not call", MessageSid="SM" + "2" * 32)

    refused = close(desk, thread, closing_mark(page), headers=headers)
    row = Contact.objects.get(pk=thread.pk)
    told = desk.get(refused.headers.get("HX-Redirect") or refused.url).content.decode()

    assert (row.state, row.closed_at, row.topic, row.claimed_by) == ("ended", None, "", operator)
    assert "Not closed: the conversation changed. Read what is new, then close it." in told
    assert "do not call" in told
    close(desk, thread, closing_mark(told))
    row = Contact.objects.get(pk=thread.pk)
    assert (row.state, row.closing) == ("done", "reached")
    assert not row.messages.filter(read_at=None, direction="in").exists()
    assert list(missed_contacts(operator)) == []


def test_an_open_console_gets_the_mark_for_closing_together_with_the_text(desk, network, thread):
    page = read(desk, thread)
    bubbles = re.search(r'name="thread" value="([^"]+)"', page)[1]
    network.text("do not call", MessageSid="SM" + "2" * 32)

    part = live(desk, thread, thread=bubbles).content.decode()

    assert "do not call" in part
    assert closing_mark(part) != closing_mark(page)
    close(desk, thread, closing_mark(part))
    assert Contact.objects.get(pk=thread.pk).state == "done"


def test_who_may_not_read_a_conversation_does_not_close_it_while_a_text_is_unread(two, thread, case, operator):
    Contact.objects.filter(pk=thread.pk).update(case=case)
    Case.objects.update(owner=operator)

    refused = close(two[1], thread, "99999.0")

    assert (refused.status_code, Contact.objects.get(pk=thread.pk).topic) == (409, "")
    send(two[0], thread, read(two[0], thread))
    close(two[0], thread, "99999.0")
    assert Contact.objects.get(pk=thread.pk).topic == "information"


@pytest.mark.parametrize("closed_by", ["sheet", "follow-up"])
@pytest.mark.parametrize("may_text", ["yes", "no"])
def test_a_text_that_was_unread_when_the_conversation_was_closed_waits_once_it_is_read(
    two, thread, operator, at, closed_by, may_text
):
    is_danger, hours = (True, dt.timedelta(hours=1)) if may_text == "no" else (False, dt.timedelta(hours=24))
    old = {"due_at": at - dt.timedelta(days=1), "is_danger": is_danger}
    Contact.objects.filter(pk=thread.pk).update(may_text=may_text, **old)
    if closed_by == "sheet":
        follow_up.wrap_up(contact=thread, topic="information", by=operator, at=at, after="reached")
    else:
        follow_up.close_follow_up(contact=thread, closing="no_danger" if is_danger else "no_need", by=operator, at=at)
    assert list(missed_contacts(operator)) == []

    read(two[1], thread)
    assert list(missed_contacts(operator)) == [thread]
    assert Contact.objects.get(pk=thread.pk).state == "ended"
    assert thread.events.filter(kind="follow_up_reopened").count() == 1
    assert Contact.objects.get(pk=thread.pk).due_at == thread.events.get(kind="follow_up_reopened").at + hours
    two[1].post(reverse("hotline:operator_state"), {"state": "off"})
    assert list(missed_contacts(operator)) == [thread]
    assert (may_text == "yes") == thread.messages.filter(read_at=None).exists()


def test_an_answer_to_it_opens_it_too_and_it_stands_among_the_answered(desk, thread, operator, at):
    follow_up.wrap_up(contact=thread, topic="information", by=operator, at=at)

    send(desk, thread, shown(desk, thread))

    assert sent(thread).count() == 1
    assert list(answered_texts(operator)) == [thread]
