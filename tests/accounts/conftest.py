"""What tests of the people's room use: an office, people with passwords, codes of an app, a clean counter cache."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.core.cache import cache

from accounts import actions
from accounts.models import Country, Office

PASSWORD = "seven quiet lanterns"
LOGIN = "/en/account/login/"
SECRET = "JBSWY3DPEHPK3PXP"


def enter(client, user, password=PASSWORD, **more):
    """Send the sign-in form."""
    return client.post(LOGIN, {"login": user.email, "password": password} | more)


@pytest.fixture(autouse=True)
def clean_cache():
    """allauth keeps its own limits in the cache: no test inherits those of another."""
    cache.clear()


@pytest.fixture
def haiti(db):
    """Haiti, as a country row."""
    return Country.objects.create(
        code="HT", name="Haiti", slug="haiti", language_codes="fr ht", time_zone="America/Port-au-Prince"
    )


@pytest.fixture
def court(liberia):
    """A court in Liberia."""
    return Office.objects.create(country=liberia, name="Court A (example)", kind="court")


@pytest.fixture
def administrator(person):
    """An administrator."""
    return person("administrator")


@pytest.fixture
def with_password(person):
    """A factory of people who sign in with PASSWORD."""

    def make(*roles, **fields):
        user = person(*roles, **fields)
        user.set_password(PASSWORD)
        user.save()
        return user

    return make


@pytest.fixture
def app_code():
    """Return the digits that an authenticator app shows for a secret; `later` steps ahead."""

    def digits(secret, later=0):
        counter = sorted(auth.yield_hotp_counters_from_time())[1] + later
        return auth.format_hotp_value(auth.hotp_value(secret, counter))

    return digits


@pytest.fixture
def guarded(with_password, liberia):
    """An operator with an authenticator app."""
    user = with_password("operator", country=liberia)
    Authenticator.objects.create(user=user, type="totp", data={"secret": actions.seal_secret(SECRET)})
    return user


@pytest.fixture
def desk(sign_in, administrator, court):
    """A client signed in as an administrator, with a court in Liberia."""
    return sign_in(administrator)
