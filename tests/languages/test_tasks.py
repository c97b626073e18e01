"""The nightly comparison of columns with what is live."""

import pytest
from django.core.cache import cache
from django.db import models

from languages import actions, tasks
from tests.sample.models import Leaflet


@pytest.fixture(autouse=True)
def no_memory():
    """Forget that an earlier test has compared tonight."""
    cache.clear()
    yield
    cache.clear()


def test_columns_as_published_do_not_differ(french):
    assert actions.drifted_columns(french) == []


def test_drift_is_mended_once_a_night(french, at):
    models.QuerySet(Leaflet).filter(pk=french.pk).update(heading_fr="Changed by hand", body_ht=[])
    night = at.replace(hour=2)

    assert tasks.mend_drift(at) == 0
    assert actions.drifted_columns(french) == ["heading_fr"]
    assert tasks.mend_drift(night) == 1
    assert Leaflet.objects.get().heading_fr == "Avant de partir"
    assert tasks.mend_drift(night.replace(minute=5)) == 0
