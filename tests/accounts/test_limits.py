import datetime as dt
import threading

import pytest
from django.db import connection, connections

from accounts import actions
from accounts.models import RateCount

THREADS, EACH = 8, 25


def attempt(at, key="password:account:a@example.org", limit=3):
    return actions.count_attempt(key=key, limit=limit, seconds=600, at=at)


def test_count_attempt_allows_the_limit_and_no_more(db, at):
    assert [attempt(at) for _ in range(5)] == [True, True, True, False, False]


def test_count_attempt_counts_each_key_apart(db, at):
    for _ in range(4):
        attempt(at)

    assert attempt(at, key="password:account:b@example.org")


def test_count_attempt_begins_anew_in_the_next_window(db, at):
    for _ in range(4):
        attempt(at)

    assert attempt(at + dt.timedelta(minutes=10))


@pytest.mark.parametrize("second", range(0, 600, 37))
def test_no_ten_minutes_hold_more_than_the_limit_wherever_they_begin(db, at, second):
    start = at + dt.timedelta(seconds=second)

    tries = [attempt(start + dt.timedelta(seconds=later), limit=10) for later in range(0, 1200, 20)]

    assert tries == [later % 600 < 200 for later in range(0, 1200, 20)]


def test_a_limit_of_a_day_knows_no_midnight(db, at):
    late = at.replace(hour=23, minute=59, second=50)
    used = {"key": "factor-used:x:123456", "limit": 1, "seconds": 86_400}

    hours = [actions.count_attempt(at=late + dt.timedelta(hours=hours), **used) for hours in (0, 0.01, 10, 23.9, 24.1)]

    assert hours == [True, False, False, False, True]


def test_a_refused_attempt_puts_the_end_off_no_further(db, at):
    for second in (0, 1, 2, 300, 599):
        attempt(at + dt.timedelta(seconds=second))

    assert attempt(at + dt.timedelta(seconds=600))


def test_count_attempt_asks_the_database_once(db, at, django_assert_num_queries):
    with django_assert_num_queries(1):
        attempt(at)


def test_count_attempt_stores_no_key_in_the_clear(db, at):
    attempt(at)

    assert "example" not in RateCount.objects.get().key


def test_drop_old_counts_keeps_windows_that_run(db, at):
    attempt(at)
    attempt(at + dt.timedelta(days=3))

    assert actions.drop_old_counts(at=at + dt.timedelta(days=3)) == 1
    assert RateCount.objects.count() == 1


@pytest.fixture
def own_database(tmp_path, transactional_db):
    """Return a function that gives the calling thread a connection; on SQLite to a file, as in production."""
    if connection.vendor != "sqlite":
        return lambda: None
    options = {name: value for name, value in connection.settings_dict.items() if name != "TEST"}
    options["NAME"] = str(tmp_path / "counts.sqlite3")

    def connect():
        connections["default"] = type(connection._connections["default"])(options, "default")

    before = connections["default"]
    connect()
    with connection.schema_editor() as editor:
        editor.create_model(RateCount)
    connection.close()
    connections["default"] = before
    return connect


def test_count_attempt_loses_nothing_when_many_try_at_once(own_database, at):
    allowed, faults, start = [], [], threading.Barrier(THREADS)

    def run():
        own_database()
        try:
            start.wait()
            for _ in range(EACH):
                allowed.append(attempt(at, limit=10))
        except Exception as error:  # noqa: BLE001 -- the main thread asserts that there was none
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert len(allowed) == THREADS * EACH
    assert allowed.count(True) == 10
