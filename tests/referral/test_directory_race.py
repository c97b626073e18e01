"""Of the same request sent several times at once, one counts."""

import datetime as dt
import threading

import pytest
from django.db import connections

from accounts import actions as accounts
from accounts.models import AuditEntry, Letter
from referral import actions
from referral.actions import ServiceDetails
from referral.models import AgencyContact, Organisation, Service
from referral.queries.contacts import SETTLED
from tests.referral.offers import RACERS


@pytest.fixture
def race(file_database):
    """Return a function that does an act in several threads at once: (what each gave, or the error it met), and a count."""

    def run(act, count):
        connect, start, met, counted = file_database(), threading.Barrier(RACERS), [], []

        def racer(number):
            connect()
            try:
                start.wait()
                met.append(act(number))
            except Exception as error:  # noqa: BLE001 -- the test looks at each
                met.append(error)
            finally:
                connections["default"].close()

        def counter():
            connect()
            counted.append(count())
            connections["default"].close()

        _together([threading.Thread(target=racer, args=(number,)) for number in range(RACERS)])
        _together([threading.Thread(target=counter)])
        return met, counted[0]

    return run


def _together(threads):
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("is_one_sending", [True, False])
@pytest.mark.parametrize("is_new", [True, False])
def test_a_service_sent_several_times_at_once_is_added_once(
    transactional_db, agency, liberia, at, race, is_one_sending, is_new
):
    owner = None if is_new else agency("Safe house A", "shelter").organisation
    details = ServiceDetails(name="Rooms", term="shelter")

    def add(number):
        return actions.add_service(
            country=liberia, organisation=owner, organisation_name="Hostel C (example)",
            organisation_description="Example.", email="c@example.org", details=details, by="test", at=at,
            key="one" if is_one_sending else f"key {number}",
        )  # fmt: skip

    met, counted = race(add, lambda: (Service.objects.filter(name_en="Rooms").count(), Organisation.objects.count()))

    assert counted == (1, 1)
    kinds = sorted(type(one).__name__ for one in met)
    assert kinds == (["Service"] * RACERS if is_one_sending else ["AlreadyThere"] * (RACERS - 1) + ["Service"])


def test_of_several_who_enrol_a_first_address_at_once_one_wins(transactional_db, agency, at, race):
    owner = agency("Safe house A", "shelter", email="").organisation

    def enrol(number):
        return actions.enrol_contact(
            organisation=owner, name="Desk", email=f"desk{number}@example.org", by="test", at=at
        )

    met, counted = race(enrol, AgencyContact.objects.count)

    assert counted == 1
    assert sorted(type(one).__name__ for one in met) == ["AgencyContact", *["EnrolledAlready"] * (RACERS - 1)]


def test_a_person_put_down_by_several_at_once_is_there_once_and_gets_one_letter(
    transactional_db, agency, person, liberia, at, race
):
    owner, focal = agency("Safe house A", "shelter").organisation, person("focal_point", country=liberia)

    def add(number):
        return actions.add_focal_point(organisation=owner, person=focal, by="test", at=at)

    def found():
        entries = AuditEntry.objects.filter(verb="directory.focal_point_added").count()
        return owner.focal_points.count(), entries, Letter.objects.filter(key__startswith="agency_person:").count()

    met, counted = race(add, found)

    assert counted == (1, 1, 1)
    assert sorted(met) == [False] * (RACERS - 1) + [True]


def test_a_service_given_a_role_by_several_at_once_fills_it_once(transactional_db, agency, liberia, at, race):
    house = agency("Safe house A", "shelter")

    def give(number):
        return actions.assign_service(country=liberia, role="shelter", service=house, position=1, by="test", at=at)

    met, counted = race(give, lambda: (liberia.role_assignments.count(), AuditEntry.objects.count()))

    assert counted == (1, 1)
    assert len({one.pk for one in met}) == 1


def test_of_several_who_confirm_and_drop_a_change_at_once_one_settles_it(
    transactional_db, agency, person, liberia, at, race
):
    contact = agency("Safe house A", "shelter").organisation.contacts.get()
    first, second = person("manager", country=liberia), person("manager", country=liberia)
    actions.ask_contact_change(contact=contact, email="new@example.org", by=first, at=at)
    then = at + dt.timedelta(days=3)
    seen = actions.show_contact_change(contact=contact, by=second, at=then).seen

    def settle(number):
        if number % 2:
            actions.drop_contact_change(contact=contact, by=first, at=then)
            return "directory.contact_change_dropped"
        actions.confirm_contact_change(contact=contact, by=second, at=then, seen=seen)
        return "directory.contact_changed"

    def found():
        row = AgencyContact.objects.get()
        return (
            accounts.reveal(row, "email", by="test", at=then, reason="test"), row.change_asked_at,
            list(AuditEntry.objects.filter(verb__in=SETTLED).values_list("verb", flat=True)),
        )  # fmt: skip

    met, (email, asked_at, settled) = race(settle, found)

    assert [one for one in met if isinstance(one, str)] == settled
    assert len(settled) == 1
    late = actions.InForceMeanwhile if settled == ["directory.contact_changed"] else actions.DroppedMeanwhile
    assert [type(one) for one in met if not isinstance(one, str)] == [late] * (RACERS - 1)
    assert asked_at is None
    assert (email == "new@example.org") is (late is actions.InForceMeanwhile)
