"""Closing a conversation by text from the list of missed contacts or its page: who may, past what, and what ends with it."""

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hotline.actions.answering import ANSWERING, leave_answers
from hotline.models import Contact, Message
from hotline.queries.answering import conversation_version
from hotline.queries.console import desk as desk_of
from hotline.queries.log import missed_contacts
from hotline.queries.standing import standing_of
from hotline.views.access import NOT_SEEN
from referral.models import Case
from tests.hotline.test_views_ending import case_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
INSTEAD = "This became a case. What was said is read there"
HELD = "Third Operator answers this conversation and closes it."


def door(name, contact):
    return reverse(f"hotline:{name}", args=[contact.public_id])


def console(browser, contact):
    return browser.get(reverse("hotline:console"), {"contact": contact.public_id}).content.decode()


def close(browser, contact, **sent):
    seen = {"closing": "no_need", "seen": conversation_version(contact)}
    return browser.post(door("close_follow_up", contact), seen | sent, follow=True)


def forms(browser, contact):
    """Return the form that closes a conversation as the list of missed contacts and its page show it, or "" for none."""
    pages = [browser.get(url).content.decode() for url in (reverse("hotline:missed"), door("contact", contact))]
    address = re.escape(door("close_follow_up", contact))
    found = [re.search(rf'action="{address}".*?</form>', page, re.DOTALL) for page in pages]
    return pages, [form[0] if form else "" for form in found]


@pytest.fixture
def thread(conversation, at):
    """A conversation whose text was read by somebody who could not answer it then; now we may text the person."""
    Message.objects.update(read_at=at)
    Contact.objects.filter(pk=conversation.pk).update(may_text="yes")
    return Contact.objects.get(pk=conversation.pk)


@pytest.fixture
def colleague(person, liberia):
    return person("operator", country=liberia, name="Third Operator")


@pytest.fixture
def of_a_case(thread, operator, liberia, at):
    """That conversation, which became the operator's case."""
    Case.objects.filter(pk=case_of(liberia, at).pk).update(owner=operator)
    Contact.objects.filter(pk=thread.pk).update(case=Case.objects.get())
    return Contact.objects.get(pk=thread.pk)


def held(contact, by, at):
    Contact.objects.filter(pk=contact.pk).update(claimed_by=by, claimed_until=at + ANSWERING)


@pytest.mark.parametrize("role", ["operator", "supervisor"])
def test_who_may_not_read_a_conversation_closes_it_on_no_road_while_its_last_text_waits(
    sign_in, person, liberia, operator, of_a_case, role
):
    browser = sign_in(person(role, country=liberia))
    before = Contact.objects.values().get()
    page = console(browser, of_a_case)
    seen = f"{of_a_case.messages.get().pk}.0"

    answers = [
        browser.post(door("wrap_up", of_a_case), {"topic": "wrong_number", "seen": seen}),
        close(browser, of_a_case, seen=seen),
    ]

    assert "Close this conversation" not in page
    assert 'name="topic"' not in page
    assert [(answer.status_code, INSTEAD in answer.content.decode()) for answer in answers] == [(409, True)] * 2
    assert Contact.objects.values().get() == before
    assert list(missed_contacts(operator)) == [of_a_case]
    assert forms(browser, of_a_case)[1] == ["", ""]
    assert all(forms(sign_in(operator), of_a_case)[1])
    assert "Close this conversation" in console(sign_in(operator), of_a_case)


def test_who_may_not_read_it_is_offered_no_closing_where_nothing_waits_either(sign_in, colleague, of_a_case, at):
    Message.objects.create(contact=of_a_case, direction="out", state="delivered", made_at=at, text_key="own words")

    assert "Close this conversation" not in console(sign_in(colleague), of_a_case)


def test_who_follows_it_up_closes_the_follow_up_of_a_colleagues_case(sign_in, colleague, of_a_case):
    Contact.objects.update(owner=colleague)
    assert all(forms(sign_in(colleague), of_a_case)[1])

    page = close(sign_in(colleague), of_a_case).content.decode()

    assert Contact.objects.get().closing == "no_need"
    assert f"\u2068{of_a_case.code}\u2069: Follow-up closed, No follow-up needed." in page


def test_a_form_that_does_not_say_what_was_seen_closes_nothing(desk, thread):
    page = desk.post(door("close_follow_up", thread), {"closing": "no_need"}, follow=True).content.decode()

    assert Contact.objects.get().closed_at is None
    assert str(NOT_SEEN) in page


def test_who_answers_a_colleagues_case_now_closes_its_follow_up_too(sign_in, colleague, of_a_case, at):
    held(of_a_case, colleague, at)

    assert all(forms(sign_in(colleague), of_a_case)[1])


def test_a_colleagues_case_that_was_answered_is_given_back_so_that_all_are_offered_what_comes(
    sign_in, network, operator, colleague, of_a_case, at
):
    browser = sign_in(colleague)
    browser.post(door("read_messages", of_a_case))
    browser.post(
        door("send_text", of_a_case), {"ready": "received", "click": "", "seen": conversation_version(of_a_case)}
    )
    assert Contact.objects.get().claimed_by == colleague

    after = console(browser, of_a_case)
    network.text("they beat me now", MessageSid="SM" + "2" * 32)
    live = browser.get(
        reverse("hotline:console_live"), {"seen": "older", "contact": of_a_case.public_id}, headers=HTMX
    ).content.decode()

    assert INSTEAD in after
    assert Contact.objects.get().claimed_by is None
    assert of_a_case.events.filter(kind="case_answered").count() == 1
    for part in (live, console(sign_in(operator), of_a_case)):
        assert "By text, 1" in part
        assert f'id="read-{of_a_case.code}"' in part
    assert desk_of(colleague, at=at).text_count == 1
    assert "they beat me now" not in live
    assert "they beat me now" in browser.post(door("read_messages", of_a_case), follow=True).content.decode()


def test_a_text_sent_once_more_after_it_was_given_back_is_the_first_one_and_other_words_are_given_back(
    sign_in, colleague, of_a_case
):
    browser = sign_in(colleague)
    browser.post(door("read_messages", of_a_case))
    click = "8b0f1d52-5d7f-4a55-9d0f-1f6f1d3f2a01"

    def send(**words):
        return browser.post(
            door("send_text", of_a_case),
            {"ready": "", "click": click, "seen": conversation_version(of_a_case)} | words,
        )

    first = send(ready="received")
    console(browser, of_a_case)
    again, other, new = send(ready="received"), send(text="At noon."), send(text="At noon.", click="")

    assert Contact.objects.get().claimed_by is None
    assert [answer.status_code for answer in (first, again, other, new)] == [302, 302, 409, 409]
    assert all("At noon." in answer.content.decode() for answer in (other, new))
    assert of_a_case.messages.filter(direction="out").count() == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_who_answered_in_a_colleagues_case_reads_that_her_text_is_on_its_way(
    sign_in, operator, colleague, of_a_case, headers
):
    words = "Your text is on its way. This is a colleague&#x27;s case; what comes next is offered to everybody."

    def answered(who):
        browser = sign_in(who)
        browser.post(door("read_messages", of_a_case))
        browser.post(
            door("send_text", of_a_case),
            {"ready": "received", "click": "", "seen": conversation_version(of_a_case)},
            headers=headers,
        )
        return console(browser, of_a_case)

    first = answered(colleague)

    assert (words in first, INSTEAD in first) == (True, True)
    assert words not in answered(operator)


def test_who_has_the_case_goes_on_answering_it(sign_in, operator, of_a_case):
    browser = sign_in(operator)
    browser.post(door("read_messages", of_a_case))
    browser.post(
        door("send_text", of_a_case), {"ready": "received", "click": "", "seen": conversation_version(of_a_case)}
    )

    console(browser, of_a_case)

    assert Contact.objects.get().claimed_by == operator


def test_a_closed_follow_up_ends_the_conversation_and_its_claim(desk, sign_in, operator, colleague, thread, at):
    desk.post(door("read_messages", thread))
    assert Contact.objects.get().claimed_by == operator

    close(desk, thread)
    row = Contact.objects.get()
    left = leave_answers(by=operator, at=at)
    opened = sign_in(colleague).post(door("read_messages", thread), follow=True)

    assert (row.state, row.step, row.closing, row.claimed_by, row.claimed_until) == (
        "done",
        "done",
        "no_need",
        None,
        None,
    )
    assert standing_of(row, timezone.now()) == "done"
    assert (left, desk_of(colleague, at=at).text_count, opened.status_code) == (0, 0, 200)
    assert Contact.objects.get().closing == "no_need"
    assert not thread.events.filter(kind="follow_up_reopened").exists()


def test_it_is_not_closed_past_a_colleague_who_answers_and_the_pages_say_who(desk, thread, operator, colleague, at):
    _pages, before = forms(desk, thread)
    held(thread, colleague, at)
    pages, shown = forms(desk, thread)

    refused = [close(desk, thread), close(desk, thread, on="contact")]

    assert all(before)
    assert (shown, [HELD in page for page in pages]) == (["", ""], [True, True])
    words = "Third Operator is answering this conversation. Take it over first."
    assert all(words in answer.content.decode() for answer in refused)
    assert [answer.redirect_chain[-1][0] for answer in refused] == [reverse("hotline:missed"), door("contact", thread)]
    assert (Contact.objects.get().closed_at, Contact.objects.get().claimed_by) == (None, colleague)

    held(thread, operator, at)
    pages, shown = forms(desk, thread)
    assert all(shown)
    assert ("You are answering" in pages[0], HELD in pages[0]) == (True, False)
    held(thread, colleague, at - 2 * ANSWERING)
    assert all(forms(desk, thread)[1])


@pytest.mark.parametrize("place", [0, 1])
def test_it_is_not_closed_past_a_text_that_came_since_its_page_was_shown(desk, network, thread, place):
    seen = re.search(r'name="seen" value="(\d+)"', forms(desk, thread)[1][place])[1]
    network.text("do not call", MessageSid="SM" + "2" * 32)

    refused = close(desk, thread, seen=seen)
    assert "Not closed: the conversation changed." in refused.content.decode()
    assert Contact.objects.get().closed_at is None

    close(desk, thread, seen=re.search(r'name="seen" value="(\d+)"', forms(desk, thread)[1][place])[1])
    assert Contact.objects.get().closing == "no_need"
    assert thread.messages.filter(read_at=None).count() == 1  # these pages show no words


def test_the_list_of_missed_contacts_asks_once_for_all_who_answer_and_all_cases(desk, line, colleague, of_a_case, at):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(reverse("hotline:missed")).status_code == 200
        return len(queries)

    cost()
    one = cost()
    for number in range(12):
        began = at - dt.timedelta(minutes=number)
        first = {"line": line, "country": line.country, "kind": "message", "state": "ended", "started_at": began}
        row = Contact.objects.create(**first, changed_at=began, ended_at=began, is_missed=True, case=of_a_case.case)
        Message.objects.create(contact=row, line=line, direction="in", made_at=began, key=str(row.pk))
        held(row, colleague, at)

    assert cost() == one


def standings(desk, contact):
    """Return what the log, its filters and the page of a conversation say of where it stands."""
    log = reverse("hotline:call_log")
    cell = BeautifulSoup(desk.get(log).content, "html.parser").select_one("tbody tr td[data-h=State]")
    head = BeautifulSoup(desk.get(door("contact", contact)).content, "html.parser").select_one("h1 + p")
    by = [state for state in ("missed", "done") if contact.code in desk.get(log, {"state": state}).content.decode()]
    assert standing_of(contact, timezone.now()) in by
    return cell.get_text(strip=True), head.get_text(" ", strip=True).split()[0], *by


def test_a_closed_conversation_with_an_unread_text_is_missed_until_somebody_reads_or_erases_it(desk, thread, at):
    close(desk, thread)
    closed = standings(desk, thread)
    Message.objects.update(read_at=None)
    unread = standings(desk, thread)

    Contact.objects.update(erased_at=at)
    erased = standings(desk, thread)

    assert closed == erased == ("Done", "Done", "done")
    assert unread == ("Missed", "Missed", "missed")


def test_a_closed_contact_of_no_line_is_done_for_nobody_reads_its_texts(thread, at):
    Message.objects.update(read_at=None)
    Contact.objects.update(line=None, country=None, state="done", closed_at=at, closing="no_need")

    assert standing_of(thread, timezone.now()) == "done"
