"""Doubles that came in before the database refused them: none is lost."""

from importlib import import_module

from django.apps import apps
from django.db import connection

from referral.models import Service


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
