"""A follow-up that was closed by mistake is opened again, by whoever may close it."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Letter
from hotline.actions import follow_up
from hotline.actions.given_up import open_follow_up
from hotline.choices import LOST_TEXT
from hotline.models import Contact, Message
from hotline.queries.log import missed_contacts
from hotline.queries.standing import standing_of
from hotline.rules import MENDED_WITHIN
from referral.models import Case
from tests.hotline.test_cut_off import ASKS, talk, wrap_up
from tests.hotline.test_views_ending import case_of

pytestmark = pytest.mark.django_db


def door(contact):
    return reverse("hotline:reopen_follow_up", args=[contact.public_id])


def mark(contact):
    """What the page of a closed follow-up sends along."""
    return {"seen": Contact.objects.get(pk=contact.pk).closing_mark}


def where(contact):
    return reverse("hotline:contact", args=[contact.public_id])


@pytest.fixture
def missed(contact, at):
    """A call in danger that nobody answered, due an hour ago."""
    due = at - dt.timedelta(hours=1)
    Contact.objects.filter(pk=contact.pk).update(is_missed=True, is_danger=True, state="ended", due_at=due)
    return Contact.objects.get(pk=contact.pk)


@pytest.fixture
def closed(missed, operator, at):
    """That call, closed."""
    return follow_up.close_follow_up(contact=missed, closing="no_danger", by=operator, at=at)


def test_who_closed_the_wrong_row_is_led_to_it_and_opens_it_again(desk, missed, operator):
    before = standing_of(missed, timezone.now())
    page = desk.post(
        reverse("hotline:close_follow_up", args=[missed.public_id]), {"closing": "no_danger"}, follow=True
    ).content.decode()
    gone = list(missed_contacts(operator))

    shown = desk.get(where(missed)).content.decode()
    answer = desk.post(door(missed), mark(missed), follow=True).content.decode()

    assert f'<a href="{where(missed)}#follow-up">Open again</a>' in page
    assert door(missed) in shown
    assert gone == []
    assert list(missed_contacts(operator)) == [missed]
    row = Contact.objects.get(pk=missed.pk)
    assert (row.closing, row.closed_at, row.due_at, standing_of(row, timezone.now())) == (
        "",
        None,
        missed.due_at,
        before,
    )
    assert f"{missed.code}\u2069: Follow-up open again." in answer
    assert door(missed) not in answer
    assert AuditEntry.objects.filter(verb="hotline.follow_up_opened").count() == 1


def test_what_is_open_stays_as_it_is(desk, missed):
    before = Contact.objects.values().get(pk=missed.pk)

    desk.post(door(missed))

    assert Contact.objects.values().get(pk=missed.pk) == before
    assert not AuditEntry.objects.filter(verb="hotline.follow_up_opened").exists()


def test_a_contact_that_was_not_missed_has_none(desk, contact):
    page = desk.post(door(contact), mark(contact), follow=True).content.decode()

    assert "this contact was not missed" in page
    assert not Contact.objects.get(pk=contact.pk).is_missed


def test_a_sheet_that_was_wrapped_up_stays_so(desk, missed, operator, at):
    Contact.objects.filter(pk=missed.pk).update(wrapped_up_at=at, state="done", topic="crisis")
    follow_up.close_follow_up(contact=missed, closing="no_danger", by=operator, at=at)

    desk.post(door(missed), mark(missed))

    row = Contact.objects.get(pk=missed.pk)
    assert (row.closed_at, row.state, row.topic) == (None, "done", "crisis")


@pytest.mark.parametrize("role", ["learner", "manager", "analyst", "interpreter"])
def test_nobody_else_opens_one(sign_in, person, liberia, closed, role):
    answer = sign_in(person(role, country=liberia)).post(door(closed), mark(closed))

    assert answer.status_code in (403, 404)
    assert Contact.objects.get(pk=closed.pk).closed_at is not None


def test_nobody_of_another_country_opens_one(sign_in, person, haiti, closed):
    answer = sign_in(person("operator", country=haiti)).post(door(closed), mark(closed))

    assert answer.status_code == 404
    assert Contact.objects.get(pk=closed.pk).closed_at is not None


def test_a_closing_that_nobody_has_seen_is_not_taken_back(desk, closed, operator, at):
    stale = mark(closed)
    desk.post(door(closed), stale)
    follow_up.close_follow_up(contact=closed, closing="reached", by=operator, at=at + dt.timedelta(minutes=1))

    page = desk.post(door(closed), stale, follow=True).content.decode()
    blind = desk.post(door(closed), follow=True).content.decode()

    for shown in (page, blind):
        assert f"{operator} changed this to “Reached and helped” meanwhile" in shown
        assert "Yours, “Open again”, was not saved" in shown
    assert Contact.objects.get(pk=closed.pk).closing == "reached"


def test_it_says_by_when_and_that_it_is_late(desk, closed, clock):
    before = desk.get(where(closed)).content.decode()
    page = desk.post(door(closed), mark(closed), follow=True).content.decode()

    assert "Follow up by" not in before
    assert "Follow up by" in page
    assert "Late" in page


@pytest.fixture
def case(operator, liberia, at):
    """A case that the operator has."""
    Case.objects.filter(pk=case_of(liberia, at).pk).update(owner=operator)
    return Case.objects.get()


@pytest.fixture
def colleague(person, liberia):
    """An operator who has not the case."""
    return person("operator", country=liberia, name="Third Operator")


@pytest.fixture
def browser(sign_in, colleague):
    """The colleague's browser."""
    return sign_in(colleague)


@pytest.fixture
def conversation_of_case(conversation, operator, case, at):
    """A conversation by text that became the operator's case, its last word the person's own; she closed it."""
    Message.objects.update(read_at=at)
    Contact.objects.filter(pk=conversation.pk).update(case=case, may_text="yes", is_missed=True, state="ended")
    follow_up.wrap_up(contact=conversation, topic="information", by=operator, at=at)
    return Contact.objects.get(pk=conversation.pk)


def test_who_has_not_the_case_opens_no_conversation_again_to_read_it(
    browser, sign_in, operator, conversation_of_case, clock
):
    closed = conversation_of_case
    shown = browser.get(where(closed)).content.decode()
    answer = browser.post(door(closed), mark(closed))
    browser.post(reverse("hotline:read_messages", args=[closed.public_id]))

    assert door(closed) not in shown
    assert answer.status_code == 409
    row = Contact.objects.get(pk=closed.pk)
    assert (row.closed_at, row.claimed_by) == (closed.closed_at, None)
    assert not AuditEntry.objects.filter(verb="hotline.follow_up_opened").exists()
    hers = sign_in(operator)
    assert door(closed) in hers.get(where(closed)).content.decode()
    hers.post(door(closed), mark(closed))
    assert Contact.objects.get(pk=closed.pk).closed_at is None


def test_nor_a_call_to_reach_its_caller(browser, closed, case, clock):
    Contact.objects.filter(pk=closed.pk).update(case=case)

    assert browser.post(door(closed), mark(closed)).status_code == 409
    assert Contact.objects.get(pk=closed.pk).closed_at is not None


def test_who_closed_it_herself_takes_it_back_within_the_hour(browser, colleague, missed, case, clock):
    Contact.objects.filter(pk=missed.pk).update(case=case)
    browser.post(reverse("hotline:close_follow_up", args=[missed.public_id]), {"closing": "no_danger"})
    shown = browser.get(where(missed)).content.decode()
    clock.move(minutes=59)
    browser.post(door(missed), mark(missed))
    opened = Contact.objects.get(pk=missed.pk).closed_at
    browser.post(reverse("hotline:close_follow_up", args=[missed.public_id]), {"closing": "no_danger"})
    clock.now += MENDED_WITHIN

    assert door(missed) in shown
    assert opened is None
    assert browser.post(door(missed), mark(missed)).status_code == 409
    assert Contact.objects.get(pk=missed.pk).closed_at is not None


def test_words_on_a_closed_sheet_make_nobody_its_closer(browser, colleague, missed, operator, case, clock):
    Contact.objects.filter(pk=missed.pk).update(case=case)
    follow_up.close_follow_up(contact=missed, closing="no_danger", by=operator, at=clock.now)
    follow_up.wrap_up(contact=missed, topic="hoax", by=colleague, at=clock.move(minutes=1))

    assert browser.post(door(missed), mark(missed)).status_code == 409


def test_who_closed_it_with_its_sheet_takes_that_back(browser, colleague, missed, case, clock):
    Contact.objects.filter(pk=missed.pk).update(case=case, kind="message")
    follow_up.wrap_up(contact=missed, topic="hoax", by=colleague, at=clock.now)

    browser.post(door(missed), mark(missed))

    assert Contact.objects.get(pk=missed.pk).closed_at is None


def test_it_is_judged_by_what_it_became_meanwhile(colleague, closed, case, clock):
    Contact.objects.filter(pk=closed.pk).update(case=case)  # `closed` was read before

    with pytest.raises(follow_up.NotHers):
        follow_up.reopen_follow_up(contact=closed, by=colleague, at=clock.now, **mark(closed))


def test_a_newer_closing_is_its_closers(browser, colleague, missed, operator, case, clock):
    Contact.objects.filter(pk=missed.pk).update(case=case)
    follow_up.close_follow_up(contact=missed, closing="no_danger", by=colleague, at=clock.now)
    follow_up.reopen_follow_up(contact=missed, by=operator, at=clock.move(minutes=1), **mark(missed))
    follow_up.close_follow_up(contact=missed, closing="reached", by=operator, at=clock.move(minutes=1))

    assert browser.post(door(missed), mark(missed)).status_code == 409


def test_what_was_erased_is_not_opened(operator, closed, at):
    Contact.objects.filter(pk=closed.pk).update(erased_at=at)

    with pytest.raises(follow_up.NothingToFollow):
        follow_up.reopen_follow_up(contact=closed, by=operator, at=at, **mark(closed))


@pytest.fixture
def cut(network, operator, clock):
    """A call of somebody in danger whose line was cut in the conversation."""
    Contact.objects.filter(pk=talk(network, operator, clock).pk).update(is_danger=True)
    network.status("completed", "9")
    return network.contact


def test_after_a_cut_in_danger_that_nothing_more_should_follow_is_taken_back_too(desk, cut, supervisor, clock):
    _page, contact = wrap_up(desk, cut, after="reached")
    assert (contact.is_missed, contact.closing) == (False, "reached")

    page = desk.post(door(contact), mark(contact), follow=True).content.decode()

    row = Contact.objects.get(pk=cut.pk)
    assert (row.is_missed, row.closed_at, row.state) == (True, None, "done")
    assert row.due_at == clock.now + dt.timedelta(hours=1)
    assert "Follow-up open again." in page
    letter = Letter.objects.get(key__startswith="handed_on")
    assert letter.receiver.endswith(str(supervisor.public_id))


def test_what_the_supervisors_had_is_told_to_them_anew(desk, cut, supervisor, operator, clock):
    _page, contact = wrap_up(desk, cut, after="supervisor")
    follow_up.close_follow_up(contact=contact, closing="no_danger", by=supervisor, at=clock.move(hours=5))
    clock.move(hours=20)

    desk.post(door(contact), mark(contact))

    row = Contact.objects.get(pk=cut.pk)
    assert (row.closed_at, row.owner, row.state, row.topic) == (None, None, "done", "crisis")
    assert row.due_at == clock.now + dt.timedelta(hours=1)
    assert Letter.objects.filter(key__startswith="handed_on").count() == 2


def test_what_a_person_had_is_hers_again_and_due_when_it_was(desk, cut, operator, clock):
    Contact.objects.filter(pk=cut.pk).update(may_call="yes", safety_at=clock.now)
    _page, contact = wrap_up(desk, cut, after="call_back")
    due = contact.due_at
    follow_up.close_follow_up(contact=contact, closing="no_danger", by=operator, at=clock.move(minutes=5))

    desk.post(door(contact), mark(contact))

    row = Contact.objects.get(pk=cut.pk)
    assert (row.closed_at, row.owner, row.due_at) == (None, operator, due)
    assert not Letter.objects.filter(key__startswith="handed_on").exists()


def test_a_sheet_that_waits_for_its_operator_still_asks_what_happens_now(desk, cut, clock):
    open_follow_up(cut, LOST_TEXT, clock.now)
    desk.post(reverse("hotline:close_follow_up", args=[cut.public_id]), {"closing": "no_danger"})

    desk.post(door(cut), mark(cut))

    row = Contact.objects.get(pk=cut.pk)
    assert (row.state, row.closed_at) == ("wrap_up", None)
    assert ASKS in desk.get(reverse("hotline:console")).content.decode()
