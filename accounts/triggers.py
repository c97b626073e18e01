"""Append-only tables: the database itself refuses to change or delete their rows (trust.md §4).

A model says so with `append_only = True`. The triggers are made after every migrate, because a SQLite migration that
rebuilds a table drops its triggers without a word. Under the test profile nothing is installed: the flush after a
transactional test is a DELETE. Tests that need them take the fixture `append_only_triggers`.
"""

from django.apps import apps
from django.conf import settings
from django.db import connection

FUNCTION = "fanal_append_only"
MAKE_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def tables() -> list[str]:
    """Return the tables of all models that say `append_only = True`."""
    return sorted(model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False))


def missing() -> list[str]:
    """Return the triggers that should stand in this database and do not, as names; empty is good."""
    wanted = {name for table in tables() for name in _statements(table)}
    return sorted(wanted - _installed())


def install() -> None:
    """Make the triggers of every append-only table that exists."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        if connection.vendor == "postgresql":
            cursor.execute(MAKE_FUNCTION)
        for table in tables():
            for name, statement in _statements(table).items():
                if table in present:
                    cursor.execute(_drop(name, table))
                    cursor.execute(statement)


def drop() -> None:
    """Take the triggers away again; only tests do this."""
    with connection.cursor() as cursor:
        for table in tables():
            for name in _statements(table):
                cursor.execute(_drop(name, table))


def install_after_migrate(**kwargs) -> None:
    """Put the triggers back after each migrate; the test profile leaves that to the tests which ask for them."""
    if settings.PROFILE != "test":
        install()


def _statements(table: str) -> dict[str, str]:
    """Return the triggers of a table on this database: name -> CREATE statement. Names of tables are our own."""
    if connection.vendor == "postgresql":
        return {
            f"{table}_no_change": f'CREATE TRIGGER "{table}_no_change" BEFORE UPDATE OR DELETE ON "{table}"'
            f" FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()",
            f"{table}_no_truncate": f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}"'
            f" FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()",
        }
    return {
        f"{table}_no_{act.lower()}": f'CREATE TRIGGER "{table}_no_{act.lower()}" BEFORE {act} ON "{table}"'
        f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for act in ("UPDATE", "DELETE")
    }


def _drop(name: str, table: str) -> str:
    of_table = f' ON "{table}"' if connection.vendor == "postgresql" else ""
    return f'DROP TRIGGER IF EXISTS "{name}"{of_table}'


def _installed() -> set[str]:
    listed = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(listed)
        return {name for (name,) in cursor.fetchall()}
