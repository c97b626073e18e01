"""Binding a contact to a case and taking it out: a court's hold, whose case it is, what is asked under the lock, what is on record."""

import pytest
from django.urls import reverse

from hotline.actions import case_joining
from hotline.models import Contact, Sheet
from referral import actions as referral
from referral.models import Case
from tests.hotline.console import waiting
from tests.hotline.test_views_ending import case_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(liberia, at, operator):
    """An open case of the operator."""
    case = case_of(liberia, at)
    Case.objects.filter(pk=case.pk).update(owner=operator)
    case.refresh_from_db()
    return case


@pytest.fixture
def contact(line, at, operator):
    """A contact of a person who agreed to be written down."""
    contact = waiting(line, at, state="wrap_up", claimed_by=operator)
    Sheet.objects.create(contact=contact, version=1, answers={"consent_case": "yes"}, saved_by=operator, saved_at=at)
    return contact


@pytest.fixture
def joined(contact, case, operator, at):
    """The contact, joined to the case."""
    case_joining.join_case(contact=contact, case=case, by=operator, at=at)
    return Contact.objects.get(pk=contact.pk)


def case_now(contact):
    return Contact.objects.get(pk=contact.pk).case


def hold(case, supervisor, at):
    referral.hold_case(case=case, reason="court", words="order 7", key="h", by=supervisor, at=at)


def test_a_contact_of_a_case_that_a_court_holds_stays_in_it_until_the_hold_is_lifted(
    joined, case, operator, supervisor, at
):
    hold(case, supervisor, at)

    with pytest.raises(case_joining.CaseIsHeld):
        case_joining.part_case(contact=joined, case=case, by=operator, at=at)
    assert case_now(joined) == case
    assert not joined.events.filter(kind="case_parted").exists()

    referral.lift_hold(case=case, reason="over", words="", key="l", by=supervisor, at=at)
    case_joining.part_case(contact=joined, case=case, by=operator, at=at)
    assert case_now(joined) is None


def test_who_takes_a_contact_out_of_a_held_case_is_told_that_it_is_held(desk, joined, case, supervisor, at):
    address = reverse("hotline:contact", args=[joined.public_id])
    offered = desk.get(address).content.decode()
    hold(case, supervisor, at)

    told = desk.post(reverse("hotline:part_case", args=[joined.public_id]), {"case": case.code}, follow=True)

    assert "Take it out of the case" in offered
    assert "The case is held. Nothing of it is erased until the hold is lifted." in told.content.decode()
    assert "is not in case" not in told.content.decode()
    assert "Take it out of the case" not in desk.get(address).content.decode()
    assert case_now(joined) == case
