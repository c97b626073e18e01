import pytest
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


def test_appending_goes_on(entry, append_only_triggers, at):
    actions.record(by="tests", verb="thing.read", at=at)

    assert AuditEntry.objects.count() == 2


def test_missing_names_each_trigger_until_they_stand(db):
    before = triggers.missing()

    triggers.install()
    after = triggers.missing()
    triggers.drop()

    assert len(before) == 2 * len(triggers.tables())
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
