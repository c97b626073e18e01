"""Who fills a role of the pathway: services in order, in a region and for some days; the people of this house."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Country
from referral import actions
from referral.models import Area, Organisation, RoleAssignment
from referral.queries.referrals import ranked
from referral.queries.work import staff_role_of

pytestmark = pytest.mark.usefixtures("now", "version")


@pytest.fixture
def desk(sign_in, person, liberia):
    """A programme manager of Liberia at her desk."""
    return sign_in(person("manager", country=liberia))


def page_of(name="role", role="shelter", *more):
    return reverse(f"referral:{name}", args=[role, *more])


def entries(verb):
    return AuditEntry.objects.filter(verb=f"directory.{verb}").count()


def first(case, at):
    return ranked(case, "shelter", at, "shelter")[0][0]


def test_a_manager_puts_the_second_house_first(agency, new_case, at, desk):
    house, other = agency("Safe house A", "shelter"), agency("Safe house B", "shelter")
    case = new_case()
    assert first(case, at) == house
    seen = desk.get(page_of()).context["form"].initial["seen"]
    told = {"service": other.public_id, "position": "1", "seen": seen}

    answers = [desk.post(page_of(), told) for _ in range(2)]

    assert [answer.url for answer in answers] == [page_of()] * 2
    assert RoleAssignment.objects.count() == entries("role_given") == 1
    assert first(case, at) == other
    assert "Safe house B" in desk.get(reverse("referral:roles")).content.decode()
    off = page_of("role_off", "shelter", RoleAssignment.objects.get().pk)
    assert [desk.post(off).status_code for _ in range(2)] == [302, 302]
    assert first(case, at) == house
    assert entries("role_taken") == 1


@pytest.mark.parametrize(
    ("told", "counts"),
    [({"area": "own"}, True), ({"area": "other"}, False), ({"valid_until": dt.date(2026, 11, 25)}, True),
     ({"valid_until": dt.date(2026, 11, 24)}, False), ({"valid_from": dt.date(2026, 11, 26)}, False)],
)  # fmt: skip
def test_an_assignment_counts_in_its_region_and_on_its_days(agency, new_case, county, liberia, at, told, counts):
    house, other = agency("Safe house A", "shelter"), agency("Safe house B", "shelter")
    areas = {"own": county, "other": Area.objects.create(country=liberia, name="Bong")}
    told |= {"area": areas[told["area"]]} if "area" in told else {}
    actions.assign_service(country=liberia, role="shelter", service=other, position=1, by="test", at=at, **told)

    assert first(new_case(), at) == (other if counts else house)


def test_a_service_that_fills_the_role_otherwise_is_not_changed_unseen(house, liberia, at, desk):
    actions.assign_service(country=liberia, role="shelter", service=house, position=1, by="test", at=at)

    answer = desk.post(page_of(), {"service": house.public_id, "position": "2"})

    assert answer.status_code == 409
    assert "Take it off first" in answer.content.decode()
    assert RoleAssignment.objects.get().position == 1


def test_a_role_that_somebody_else_changed_meanwhile_is_shown_first(agency, liberia, at, desk):
    house, other = agency("Safe house A", "shelter"), agency("Safe house B", "shelter")
    seen = desk.get(page_of()).context["form"].initial["seen"]
    actions.assign_service(country=liberia, role="shelter", service=house, position=1, by="test", at=at)

    answer = desk.post(page_of(), {"service": other.public_id, "position": "1", "seen": seen})

    assert answer.status_code == 409
    assert RoleAssignment.objects.get().service == house
    told = {"service": other.public_id, "position": "1", "seen": answer.context["form"]["seen"].value()}
    assert desk.post(page_of(), told).status_code == 302


@pytest.mark.parametrize(
    "told", [{"service": "x"}, {"service": ""}, {"position": "-1"}, {"area": "9" * 400},
             {"valid_from": "2026-12-02", "valid_until": "2026-12-01"}],
)  # fmt: skip
def test_what_cannot_stand_is_refused_beside_its_field(house, desk, told):
    answer = desk.post(page_of(), {"service": house.public_id} | told)

    assert answer.status_code == 400
    assert "error-text" in answer.content.decode()
    assert not RoleAssignment.objects.exists()


def test_the_people_of_this_house_fill_a_role_once(liberia, at, desk):
    assert staff_role_of("LR", "shelter", at.date()) == ""
    seen = desk.get(page_of()).context["desk"].initial["seen"]

    answers = [desk.post(page_of("role_desk"), {"staff_role": "supervisor", "seen": seen}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert entries("desk_changed") == 1
    assert staff_role_of("LR", "shelter", at.date()) == "supervisor"
    assert desk.post(page_of("role_desk"), {"staff_role": "operator", "seen": seen}).status_code == 409
    assert desk.post(page_of("role_desk"), {"staff_role": ""}).status_code == 302
    assert staff_role_of("LR", "shelter", at.date()) == ""


def test_no_other_role_and_nobody_else(house, person, liberia, sign_in, desk):
    assert desk.get(page_of("role", "no_such_role")).status_code == 404
    for role in ("operator", "supervisor", "focal_point", "analyst"):
        other = sign_in(person(role, country=liberia))
        assert other.post(page_of(), {"service": house.public_id}).status_code == 404
        assert other.post(page_of("role_desk"), {"staff_role": "operator"}).status_code == 404
    assert not RoleAssignment.objects.exists()


def test_a_service_of_another_country_is_no_choice(house, desk):
    Country.objects.create(code="GH", name="Ghana", slug="ghana", language_codes="en", time_zone="Africa/Accra")
    Organisation.objects.update(country="GH")

    assert desk.post(page_of(), {"service": house.public_id}).status_code == 400
