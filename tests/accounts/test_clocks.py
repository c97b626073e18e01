"""Times of the staff's pages are those of the reader's country."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
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


def test_where_she_is_signed_in_and_her_keys_are_told_by_the_clock_of_her_country(person, sign_in, liberia):
    Country.objects.filter(pk=liberia.pk).update(time_zone="Asia/Dhaka")
    reader = person("administrator", country=liberia)
    browser, late = sign_in(reader), AT.replace(hour=22)
    UserSession.objects.update_or_create(
        user=reader, session_key=browser.session.session_key, defaults={"ip": "127.0.0.1", "created_at": late}
    )
    Authenticator.objects.create(user=reader, type="webauthn", data={"name": "Key", "credential": {}}, created_at=late)

    sessions = browser.get(reverse("usersessions_list")).content.decode()
    keys = browser.get(reverse("mfa_list_webauthn")).content.decode()

    assert "26 November 2026, 04:00" in sessions
    assert "26 November 2026" in keys
