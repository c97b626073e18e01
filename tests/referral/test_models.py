"""What the rows of the map refuse by themselves."""

import pytest
from django.db import IntegrityError, transaction

from referral.models import Area, Organisation, Pathway, PathwayVersion, Place, Service, VersionIsFrozen


@pytest.fixture
def version(liberia, at):
    """A frozen version of an empty pathway."""
    pathway = Pathway.objects.create(key="p", country=liberia, title_en="P")
    return PathwayVersion.objects.create(
        pathway=pathway, country=liberia, number=1, text="{}", digest="0", shape_digest="0", published_at=at,
        published_by="x",
    )  # fmt: skip


def test_version_refuses_save_update_and_delete(version):
    version.text = "{1}"

    for change in (version.save, version.delete, PathwayVersion.objects.all().delete):
        with pytest.raises(VersionIsFrozen):
            change()
    with pytest.raises(VersionIsFrozen):
        PathwayVersion.objects.update(text="{1}")


def test_secret_place_refuses_a_plain_address(liberia, at):
    house = Organisation.objects.create(
        country=liberia, name="Safe house A (example)", description="x", created_at=at, changed_at=at
    )
    service = Service.objects.create(organisation=house, name_en="Shelter", term="shelter", changed_at=at)

    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.create(service=service, visibility="secret", address="12 Canary Road")


def test_area_name_is_unique_at_the_top(liberia):
    Area.objects.create(country=liberia, name="Bong")

    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.create(country=liberia, name="bong")
