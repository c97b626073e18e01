"""What one row meets stops no other; what was met is named; while the database is away nothing is tried in vain."""

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, transaction
from structlog.testing import capture_logs

from accounts.actions import alone, first_due, once_more, one_by_one
from accounts.models import Country, User


class Damaged(Exception):
    """What nobody foresaw."""


def refuse(error, *keys):
    """Return an act that closes an account, and meets an error at some."""

    def act(user):
        if user.email.split("@")[0] in keys:
            raise error
        return User.objects.filter(pk=user.pk).update(is_active=False)

    return act


@pytest.fixture
def three(db):
    return [User.objects.create(email=f"{name}@example.org", name=name) for name in ("first", "second", "third")]


def test_a_row_that_fails_is_logged_by_its_key_and_stops_no_other(three):
    with capture_logs() as said:
        done = one_by_one("not_closed", three, refuse(Damaged("a secret"), "first"))

    assert done == 2
    assert set(User.objects.filter(is_active=True)) == {three[0]}
    assert said == [{"event": "not_closed", "subject": three[0].pk, "exc_info": True, "log_level": "error"}]


def test_what_was_written_for_a_row_that_fails_does_not_spoil_the_next(three, liberia):
    @transaction.atomic
    def move(user):
        user.country_id = "LR" if user.name != "first" else None
        user.email = "third@example.org" if user.name == "second" else user.email
        user.save()
        return user.country_id

    assert one_by_one("not_moved", three, move) == 1
    assert list(User.objects.filter(country=Country.objects.get()).values_list("name", flat=True)) == ["third"]


@pytest.mark.parametrize("away", [OperationalError, InterfaceError])
def test_a_batch_ends_while_the_database_is_away(three, away):
    with pytest.raises(away):
        one_by_one("not_closed", three, refuse(away(), "second"))

    assert set(User.objects.filter(is_active=True)) == set(three[1:])


def test_rows_that_always_fail_do_not_keep_those_behind_them_from_their_turn(three):
    due = User.objects.filter(is_active=True).order_by("pk")
    fails = refuse(Damaged("a secret"), "first")

    done = [first_due("not_closed", due, fails, most=1) for _turn in range(3)]

    assert done == [1, 1, 0]
    assert list(due) == three[:1]


def test_a_batch_takes_so_many_and_no_more(three):
    due = User.objects.filter(is_active=True).order_by("pk")

    assert first_due("not_closed", due, refuse(Damaged), most=2) == 2
    assert list(due) == three[2:]


def test_keys_are_named_as_rows_are():
    with capture_logs() as said:
        assert one_by_one("failed", [0, 1], lambda key: 1 / key) == 1

    assert said[0]["subject"] == 0


def test_what_is_known_to_happen_is_a_warning_and_the_rest_an_error():
    with capture_logs() as said:
        for error in (OSError, Damaged):
            with alone("letter_failed", known=(OSError,), tries=2) as met:
                raise error
            assert isinstance(met.error, error)
        with alone("letter_failed") as met:
            pass

    assert met.error is None
    assert [(one["log_level"], one["tries"]) for one in said] == [("warning", 2), ("error", 2)]
    assert said[0]["exception"] == "OSError"


def ended_by(fault):
    """Return what Django raises when PostgreSQL ends a statement so."""
    error = OperationalError()
    error.__cause__ = fault
    return error


RINGS = [psycopg.errors.DeadlockDetected(), psycopg.errors.SerializationFailure()]


@pytest.mark.parametrize("fault", RINGS)
def test_a_row_whose_transaction_another_one_ended_stops_no_other(three, fault):
    with capture_logs() as said:
        assert one_by_one("not_closed", three, refuse(ended_by(fault), "second")) == 2

    assert list(User.objects.filter(is_active=True)) == three[1:2]
    assert said == [
        {"event": "not_closed", "log_level": "warning", "exception": "OperationalError", "subject": three[1].pk}
    ]


@pytest.mark.parametrize("fault", RINGS)
def test_what_another_transaction_ended_is_done_once_more_and_no_third_time(fault):
    faults, done = [ended_by(fault)], []

    def act(word, *, at):
        done.append((word, at))
        if faults:
            raise faults.pop()
        return "done"

    assert once_more(act, "left", at=1) == "done"
    assert done == [("left", 1)] * 2

    faults += [ended_by(fault), ended_by(fault)]
    with pytest.raises(OperationalError):
        once_more(act, "left", at=1)
    assert len(done) == 4


@pytest.mark.parametrize("fault", [None, psycopg.errors.LockNotAvailable(), psycopg.errors.AdminShutdown()])
def test_what_waited_in_vain_or_lost_the_database_is_not_done_again(fault):
    done = []

    def act():
        done.append(1)
        raise ended_by(fault)

    with pytest.raises(OperationalError):
        once_more(act)
    assert done == [1]
