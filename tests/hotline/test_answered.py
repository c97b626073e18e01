"""A text that somebody answered is no missed contact; it stays in sight until somebody closes the conversation."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from hotline.actions.answering import ANSWERING, claim_answer
from hotline.actions.follow_up import close_follow_up
from hotline.actions.messages import queue_message
from hotline.choices import STANDINGS
from hotline.models import Contact, Message
from hotline.queries.answering import conversation_version
from hotline.queries.console import due
from hotline.queries.log import answered_texts, missed_contacts
from hotline.queries.standing import standing_of
from hotline.rules import waits_for_answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(conversation):
    """The conversation of a person whom we may text."""
    Contact.objects.filter(pk=conversation.pk).update(may_text="yes")
    return Contact.objects.get(pk=conversation.pk)


@pytest.fixture
def answer(thread, operator, at):
    """Answer it: answer() -> the text that waits to be sent."""

    def write(key="first"):
        seen = conversation_version(thread)
        return queue_message(contact=thread, text_key="received", by=operator, at=at, key=key, seen=seen)

    return write


@pytest.fixture
def missed_call(line, at):
    """A missed call of a person whom we may text."""
    return Contact.objects.create(
        line=line, country=line.country, language="en", state="ended", step="ended", started_at=at, changed_at=at,
        ended_at=at, outcome="abandoned", is_missed=True, may_text="yes",
    )  # fmt: skip


def places(operator, at):
    """Return what stands among the missed contacts and what among the answered texts, as the lists and the counts say."""
    lists, counts = (missed_contacts(operator), answered_texts(operator)), due(operator, at=at)
    assert [len(rows) for rows in lists] == [counts.missed, counts.answered]
    assert all(waits_for_answer(one) for one in lists[0] if one.kind == "message")
    assert not any(waits_for_answer(one) for one in lists[1])
    return tuple([*rows] for rows in lists)


def test_a_text_is_missed_until_it_is_answered(thread, answer, operator, at):
    before = places(operator, at)

    answer()

    assert before == ([thread], [])
    assert places(operator, at) == ([], [thread])
    assert standing_of(thread, at) == "answered"


@pytest.mark.parametrize("is_read", [True, False])
def test_a_text_that_somebody_answers_now_is_in_conversation_and_missed_again_once_she_left_it(
    desk, thread, operator, clock, at, is_read
):
    claim_answer(contact=thread, by=operator, at=at)
    Message.objects.update(read_at=at if is_read else None)
    badges = [badge_of(desk, thread)]
    for span in (ANSWERING, ANSWERING + dt.timedelta(seconds=1)):
        clock.now = at + span
        badges.append(badge_of(desk, thread))

    assert badges == ["In conversation", "In conversation", "Missed"]


def test_a_text_that_she_has_answered_stands_as_answered_while_she_has_it_still(desk, thread, answer, operator):
    answer()

    assert Contact.objects.get().claimed_by == operator
    assert badge_of(desk, thread) == "Answered, not closed"


def badge_of(desk, thread):
    """Return the badge that the log and its filter, and the page of the contact, give a conversation."""
    log, page = (
        BeautifulSoup(desk.get(url).content, "html.parser")
        for url in (reverse("hotline:call_log"), reverse("hotline:contact", args=[thread.public_id]))
    )
    badge = log.select_one("tbody tr td[data-h=State]").get_text(strip=True)
    state = next(code for code, words in STANDINGS if words == badge)
    assert thread.code in desk.get(reverse("hotline:call_log"), {"state": state}).content.decode()
    assert badge in page.select_one(".case-head").get_text()
    return badge


def test_who_writes_again_is_missed_again(thread, answer, network, operator, at):
    answer()

    network.text(MessageSid="SM" + "2" * 32)

    assert places(operator, at) == ([thread], [])
    stands = [standing_of(thread, at + span) for span in (ANSWERING, ANSWERING + dt.timedelta(seconds=1))]
    assert stands == ["connected", "missed"]  # while she has it open, and then


@pytest.mark.parametrize(("is_danger", "hours"), [(False, 24), (True, 1)])
def test_who_writes_again_is_due_as_of_that_text(thread, answer, network, clock, at, is_danger, hours):
    answer()
    Contact.objects.update(due_at=at, is_danger=is_danger)
    clock.now = at + dt.timedelta(days=2)

    network.text(MessageSid="SM" + "2" * 32)

    assert Contact.objects.get().due_at == clock.now + dt.timedelta(hours=hours)


@pytest.mark.parametrize("is_read", [True, False])
def test_who_writes_again_before_she_is_answered_is_due_as_before(thread, network, clock, at, is_read):
    Message.objects.update(read_at=at if is_read else None)
    due = Contact.objects.get().due_at
    clock.now = at + dt.timedelta(hours=9)

    network.text(MessageSid="SM" + "2" * 32)

    assert Contact.objects.get().due_at == due


def test_a_text_that_came_before_the_answer_and_that_nobody_read_still_waits(thread, answer, operator, at):
    answer()
    Message.objects.filter(contact=thread, direction="in").update(read_at=None)

    assert places(operator, at) == ([thread], [])


@pytest.mark.parametrize("state", ["blocked_by_safety", "failed", "undelivered", "canceled"])
def test_an_answer_that_did_not_leave_is_none(thread, answer, operator, at, state):
    Message.objects.filter(pk=answer().pk).update(state=state)

    assert places(operator, at) == ([thread], [])


def test_a_conversation_that_is_closed_stands_in_neither_list(thread, answer, operator, at):
    answer()

    close_follow_up(contact=thread, closing="reached", by=operator, at=at)

    assert places(operator, at) == ([], [])


def test_a_missed_call_stays_missed_when_a_text_was_sent(missed_call, operator, at):
    queue_message(contact=missed_call, text_key="received", by=operator, at=at, key="first")

    assert places(operator, at) == ([missed_call], [])


def test_another_country_sees_nothing_of_it(thread, answer, person, haiti, at):
    answer()

    assert places(person("operator", country=haiti), at) == ([], [])


def test_the_screens_show_where_it_stands(desk, thread, answer, operator):
    answer()

    ledger, log, page, console = (
        desk.get(url).content.decode()
        for url in (
            reverse("hotline:missed"),
            reverse("hotline:call_log"),
            reverse("hotline:contact", args=[thread.public_id]),
            reverse("hotline:console"),
        )
    )

    assert "No missed contact waits for a follow-up." in ledger
    assert thread.code in ledger[ledger.index('id="answered"') :]
    assert f"{reverse('hotline:console')}?contact={thread.public_id}" in ledger
    assert "Answered, not closed" in log
    assert "Answered, not closed" in page
    assert "Close the follow-up" in page
    assert f'href="{reverse("hotline:missed")}#answered"' in console


def test_screens_without_such_a_text_do_not_speak_of_it(desk, thread):
    pages = [desk.get(reverse(f"hotline:{name}")).content.decode() for name in ("missed", "console")]

    assert not any("Answered, not closed" in page for page in pages)
