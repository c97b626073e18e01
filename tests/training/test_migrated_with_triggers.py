"""A table that a trigger of another one names can be written anew on SQLite, as a step of a migration does."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection, transaction

step = import_module("training.migrations.0003_indexes_that_rotate")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL adds a column in place"),
]


def write_anew():
    """Put another table in the place of that of the learners, in the order in which Django does; then all is as before."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE new__training_learner AS SELECT * FROM training_learner")
        cursor.execute("DROP TABLE training_learner")
        cursor.execute("ALTER TABLE new__training_learner RENAME TO training_learner")
        transaction.set_rollback(True)


def test_the_step_takes_away_the_triggers_that_would_stop_it(append_only_triggers):
    step.without_triggers(None, SimpleNamespace(connection=connection, quote_name=connection.ops.quote_name))

    write_anew()


def test_with_them_the_table_could_not_be_written_anew(append_only_triggers):
    with pytest.raises(OperationalError, match="no such table: main.training_learner"):
        write_anew()
