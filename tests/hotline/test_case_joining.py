"""Binding a contact to a case and taking it out: a court's hold, whose case it is, what is asked under the lock, what is on record."""

import json

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Country
from hotline.actions import case_joining
from hotline.actions.own_rows import NamesHer
from hotline.actions.sheets import ContactIsErased
from hotline.actions.shielding import shield_contact
from hotline.models import Contact, Sheet
from referral import actions as referral
from referral.choices.happenings import HAPPENING_WORDS
from referral.models import Case, CaseAccess, CaseEvent
from referral.queries.cases import left_behind
from tests.hotline.console import waiting
from tests.hotline.test_hidden_texts import at_the_first_transaction
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


def join(desk, contact, case, **how):
    address = reverse("hotline:join_case", args=[contact.public_id])
    return desk.post(address, {"case": case.code, "shown": case.code}, **how)


def said_next(browser, contact):
    """Return the next page of this browser: what is said to her stands on it."""
    return browser.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()


def another(case):
    """Return one more case of the same owner."""
    return Case.objects.create(
        code="LR-TEST-02", key="k2", country=case.country, version=case.version, language="en", source="hotline",
        owner=case.owner, opened_at=case.opened_at, changed_at=case.changed_at,
    )  # fmt: skip


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


def test_a_contact_is_taken_out_of_no_case_but_the_one_that_was_meant(joined, case, operator, at):
    other = another(case)

    with pytest.raises(case_joining.InAnotherCase):
        case_joining.part_case(contact=joined, case=other, by=operator, at=at)
    assert case_now(joined) == case


def test_a_contact_is_joined_to_no_case_of_another_country(contact, case, operator, at):
    other = Country.objects.create(
        code="XA", name="Other", slug="other", language_codes="en", time_zone="Africa/Monrovia"
    )
    Contact.objects.filter(pk=contact.pk).update(country=other)

    with pytest.raises(case_joining.CaseNotThere):
        case_joining.join_case(contact=contact, case=case, by=operator, at=at)
    assert case_now(contact) is None


def test_joining_and_taking_out_are_traced_from_the_case_too(joined, case, operator, at):
    case_joining.part_case(contact=joined, case=case, by=operator, at=at)
    case_joining.part_case(contact=joined, case=case, by=operator, at=at)

    acts = AuditEntry.objects.filter(verb__startswith="hotline.case_").order_by("seq")
    assert [(act.verb, act.actor, act.country) for act in acts] == [
        (f"hotline.case_{verb}", str(operator.public_id), case.country_id) for verb in ("joined", "parted")
    ]
    assert {json.loads(act.body)["case"] for act in acts} == {str(case.public_id)}
    events = CaseEvent.objects.filter(case=case).order_by("number")
    assert [(event.kind, event.by) for event in events] == [
        (kind, str(operator.public_id)) for kind in ("contact_joined", "contact_parted")
    ]
    assert {json.loads(event.body)["contact"] for event in events} == {str(joined.public_id)}
    case_joining.join_case(contact=joined, case=case, by=operator, at=at)
    assert CaseEvent.objects.filter(case=case).count() == 3


def test_a_contact_that_a_colleague_joined_to_another_case_meanwhile_is_not_said_to_be_joined_to_this_one(
    desk, joined, contact, case, operator, at
):
    other = another(case)
    with pytest.raises(case_joining.InAnotherCase):
        case_joining.join_case(contact=contact, case=other, by=operator, at=at)
    Contact.objects.filter(pk=contact.pk).update(case=None)

    with at_the_first_transaction(lambda: Contact.objects.filter(pk=contact.pk).update(case=case)):
        told = join(desk, contact, other, follow=True).content.decode()

    assert "This contact is in another case now, or in none. Nothing was done." in told
    assert "is joined to case" not in told
    assert case_now(contact) == case


def test_a_contact_that_is_hidden_or_erased_meanwhile_is_not_joined_and_not_there(
    desk, contact, case, operator, supervisor, at
):
    for change, refusal in (
        (lambda: shield_contact(contact=contact, by=supervisor, at=at, user=operator), NamesHer),
        (lambda: Contact.objects.filter(pk=contact.pk).update(erased_at=at), ContactIsErased),
    ):
        contact.shields.update(lifted_at=at)
        with at_the_first_transaction(change):
            assert join(desk, contact, case).status_code == 404
        with pytest.raises(refusal):
            case_joining.join_case(contact=contact, case=case, by=operator, at=at)
        assert case_now(contact) is None


def test_a_contact_that_is_hidden_meanwhile_is_not_taken_out_and_not_there(
    desk, joined, case, operator, supervisor, at
):
    with at_the_first_transaction(lambda: shield_contact(contact=joined, by=supervisor, at=at, user=operator)):
        answer = desk.post(reverse("hotline:part_case", args=[joined.public_id]), {"case": case.code})

    assert answer.status_code == 404
    assert case_now(joined) == case


def test_who_presses_twice_is_told_twice_that_it_is_joined(desk, contact, case):
    first = join(desk, contact, case)
    told = said_next(desk, contact)
    again = join(desk, contact, case)

    assert (first.status_code, again.status_code) == (302, 302)
    assert again["Location"] == first["Location"] == reverse("referral:case_detail", args=[case.code])
    for page in (told, said_next(desk, contact)):
        assert f"Contact {contact.code} is joined to case {case.code}." in page
    assert CaseEvent.objects.filter(case=case, kind="contact_joined").count() == 1


def test_a_contact_of_another_case_is_not_said_to_be_joined_to_the_one_asked_for(desk, joined, case):
    answer = join(desk, joined, another(case))

    assert answer.status_code == 409
    assert "This became a case." in answer.content.decode()


@pytest.fixture
def chief(sign_in, supervisor, case, at):
    """The browser of a supervisor who opened the case with a reason."""
    CaseAccess.objects.create(
        case=case, user=supervisor, reason="r", opened_at=at, ends_at=at.replace(year=at.year + 50)
    )
    return sign_in(supervisor)


def test_that_the_owner_is_named_and_will_have_the_case_no_more_is_said_before_it_is_joined(
    chief, contact, case, operator, supervisor, at
):
    address = reverse("hotline:join_case", args=[contact.public_id])
    before = chief.get(address, {"case": case.code}).content.decode()
    shield_contact(contact=contact, by=supervisor, at=at, user=operator)
    shown = chief.get(address, {"case": case.code}).content.decode()

    for words in ("Hidden from people whom it names", "the former owner sees it no more"):
        assert words not in before
        assert words in shown


def test_a_case_that_its_owner_lost_says_so_and_is_among_those_that_nobody_has(
    chief, contact, case, operator, supervisor, at
):
    shield_contact(contact=contact, by=supervisor, at=at, user=operator)

    join(chief, contact, case)
    told = said_next(chief, contact)
    parted = chief.post(reverse("hotline:part_case", args=[contact.public_id]), {"case": case.code}, follow=True)

    case.refresh_from_db()
    assert (case_now(contact), case.owner) == (None, None)
    for page in (told, parted.content.decode()):
        assert "Nobody who can work on this case has it. Give it to a colleague." in page
    assert list(left_behind(supervisor)) == [case]
    assert list(CaseEvent.objects.filter(case=case).order_by("number").values_list("kind", flat=True)) == [
        "contact_joined", "left", "contact_parted",
    ]  # fmt: skip
    assert {"contact_joined", "left", "contact_parted"} <= set(HAPPENING_WORDS)


def test_who_keeps_her_case_is_not_told_that_nobody_has_it(desk, contact, case):
    join(desk, contact, case)

    assert "Nobody who can work on this case" not in said_next(desk, contact)
    assert not CaseEvent.objects.filter(case=case, kind="left").exists()


def test_who_may_not_read_the_case_any_more_is_not_led_to_it_when_she_presses_twice(
    desk, joined, case, person, liberia
):
    Case.objects.filter(pk=case.pk).update(owner=person("operator", country=liberia))

    assert join(desk, joined, case).status_code == 409


def test_a_contact_whose_call_a_colleague_has_is_joined_by_nobody_else(desk, contact, case, person, liberia, at):
    second = person("operator", country=liberia, name="Second, Liberia")
    Contact.objects.filter(pk=contact.pk).update(claimed_by=second, state="connected", ended_at=None)

    reply = join(desk, contact, case, follow=True)

    assert "Second, Liberia has taken this call. Nothing was written." in reply.content.decode().replace(
        "<bdi>", ""
    ).replace("</bdi>", "")
    assert case_now(contact) is None


def test_a_contact_whose_call_a_colleague_has_is_taken_out_of_its_case_by_nobody_else(
    desk, joined, case, person, liberia, at
):
    second = person("operator", country=liberia, name="Second, Liberia")
    Contact.objects.filter(pk=joined.pk).update(claimed_by=second, state="connected", ended_at=None)

    desk.post(reverse("hotline:part_case", args=[joined.public_id]), {"case": case.code})

    assert "has taken this call." in said_next(desk, joined)
    assert case_now(joined) == case
