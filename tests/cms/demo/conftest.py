"""The demo as it was loaded on its first day, once for all tests of this folder; none of it stays after them."""

import datetime as dt
from collections import Counter

import pytest
from django.db import connection, transaction

from cms import demo


@pytest.fixture(scope="package")
def loaded(django_db_setup, django_db_blocker):
    """The instant of the first day, and how many statements of each kind the loading took."""
    at = dt.datetime(2026, 11, 25, 10, 0, tzinfo=dt.UTC)
    asked = Counter()

    def count(execute, sql, params, many, context):
        asked[sql.split(None, 1)[0]] += 1
        return execute(sql, params, many, context)

    with django_db_blocker.unblock(), transaction.atomic():
        with connection.execute_wrapper(count):
            demo.load(at)
        connection.check_constraints()  # else PostgreSQL looks at all of these rows anew at the end of each test
        yield at, asked
        transaction.set_rollback(True)


@pytest.fixture
def begun(loaded, db):
    """The demo's first day; what a test does to it is taken back after the test."""
    return loaded[0]
