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
    call_command(name, *args, stdout=out, stderr=out, **options)
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


@pytest.fixture
def ledger(db, at, tmp_path):
    """A file with three erasures that the database knows as well."""
    for _turn in range(3):
        accounts.destroy_key(owner=uuid.uuid4(), by="tests", at=at)
    run("export_erasures", to=str(tmp_path / "erasures"))
    return tmp_path / "erasures"


@pytest.mark.parametrize("cut", [1, 2, 7, 30, 60])
def test_a_last_line_that_was_cut_off_is_mended_by_the_next_export(ledger, at, cut):
    whole = ledger.read_text()
    ledger.write_text(whole[:-cut])
    one_more = uuid.uuid4()
    accounts.destroy_key(owner=one_more, by="tests", at=at)

    said, again = run("export_erasures", to=str(ledger)), run("export_erasures", to=str(ledger))

    assert ("cut off" in said) == (cut in (2, 7, 30, 60))
    assert "it holds 4." in said
    assert "0 erasures added" in again
    assert "cut off" not in again
    assert sorted(ledger.read_text().splitlines()) == sorted(
        [*whole.splitlines(), f"{one_more} 2026-11-25T10:00:00+00:00"]
    )


def test_a_file_whose_last_line_was_cut_off_is_replayed_and_the_line_named(ledger):
    lines = ledger.read_text().splitlines()
    ledger.write_text("\n".join(lines)[:-40])
    ErasedOwner.objects.all().delete()

    said = run("replay_erasures", str(ledger))

    assert "2 erasures read: 2 replayed" in said
    assert f"“{lines[2][:-40]}”" in said
    assert "left out" in said
    assert {str(one.owner) for one in ErasedOwner.objects.all()} == {line.split()[0] for line in lines[:2]}


def test_an_erasure_that_was_cut_just_before_its_end_is_whole(ledger):
    ledger.write_text(ledger.read_text().rstrip("\n"))
    ErasedOwner.objects.all().delete()

    said = run("replay_erasures", str(ledger))

    assert "3 erasures read: 3 replayed" in said
    assert "cut off" not in said


def test_an_export_that_a_full_disk_stops_leaves_the_file_as_it_was(ledger, at, monkeypatch):
    whole = ledger.read_text()
    ledger.chmod(0o600)
    accounts.destroy_key(owner=uuid.uuid4(), by="tests", at=at)

    def full(_file):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("accounts.actions.erasures.os.fsync", full)
        with pytest.raises(CommandError, match="No space left"):
            run("export_erasures", to=str(ledger))
    assert (ledger.read_text(), list(ledger.parent.iterdir())) == (whole, [ledger])

    run("export_erasures", to=str(ledger))

    assert len(ledger.read_text().splitlines()) == 4
    assert (ledger.stat().st_mode & 0o777, list(ledger.parent.iterdir())) == (0o600, [ledger])
