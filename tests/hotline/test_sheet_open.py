"""The sheet of a visit, letter or report is hers who has it open: others read who that is, and are offered it once she left it."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts.models import AuditEntry
from hotline.actions import follow_up, set_presence, sheets
from hotline.actions.answering import ANSWERING
from hotline.actions.claims import release_lapsed_claims
from hotline.actions.in_hand import InHand, open_sheet
from hotline.actions.shielding import shield_contact
from hotline.models import Contact
from hotline.queries.console import due
from hotline.queries.in_hand import holder_of
from hotline.queries.sheets import newest_note, newest_sheet
from hotline.queries.unfinished import unfinished_contacts
from tests.hotline.console import give
from tests.hotline.test_in_hand import CONSOLE, LIVE, opened, plain
from tests.hotline.test_written_down import write
from tests.hotline.thirds import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.either]
HERS = "Operator, Liberia is writing in this sheet."
REFUSED = f"{HERS} Nothing was written."
LATER = ANSWERING + dt.timedelta(seconds=1)


@pytest.fixture
def second(person, liberia):
    """A colleague of the desk."""
    return person("operator", country=liberia, name="Second, Liberia")


@pytest.fixture
def letter(now, operator, line):
    """A letter that the operator wrote down a moment ago; its sheet stands open in her console."""
    write(browser_of(operator), line)
    return Contact.objects.get()


def live(user, contact, **more):
    asked = {"contact": str(contact.public_id), "seen": "older"} | more
    return browser_of(user).get(LIVE, asked, headers={"HX-Request": "true"})


def offered(user, at):
    page = browser_of(user).get(reverse("hotline:missed")).content.decode()
    listed = list(unfinished_contacts(user, at))
    assert ('id="unfinished"' in page, due(user, at=at).unfinished) == (bool(listed), len(listed))
    return listed


@pytest.mark.parametrize("kind", ["visit", "letter", "radio", "community"])
def test_a_sheet_that_was_opened_a_moment_ago_is_offered_to_nobody(operator, second, line, now, at, kind):
    write(browser_of(operator), line, kind=kind)

    assert offered(second, at) == []


def test_it_is_offered_under_her_name_once_her_console_was_closed_for_minutes(letter, operator, second, now, at):
    now.move_to(at + ANSWERING, tick=False)
    assert offered(second, at + ANSWERING) == []

    now.move_to(at + LATER, tick=False)
    assert release_lapsed_claims(at=at + LATER) == 1
    letter.refresh_from_db()
    page = browser_of(second).get(reverse("hotline:missed")).content.decode()

    assert offered(second, at + LATER) == [letter]
    assert (letter.claimed_by, letter.claimed_until, letter.changed_at) == (operator, None, at + LATER)
    assert operator.get_short_name() in page


def test_it_stays_hers_while_it_stands_open_in_her_console_also_after_a_day(letter, operator, second, now, at):
    Contact.objects.update(ended_at=at - dt.timedelta(days=3))
    for minutes in (4, 8, 12):
        now.move_to(at + dt.timedelta(minutes=minutes), tick=False)
        live(operator, letter)

    assert offered(second, at + dt.timedelta(minutes=12)) == []
    with pytest.raises(InHand):
        open_and_close(letter, second, at + dt.timedelta(minutes=12))


def open_and_close(letter, user, at):
    follow_up.wrap_up(contact=letter, topic="concern", by=user, at=at)


def test_who_looks_at_it_meanwhile_does_not_keep_it_for_her(letter, operator, second, now, at):
    now.move_to(at + dt.timedelta(minutes=4), tick=False)
    opened(second, letter)
    live(second, letter)

    assert Contact.objects.get().claimed_until == at + ANSWERING


def test_it_is_offered_as_soon_as_she_says_that_she_is_away(letter, operator, second, at):
    set_presence(user=operator, state="break", by=operator, at=at)

    assert offered(second, at) == [letter]
    assert Contact.objects.get().claimed_by == operator


def test_whoever_else_opens_it_reads_who_has_it_and_can_only_read(letter, operator, second):
    page, hers = opened(second, letter), opened(operator, letter)

    assert plain(page.find(id="sheet-in-hand").text).strip() == HERS
    assert HERS in plain(page.find(id=f"in-hand-{letter.code}").text)
    assert page.find(id="note-form").textarea.has_attr("readonly")
    assert page.find(id="sheet-question") is not None
    for name in ("answer-1", "speaks", "safety-change", "open-case", "wrap-up"):
        assert (page.find(id=name), hers.find(id=name) is None) == (None, False)
    assert (hers.find(id="sheet-in-hand"), hers.find(id=f"in-hand-{letter.code}")) == (None, None)


ACTS = {
    "answer": {"question": "safe_now", "answer": "no", "version": 0},
    "note": {"note": "She wants a clinic", "version": 0},
    "set_language": {"language": "en"},
    "safety": {
        "may_call": "yes", "may_text": "no", "may_voicemail": "unknown", "shared_phone": "yes",
        "who_may_answer": "only_me", "safe_from": "", "safe_until": "", "cover": "survey", "code_word": "", "version": "",
    },
    "open_case": {},
    "wrap_up": {"topic": "hoax"},
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_what_a_colleague_sends_is_refused_with_her_name_and_kept_on_the_page(letter, operator, second, at, act):
    sheets.save_answer(contact=letter, key="consent_case", values=["yes"], version=0, by=operator, at=at)

    answer = browser_of(second).post(reverse(f"hotline:{act}", args=[letter.public_id]), ACTS[act], follow=True)

    words, row = plain(answer.content.decode()), Contact.objects.get()
    assert REFUSED in words
    assert (row.state, row.language, row.cover, row.case, row.claimed_by) == ("wrap_up", "fr", "", None, operator)
    assert (newest_sheet(row).version, newest_note(row)) == (1, None)
    assert ("She wants a clinic" in words) is (act == "note")


def test_two_who_open_a_sheet_that_nobody_has_the_first_has_it(letter, operator, second, supervisor, now, at):
    now.move_to(at + LATER, tick=False)
    assert opened(second, letter).find(id="answer-1") is not None
    page = opened(supervisor, letter)

    assert "Second, Liberia is writing in this sheet." in plain(page.find(id="sheet-in-hand").text)
    assert offered(supervisor, at + LATER) == []
    read = AuditEntry.objects.filter(verb="hotline.contact_read").values_list("actor", flat=True)
    assert sorted(read) == sorted([str(second.public_id), str(supervisor.public_id)])


def test_who_comes_back_to_it_reads_on_her_open_page_who_has_it_now(letter, operator, second, now, at):
    mark = opened(operator, letter).find(id="sheet-mark")["value"]
    now.move_to(at + LATER, tick=False)
    opened(second, letter)

    part = BeautifulSoup(live(operator, letter, sheet=mark).content, "html.parser")

    assert "Second, Liberia is writing in this sheet." in plain(part.find(id="sheet-in-hand").text)
    assert part.find(id="note-hand").has_attr("data-held")


def test_who_writes_on_after_her_time_has_it_again(letter, operator, second, now, at):
    now.move_to(at + LATER, tick=False)
    release_lapsed_claims(at=at + LATER)
    give(browser_of(operator), letter, "safe_now", "no")

    assert holder_of(Contact.objects.get(), second, at + LATER) == operator
    assert newest_sheet(letter).answers["safe_now"] == "no"


def test_what_is_closed_is_nobodys_and_opening_it_claims_nothing(letter, operator, second, at):
    follow_up.wrap_up(contact=letter, topic="concern", by=operator, at=at)
    opened(second, letter)

    row = Contact.objects.get()
    assert (row.claimed_until, row.claimed_by, holder_of(row, second, at)) == (None, operator, None)


def test_whom_it_names_has_it_no_more(letter, operator, second, at):
    shield_contact(contact=letter, by=second, at=at, user=operator)

    row = Contact.objects.get()
    assert (row.claimed_until, holder_of(row, second, at), list(unfinished_contacts(second, at))) == (
        None,
        None,
        [row],
    )
    assert browser_of(operator).get(CONSOLE, {"contact": str(letter.public_id)}).status_code == 404


def test_a_call_that_is_over_is_claimed_by_nobody_who_opens_it(contact, second, at):
    assert open_sheet(contact=contact, by=second, at=at).claimed_by is None
    assert browser_of(second).get(CONSOLE, {"contact": str(contact.public_id)}).status_code == 200
    assert Contact.objects.get().claimed_by is None
