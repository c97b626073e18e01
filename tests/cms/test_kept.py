"""What every page needs to know is read in one query, and forgotten once what was changed stands."""

import pytest
from django.core.cache import cache

from cms.models import SafetySettings
from cms.queries import KEPT_KEY, countries, exit_address, safety, site_banner
from tests.cms.safety import administrator, put_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def settings_row(liberia):
    """The row of the safety settings, and a country that is active."""
    return SafetySettings.load()


def test_countries_and_settings_are_one_query(settings_row, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert (list(countries()), safety().exit_address) == (["liberia"], settings_row.exit_address)


def test_where_no_settings_stand_yet_leave_leads_to_the_neutral_page(liberia):
    SafetySettings.objects.all().delete()

    assert list(countries()) == ["liberia"]
    assert (exit_address(), site_banner("en")) == (SafetySettings.objects.get().exit_address, None)


def test_where_no_country_is_active_the_banner_stands(settings_row, liberia):
    liberia.is_active = False
    liberia.save()
    SafetySettings.objects.update(is_banner_on=True, banner_en="Call 999.")

    assert countries() == {}
    assert site_banner("en").words == "Call 999."


@pytest.mark.usefixtures("root")
def test_what_was_kept_is_forgotten_only_once_the_change_stands(person, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as later:
        put_up(administrator(person), "Danger at the border.")
        countries()  # another process reads what stands before the change does
        kept = cache.get(KEPT_KEY)
    for done in later:
        done()

    assert kept is not None
    assert cache.get(KEPT_KEY) is None
