"""Django's backend for SQLite, which reads a statement once however often it is run: docs/decisions/0024.

Django writes `%s` where SQLite wants `?`, and looks for them with a regular expression at each execution. psycopg remembers
its statements in the same way.
"""

from functools import lru_cache

from django.db.backends.sqlite3 import base

_KEPT, _LONGEST = 512, 8_000  # statements, and signs of one: those with long lists of values are hardly asked again


@lru_cache(maxsize=_KEPT)
def _with_question_marks(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class Cursor(base.SQLiteCursorWrapper):
    """A cursor that takes statements as Django writes them."""

    def convert_query(self, query, *, param_names=None):
        """Return a statement as SQLite takes it; one whose values have names is converted by Django each time."""
        if param_names is None and len(query) < _LONGEST:
            return _with_question_marks(query)
        return super().convert_query(query, param_names=param_names)


class DatabaseWrapper(base.DatabaseWrapper):
    """The connection, with such cursors."""

    def create_cursor(self, name=None):
        """Return a new cursor; `name` is for databases that keep cursors on the server."""
        return self.connection.cursor(factory=Cursor)
