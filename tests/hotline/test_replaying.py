"""A backup brings nothing back that was erased: the ledger outside the database is replayed."""

import io
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts import actions as accounts
from accounts.models import AuditEntry, DataKey, ErasedOwner
from accounts.sealing import SealError
from hotline import actions
from hotline.models import Sheet
from tests.hotline.ended import ended_contact  # noqa: F401 -- fixtures

pytestmark = pytest.mark.django_db
TABLES = ("accounts_datakey", "hotline_contact", "hotline_sheet")


def run(name, *args, **options):
    out = io.StringIO()
    call_command(name, *args, stdout=out, **options)
    return out.getvalue()


def dump():
    """Return the rows of a backup, read past every field of ours."""
    with connection.cursor() as cursor:
        rows = {}
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            rows[table] = [column[0] for column in cursor.description], cursor.fetchall()
        return rows


def put_back(backup):
    """Put the rows of a backup back, and the ledger of its time, which was empty."""
    ErasedOwner.objects.all().delete()
    with connection.cursor() as cursor:
        for table, (columns, rows) in backup.items():
            for row in rows:
                sets = ", ".join(f"{name} = %s" for name in columns[1:])
                cursor.execute(f"UPDATE {table} SET {sets} WHERE {columns[0]} = %s", [*row[1:], row[0]])  # noqa: S608
                if not cursor.rowcount:
                    marks = ", ".join(["%s"] * len(columns))
                    cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", row)  # noqa: S608


def test_what_a_backup_brings_back_is_erased_again(contact, person, liberia, at, tmp_path):
    ledger, backup = tmp_path / "erasures", dump()
    actions.erase_contact(contact=contact, reason="asked", by=person("supervisor", country=liberia), at=at)
    run("export_erasures", to=str(ledger))
    put_back(backup)
    contact.refresh_from_db()
    came_back = contact.number
    assert accounts.reveal(contact, "number", by="tests", at=at, reason="law") == "+231770000001"

    said, again = run("replay_erasures", str(ledger)), run("replay_erasures", str(ledger))

    assert "1 erasures read: 1 replayed, 1 contacts emptied." in said
    assert "1 erasures read: 0 replayed, 0 contacts emptied." in again
    contact.refresh_from_db()
    assert (contact.number, contact.number_index, contact.erased_at is None) == (None, "", False)
    assert not Sheet.objects.filter(note__isnull=False).exists()
    assert not DataKey.objects.filter(owner=contact.public_id).exists()
    assert ErasedOwner.objects.get(owner=contact.public_id).at == at
    contact.number = came_back
    with pytest.raises(SealError):
        accounts.reveal(contact, "number", by="tests", at=at, reason="law")
    assert AuditEntry.objects.filter(verb="key.erasure_replayed").count() == 1


def test_the_ledger_only_grows_and_each_erasure_stands_in_it_once(db, at, tmp_path):
    ledger, owners = tmp_path / "erasures", [uuid.uuid4(), uuid.uuid4()]
    for owner in owners:
        accounts.data_key(owner, "LR")
        accounts.destroy_key(owner=owner, by="tests", at=at)
        run("export_erasures", to=str(ledger))
    ErasedOwner.objects.all().delete()

    said = run("export_erasures", to=str(ledger))

    assert ledger.read_text().splitlines() == [f"{owner} 2026-11-25T10:00:00+00:00" for owner in owners]
    assert "0 erasures added" in said


@pytest.mark.parametrize("line", ["nothing", "1234 2026-11-25T10:00:00+00:00", f"{uuid.UUID(int=1)} 2026-11-25"])
def test_a_ledger_that_cannot_be_read_is_refused_before_anything_is_done(db, at, tmp_path, line):
    owner = uuid.uuid4()
    accounts.data_key(owner, "LR")
    ledger = tmp_path / "erasures"
    ledger.write_text(f"{owner} 2026-11-25T10:00:00+00:00\n{line}\n")

    with pytest.raises(CommandError, match="Line 2"):
        run("replay_erasures", str(ledger))

    assert DataKey.objects.filter(owner=owner).exists()
