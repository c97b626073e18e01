"""Append-only tables: the database itself refuses to change or delete their rows (trust.md §4).

A model says so with `append_only = True`. With `erased_with = (column, table)` its rows go together with the row of that
table to which the column points, once that one says `erased_at`; they are changed by nobody even then. The triggers are made after every migrate, because a SQLite migration that
rebuilds a table drops its triggers without a word. Under the test profile nothing is installed: the flush after a
transactional test is a DELETE. Tests that need them take the fixture `append_only_triggers`.

On SQLite `INSERT OR REPLACE` puts a row in the place of another one and fires neither the UPDATE nor the DELETE trigger.
So a third one refuses each new row that meets a key of a standing one; it fires before `ON CONFLICT DO NOTHING` passes
the row by, so who inserts what may be there already asks first. PostgreSQL fires the UPDATE trigger on such a conflict.
"""

from django.apps import apps
from django.conf import settings
from django.db import connection

FUNCTION = "fanal_append_only"
MAKE_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_erased boolean;
BEGIN
  IF TG_OP = 'DELETE' AND TG_NARGS = 2 THEN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE id = $1 AND erased_at IS NOT NULL)', TG_ARGV[1])
      INTO is_erased USING (to_jsonb(OLD) ->> TG_ARGV[0])::bigint;
    IF is_erased THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""  # noqa: S608 -- the names of tables in it are our own


def tables() -> list[str]:
    """Return the tables of all models that say `append_only = True`."""
    return sorted(_erased_with())


def _erased_with() -> dict[str, tuple[str, str] | None]:
    """Return, by append-only table, with what its rows may be erased: a column of it, and the table it points to."""
    models = (model for model in apps.get_models() if getattr(model, "append_only", False))
    return {model._meta.db_table: getattr(model, "erased_with", None) for model in models}


def missing() -> list[str]:
    """Return the triggers that should stand in this database and do not, as names; empty is good."""
    wanted = {name for table in tables() for name in _names(table)}
    return sorted(wanted - _installed())


def install() -> None:
    """Make the triggers of every append-only table that exists."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        if connection.vendor == "postgresql":
            cursor.execute(MAKE_FUNCTION)
        for table in tables():
            if table in present:
                for name, statement in zip(_names(table), _statements(table), strict=True):
                    cursor.execute(_drop(name, table))
                    cursor.execute(statement)


def drop() -> None:
    """Take the triggers away again; only tests do this."""
    with connection.cursor() as cursor:
        for table in tables():
            for name in _names(table):
                cursor.execute(_drop(name, table))


def install_after_migrate(**kwargs) -> None:
    """Put the triggers back after each migrate; the test profile leaves that to the tests which ask for them."""
    if settings.PROFILE != "test":
        install()


def _names(table: str) -> list[str]:
    """Return the names of a table's triggers on this database, in the order of `_statements`."""
    acts = ("change", "truncate") if connection.vendor == "postgresql" else ("update", "delete", "replace")
    return [f"{table}_no_{act}" for act in acts]


def _statements(table: str) -> list[str]:
    """Return what makes the triggers of a table on this database. Names of tables are our own."""
    names, owner = _names(table), _erased_with()[table]
    if connection.vendor == "postgresql":
        arguments = ", ".join(f"'{one}'" for one in owner or ())
        return [
            f'CREATE TRIGGER "{names[0]}" BEFORE UPDATE OR DELETE ON "{table}"'
            f" FOR EACH ROW EXECUTE FUNCTION {FUNCTION}({arguments})",
            f'CREATE TRIGGER "{names[1]}" BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()',
        ]
    whens = ("UPDATE", "DELETE", "INSERT")
    guards = ("", _unless_erased(*owner) if owner else "", f" WHEN {_meets_a_key(table)}")
    return [
        f'CREATE TRIGGER "{name}" BEFORE {when} ON "{table}"{guard}'
        f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for name, when, guard in zip(names, whens, guards, strict=True)
    ]


def _unless_erased(column: str, owners: str) -> str:
    """Return the condition on SQLite that a row's owner is not being erased."""
    erased = f'SELECT 1 FROM "{owners}" WHERE id = OLD."{column}" AND erased_at IS NOT NULL'  # noqa: S608 -- own names
    return f" WHEN NOT EXISTS ({erased})"


def _meets_a_key(table: str) -> str:
    """Return the condition on SQLite that a new row meets a standing one under the number of its row or a unique index."""
    conditions = ["rowid = NEW.rowid", *_unique_keys(table)]
    return " OR ".join(f'EXISTS (SELECT 1 FROM "{table}" WHERE {one})' for one in conditions)  # noqa: S608 -- own names


def _unique_keys(table: str) -> list[str]:
    """Return of each unique index of a table on SQLite when a standing row and the new one are the same to it.

    An index of some rows only (`WHERE`) holds for the new row where the columns of its condition are the same as well.
    """
    with connection.cursor() as cursor:
        cursor.execute(f'PRAGMA table_info("{table}")')
        columns = [column for _number, column, *_ in cursor.fetchall()]
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s", [table])
        sources = dict(cursor.fetchall())
        cursor.execute(f'PRAGMA index_list("{table}")')
        unique = [name for _number, name, is_unique, *_ in cursor.fetchall() if is_unique]
        keys = []
        for name in unique:
            cursor.execute(f'PRAGMA index_info("{name}")')
            same = [f'"{column}" = NEW."{column}"' for _number, _place, column in cursor.fetchall()]
            where = (sources[name] or "").partition(" WHERE ")[2]
            of_some = [f'"{column}" IS NEW."{column}"' for column in columns if f'"{column}"' in where]
            keys.append(" AND ".join([*same, *of_some, *([f"({where})"] if where else [])]))
    return keys


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
