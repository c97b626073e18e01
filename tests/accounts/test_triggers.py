import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from accounts import actions, triggers
from accounts.models import AuditEntry


@pytest.fixture
def entry(db, at):
    return actions.record(by="tests", verb="thing.read", at=at)


def test_audit_entries_cannot_be_changed(entry, append_only_triggers):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.update(verb="nothing")

    assert AuditEntry.objects.get().verb == "thing.read"


def test_audit_entries_cannot_be_deleted(entry, append_only_triggers):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.all().delete()

    assert AuditEntry.objects.count() == 1


def test_audit_entries_cannot_be_truncated_on_postgresql(entry, append_only_triggers):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE.")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE accounts_auditentry")


@pytest.fixture
def insert(append_only_triggers):
    """A way to write a row of made-up values past Django; what it points to need not exist, so all is undone."""

    def write(table, number, same, how="INSERT OR REPLACE"):
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA table_info({table})")
            row = {column: number for _place, column, *_ in cursor.fetchall()} | same
            names, holders = ", ".join(f'"{name}"' for name in row), ", ".join(["%s"] * len(row))
            cursor.execute(f"{how} INTO {table} ({names}) VALUES ({holders})", list(row.values()))

    if connection.vendor != "sqlite":
        pytest.skip("Only SQLite puts a row in the place of another one without a word.")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        yield write
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
        transaction.set_rollback(True)


def keys():
    """Return table and key of everything that one row alone may have, in all append-only tables."""
    for model in (model for model in apps.get_models() if getattr(model, "append_only", False)):
        table = model._meta.db_table
        yield table, {"rowid": 1}
        for fields, some in [((field.name,), {}) for field in model._meta.fields if field.unique] + [
            (one.fields, dict(one.condition.children) if one.condition else {})
            for one in model._meta.constraints
            if hasattr(one, "deferrable")
        ]:
            column = model._meta.get_field
            yield (
                table,
                {column(name).column: 1 for name in fields} | {column(name).column: some[name] for name in some},
            )


@pytest.mark.parametrize(("table", "key"), [pytest.param(*one, id=f"{one[0]}-{'-'.join(one[1])}") for one in keys()])
def test_no_row_takes_the_place_of_another_one_under_any_key_on_sqlite(insert, table, key):
    insert(table, 1, key)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        insert(table, 2, key)

    insert(table, 3, {})


def test_an_index_of_some_rows_holds_back_no_other_row_on_sqlite(insert):
    """A paper is handed in once; it is begun before, and each of its answers is an event as well."""
    for number, verb in enumerate(["submitted", "answered", "answered"], 1):
        insert("training_event", number, {"attempt": 1, "verb": verb}, "INSERT")


def test_a_conflict_that_would_change_the_row_is_refused_on_both(entry, append_only_triggers):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_auditentry (seq, at, body, prev, hash, verb, actor, thing, country)"
            " SELECT seq, at, body, prev, hash, verb, actor, thing, country FROM accounts_auditentry WHERE true"
            " ON CONFLICT (seq) DO UPDATE SET verb = 'forged'"
        )

    assert AuditEntry.objects.get().verb == "thing.read"


def test_appending_goes_on(entry, append_only_triggers, at):
    actions.record(by="tests", verb="thing.read", at=at)

    assert AuditEntry.objects.count() == 2


def test_missing_names_each_trigger_until_they_stand(db):
    before = triggers.missing()

    triggers.install()
    after = triggers.missing()
    triggers.drop()

    assert len(before) == (2 if connection.vendor == "postgresql" else 3) * len(triggers.tables())
    assert after == []
    assert triggers.missing() == before


def test_a_rebuilt_table_gets_its_triggers_back_after_migrate(db, settings):
    triggers.install()
    triggers.drop()
    settings.PROFILE = "dev"

    triggers.install_after_migrate()

    assert triggers.missing() == []
    triggers.drop()


def test_the_test_profile_installs_nothing(db):
    triggers.install_after_migrate()

    assert triggers.missing() != []
