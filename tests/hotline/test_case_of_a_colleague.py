"""What somebody of the desk may still do with a contact that became a colleague's case, and what is said where she may not."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.rules import allowed
from hotline.actions.answering import ANSWERING
from hotline.actions.in_hand import open_sheet
from hotline.choices import EVENTS, Topic
from hotline.models import Contact, Message
from hotline.queries.answering import conversation_version
from hotline.rules import RULES
from hotline.views.access import told_of
from referral.models import Case, CaseAccess
from tests.hotline.console import give
from tests.hotline.logged import contacts_that_are_over  # noqa: F401
from tests.hotline.test_hidden_texts import at_the_first_transaction
from tests.hotline.test_views_ending import case_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
HOUR = dt.timedelta(hours=1)
INSTEAD = "This became a case. What was said is read there"
GONE = "This became a case that you do not have: you cannot write here any more."
NUMBER = "+231770000001"


def door(name, contact):
    return reverse(f"hotline:{name}", args=[contact.public_id])


@pytest.fixture
def case(operator, liberia, at):
    """A case that the operator has."""
    Case.objects.filter(pk=case_of(liberia, at).pk).update(owner=operator)
    return Case.objects.get()


@pytest.fixture
def written(conversation, operator, case, at):
    """A conversation by text, read and answered, that became the operator's case; she answers it now."""
    Message.objects.update(read_at=at)
    Message.objects.create(contact=conversation, direction="out", state="delivered", made_at=at, text_key="own words")
    Contact.objects.filter(pk=conversation.pk).update(
        case=case, may_text="yes", claimed_by=operator, claimed_until=at + ANSWERING
    )
    return Contact.objects.get(pk=conversation.pk)


@pytest.fixture
def colleague(person, liberia):
    return person("operator", country=liberia, name="Third Operator")


@pytest.fixture
def browser(sign_in, colleague):
    """The browser of an operator who has not the case."""
    return sign_in(colleague)


@pytest.mark.parametrize("is_held", [True, False])
def test_a_text_to_a_contact_that_became_a_case_is_not_taken_and_its_words_are_given_back(
    browser, written, at, is_held
):
    Contact.objects.update(claimed_until=at + ANSWERING if is_held else None)
    sent = {"text": "We can talk at noon.", "ready": "", "click": "", "seen": "1.0"}
    before = Message.objects.count()

    page = browser.post(door("send_text", written), sent)
    part = browser.post(door("send_text", written), sent, headers=HTMX)

    assert (page.status_code, part.status_code, part["HX-Retarget"]) == (409, 200, "#main")
    for answer in (page, part):
        assert INSTEAD in answer.content.decode()
        assert '<p class="pre" dir="auto">We can talk at noon.</p>' in answer.content.decode()
        assert "help me" not in answer.content.decode()
    assert Message.objects.count() == before


@pytest.mark.parametrize("road", ["take_over_text", "claim_text"])
def test_who_may_not_take_it_over_reads_why_and_her_words_stay_in_their_field(browser, written, operator, road):
    seen = {"holder": str(operator.public_id), "contact": written.public_id, "thread": f"{written.public_id.hex}.x"}

    page = browser.post(door(road, written), seen)
    live = browser.post(door(road, written), seen, headers=HTMX)

    assert page.status_code == 409
    assert INSTEAD in page.content.decode()
    assert live.status_code == 200
    assert GONE in live.content.decode()
    assert 'id="answering"' in live.content.decode()
    assert 'id="text-form"' not in live.content.decode()
    assert Contact.objects.get(pk=written.pk).claimed_by == operator


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("road", ["read_messages", "claim_text", "take_over_text", "send_text"])
def test_what_becomes_a_colleagues_case_between_look_and_act_is_not_claimed_by_it(
    browser, written, operator, case, road, headers
):
    is_held = road == "take_over_text"
    Contact.objects.update(case=None, claimed_by=operator if is_held else None)
    sent = {
        "holder": str(operator.public_id), "contact": written.public_id, "text": "We can talk at noon.", "ready": "",
        "click": "", "seen": conversation_version(written), "thread": f"{written.public_id.hex}.x",
    }  # fmt: skip
    before = Message.objects.count(), written.events.count()

    with at_the_first_transaction(lambda: Contact.objects.update(case=case)):
        answer = browser.post(door(road, written), sent, headers=headers)

    said = GONE if headers and road in ("claim_text", "take_over_text") else INSTEAD
    assert said in answer.content.decode()
    assert ("We can talk at noon." in answer.content.decode()) == (road == "send_text")
    now = Contact.objects.get(pk=written.pk)
    assert now.claimed_by == (operator if is_held else None)
    assert (Message.objects.count(), now.events.count()) == before


@pytest.mark.parametrize("is_read", [True, False])
@pytest.mark.parametrize("road", ["read_messages", "claim_text"])
def test_where_no_text_may_go_it_is_neither_claimed_nor_read_by_who_may_not_see_it(
    browser, written, case, road, is_read
):
    """What is unread in it waits for anybody to open it; a first key claims it then, and what nobody read stays unread."""
    Message.objects.filter(direction="out").delete()
    Message.objects.update(read_at=written.started_at if is_read else None)
    Contact.objects.update(case=None, claimed_by=None, claimed_until=None, may_text="no")

    with at_the_first_transaction(lambda: Contact.objects.update(case=case)):
        answer = browser.post(door(road, written))

    is_claimed = road == "claim_text" and not is_read
    assert answer.status_code == (302 if is_claimed else 409)
    assert (Contact.objects.get().claimed_by is None) == (not is_claimed)
    assert Message.objects.filter(read_at=None).exists() == (not is_read)


def test_who_answers_it_goes_on_in_what_became_a_colleagues_case_while_her_time_lasts(browser, written, colleague, at):
    Contact.objects.update(claimed_by=colleague, claimed_until=at + ANSWERING)
    sent = {"text": "We can talk at noon.", "ready": "", "click": "", "seen": conversation_version(written)}
    before = Message.objects.count()

    answer = browser.post(door("send_text", written), sent)

    assert (answer.status_code, Message.objects.count()) == (302, before + 1)


def test_a_supervisor_is_led_to_the_case_that_it_became_meanwhile(sign_in, supervisor, written, case):
    Contact.objects.update(case=None, claimed_by=None)
    sent = {"text": "We can talk at noon.", "ready": "", "click": "", "seen": conversation_version(written)}

    with at_the_first_transaction(lambda: Contact.objects.update(case=case)):
        page = sign_in(supervisor).post(door("send_text", written), sent).content.decode()

    assert INSTEAD in page
    assert reverse("referral:case_detail", args=[case.code]) in page


@pytest.fixture
def visit(make, case, operator):
    """A visit of today whose sheet its operator left open, and which became her case."""
    now = timezone.now()
    return make(
        kind="visit", channel="", state="wrap_up", step="done", outcome="", ended_at=now, case=case, claimed_by=operator,
        claimed_until=now - ANSWERING, is_missed=True, due_at=now,
    )  # fmt: skip


def close_and_open_again(browser, contact):
    browser.post(door("wrap_up", contact), {"topic": "hoax"})
    closed = contact.events.filter(kind="wrapped_up").last()
    browser.post(door("reopen_sheet", contact), {"seen": str(closed.pk) if closed else ""})


ROADS = {
    "open": lambda browser, one, who: open_sheet(contact=one, by=who, at=timezone.now()),
    "again": lambda browser, one, who: browser.post(door("reopen_sheet", one), {"seen": ""}),
    "closed": lambda browser, one, who: close_and_open_again(browser, one),
    "owner": lambda browser, one, who: browser.post(door("give_owner", one), {"owner": who.public_id, "seen": ""}),
}


@pytest.mark.parametrize("road", ROADS)
def test_no_act_on_a_visit_of_a_colleagues_case_lets_her_read_its_sheet(browser, visit, colleague, operator, road):
    ROADS[road](browser, visit, colleague)

    now = Contact.objects.get(pk=visit.pk)
    assert now.claimed_by in (operator, None)
    assert not allowed(colleague, RULES, "read_sheet", now)


def test_who_reads_a_case_for_an_hour_writes_on_the_sheet_of_its_visit_and_has_nothing_of_it_afterwards(
    sign_in, supervisor, operator, visit, case
):
    now = timezone.now()
    hour = CaseAccess.objects.create(case=case, user=supervisor, reason="Review.", opened_at=now, ends_at=now + HOUR)
    browser = sign_in(supervisor)

    page = browser.get(reverse("hotline:console"), {"contact": visit.public_id})
    give(browser, visit, "age", "24")
    is_written = visit.sheets.get().answers["age"] == 24
    CaseAccess.objects.filter(pk=hour.pk).update(ends_at=now - HOUR)

    assert ('id="sheet"' in page.content.decode(), is_written) == (True, True)
    after = Contact.objects.get(pk=visit.pk)
    assert (after.claimed_by, allowed(supervisor, RULES, "read_sheet", after)) == (operator, False)


CLOSINGS = {"wrap_up": {"topic": "hoax"}, "close_follow_up": {"closing": "reached"}}


@pytest.mark.parametrize("road", CLOSINGS)
def test_what_becomes_a_colleagues_case_while_something_waits_in_it_is_not_closed_by_who_may_not_read_it(
    browser, written, case, road
):
    Message.objects.filter(direction="in").update(read_at=None)
    Contact.objects.update(case=None, claimed_by=None, claimed_until=None, is_missed=True, due_at=written.started_at)
    sent = CLOSINGS[road] | {"seen": conversation_version(written)}

    with at_the_first_transaction(lambda: Contact.objects.update(case=case)):
        answer = browser.post(door(road, written), sent)

    now = Contact.objects.get()
    assert (answer.status_code, INSTEAD in answer.content.decode()) == (409, True)
    assert (now.is_closed, Message.objects.filter(direction="in").exclude(read_at=None).exists()) == (False, False)


def test_the_sheet_of_a_visit_is_opened_by_who_has_its_case(sign_in, operator, colleague, visit):
    Contact.objects.filter(pk=visit.pk).update(claimed_by=colleague)

    sign_in(operator).get(reverse("hotline:console"), {"contact": visit.public_id})

    now = Contact.objects.get(pk=visit.pk)
    assert (now.claimed_by, now.claimed_until > timezone.now()) == (operator, True)


def test_who_closes_the_sheet_of_an_absent_colleagues_case_is_told_that_it_was_closed(browser, visit):
    page = browser.post(door("wrap_up", visit), {"topic": "hoax"}, follow=True).content.decode()

    assert Contact.objects.get(pk=visit.pk).topic == "hoax"
    assert told_of(visit, EVENTS["wrapped_up"], Topic.HOAX.label) in page


def test_a_follow_up_that_was_closed_before_says_so_to_who_may_not_read_it(browser, written, at):
    Message.objects.filter(direction="in").update(read_at=None)
    Contact.objects.update(claimed_by=None, is_missed=True, due_at=at, closed_at=at, closing="reached")

    page = browser.post(door("close_follow_up", written), {"closing": "reached"}, follow=True).content.decode()

    assert "This follow-up was closed before." in page


def told(browser, contact):
    """Return what a console that shows the conversation is told of who answers it."""
    asked = {"seen": "older", "contact": contact.public_id, "thread": f"{contact.public_id.hex}.x"}
    live = browser.get(reverse("hotline:console_live"), asked, headers=HTMX).content.decode()
    return re.search(r'<div id="answering".*?</form></div></div></div>|<div id="answering".*', live)[0]


def test_the_take_over_is_offered_while_something_waits_and_else_not(browser, sign_in, operator, written):
    answered = told(browser, written)
    Message.objects.filter(direction="in").update(read_at=None)
    waits = told(browser, written)

    assert "data-gone" in answered
    assert "Operator, Liberia is answering this conversation." in answered
    assert "take-over" not in answered
    assert GONE in answered
    assert "data-held" in waits
    assert "Take over from Operator, Liberia" in waits
    assert GONE not in waits
    assert GONE not in told(sign_in(operator), written)


def test_the_log_leads_to_a_case_whom_its_page_is_there_for(sign_in, operator, colleague, supervisor, make, case):
    contact = make(case=case)
    log, link = reverse("hotline:call_log"), reverse("referral:case_detail", args=[case.code])
    pages = [sign_in(who).get(log).content.decode() for who in (operator, colleague, supervisor)]

    assert [link in page for page in pages] == [True, False, True]
    assert all(f'<bdi class="ltr">{case.code}</bdi>' in page for page in pages)
    assert all(contact.code in page for page in pages)


def test_the_log_asks_once_for_the_cases_of_all_its_rows(desk, make, case):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(reverse("hotline:call_log")).status_code == 200
        return len(queries)

    make(case=case)
    cost()
    one = cost()
    for number in range(12):
        make(minutes=number, case=case)

    assert cost() == one <= 17


@pytest.fixture
def missed(network, case, at):
    """A call that was missed, whose caller waits to be called back, and that became the operator's case."""
    network.call()
    Contact.objects.update(
        case=case,
        is_missed=True,
        outcome="callback",
        state="ended",
        ended_at=at,
        due_at=at + dt.timedelta(hours=4),
        may_call="yes",
        safe_from="00:00",
        safe_until="23:59:59",
    )
    return Contact.objects.get()


def reached(browser, contact):
    """Return whether somebody is offered and shown the number, and the form of what is safe."""
    Contact.objects.update(may_call="yes")
    page = browser.get(door("contact", contact)).content.decode()
    number = browser.post(door("show_number", contact), {"reason": "call_back"})
    safety = browser.get(door("safety", contact))
    console = browser.get(reverse("hotline:console"), {"contact": contact.public_id}).content.decode()
    offered = {
        door("show_number", contact) in page,
        door("safety", contact) in page,
        door("safety", contact) in console,
    }
    shown = {NUMBER in number.content.decode(), safety.status_code == 200}
    assert len(offered | shown) == 1
    return shown.pop()


def test_the_number_of_a_case_is_for_who_has_it_and_who_follows_the_contact_up(
    sign_in, operator, supervisor, missed, colleague, at
):
    assert reached(sign_in(operator), missed)
    assert reached(sign_in(supervisor), missed)
    browser = sign_in(colleague)
    assert not reached(browser, missed)
    assert "This became a case: its number is for" in browser.get(door("contact", missed)).content.decode()

    browser.post(door("give_owner", missed), {"owner": str(colleague.public_id), "seen": ""})
    assert reached(browser, missed)

    Contact.objects.update(closed_at=at, closing="reached")
    assert not reached(browser, missed)


def test_the_number_of_a_case_is_for_who_talks_to_the_person_now(browser, missed, colleague):
    Contact.objects.update(claimed_by=colleague, is_missed=False)
    assert reached(browser, missed)

    Contact.objects.update(wrapped_up_at=missed.ended_at)
    assert not reached(browser, missed)


def test_the_safety_of_a_colleagues_case_is_not_changed(browser, missed):
    answer = browser.post(door("safety", missed), {"may_call": "no", "may_text": "no"})

    assert answer.status_code == 409
    assert INSTEAD in answer.content.decode()
    assert Contact.objects.get().safety_at == missed.safety_at


def test_the_language_of_a_colleagues_case_is_not_changed(browser, sign_in, operator, missed):
    answer = browser.post(door("set_language", missed), {"language": "fr", "seen": missed.language})

    assert answer.status_code == 409
    assert INSTEAD in answer.content.decode()
    assert Contact.objects.get().language == missed.language

    sign_in(operator).post(door("set_language", missed), {"language": "fr", "seen": missed.language})
    assert Contact.objects.get().language == "fr"


@pytest.mark.parametrize("door_name", ["close_follow_up", "give_owner"])
def test_what_was_never_missed_has_no_follow_up(desk, make, operator, door_name):
    contact = make(state="done")
    sent = {"closing": "reached", "owner": str(operator.public_id), "seen": ""}

    page = desk.post(door(door_name, contact), sent, follow=True).content.decode()

    contact.refresh_from_db()
    assert "this contact was not missed, so it has no follow-up" in page
    assert (contact.closed_at, contact.closing, contact.owner) == (None, "", None)
    assert not contact.events.exists()
