"""Deletions that no agency confirmed: found each second by one query of an index, however many rows there are."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referral import actions, tasks
from referral.models import Referral
from referral.queries.referrals import deletions_overdue

LATER = dt.timedelta(hours=73)


@pytest.fixture
def overdue(at_referrals, agency, open_run, operator, at, keys):
    """A referral whose agency has not confirmed a deletion in three days."""
    house = agency("Safe house A", "shelter")
    case = at_referrals(house, agency("Listening room", "psychosocial"))
    sent = actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)
    actions.accept(referral=sent.referral, key=next(keys), by=operator, at=at)
    actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at)
    return sent.referral


def test_what_was_told_is_not_read_again(overdue, at):
    tasks.ask_for_deletions(at + LATER)

    with CaptureQueriesContext(connection) as captured:
        done = tasks.ask_for_deletions(at + LATER)

    assert (done, len(captured)) == (0, 1)
    assert "LIMIT" in captured[0]["sql"]
    assert list(deletions_overdue(at + LATER)) == []


def test_what_was_confirmed_is_not_told(overdue, at):
    assert deletions_overdue(at + LATER).exists()

    Referral.objects.filter(pk=overdue.pk).update(deletion_confirmed_at=at)

    assert not deletions_overdue(at + LATER).exists()


def test_the_question_is_answered_by_indexes(overdue, at):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")

    plan = deletions_overdue(at + LATER)[:50].explain()

    assert "deletions_not_confirmed" in plan
    assert "SCAN" not in plan
    assert "Seq Scan" not in plan
