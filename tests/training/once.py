"""What all tests of a file begin with: made once inside a transaction, and taken back at the end of the file."""

from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import translation


@contextmanager
def once(blocker, make):
    """Let `make` write its rows, and give what it returns; whatever a test does to them is taken back after the test."""
    with blocker.unblock(), translation.override("en"), transaction.atomic():
        made = make()
        connection.check_constraints()  # else PostgreSQL looks at all of these rows anew at the end of each test
        yield made
        transaction.set_rollback(True)
