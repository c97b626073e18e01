import base64
import uuid
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps

from accounts import actions, queries, sealing, tasks
from accounts.actions.rotation import LETTER_FIELDS
from accounts.fields import SealedField
from accounts.models import AuditEntry, DataKey, Letter
from accounts.queries.rotation import Left, left_under_older_keys


@dataclass
class Note:
    """A row with a sealed column, as the rooms above have them."""

    seal_owner: uuid.UUID
    seal_scope: str = "LR"
    public_id: uuid.UUID = field(default_factory=uuid.uuid4)
    words: str | None = None
    _meta = SimpleNamespace(db_table="tests_note", label_lower="tests.note")


def keys(*ids):
    return ",".join(f"*:{name}:{base64.b64encode((name * 32)[:32].encode()).decode()}" for name in ids)


@pytest.fixture
def note(db):
    note = Note(uuid.uuid4())
    actions.seal(note, "words", "she said it softly")
    return note


def test_reveal_opens_and_records_the_reading(note, at, person):
    reader = person("operator")

    assert actions.reveal(note, "words", by=reader, at=at, reason="call_back") == "she said it softly"
    entry = queries.audit_of(note).get()
    assert (entry.verb, entry.actor, entry.country) == ("sealed.revealed", str(reader.public_id), "LR")
    assert "softly" not in entry.body


def test_reveal_gives_nothing_when_the_record_cannot_be_written(note, at, monkeypatch):
    def broken(**kwargs):
        raise RuntimeError

    monkeypatch.setattr("accounts.actions.keys.record", broken)

    with pytest.raises(RuntimeError):
        actions.reveal(note, "words", by="tests", at=at, reason="test")


def test_reveal_of_an_empty_field_is_nothing_and_is_recorded(note, at):
    empty = Note(note.seal_owner)

    assert actions.reveal(empty, "words", by="tests", at=at, reason="test") is None
    assert queries.audit_of(empty).count() == 1


def test_reveal_refuses_a_value_of_another_row(note, at):
    other = Note(note.seal_owner, words=note.words)

    with pytest.raises(sealing.SealError):
        actions.reveal(other, "words", by="tests", at=at, reason="test")


def test_reveal_many_records_each_reading(note, at):
    other = Note(note.seal_owner)
    actions.seal(other, "words", "second")

    found = actions.reveal_many([note, other], "words", by="tests", at=at, reason="list")

    assert found == {note.public_id: "she said it softly", other.public_id: "second"}
    assert AuditEntry.objects.filter(verb="sealed.revealed").count() == 2


def test_destroy_key_erases_what_it_sealed(note, at):
    assert actions.destroy_key(owner=note.seal_owner, by="tests", at=at)

    with pytest.raises(sealing.SealError, match="erased"):
        actions.reveal(note, "words", by="tests", at=at, reason="test")
    assert not DataKey.objects.filter(owner=note.seal_owner).exists()
    assert not actions.destroy_key(owner=note.seal_owner, by="tests", at=at)


def test_a_key_that_a_backup_brings_back_after_it_was_destroyed_opens_and_seals_nothing(note, at):
    kept = DataKey.objects.get(owner=note.seal_owner)
    actions.destroy_key(owner=note.seal_owner, by="tests", at=at)
    DataKey.objects.bulk_create([kept])

    with pytest.raises(sealing.SealError, match="erased"):
        actions.reveal(note, "words", by="tests", at=at, reason="test")
    with pytest.raises(sealing.SealError, match="erased"):
        actions.seal(note, "words", "anew")


def test_rewrap_keys_lets_the_old_key_go(note, at, settings):
    settings.SEAL_KEYS = keys("k1")
    note = Note(uuid.uuid4())
    actions.seal(note, "words", "kept")
    DataKey.objects.exclude(owner=note.seal_owner).delete()
    settings.SEAL_KEYS = keys("k2", "k1")

    assert actions.rewrap_keys(by="tests", at=at) == 1
    assert actions.rewrap_keys(by="tests", at=at) == 0
    settings.SEAL_KEYS = keys("k2")
    assert actions.reveal(note, "words", by="tests", at=at, reason="test") == "kept"


def test_a_country_given_a_key_of_its_own_still_opens_what_was_sealed_before(note, at, settings):
    settings.SEAL_KEYS = f"{settings.SEAL_KEYS},LR:own:{base64.b64encode(b'o' * 32).decode()}"

    assert actions.reveal(note, "words", by="tests", at=at, reason="test") == "she said it softly"
    assert actions.rewrap_keys(by="tests", at=at) == 1
    assert DataKey.objects.get(owner=note.seal_owner).wrapped.split(".")[1] == "own"


def test_rewrap_keys_goes_in_batches(db, at, settings):
    settings.SEAL_KEYS = keys("k1")
    for scope in ("LR", "HT", "LR"):
        actions.data_key(uuid.uuid4(), scope)
    settings.SEAL_KEYS = keys("k2", "k1")

    assert [actions.rewrap_keys(by="tests", at=at, limit=2) for _ in range(3)] == [2, 1, 0]


def test_reseal_factors_lets_the_old_key_go(person, at, settings):
    settings.SEAL_KEYS = keys("k1")
    factor = Authenticator.objects.create(user=person(), type="totp", data={"secret": actions.seal_secret("SEED")})
    settings.SEAL_KEYS = keys("k2", "k1")

    assert actions.reseal_factors(by="tests", at=at) == 1
    settings.SEAL_KEYS = keys("k2")
    factor.refresh_from_db()
    assert actions.open_secret(factor.data["secret"]) == "SEED"


def test_indexes_of_looks_up_both_values_while_the_key_rotates(settings):
    settings.SEAL_KEYS = keys("k1")
    old = actions.index_of("+231770000000", "caller")
    settings.SEAL_KEYS = keys("k2", "k1")

    assert actions.indexes_of("+231770000000", "caller")[1] == old
    assert actions.index_of("+231770000000", "caller") != old


def test_nothing_is_sealed_again_for_what_was_erased(note, at):
    actions.destroy_key(owner=note.seal_owner, by="tests", at=at)

    with pytest.raises(sealing.SealError, match="erased"):
        actions.seal(note, "words", "again")
    assert not DataKey.objects.filter(owner=note.seal_owner).exists()


def test_a_damaged_data_key_is_named_once_and_stops_no_other(db, at, settings):
    settings.SEAL_KEYS = keys("k1")
    damaged, whole = uuid.uuid4(), uuid.uuid4()
    for owner in (damaged, whole):
        actions.data_key(owner, "LR")
    row = DataKey.objects.get(owner=damaged)
    DataKey.objects.filter(owner=damaged).update(wrapped=DataKey.objects.get(owner=whole).wrapped)
    settings.SEAL_KEYS = keys("k2", "k1")

    assert [actions.rewrap_keys(by="tests", at=at, limit=1) for _ in range(2)] == [1, 0]
    assert AuditEntry.objects.get(verb="key.damaged").thing == f"accounts.datakey:{row.pk}"
    settings.SEAL_KEYS = keys("k2")
    assert actions.data_key(whole, "LR")
    with pytest.raises(sealing.SealError):
        actions.data_key(damaged, "LR")


def test_a_damaged_factor_and_a_damaged_letter_stop_no_other(person, at, settings):
    settings.SEAL_KEYS = keys("k1")
    secret = actions.seal_secret("SEED")
    for words in (secret[:-8] + "AAAAAAA=", secret):
        Authenticator.objects.create(user=person(), type="totp", data={"secret": words})
    one, two = (
        actions.queue_letter(key=key, to="a@example.org", language="en", subject="x", text="y", at=at)
        for key in ("one", "two")
    )
    Letter.objects.filter(pk=one.pk).update(to=two.to)
    settings.SEAL_KEYS = keys("k2", "k1")

    assert tasks.rewrap_keys(at) == 2
    assert AuditEntry.objects.filter(verb="key.damaged").count() == 2
    assert left_under_older_keys(actions.key_ring()) == Left(data_keys=0, letters=1, factors=1)


def test_what_is_left_under_older_keys_is_counted_by_kind(person, at, settings):
    settings.SEAL_KEYS = keys("k1")
    Authenticator.objects.create(user=person(), type="totp", data={"secret": actions.seal_secret("SEED")})
    actions.queue_letter(key="one", to="a@example.org", language="en", subject="x", text="y", at=at)
    for scope in ("LR", "LR", "HT"):
        actions.data_key(uuid.uuid4(), scope)
    settings.SEAL_KEYS = keys("k2", "k1")

    before = left_under_older_keys(actions.key_ring())
    tasks.rewrap_keys(at)

    assert before == Left(data_keys=3, letters=1, factors=1)
    assert left_under_older_keys(actions.key_ring()).is_none


def test_every_sealed_column_is_covered_by_the_rotation():
    sealed = {model for model in apps.get_models() for field in model._meta.fields if isinstance(field, SealedField)}

    assert len(sealed) > 5
    assert {model for model in sealed if not hasattr(model, "seal_owner")} == {Letter}
    names = {field.name for field in Letter._meta.fields if isinstance(field, SealedField)}
    assert names == set(LETTER_FIELDS)


@pytest.mark.django_db(transaction=True)
def test_an_attempt_without_a_page_is_recorded_though_its_own_transaction_is_undone(at):
    note = Note(uuid.uuid4(), words="planted")
    actions.data_key(note.seal_owner, "LR")

    with pytest.raises(actions.CannotOpen):
        actions.reveal(note, "words", by="worker", at=at, reason="send text")

    assert [entry.verb for entry in AuditEntry.objects.all()] == ["sealed.cannot_open"]
