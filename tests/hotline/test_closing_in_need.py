"""How the follow-up of a missed contact may end, where the person is in need now: not as one that needs none."""

import pytest
from django.urls import reverse

from hotline.models import CallBack, Contact, KeyAnswer
from tests.hotline.test_missed import missed, row_of

pytestmark = pytest.mark.django_db


def called_back(contact, at, state):
    """Write down a call back of a contact that ended so."""
    return CallBack.objects.create(contact=contact, account="AC1", state=state, made_at=at, ended_at=at, nth=1)


def offered(desk, contact):
    """Return what the list of missed contacts and the contact's page offer a follow-up to be closed with."""
    row = row_of(desk.get(reverse("hotline:missed")).content.decode(), contact)
    page = desk.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()
    return ['value="no_need"' in part for part in (row, page)]


def in_need(contact, at, by):
    """Write on a contact what its person needs now: by key, on the sheet, or as a danger."""
    if by == "key":
        KeyAnswer.objects.create(contact=contact, question="send_police", answer="yes", at=at)
    elif by == "sheet":
        contact.sheets.create(version=1, answers={"sign_violence": "yes"}, saved_at=at)
    else:
        Contact.objects.filter(pk=contact.pk).update(is_danger=True)


def refused(desk, contact, on=""):
    """Try to close the follow-up of a contact as not needed; tell whether that was refused with what to do."""
    sent = {"closing": "no_need", "on": on}
    page = desk.post(reverse("hotline:close_follow_up", args=[contact.public_id]), sent, follow=True).content.decode()
    contact.refresh_from_db()
    is_told = "Not closed: this person is in need now, and nobody has reached her or him since. Call back as" in page
    assert is_told == (contact.closed_at is None)
    return is_told


@pytest.mark.parametrize("on", ["", "contact"])
@pytest.mark.parametrize("by", ["key", "sheet", "danger"])
def test_of_who_is_in_need_no_follow_up_is_closed_as_not_needed(desk, line, at, by, on):
    calm, needy = missed(line, at, 1), missed(line, at, 1)
    assert [offered(desk, one) for one in (calm, needy)] == [[True, True]] * 2

    in_need(needy, at, by)

    assert [offered(desk, one) for one in (calm, needy)] == [[True, True], [False, False]]
    assert [refused(desk, one, on) for one in (calm, needy)] == [False, True]
    desk.post(reverse("hotline:close_follow_up", args=[needy.public_id]), {"closing": "reached"})
    needy.refresh_from_db()
    assert needy.closing == "reached"


@pytest.mark.parametrize(("state", "is_free"), [("reached", True), ("not_reached", False), ("unsure", False)])
def test_who_was_reached_by_a_call_back_may_need_no_follow_up(desk, line, at, state, is_free):
    needy = missed(line, at, 1)
    in_need(needy, at, "key")
    called_back(needy, at, state)

    assert offered(desk, needy) == [is_free, is_free]
    assert refused(desk, needy) == (not is_free)


def test_who_has_a_case_is_gone_on_with_there(desk, line, case, at):
    needy = missed(line, at, 1)
    in_need(needy, at, "sheet")
    Contact.objects.filter(pk=needy.pk).update(case=case)

    assert offered(desk, needy) == [True, True]
    assert not refused(desk, needy)
