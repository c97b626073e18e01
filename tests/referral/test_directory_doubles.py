"""Doubles that came in before the database refused them: none is lost."""

from importlib import import_module

from django.apps import apps
from django.db import connection

from referral.models import AgencyContact, Service


def drop(index):
    """Let the database take doubles again, until the end of the test."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {index}")


def test_services_of_one_name_are_numbered(agency, at):
    house, other = agency("Safe house A", "shelter"), agency("Rooms (2)", "shelter")
    drop("one_service_a_name")
    for owner, name in ((house, "Rooms"), (house, "ROOMS"), (house, "Rooms (2)"), (house, "Rooms"), (other, "Rooms")):
        Service.objects.create(
            organisation=owner.organisation, name_en=name, term="shelter", minimum_age=18, changed_at=at
        )

    import_module("referral.migrations.0009_one_service_a_name").number_doubles(apps, None)

    names = Service.objects.order_by("id").values_list("organisation", "name_en")
    mine = [name for owner, name in names if owner == house.organisation_id]
    assert mine == ["Safe house A", "Rooms", "ROOMS (2)", "Rooms (2) (2)", "Rooms (3)"]
    assert [name for owner, name in names if owner != house.organisation_id] == ["Rooms (2)", "Rooms"]


def test_of_several_active_contacts_the_one_that_was_used_stays(agency):
    house = agency("Safe house A", "shelter").organisation
    first = house.contacts.get()
    agency("Listening room", "psychosocial")
    drop("one_active_contact_an_agency")
    for _ in range(2):
        AgencyContact.objects.create(organisation=house, name="Desk")

    import_module("referral.migrations.0010_one_active_contact").keep_the_first(apps, None)

    assert house.contacts.get(is_active=True) == first
    assert AgencyContact.objects.filter(is_active=True).count() == 2
    assert AgencyContact.objects.count() == 4
