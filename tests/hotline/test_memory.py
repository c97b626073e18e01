"""What is kept of lines in memory is read anew in tests once anything of it is written."""

import re

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hotline import queries
from hotline.models import Line
from hotline.queries.lines import last_known, memory
from tests.hotline.memory import READ

pytestmark = pytest.mark.django_db


def test_every_table_that_is_read_into_memory_is_known(line):
    queries.forget_lines()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        memory()

    read = {name for one in asked for name in re.findall(r'(?:FROM|JOIN) "(\w+)"', one["sql"])}
    assert read == set(READ)


@pytest.mark.parametrize(
    "statement",
    [
        'UPDATE "{0}" SET "{1}" = "{1}" WHERE 1 = 0',
        'DELETE FROM "{0}" WHERE 1 = 0',
        'INSERT INTO "{0}" SELECT * FROM "{0}" WHERE 1 = 0',
    ],
)
def test_a_write_to_each_of_them_is_seen(line, statement):
    keys = {one._meta.db_table: one._meta.pk.column for one in apps.get_models()}
    for table in READ:
        before = memory()

        with connection.cursor() as cursor:
            cursor.execute(statement.format(table, keys[table]))

        assert memory() is not before, table


def rename(line):
    Line.objects.filter(pk=line.pk).update(name="Another name")


def rename_and_return(line):
    with transaction.atomic():
        rename(line)
        assert memory().by_id[line.pk].name == "Another name"
        transaction.set_rollback(True)


@pytest.mark.parametrize(("change", "name"), [(rename, "Another name"), (rename_and_return, "Practice line")])
def test_what_is_written_is_read_at_once(line, change, name):
    before = memory()
    assert memory() is before is last_known()

    change(line)

    assert memory() is not before
    assert memory().by_id[line.pk].name == name
