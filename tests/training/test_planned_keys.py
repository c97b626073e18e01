"""A planned change of the key that signs: on its day, at each instant, every badge holds."""

import datetime as dt
import json

import pytest
import time_machine
from django.core.management import call_command
from openbadgeslib.ob3.verifier import OB3VerificationError

from tests.training.test_badges import HOST, certificate, fetch, https, now, token_of, verified
from training import actions, tasks
from training.actions import issuer
from training.models import Certificate, IssuerKey, StatusList

__all__ = ["certificate", "fetch", "https", "now"]


@pytest.fixture
def change(https, certificate, at):
    """The instant from which a planned key is due; a second list stands too, and both were signed the day before."""
    call_command("rotate_issuer_key")
    issuer.sign_list(2, at=at)
    instant = IssuerKey.objects.first().first_at
    actions.sign_lists(at=instant - dt.timedelta(hours=1))
    with time_machine.travel(instant, tick=False):
        yield instant


def first_in_document(fetch):
    return json.loads(fetch(f"{HOST}/.well-known/did.json"))["assertionMethod"][0].rpartition("#")[2]


def test_on_the_day_of_a_planned_change_every_badge_holds_before_and_after_the_lists_are_signed(
    certificate, fetch, change
):
    new, old = IssuerKey.objects.all()
    token = token_of(certificate, change)
    assert first_in_document(fetch) == old.name
    verified(token, fetch)
    assert actions.sign_lists(at=change - dt.timedelta(microseconds=1)) == 0

    assert actions.sign_lists(at=change) == 2

    assert first_in_document(fetch) == new.name
    verified(token, fetch)
    verified(token_of(certificate, change), fetch)
    assert set(StatusList.objects.values_list("key__name", flat=True)) == {new.name}
    assert actions.sign_lists(at=change) == 0


def test_a_withdrawal_between_a_due_key_and_its_lists_breaks_no_other_badge(certificate, manager, fetch, change):
    token, other = token_of(certificate, change), token_of(Certificate.objects.get(kind="completion"), change)

    actions.withdraw_certificate(certificate=certificate, by=manager, reason="in_error", at=change)

    verified(other, fetch)
    with pytest.raises(OB3VerificationError, match="revocation"):
        verified(token, fetch)


def test_a_key_comes_to_first_place_with_all_lists_or_with_none(certificate, fetch, change):
    token, old = token_of(certificate, change), IssuerKey.objects.last()
    StatusList.objects.filter(number=2).update(padding="uAAAA")

    with pytest.raises(OSError, match="gzip"):
        actions.sign_lists(at=change)

    assert first_in_document(fetch) == old.name
    verified(token, fetch)


def test_the_worker_lets_a_due_key_come_to_first_place(certificate, fetch, change, monkeypatch):
    monkeypatch.setattr(tasks, "_NEXT", {})

    assert tasks.sign_lists(change) == 2

    assert first_in_document(fetch) == IssuerKey.objects.first().name
    verified(token_of(certificate, change), fetch)


def test_a_house_without_lists_makes_no_key_to_sign_none(at, db):
    assert actions.sign_lists(at=at) == 0
    assert not IssuerKey.objects.exists()
