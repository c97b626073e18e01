"""Times of the staff's pages are those of the reader's country."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts import actions
from accounts.models import Country

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 25, 10, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("name", ["audit", "person"])
def test_a_page_tells_when_it_was_by_the_clock_of_its_readers_country(person, sign_in, liberia, name):
    Country.objects.filter(pk=liberia.pk).update(time_zone="Asia/Dhaka")
    reader, other = person("administrator", country=liberia), person("operator", country=liberia)
    actions.record(by=reader, verb="person.deactivated", thing=other, at=AT)

    address = reverse("accounts:person", args=[other.public_id]) if name == "person" else reverse("accounts:audit")
    page = sign_in(reader).get(address).content.decode()

    assert "16:00" in page
    assert "10:00" not in page
