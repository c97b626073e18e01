"""An agency of the directory: who is put down for it and what she then may, what stands of it, how far it is checked."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Country, Letter
from referral import actions
from referral.choices import ReferralState
from referral.models import Organisation, Referral
from referral.queries.cases import referrals_visible_to
from tests.referral.pages import service_form

pytestmark = [pytest.mark.usefixtures("now"), pytest.mark.either]


@pytest.fixture
def owner(house):
    """The agency of the safe house."""
    return house.organisation


@pytest.fixture
def focal(person, liberia):
    """A focal point of Liberia who is with no agency."""
    return person("focal_point", country=liberia, name="Comfort Doe")


@pytest.fixture
def manager(person, liberia):
    """A programme manager of Liberia."""
    return person("manager", country=liberia, name="Moses Kollie")


def page_of(owner, name="organisation", *more):
    return reverse(f"referral:{name}", args=[owner.public_id, *more])


def acts(*verbs):
    return list(
        AuditEntry.objects.filter(verb__in=[f"directory.{verb}" for verb in verbs]).values_list("verb", flat=True)
    )


def test_a_manager_puts_a_focal_point_down_who_then_keeps_the_service(house, owner, focal, manager, sign_in):
    edit = reverse("referral:service_edit", args=[house.public_id])
    client = sign_in(focal)
    told = client.get(reverse("referral:requests")).content.decode()
    assert "not put down for an agency" in told
    assert "Moses Kollie" in told
    assert client.get(edit).status_code == 404

    client = sign_in(manager)
    assert "Comfort Doe" in client.get(page_of(owner)).content.decode()
    answers = [client.post(page_of(owner, "organisation_person_add"), {"person": focal.public_id}) for _ in range(2)]

    assert [answer.url for answer in answers] == [page_of(owner)] * 2
    assert acts("focal_point_added") == ["directory.focal_point_added"]
    assert Letter.objects.filter(key__startswith="agency_person:").count() == 1
    client = sign_in(focal)
    told = client.get(reverse("referral:requests")).content.decode()
    assert "not put down for an agency" not in told
    assert house.name in told
    assert client.post(edit, service_form()).status_code == 302
    assert "Comfort Doe" in client.get(page_of(owner)).content.decode()


def test_who_is_taken_off_keeps_nothing_and_a_second_press_says_so(shared, owner, focal, manager, sign_in, at):
    actions.add_focal_point(organisation=owner, person=focal, by=manager, at=at)
    assert referrals_visible_to(focal).exists()
    client, off = sign_in(manager), page_of(owner, "organisation_person_off", focal.public_id)

    answers = [client.post(off) for _ in range(2)]

    assert [answer.url for answer in answers] == [page_of(owner)] * 2
    assert acts("focal_point_taken_off") == ["directory.focal_point_taken_off"]
    assert not referrals_visible_to(focal).exists()


OPEN = {"requested", "on_hold", "accepted", "in_progress"}


@pytest.mark.parametrize("state", ReferralState.values)
def test_a_focal_point_sees_of_her_own_agency_what_is_open_and_of_others_nothing(
    shared, owner, room, focal, manager, sign_in, at, state
):
    actions.add_focal_point(organisation=owner, person=focal, by=manager, at=at)
    _case, own, other = shared
    Referral.objects.filter(pk=own.pk).update(state=state, decline_reason="no_capacity" if state == "rejected" else "")
    assert other.state == "requested"

    seen = list(referrals_visible_to(focal))
    page = sign_in(focal).get(reverse("referral:requests")).content.decode()

    assert seen == ([own] if state in OPEN else [])
    assert ("No request is open." in page) is (state not in OPEN)
    assert room.name not in page


@pytest.mark.parametrize("act", ["decline", "withdraw_consent"])
def test_what_her_agency_declined_or_what_was_withdrawn_leaves_the_list_of_a_focal_point(
    act, shared, room, focal, manager, operator, at, keys
):
    actions.add_focal_point(organisation=room.organisation, person=focal, by=manager, at=at)
    case, _taken, asked = shared
    assert list(referrals_visible_to(focal)) == [asked]

    what = {"referral": asked, "reason": "no_capacity"} if act == "decline" else {"case": case}
    getattr(actions, act)(**what, key=next(keys), by=operator, at=at)

    assert not referrals_visible_to(focal).exists()


def test_a_person_may_be_with_two_agencies_and_the_list_says_so(house, room, focal, manager, sign_in, at):
    actions.add_focal_point(organisation=house.organisation, person=focal, by=manager, at=at)
    client = sign_in(manager)

    offered = client.get(page_of(room.organisation)).content.decode()
    client.post(page_of(room.organisation, "organisation_person_add"), {"person": focal.public_id})

    assert "also with Safe house A (example)" in offered
    told = sign_in(focal).get(reverse("referral:requests")).content.decode()
    assert "Safe house A (example)" in told
    assert "Listening room (example)" in told


def test_only_focal_points_of_the_country_are_offered_and_taken(owner, person, manager, sign_in, at):
    ghana = Country.objects.create(
        code="GH", name="Ghana", slug="ghana", language_codes="en", time_zone="Africa/Accra"
    )
    wrong = [
        person("focal_point", country=ghana, name="Abroad"),
        person("operator", country=manager.country, name="No focal point"),
        person("focal_point", country=manager.country, name="Closed", is_active=False),
    ]
    client = sign_in(manager)

    answers = [client.post(page_of(owner, "organisation_person_add"), {"person": one.public_id}) for one in wrong]

    assert {answer.status_code for answer in answers} == {400}
    for one in wrong:
        with pytest.raises(actions.NotAFocalPoint):
            actions.add_focal_point(organisation=owner, person=one, by=manager, at=at)
    assert not owner.focal_points.exists()
    assert not acts("focal_point_added")


@pytest.mark.parametrize("told", ["", "x", "9" * 400, "00000000-0000-4000-8000-000000000000"])
def test_nobody_known_is_refused_beside_the_field(owner, focal, manager, sign_in, told):
    page = sign_in(manager).post(page_of(owner, "organisation_person_add"), {"person": told})

    assert page.status_code == 400
    assert "error-text" in page.content.decode()


def test_who_moved_to_another_country_is_marked_and_keeps_nothing(shared, house, owner, focal, manager, sign_in, at):
    actions.add_focal_point(organisation=owner, person=focal, by=manager, at=at)
    focal.country = Country.objects.create(
        code="GH", name="Ghana", slug="ghana", language_codes="en", time_zone="Africa/Accra"
    )
    focal.save()

    assert not referrals_visible_to(focal).exists()
    assert "no focal point here any more" in sign_in(manager).get(page_of(owner)).content.decode()


@pytest.mark.parametrize("role", ["operator", "supervisor", "focal_point", "analyst"])
def test_others_put_nobody_down_and_confirm_no_agency(owner, focal, person, liberia, sign_in, role):
    client = sign_in(person(role, country=liberia))

    answers = [
        client.post(page_of(owner, "organisation_person_add"), {"person": focal.public_id}),
        client.post(page_of(owner, "organisation_person_off", focal.public_id)),
        client.post(page_of(owner, "organisation_trust"), {"trust": "confirmed"}),
        client.post(page_of(owner, "organisation_edit"), {"name": "Other", "description": "x", "kind": "ngo"}),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert not owner.focal_points.exists()


def test_an_operator_sees_the_agency_without_its_people(owner, focal, operator, manager, sign_in, at):
    actions.add_focal_point(organisation=owner, person=focal, by=manager, at=at)

    page = sign_in(operator).get(page_of(owner))

    assert page.status_code == 200
    assert "Comfort Doe" not in page.content.decode()


def test_a_manager_of_another_country_finds_no_agency(owner, person, sign_in):
    ghana = Country.objects.create(
        code="GH", name="Ghana", slug="ghana", language_codes="en", time_zone="Africa/Accra"
    )
    client = sign_in(person("manager", country=ghana))

    assert {client.get(page_of(owner, name)).status_code for name in ("organisation", "organisation_trust")} == {404}


def test_a_manager_confirms_an_agency_once(house, owner, manager, sign_in):
    client, page = sign_in(manager), page_of(owner, "organisation_trust")
    assert owner.trust == "unconfirmed"

    answers = [client.post(page, {"trust": "confirmed", "seen": "unconfirmed"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    owner.refresh_from_db()
    assert owner.trust == "confirmed"
    assert acts("trust_changed") == ["directory.trust_changed"]
    assert "Confirmed" in client.get(reverse("referral:service", args=[house.public_id])).content.decode()


def test_a_mark_that_somebody_else_set_meanwhile_is_shown_first(owner, manager, sign_in, at):
    client, page = sign_in(manager), page_of(owner, "organisation_trust")
    actions.set_trust(organisation=owner, trust="under_review", by="somebody", at=at)

    answer = client.post(page, {"trust": "confirmed", "seen": "unconfirmed"})

    assert answer.status_code == 409
    assert answer.context["stands"][0].stands == "Under review"
    assert Organisation.objects.get().trust == "under_review"
    again = client.post(page, {"trust": "confirmed", "seen": answer.context["form"]["seen"].value()})
    assert again.status_code == 302


FACTS = {"name": "Safe house of Bong", "description": "Two rooms.", "kind": "faith", "identifiers": "NGO 12",
         "website": "https://house.example.org/"}  # fmt: skip


def test_what_stands_of_an_agency_is_corrected_once(owner, manager, sign_in):
    client, page = sign_in(manager), page_of(owner, "organisation_edit")
    seen = client.get(page).context["form"]["seen"].value()

    answers = [client.post(page, FACTS | {"seen": seen}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    owner.refresh_from_db()
    assert {name: getattr(owner, name) for name in FACTS} == FACTS
    assert acts("organisation_changed") == ["directory.organisation_changed"]


def test_an_agency_that_somebody_else_changed_is_shown_beside_what_was_sent(owner, manager, sign_in, at):
    client, page = sign_in(manager), page_of(owner, "organisation_edit")
    seen = client.get(page).context["form"]["seen"].value()
    actions.change_agency(
        organisation=owner, facts=actions.AgencyFacts("House B", "Example.", "ngo"), by="somebody", at=at
    )

    answer = client.post(page, FACTS | {"seen": seen})

    assert answer.status_code == 409
    assert "House B" in answer.content.decode()
    assert Organisation.objects.get().name == "House B"
    assert client.post(page, FACTS | {"seen": answer.context["form"]["seen"].value()}).status_code == 302


def test_a_name_of_another_agency_is_refused(owner, room, manager, sign_in):
    answer = sign_in(manager).post(page_of(owner, "organisation_edit"), FACTS | {"name": "LISTENING ROOM (example)"})

    assert answer.status_code == 409
    assert "Listening room (example)" in answer.content.decode()
