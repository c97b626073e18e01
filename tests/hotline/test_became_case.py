"""What was said in a contact that became a case is read by whom the case lets in, and every reading is on record."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts import actions as accounts
from accounts.models import AuditEntry
from hotline.actions.timeline import add_events
from hotline.models import Contact, Message, Recording
from hotline.queries import log
from hotline.queries.answering import conversation_version
from referral import actions as referral
from referral.models import Case
from tests.hotline.console import give
from tests.hotline.test_views_ending import case_of

pytestmark = [pytest.mark.django_db, pytest.mark.either]
HTMX = {"HX-Request": "true"}
READ = AuditEntry.objects.filter(verb="hotline.contact_read")
SAID, INSTEAD = "<dt>Age in years</dt>", "This became a case. What was said is read there"


@pytest.fixture
def became(desk, contact, operator, liberia, at):
    """A contact whose sheet has an answer and a note, and which became the operator's own case."""
    give(desk, contact, "age", "24")
    desk.post(reverse("hotline:note", args=[contact.public_id]), {"note": "Calls from a shop.", "version": 1})
    Case.objects.filter(pk=case_of(liberia, at).pk).update(owner=operator)
    Contact.objects.filter(pk=contact.pk).update(
        case=Case.objects.get(), wrapped_up_at=at, state="done", may_call="yes"
    )
    return Contact.objects.get(pk=contact.pk)


def pages(browser, contact):
    """Return the page of a contact and the console opened with it, as somebody is shown them."""
    page = browser.get(reverse("hotline:contact", args=[contact.public_id]))
    console = browser.get(reverse("hotline:console"), {"contact": contact.public_id})
    assert (page.status_code, console.status_code) == (200, 200)
    return [page.content.decode(), console.content.decode()]


def link(contact):
    return reverse("referral:case_detail", args=[contact.case.code])


def test_who_has_the_case_reads_what_was_said(desk, became):
    for page in pages(desk, became):
        assert SAID in page
        assert INSTEAD not in page
        assert link(became) in page


def test_a_colleague_reads_none_of_it_and_is_led_to_no_case_that_she_has_not(sign_in, person, liberia, became):
    colleague = sign_in(person("operator", country=liberia))

    for page in pages(colleague, became):
        assert INSTEAD in page
        assert became.case.code in page
        assert SAID not in page
        assert "Calls from a shop." not in page
        assert link(became) not in page
    assert colleague.get(link(became)).status_code == 404


ROADS = {
    "sheet": lambda browser, one: browser.get(reverse("hotline:sheet", args=[one.public_id]), headers=HTMX),
    "answer": lambda browser, one: give(browser, one, "age", "nonsense", version=9, htmx=True),
    "answer, whole page": lambda browser, one: give(browser, one, "age", "30", version=1),
    "note": lambda browser, one: browser.post(
        reverse("hotline:note", args=[one.public_id]), {"note": "Mine.", "version": 0}, headers=HTMX
    ),
    "case": lambda browser, one: browser.post(reverse("hotline:open_case", args=[one.public_id])),
    "number": lambda browser, one: browser.post(
        reverse("hotline:show_number", args=[one.public_id]), {"reason": "call_back"}
    ),
    "live": lambda browser, one: browser.get(
        reverse("hotline:console_live"), {"contact": one.public_id, "sheet": f"{one.public_id.hex}.0"}
    ),
}


@pytest.mark.parametrize("road", ROADS)
def test_on_every_road_a_colleague_reads_none_of_it_and_a_reading_is_on_record(
    sign_in, person, liberia, became, now, road
):
    colleague = person("operator", country=liberia)
    browser = sign_in(colleague)

    page = ROADS[road](browser, became).content.decode()
    assert INSTEAD in page
    assert SAID not in page
    assert "Calls from a shop." not in page
    assert not READ.filter(actor=str(colleague.public_id)).exists()

    Case.objects.update(owner=colleague)
    page = ROADS[road](browser, became).content.decode()
    is_shown = SAID in page or "Calls from a shop." in page
    assert is_shown == READ.filter(actor=str(colleague.public_id)).exists()
    assert is_shown or road in ("answer, whole page", "case")


def test_words_of_a_note_that_is_not_taken_any_more_are_given_back(sign_in, person, liberia, became):
    browser = sign_in(person("operator", country=liberia))

    page = browser.post(reverse("hotline:note", args=[became.public_id]), {"note": "Calls at noon.", "version": 0})

    assert page.status_code == 409
    assert "Calls at noon." in page.content.decode()
    assert "Nothing was written." in page.content.decode()


def test_what_was_asked_and_said_is_not_in_the_timeline_of_who_may_not_read_it(
    desk, sign_in, person, liberia, became, at
):
    add_events(became, [("question_answered", {"question": "under_18", "answer": "yes"})], at=at, by="")
    told = "Are you under 18"

    assert told in pages(desk, became)[0]
    assert told not in pages(sign_in(person("operator", country=liberia)), became)[0]


@pytest.fixture
def written(conversation, operator, liberia, at):
    """A conversation by text, read and answered, that became the operator's case."""
    Case.objects.filter(pk=case_of(liberia, at).pk).update(owner=operator)
    Contact.objects.filter(pk=conversation.pk).update(case=Case.objects.get())
    before = at - dt.timedelta(minutes=1)
    Message.objects.update(read_at=before)
    Message.objects.create(
        contact=conversation, direction="out", state="delivered", made_at=before, text_key="own words"
    )
    return Contact.objects.get(pk=conversation.pk)


def test_texts_of_it_are_read_by_whom_the_case_lets_in_and_by_who_answers_what_is_new(
    desk, sign_in, person, liberia, written, at
):
    read, hers = (
        reverse("hotline:read_messages", args=[written.public_id]),
        f"{reverse('hotline:console')}?contact={written.public_id}",
    )
    live = {"contact": written.public_id, "thread": f"{written.public_id.hex}.x"}

    assert "help me" in desk.get(hers).content.decode()
    browser = sign_in(person("operator", country=liberia))
    assert "help me" not in browser.get(hers).content.decode()
    assert "help me" not in browser.get(reverse("hotline:console_live"), live).content.decode()
    assert browser.post(read).status_code == 409
    assert browser.post(reverse("hotline:take_over_text", args=[written.public_id])).status_code == 409

    Message.objects.filter(direction="in").update(read_at=None)
    assert "Read the message" in browser.get(hers).content.decode()
    assert "help me" not in browser.get(hers).content.decode()
    browser.post(read)
    assert "help me" in browser.get(hers).content.decode()
    Contact.objects.update(claimed_until=at - dt.timedelta(seconds=1))
    assert "help me" not in browser.get(hers).content.decode()


def read_by(browser, contact):
    """Press Read; return the answer and the console opened with the contact then."""
    answer = browser.post(reverse("hotline:read_messages", args=[contact.public_id]))
    return answer.status_code, pages(browser, contact)[1]


CLOSED = {
    "closed": {"state": "done", "closed": True},
    "done": {"state": "done"},
    "follow-up closed": {"closed": True},
    "no text may go": {"may_text": "no"},
}


@pytest.mark.both
@pytest.mark.parametrize("role", ["operator", "supervisor"])
@pytest.mark.parametrize("how", CLOSED)
def test_where_nothing_waits_nobody_else_opens_it_though_the_last_word_is_theirs(
    sign_in, person, liberia, written, at, role, how
):
    Message.objects.filter(direction="out").delete()
    values = dict(CLOSED[how])
    closed = {"closed_at": at, "closing": "reached"} if values.pop("closed", False) else {}
    Contact.objects.update(**({"may_text": "yes"} | values | closed))
    browser = sign_in(person(role, country=liberia))

    before = pages(browser, written)[1]
    status, after = read_by(browser, written)

    assert "Read the message" not in before
    assert (status, "help me" in after, "Read the message" in after) == (409, False, False)
    for door in ("claim_text", "take_over_text"):
        assert browser.post(reverse(f"hotline:{door}", args=[written.public_id])).status_code == 409
    sent = browser.post(reverse("hotline:send_text", args=[written.public_id]), {"text": "At noon."})
    assert (sent.status_code, "At noon." in sent.content.decode()) == (409, True)
    row = Contact.objects.get()
    assert (row.claimed_by, row.messages.filter(direction="out").exists()) == (None, False)


@pytest.mark.both
def test_while_the_last_word_is_theirs_anybody_of_the_desk_answers_once_and_reads_no_further(
    sign_in, person, liberia, written
):
    Message.objects.filter(direction="out").delete()
    Contact.objects.update(may_text="yes")
    colleague = person("operator", country=liberia)
    browser = sign_in(colleague)

    status, page = read_by(browser, written)
    assert (status, "help me" in page) == (302, True)
    said = {
        "ready": "received",
        "click": "8b0f1d52-5d7f-4a55-9d0f-1f6f1d3f2a01",
        "seen": conversation_version(written),
    }
    send = reverse("hotline:send_text", args=[written.public_id])
    assert [browser.post(send, said).status_code for _ in range(2)] == [302, 302]

    assert Message.objects.filter(direction="out").count() == 1
    assert "help me" not in pages(browser, written)[1]
    Message.objects.filter(direction="out").update(state="failed")
    assert "Read the message" in pages(browser, written)[1]
    assert "help me" in read_by(browser, written)[1]


@pytest.mark.both
def test_what_came_while_ours_was_written_is_read_by_who_opens_it_until_she_closes_it(
    sign_in, person, liberia, written
):
    Contact.objects.update(may_text="yes")
    Message.objects.filter(direction="in").update(read_at=None)
    browser = sign_in(person("operator", country=liberia))

    assert "help me" in read_by(browser, written)[1]
    seen = {"topic": "information", "seen": conversation_version(written)}
    browser.post(reverse("hotline:wrap_up", args=[written.public_id]), seen)
    assert "help me" not in pages(browser, written)[1]


@pytest.mark.parametrize("role", ["operator", "supervisor"])
def test_who_answers_in_a_case_that_is_not_hers_leaves_a_record_of_each_reading(
    desk, sign_in, person, liberia, operator, written, role
):
    Message.objects.filter(direction="in").update(read_at=None)
    colleague = person(role, country=liberia)
    read, browser = READ.filter(actor=str(colleague.public_id)), sign_in(colleague)

    assert ("help me" in pages(browser, written)[1], read.count()) == (False, 0)
    assert ("help me" in read_by(browser, written)[1], read.count()) == (True, 2)
    live = {"contact": written.public_id, "thread": f"{written.public_id.hex}.x"}
    assert "help me" in browser.get(reverse("hotline:console_live"), live).content.decode()
    assert read.count() == 3
    Contact.objects.update(claimed_by=operator)
    desk.get(reverse("hotline:console"), {"contact": written.public_id})
    assert not READ.filter(actor=str(operator.public_id)).exists()


@pytest.mark.both
def test_a_note_that_a_colleague_saved_meanwhile_is_read_with_a_record(desk, sign_in, person, liberia, written):
    note = reverse("hotline:note", args=[written.public_id])
    desk.post(note, {"note": "Calls from a shop.", "version": 0})
    colleague = person("operator", country=liberia)
    Case.objects.update(owner=colleague)
    browser = sign_in(colleague)

    part = browser.post(note, {"note": "Mine.", "version": 0}, headers=HTMX).content.decode()

    assert "Calls from a shop." in part
    assert READ.filter(actor=str(colleague.public_id)).count() == 1


def test_a_call_of_a_case_whose_sheet_is_finished_is_read_by_its_talker_no_more(
    desk, became, operator, person, liberia, now
):
    Case.objects.update(owner=person("operator", country=liberia))
    Contact.objects.update(claimed_by=operator, wrapped_up_at=None, state="wrap_up")
    assert all(SAID in page for page in pages(desk, became))

    Contact.objects.update(wrapped_up_at=became.wrapped_up_at, state="done")
    assert all(INSTEAD in page for page in pages(desk, became))


DETAILS = {"question": "under_18", "answer": "yes", "consent": "no", "opening": "life_danger", "topic": "referral"}


@pytest.mark.parametrize("name", DETAILS)
def test_each_detail_that_says_what_was_asked_or_said_is_hidden_and_what_it_was_about_is_not(became, at, name):
    add_events(became, [("wrapped_up", {name: DETAILS[name]})], at=at, by="")

    both = [log.whole_timeline(became, tells=tells) for tells in (True, False)]
    told, hidden = (next(one.details for one in lines if one.words == "Wrapped up") for lines in both)

    assert told
    assert hidden == (told if name == "topic" else [])


def test_a_recorded_message_of_it_is_heard_by_whom_the_case_lets_in(desk, sign_in, person, liberia, became, at):
    recording = Recording(contact=became, sid="RE1", made_at=at)
    accounts.seal(recording, "audio", "UklGRg==")
    recording.save()
    heard = reverse("hotline:hear_message", args=[became.public_id, recording.public_id])

    assert desk.get(heard).status_code == 200
    assert heard in pages(desk, became)[0]
    browser = sign_in(person("operator", country=liberia))
    assert browser.get(heard).status_code == 404
    assert heard not in pages(browser, became)[0]


def test_a_supervisor_reads_it_once_she_gave_a_reason(sign_in, supervisor, became, now, at):
    browser = sign_in(supervisor)

    for page in pages(browser, became):
        assert INSTEAD in page
        assert SAID not in page
        assert link(became) in page
    referral.open_with_reason(case=became.case, reason="Late step.", key="in", by=supervisor, at=at)
    assert all(SAID in page for page in pages(browser, became))


def test_who_talks_to_the_person_reads_on_for_a_day_whoever_has_the_case(
    desk, sign_in, became, operator, person, liberia, now
):
    Case.objects.update(owner=person("operator", country=liberia))
    Contact.objects.update(claimed_by=operator, wrapped_up_at=None, state="wrap_up")

    assert all(SAID in page for page in pages(desk, became))
    now.move_to(became.ended_at + dt.timedelta(hours=25), tick=False)
    desk = sign_in(operator)
    assert all(INSTEAD in page for page in pages(desk, became))


@pytest.mark.both
def test_each_reading_is_on_record_and_that_of_ones_own_talk_is_not(desk, contact, operator, at, now):
    read = AuditEntry.objects.filter(verb="hotline.contact_read", actor=str(operator.public_id))

    pages(desk, contact)
    assert read.count() == 2
    Contact.objects.update(claimed_by=operator)
    desk.get(reverse("hotline:console"), {"contact": contact.public_id})
    assert read.count() == 2
    assert desk.get(reverse("hotline:console")).status_code == 200
    assert read.count() == 2
