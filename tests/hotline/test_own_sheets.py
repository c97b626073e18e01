"""The sheets that an operator has in hand stand in her own console at once, wherever she went meanwhile; in nobody else's."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from hotline.actions import follow_up
from hotline.actions.answering import ANSWERING
from hotline.actions.in_hand import open_sheet
from hotline.actions.shielding import shield_contact
from hotline.models import Contact, OperatorState
from hotline.queries.unfinished import own_sheets, unfinished_contacts
from referral.models import Case
from tests.hotline.console import give, waiting
from tests.hotline.test_hot_path import reads_years, steps_of
from tests.hotline.test_written_down import write
from tests.hotline.thirds import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.either]
CONSOLE = reverse("hotline:console")
LATER = ANSWERING + dt.timedelta(seconds=1)


@pytest.fixture
def second(person, liberia):
    """A colleague of the desk."""
    return person("operator", country=liberia, name="Second, Liberia")


@pytest.fixture
def visit(now, operator, line):
    """A visit that the operator wrote down a moment ago."""
    write(browser_of(operator), line, kind="visit")
    return Contact.objects.get(kind="visit")


@pytest.fixture
def call(now, line, operator, at):
    """A call that is over, its operator in wrap-up."""
    row = waiting(line, at, state="wrap_up", ended_at=at, claimed_by=operator)
    OperatorState.objects.update_or_create(user=operator, defaults={"state": "wrap_up", "contact": row, "seen_at": at})
    return row


def own(user, **asked):
    """Return where the open sheets in a person's console lead, and what is said of each."""
    page = BeautifulSoup(browser_of(user).get(CONSOLE, asked).content, "html.parser")
    rows = page.select("#queue .due a[id^=own-]")
    return [(row["href"], " ".join(row.text.split())) for row in rows]


def told(contact, way):
    return f"{CONSOLE}?contact={contact.public_id}", f"Your open sheet {way} {contact.code}"


@pytest.mark.parametrize(
    ("kind", "way"), [("visit", "Visit"), ("letter", "Letter"), ("community", "Community report")]
)
def test_what_she_wrote_down_stands_in_her_console_while_it_is_not_before_her(now, operator, second, line, kind, way):
    write(browser_of(operator), line, kind=kind)
    row = Contact.objects.get()

    assert own(operator) == [told(row, way)]
    assert (own(operator, contact=row.public_id), own(second)) == ([], [])


def test_a_visit_that_joined_a_case_stands_there_when_she_comes_from_the_case(visit, contact, operator, seed):
    desk = browser_of(operator)
    give(desk, contact, "needs", "shelter", "health")
    give(desk, contact, "consent_case", "yes", version=1)
    desk.post(reverse("hotline:open_case", args=[contact.public_id]))
    case = Case.objects.get()
    give(desk, visit, "consent_case", "yes")
    joined = desk.post(
        reverse("hotline:join_case", args=[visit.public_id]), {"case": case.code, "shown": case.code}, follow=True
    )

    assert Contact.objects.get(pk=visit.pk).case == case
    assert case.code in joined.redirect_chain[-1][0]
    assert told(visit, "Visit") in own(operator)


def test_it_is_among_the_unfinished_of_everybody_once_she_has_it_no_more(visit, operator, second, now, at):
    now.move_to(at + LATER, tick=False)

    assert (list(own_sheets(operator, at + LATER)), own(operator)) == ([], [])
    assert list(unfinished_contacts(operator, at + LATER)) == [visit]

    open_sheet(contact=visit, by=second, at=at + LATER)
    assert (own(operator), own(second)) == ([], [told(visit, "Visit")])
    follow_up.wrap_up(contact=visit, topic="concern", by=second, at=at + LATER)
    assert own(second) == []


def test_the_sheet_of_her_last_call_stands_there_while_another_is_before_her(call, visit, operator, second):
    assert own(operator) == [told(visit, "Visit")]
    assert own(operator, contact=visit.public_id) == [told(call, "Call")]
    assert own(second) == []

    Contact.objects.filter(pk=call.pk).update(ended_at=call.ended_at - dt.timedelta(days=1))
    assert own(operator, contact=visit.public_id) == []
    assert list(unfinished_contacts(operator, call.ended_at)) == [call]


def test_what_names_her_is_not_there(visit, operator, second, at):
    before = own(operator)
    shield_contact(contact=visit, by=second, at=at, user=operator)
    Contact.objects.update(claimed_by=operator, claimed_until=at + ANSWERING)

    assert (before, own(operator)) == ([told(visit, "Visit")], [])


def test_a_text_that_she_answers_stands_in_her_queue_also_when_it_is_not_before_her(now, operator, second, line, at):
    row = waiting(line, at, kind="message", state="ended", claimed_by=operator, claimed_until=at + ANSWERING)
    pages = [browser_of(one).get(CONSOLE).content for one in (operator, second)]

    links = [BeautifulSoup(page, "html.parser").find(id=f"look-{row.code}").text for page in pages]
    assert links == ["Go on answering", "Look at it"]


def test_they_are_found_among_what_is_open(operator, at):
    steps = steps_of(lambda: list(own_sheets(operator, at)))

    assert any("hotline_contact" in step for step in steps)
    assert not any(reads_years(step) for step in steps)


def test_it_stands_above_who_waits_and_not_below_the_fold(visit, operator, line, at):
    caller = waiting(line, at)
    page = BeautifulSoup(browser_of(operator).get(CONSOLE).content, "html.parser")

    places = [str(page).index(f'id="{name}"') for name in (f"own-{visit.code}", "queue-title", f"take-{caller.code}")]
    assert places == sorted(places)
