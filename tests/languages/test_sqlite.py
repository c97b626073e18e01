"""Statements on SQLite are read once, and say what they say through Django's own backend."""

import pytest
from django.db import connection
from django.db.backends.sqlite3.base import SQLiteCursorWrapper

from languages.sqlite3.base import Cursor, _with_question_marks

pytestmark = pytest.mark.django_db

STATEMENTS = [
    ("SELECT %s, %s", [1, "é"]),
    ("SELECT '100 %%' || %s", ["%s"]),
    ("SELECT '%%s' || %s", ["%%"]),
    ("SELECT '%%%%' WHERE 'ab%%c' LIKE %s ESCAPE '\\'", [r"ab\%c"]),
    ("SELECT '%%'", []),
]


@pytest.mark.parametrize(("statement", "values"), STATEMENTS)
def test_signs_and_values_are_read_as_django_reads_them(statement, values):
    with connection.cursor() as cursor:
        found = [cursor.execute(statement, values).fetchall() for _ in range(2)]
    if connection.vendor == "sqlite":
        own = connection.connection.cursor(factory=SQLiteCursorWrapper)
        assert found == [own.execute(statement, values).fetchall()] * 2


@pytest.mark.parametrize("names", [None, [], ["one"]])
def test_a_statement_is_converted_as_by_django(names):
    cursor, own = Cursor.__new__(Cursor), SQLiteCursorWrapper.__new__(SQLiteCursorWrapper)
    statement = "SELECT %(one)s, '%%'" if names else "SELECT %s, '%%s'"

    assert cursor.convert_query(statement, param_names=names) == own.convert_query(statement, param_names=names)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite alone has such cursors")
def test_a_statement_that_is_asked_again_is_not_read_again():
    _with_question_marks.cache_clear()
    with connection.cursor() as cursor:
        for value in range(5):
            cursor.execute("SELECT %s AS asked_five_times", [value])

    assert _with_question_marks.cache_info().misses == 1
    assert _with_question_marks.cache_info().hits == 4


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite alone has such cursors")
def test_a_statement_with_a_long_list_of_values_is_not_remembered():
    _with_question_marks.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 WHERE 1 IN ({', '.join(['%s'] * 3000)})", list(range(3000)))

    assert _with_question_marks.cache_info().currsize == 0
