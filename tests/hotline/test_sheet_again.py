"""A sheet that was closed with a wrong letter: the console says with what, and opens it again for who closed it."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from hotline.actions import follow_up, sheet_again
from hotline.actions.operators import NotReady
from hotline.actions.sheet_again import ChangedSince, NotHersNow, reopen_sheet
from hotline.actions.states import settle
from hotline.actions.ways_on import NothingChosen
from hotline.models import CallBack, Contact, KeyAnswer, OperatorState
from hotline.queries.closed_sheets import closing_of
from hotline.queries.console import desk as read_desk
from tests.hotline.console import waiting
from tests.hotline.test_ways_on import close, over  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
CONSOLE = reverse("hotline:console")


def offer(page):
    """Return the offer to open a sheet again on a page of the console, or None."""
    return BeautifulSoup(page, "html.parser").find(id="closed-sheet")


def press(desk, contact, seen=None):
    """Press "Open again", as the page offers it; return the page that follows and the contact."""
    mark = str(closing_of(contact).pk) if seen is None else seen
    answer = desk.post(reverse("hotline:reopen_sheet", args=[contact.public_id]), {"seen": mark}, follow=True)
    contact.refresh_from_db()
    return answer.content.decode(), contact


def state_of(user):
    return OperatorState.objects.values_list("state", "contact").get(user=user)


def reopen(contact, by, at, seen=None):
    return reopen_sheet(contact=contact, seen=str(closing_of(contact).pk) if seen is None else seen, by=by, at=at)


@pytest.fixture
def closed(over, operator, at):  # noqa: F811
    """That call, whose operator has just closed its sheet as a hoax."""
    return follow_up.wrap_up(contact=over, topic="hoax", by=operator, at=at)


def test_the_console_says_with_what_a_sheet_closed_and_opens_it_again(desk, over, operator):  # noqa: F811
    page, contact = close(desk, over, "hoax")
    told = offer(page)

    assert (contact.state, state_of(operator)) == ("done", ("ready", None))
    assert "Closed: Hoax" in " ".join(told.p.text.split())
    assert (told.button.text, told.button["data-key"]) == ("Open again A", "a")
    page = desk.post(told["action"], {"seen": told.find(attrs={"name": "seen"})["value"]}, follow=True)
    contact.refresh_from_db()
    assert (contact.state, contact.topic, contact.wrapped_up_at) == ("wrap_up", "", None)
    assert state_of(operator) == ("wrap_up", contact.pk)
    assert 'id="wrap-up"' in page.content.decode()
    assert "Sheet open again." in page.content.decode()
    assert offer(page.content.decode()) is None
    assert contact.events.filter(kind="sheet_reopened", by=str(operator.public_id)).count() == 1
    assert AuditEntry.objects.filter(verb="hotline.sheet_reopened").count() == 1

    page, contact = close(desk, contact, "silent")
    assert (contact.state, contact.topic) == ("done", "silent")
    assert "Closed: Silent" in " ".join(offer(page).p.text.split())


def test_the_live_parts_bring_the_offer_and_take_it_away(desk, closed, operator, at):
    live = reverse("hotline:console_live")

    assert offer(desk.get(live).content.decode()) is not None
    OperatorState.objects.filter(user=operator).update(state="on_call", contact=None)
    assert offer(desk.get(live).content.decode()) is None


def test_it_stands_beside_no_other_sheet_that_is_open_and_beside_its_own(desk, line, closed, operator, at):
    other = waiting(line, at, kind="visit", channel="", state="wrap_up", step="done", ended_at=at)

    shown = [desk.get(CONSOLE, {"contact": str(one.public_id)}).content.decode() for one in (other, closed)]

    assert [offer(page) is not None for page in shown] == [False, True]


def test_it_costs_the_console_two_statements_and_who_closed_nothing_one(desk, line, operator, at, closed):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            shown = read_desk(operator, at=at)
        return len(asked), shown.closed

    cost()  # what a process keeps is there
    with_offer, offered = cost()
    Contact.objects.filter(pk=closed.pk).update(claimed_by=None)

    without, none = cost()

    assert (offered, none) == (closed, None)
    assert with_offer - without == 1


@pytest.mark.parametrize(("minutes", "is_offered"), [(9, True), (10, False)])
def test_it_is_offered_for_ten_minutes(operator, closed, at, minutes, is_offered):
    later = at + dt.timedelta(minutes=minutes)

    assert (read_desk(operator, at=later).closed == closed) == is_offered
    if is_offered:
        assert reopen(closed, operator, later).state == "wrap_up"
    else:
        with pytest.raises(NotHersNow):
            reopen(closed, operator, later)


def test_who_has_the_next_call_finishes_that_first(desk, line, closed, operator, at):
    OperatorState.objects.filter(user=operator).update(state="offered", contact=waiting(line, at, state="offered"))

    with pytest.raises(NotReady):
        reopen(closed, operator, at)

    page, contact = press(desk, closed)
    assert "End the call and wrap it up first." in page
    assert contact.state == "done"


def test_nobody_else_opens_it_again(sign_in, closed, supervisor, person, liberia, at):
    for other in (supervisor, person("operator", country=liberia, name="Third Operator")):
        with pytest.raises(NotHersNow):
            reopen(closed, other, at)
        page, contact = press(sign_in(other), closed)
        assert "Not opened again: within ten minutes of its closing, who closed a sheet opens it again." in page
        assert contact.state == "done"
        assert read_desk(other, at=at).closed is None


def test_what_a_colleague_closed_for_her_is_not_offered(over, operator, supervisor, at):  # noqa: F811
    OperatorState.objects.filter(user=operator).update(state="off", contact=None)
    follow_up.wrap_up(contact=over, topic="hoax", by=supervisor, at=at)

    assert read_desk(operator, at=at).closed is None
    with pytest.raises(NotHersNow):
        reopen(over, operator, at)


def test_a_press_twice_opens_it_once_and_an_old_page_opens_no_newer_closing(desk, closed, operator, at):
    first = str(closing_of(closed).pk)
    press(desk, closed)
    _page, contact = press(desk, closed, first)
    assert (contact.state, contact.events.filter(kind="sheet_reopened").count()) == ("wrap_up", 1)
    follow_up.wrap_up(contact=contact, topic="silent", by=operator, at=at + dt.timedelta(minutes=1))

    page, contact = press(desk, contact, first)

    assert "Not opened again" in page
    assert (contact.state, contact.topic) == ("done", "silent")


SINCE = {
    "owner_changed": "Follow-up given to another person",
    "case_joined": "Joined to a case",
    "case_opened": "Case opened",
    "sheet_saved": "Sheet saved",
    "follow_up_opened": "Follow-up open again",
}


@pytest.mark.parametrize("kind", SINCE)
def test_what_a_colleague_did_in_it_meanwhile_is_told_and_it_stays_closed(
    desk, closed, operator, supervisor, at, kind
):
    sheet_again.note(closed, "room_closed", by="line", at=at)  # of no person
    sheet_again.note(closed, "sheet_saved", by=operator, at=at)  # her own
    sheet_again.note(closed, kind, by=supervisor, at=at)

    with pytest.raises(ChangedSince) as told:
        reopen(closed, operator, at)
    page, contact = press(desk, closed)

    assert (told.value.kind, told.value.by) == (kind, str(supervisor.public_id))
    name = supervisor.get_short_name()
    assert f"Not opened again: {name} worked on this contact since ({SINCE[kind]})." in page
    assert contact.state == "done"


def test_nobody_opens_it_while_its_person_is_called_back(desk, closed, supervisor, at):
    CallBack.objects.create(contact=closed, by=supervisor, account="AC1", made_at=at, state="talking")

    page, contact = press(desk, closed)

    assert "This person is being called back now." in page
    assert contact.state == "done"


def test_what_was_chosen_with_the_closing_goes_with_it_and_is_asked_again(over, operator, at):  # noqa: F811
    KeyAnswer.objects.create(contact=over, question="hurt", answer="yes", at=at)
    row = follow_up.wrap_up(contact=over, topic="hoax", by=operator, at=at, after="reached")
    assert (row.closing, row.closed_at) == ("reached", at)

    row = reopen(row, operator, at)

    assert (row.closing, row.closed_at, row.is_missed) == ("", None, False)
    with pytest.raises(NothingChosen):
        follow_up.wrap_up(contact=row, topic="hoax", by=operator, at=at)


def test_who_was_handed_on_with_the_closing_stays_among_the_missed(over, operator, at):  # noqa: F811
    KeyAnswer.objects.create(contact=over, question="hurt", answer="yes", at=at)
    row = follow_up.wrap_up(contact=over, topic="hoax", by=operator, at=at, after="supervisor")

    row = reopen(row, operator, at)

    assert (row.state, row.is_missed, row.closed_at) == ("wrap_up", True, None)


def test_a_late_report_of_the_network_does_not_close_it(network, operator, at):
    network.queued()
    network.status("completed")
    row = network.contact
    Contact.objects.filter(pk=row.pk).update(state="wrap_up", claimed_by=operator, outcome="answered")
    row = follow_up.wrap_up(contact=Contact.objects.get(pk=row.pk), topic="hoax", by=operator, at=at)
    assert row.step == "done"
    row = reopen(row, operator, at)

    settle(row, at=at)

    assert Contact.objects.get(pk=row.pk).state != "done"


def test_the_sheet_of_a_visit_is_hers_again_as_while_it_stands_open(desk, line, operator, at):
    visit = waiting(line, at, kind="visit", channel="", state="wrap_up", step="done", ended_at=at, claimed_by=operator)
    visit = follow_up.wrap_up(contact=visit, topic="hoax", by=operator, at=at)
    before = state_of(operator)

    row = reopen(visit, operator, at)

    assert (row.state, row.claimed_by, row.claimed_until > at) == ("wrap_up", operator, True)
    assert state_of(operator) == before


def test_of_a_conversation_by_text_it_is_told_with_what_it_closed_and_where_it_opens_again(desk, conversation, at):
    desk.post(reverse("hotline:read_messages", args=[conversation.public_id]))
    Contact.objects.filter(pk=conversation.pk).update(is_missed=True)

    page, contact = close(desk, conversation, "hoax", seen="99999.0")

    assert f"{contact.code}\u2069: Wrapped up, Hoax." in page
    assert f'{reverse("hotline:contact", args=[contact.public_id])}#follow-up">Open again</a>' in page
    assert contact.closed_at is not None
