"""The places of a list that are set for nobody: chosen once, kept with the list, on no place that was given out."""

import datetime as dt
import importlib
import json

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openbadgeslib.ob3.status import decode_encoded_list, set_indices

from accounts import signing
from tests.training.finishing import finish
from tests.training.rotating import with_new_index_key
from training import actions, credentials
from training.models import Certificate, StatusList

KEPT = importlib.import_module("training.migrations.0002_kept_padding")


@pytest.fixture
def two(official, course, at):
    """The two certificates of an official who finished."""
    finish(official, course, at)
    return list(Certificate.objects.order_by("pk"))


def places():
    """Return what the list sets, as others read it."""
    payload = json.loads(signing.decoded(StatusList.objects.get().signed.split(".")[1]))
    return set_indices(decode_encoded_list(payload["credentialSubject"]["encodedList"]))


def keep(padding, **facts):
    StatusList.objects.update(padding=credentials.packed(padding), **facts)


def test_a_new_index_key_moves_no_padding(two, settings, later):
    before = places()

    with_new_index_key(settings)
    actions.sign_lists(at=later(60), even_fresh=True)

    assert places() == before
    assert len(before) > 1_000


def test_a_place_of_a_certificate_that_stands_is_never_set(two, manager, later):
    fell, stands = two
    keep({fell.place, stands.place, 5})
    actions.withdraw_certificate(certificate=fell, by=manager, reason="in_error", at=later(1))

    assert places() == {fell.place, 5}


def test_a_place_that_is_padded_or_taken_is_given_to_nobody(two, person, countries, course, later):
    free = {7, 70, 700} - {one.place for one in two}
    keep(set(range(credentials.SIZE)) - free - {one.place for one in two})

    finish(person("learner", country=countries["HT"], name="Another"), course, later(1))

    assert {one.place for one in Certificate.objects.exclude(pk__in=[one.pk for one in two])} < free


def test_each_list_has_a_padding_of_its_own(two, monkeypatch, person, countries, course, later):
    monkeypatch.setattr("training.actions.certifying.FULL", 2)

    finish(person("learner", country=countries["HT"], name="Another"), course, later(1))

    first, second = (credentials.unpacked(row.padding) for row in StatusList.objects.all())
    assert sorted(Certificate.objects.values_list("list_number", flat=True)) == [1, 1, 2, 2]
    assert len(second) > 1_000
    assert first != second


def test_lists_of_before_keep_what_they_set_but_for_places_given_out(two, manager, later):
    fell, stands = two
    actions.withdraw_certificate(certificate=fell, by=manager, reason="in_error", at=later(1))
    row = StatusList.objects.get()
    kept = row.padding
    keep(())

    KEPT.keep_padding(apps, None)

    again = StatusList.objects.get()
    assert (credentials.unpacked(again.padding), again.signed_at) == (credentials.unpacked(kept), row.signed_at)
    assert stands.place not in places()


def test_a_list_of_before_that_set_a_certificate_which_stands_is_signed_anew(two, later):
    listing = credentials.Listing(1, frozenset({two[0].place, 5}), later(1))
    issuer = credentials.Issuer("did:web:x", "X", "https://x")
    payload = signing.encoded(json.dumps(credentials.list_payload(listing, issuer)).encode())
    now = dt.datetime.now(dt.UTC)
    keep((), signed=f"x.{payload}.x", signed_at=now)

    KEPT.keep_padding(apps, None)

    assert credentials.unpacked(StatusList.objects.get().padding) == {5}
    assert actions.sign_lists(at=now) == 1
    assert places() == {5}


@pytest.mark.skipif("not connection.features.has_select_for_update", reason="SQLite writes one at a time")
def test_a_signing_beside_a_withdrawal_waits_before_it_reads_who_was_withdrawn(two, later):
    with CaptureQueriesContext(connection) as asked:
        actions.sign_lists(at=later(60), even_fresh=True)

    statements = [one["sql"] for one in asked.captured_queries]
    locked = next(
        place for place, sql in enumerate(statements) if "training_statuslist" in sql and "FOR NO KEY UPDATE" in sql
    )
    read = next(place for place, sql in enumerate(statements) if 'INNER JOIN "training_withdrawal"' in sql)
    assert locked < read
