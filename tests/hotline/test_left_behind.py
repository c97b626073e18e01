"""What an earlier version left of erased contacts is found every hour, emptied and written into the ledger."""

import base64

import pytest

from accounts import actions as accounts
from accounts.models import AuditEntry, DataKey, ErasedOwner
from accounts.queries import owners_with_keys
from hotline import actions
from hotline.actions import follow_up
from hotline.models import Command, Contact, Recording, SweepMark
from hotline.tasks import erase
from tests.hotline.ended import DAYS, close, ended_contact, grown_case  # noqa: F401 -- fixtures
from tests.hotline.test_replaying import run

pytestmark = pytest.mark.django_db


@pytest.fixture
def left(line, at):
    """An erased contact of a withheld caller whose recorded message was sealed after all, under a key of its own."""
    contact = Contact.objects.create(
        line=line, country=line.country, language="en", state="ended", step="done", started_at=at, changed_at=at,
        ended_at=at,
    )  # fmt: skip
    recording = Recording(contact=contact, account=line.account, sid="RE" + "5" * 32, made_at=at, fetched_at=at)
    accounts.seal(recording, "audio", base64.b64encode(b"voice").decode())
    recording.save()
    Contact.objects.filter(pk=contact.pk).update(erased_at=at)
    contact.refresh_from_db()
    return contact


def test_the_worker_empties_what_stayed_sealed_and_says_so(left, at):
    later = at + DAYS

    assert erase(later) == 1

    recording = Recording.objects.get()
    left.refresh_from_db()
    assert (recording.audio, owners_with_keys([left.public_id])) == (None, set())
    assert (left.erased_at, ErasedOwner.objects.get(owner=left.public_id).at) == (at, later)
    assert Command.objects.filter(kind="delete_recording", arguments__recording=recording.pk).exists()
    assert left.events.get(kind="erased").detail == {"erasing": "left"}
    assert '"left"' in AuditEntry.objects.get(verb="hotline.contact_erased").body
    assert erase(later) == 0
    assert SweepMark.objects.filter(kind="erasing").exists()


@pytest.mark.parametrize("what", ["number", "code_word", "note", "text", "payload", "index", "key"])
def test_each_sealed_value_is_found(network, operator, supervisor, contact, at, what):
    sealed = contact.number.raw
    actions.erase_contact(contact=contact, reason="asked", by=supervisor, at=at)
    rows = Contact.objects.filter(pk=contact.pk)
    assert actions.erase_due(at=at) == 0
    message = {"key": "m", "account": "AC", "direction": "in", "made_by": "sender", "made_at": at}
    {
        "number": lambda: rows.update(number=sealed),
        "code_word": lambda: rows.update(code_word=sealed),
        "index": lambda: rows.update(number_index="x"),
        "note": lambda: contact.sheets.filter(version=1).update(note=sealed),
        "text": lambda: contact.messages.create(body=sealed, **message),
        "payload": lambda: contact.inbox.update(payload=sealed),
        "key": lambda: DataKey.objects.create(owner=contact.public_id, scope="LR", wrapped="x"),
    }[what]()

    assert actions.erase_due(at=at) == 1

    assert actions.erase_due(at=at) == 0
    row = rows.get()
    assert (row.number, row.code_word, row.number_index) == (None, None, "")
    assert not contact.sheets.filter(note__isnull=False).exists()
    assert not contact.messages.filter(body__isnull=False).exists()
    assert not contact.inbox.filter(payload__isnull=False).exists()
    assert owners_with_keys([contact.public_id]) == set()


def test_one_that_only_misses_in_the_ledger_is_written_there_without_a_line(left, at):
    Recording.objects.all().delete()
    DataKey.objects.filter(owner=left.public_id).delete()

    assert actions.erase_due(at=at) == 1

    assert ErasedOwner.objects.filter(owner=left.public_id).exists()
    assert not left.events.exists()
    assert not AuditEntry.objects.filter(verb="hotline.contact_erased").exists()


def test_what_a_court_holds_meanwhile_is_left(contact, supervisor, case, at):
    close(case, at)
    sealed = contact.number.raw
    contact.refresh_from_db()
    actions.erase_contact(contact=contact, reason="asked", by=supervisor, at=at)
    Contact.objects.filter(pk=contact.pk).update(number=sealed)
    type(case).objects.update(legal_hold=True)

    assert actions.erase_due(at=at) == 0
    type(case).objects.update(legal_hold=False)
    assert actions.erase_due(at=at) == 1


def test_a_withheld_call_that_a_backup_brings_back_is_erased_again(network, operator, supervisor, at, tmp_path):
    network.call(From="anonymous")
    network.step("language", 1, Digits="1", From="anonymous")
    network.status("completed", From="anonymous")
    contact = follow_up.close_follow_up(contact=network.contact, closing="no_need", by=operator, at=at)
    actions.erase_contact(contact=contact, reason="asked", by=supervisor, at=at)
    ledger = tmp_path / "erasures"
    run("export_erasures", to=str(ledger))
    Contact.objects.filter(pk=contact.pk).update(erased_at=None)
    ErasedOwner.objects.all().delete()

    said = run("replay_erasures", str(ledger))

    contact.refresh_from_db()
    assert "1 erasures read: 1 replayed, 1 contacts emptied." in said
    assert contact.erased_at is not None
