"""The nightly comparison of columns with what is live."""

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection, models

from languages import actions, tasks
from languages.models import Unit
from tests.sample.models import Leaflet, Notice


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


@pytest.fixture
def behind(french, at):
    """A notice behind the leaflet with its French live; gives the notice, the leaflet broken and both drifted."""
    row = Notice.objects.create(code="n1", heading_en="Office closed", text_en="Come back soon.")
    words = {"heading": "Bureau fermé", "text": "Revenez bientôt."}
    actions.refresh_segments(row, by="t", at=at)
    actions.seed_languages(row, {"fr": words}, by="t", at=at)
    rich = Unit.objects.get(segment__path="body.w1", language="fr", object_id=str(french.pk))
    Unit.objects.filter(pk=rich.pk).update(live=f"{rich.live}<9>broken</9>")
    models.QuerySet(Leaflet).filter(pk=french.pk).update(heading_fr="Changed by hand")
    models.QuerySet(Notice).filter(pk=row.pk).update(heading_fr="Changed by hand")
    return row


def test_a_thing_whose_text_is_broken_is_logged_and_stops_no_other(behind, at, caplog):
    assert tasks.mend_drift(at.replace(hour=2)) == 1

    assert Notice.objects.get(pk=behind.pk).heading_fr == "Bureau fermé"
    assert Leaflet.objects.get().heading_fr == "Changed by hand"
    assert [one.message for one in caplog.records].count("translation_not_compared") == 1


def test_a_night_in_which_the_database_was_away_is_done_again(french, at):
    models.QuerySet(Leaflet).filter(pk=french.pk).update(heading_fr="Changed by hand")
    night = at.replace(hour=2)

    def away(execute, sql, params, many, context):
        raise OperationalError

    with connection.execute_wrapper(away), pytest.raises(OperationalError):
        tasks.mend_drift(night)

    assert tasks.mend_drift(night) == 1
