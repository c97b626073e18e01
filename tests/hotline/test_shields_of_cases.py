"""A case of a contact that names an official is not there for her either: no list, no page, no letter, no agency of hers."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Office
from accounts.rules import allowed
from hotline.actions.case_joining import join_case
from hotline.actions.shielding import lift_shield, shield_contact
from hotline.models import Contact, Sheet
from hotline.queries.contacts import cases_opened_by
from referral import actions as referral
from referral.models import Case, CaseAccess, Organisation
from referral.queries.cases import cases_visible_to, left_behind, listed
from referral.queries.referrals import person_of
from referral.queries.work import people_of
from referral.rules import RULES
from tests.hotline.console import waiting
from tests.hotline.test_views_ending import case_of

pytestmark = [pytest.mark.django_db]
ACTS = ("give_reason", "view_case", "edit_case", "see_identity", "refer", "assign_case", "hold_case")


@pytest.fixture
def station(liberia):
    """A police station."""
    return Office.objects.create(country=liberia, name="Station", kind="police")


@pytest.fixture
def people(person, liberia, station):
    """A supervisor of the station, and one of no office."""
    return {
        name: person("supervisor", country=liberia, name=name, office=office)
        for name, office in {"police": station, "free": None}.items()
    }


def sees(user, case):
    return {
        cases_visible_to(user).filter(pk=case.pk).exists(),
        user in people_of(case, "supervisor"),
    }


def may(user, case):
    return [act for act in ACTS if allowed(user, RULES, act, Case.objects.get(pk=case.pk))]


def test_the_case_of_a_hidden_contact_is_hidden_from_the_same_people(people, line, at, liberia, sign_in):
    case = case_of(liberia, at)
    contact = waiting(line, at, case=case)
    for user in people.values():
        CaseAccess.objects.create(
            case=case, user=user, reason="r", opened_at=at, ends_at=at.replace(year=at.year + 50)
        )
    assert may(people["police"], case) == may(people["free"], case) == list(ACTS)

    shield = shield_contact(contact=contact, by=people["free"], at=at, kind="police")

    assert (sees(people["police"], case), sees(people["free"], case)) == ({False}, {True})
    assert (may(people["police"], case), may(people["free"], case)) == ([], list(ACTS))
    assert not cases_opened_by(people["police"], Contact.objects.all(), at)
    assert list(left_behind(people["free"])) == [case]
    assert not left_behind(people["police"])
    assert not listed(Case.objects.all(), people["police"], at).get().may_open
    assert sign_in(people["police"]).get(reverse("referral:case_detail", args=[case.code])).status_code == 404
    assert case.code not in sign_in(people["police"]).get(reverse("referral:cases")).content.decode()
    assert AuditEntry.objects.filter(verb="hotline.shield_met").count() == 1

    lift_shield(shield=shield, by=people["free"], at=at)
    assert sees(people["police"], case) == {True}


def test_whom_a_contact_names_has_its_case_no_more_and_is_given_none(people, line, at, liberia):
    case = case_of(liberia, at)
    Case.objects.filter(pk=case.pk).update(owner=people["police"])
    contact = waiting(line, at, case=case)

    shield_contact(contact=contact, by=people["free"], at=at, user=people["police"])

    assert Case.objects.get().owner is None
    with pytest.raises(referral.CannotHaveCases):
        referral.assign_case(case=case, owner=people["police"], key="a", by=people["free"], at=at)
    referral.assign_case(case=case, owner=people["free"], key="b", by=people["free"], at=at)
    assert Case.objects.get().owner == people["free"]


def test_a_hidden_contact_that_is_joined_hides_the_case(people, line, at, liberia):
    case = case_of(liberia, at)
    Case.objects.filter(pk=case.pk).update(owner=people["police"])
    CaseAccess.objects.create(
        case=case, user=people["free"], reason="r", opened_at=at, ends_at=at.replace(year=at.year + 50)
    )
    contact = waiting(line, at)
    Sheet.objects.create(
        contact=contact, version=1, answers={"consent_case": "yes"}, saved_by=people["free"], saved_at=at
    )
    shield_contact(contact=contact, by=people["free"], at=at, kind="police")

    join_case(contact=contact, case=case, by=people["free"], at=at)

    assert Case.objects.get().owner is None
    assert sees(people["police"], case) == {False}


def test_matching_leaves_out_the_agencies_that_a_contact_names(people, line, at, liberia, station):
    case = case_of(liberia, at)
    contact = waiting(line, at, case=case)
    made = {
        name: Organisation.objects.create(country=liberia, name=name, kind=kind, created_at=at, changed_at=at)
        for name, kind in (("Unit", "police"), ("station", "other"), ("Hers", "ngo"), ("Shelter", "ngo"))
    }
    made["Hers"].focal_points.add(people["police"])
    keys = {name: one.pk for name, one in made.items()}

    assert person_of(case).conflicts == frozenset()
    shield = shield_contact(contact=contact, by=people["free"], at=at, office=station)
    assert person_of(case).conflicts == {keys["station"], keys["Hers"]}
    lift_shield(shield=shield, by=people["free"], at=at)
    shield = shield_contact(contact=contact, by=people["free"], at=at, kind="police")
    assert person_of(case).conflicts == {keys["Unit"], keys["Hers"]}
    lift_shield(shield=shield, by=people["free"], at=at)
    shield_contact(contact=contact, by=people["free"], at=at, user=people["police"])
    assert person_of(case).conflicts == {keys["station"], keys["Hers"]}
