"""The doctor says how far a rotation of seal keys is, and what it could not open."""

import base64
import datetime as dt
import io
import uuid

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts import actions, tasks
from accounts.actions import record
from accounts.models import DataKey


def keys(*ids):
    return ",".join(f"*:{name}:{base64.b64encode((name * 32)[:32].encode()).decode()}" for name in ids)


def doctor():
    out = io.StringIO()
    with pytest.raises(SystemExit):  # no worker runs under a test
        call_command("doctor", stdout=out)
    return out.getvalue()


def test_the_doctor_counts_what_is_left_and_names_what_is_damaged(db, at, settings):
    settings.SEAL_KEYS = keys("k1")
    damaged, whole = uuid.uuid4(), uuid.uuid4()
    for owner in (damaged, whole):
        actions.data_key(owner, "LR")
    mended = DataKey.objects.get(owner=damaged).wrapped
    DataKey.objects.filter(owner=damaged).update(wrapped=DataKey.objects.get(owner=whole).wrapped)
    settings.SEAL_KEYS = keys("k2", "k1")

    before = doctor()
    tasks.rewrap_keys(at)
    met = doctor()
    row = DataKey.objects.get(owner=damaged)
    name = f"accounts.datakey:{row.pk} cannot be opened"
    DataKey.objects.filter(pk=row.pk).update(wrapped=mended)
    tasks.rewrap_keys(at)

    assert "under an older seal key: 2 data keys, 0 letters, 0 second factors" in before
    assert name not in before
    assert "under an older seal key: 1 data keys" in met
    assert name in met
    assert "everything is sealed under the newest keys" in doctor()
    assert name not in doctor()


@pytest.mark.parametrize(
    ("ring", "stays", "goes"),
    [
        ("*:k2,*:k1", "*:k1", None),
        ("LR:k2,LR:k1,*:k2,*:k1", "*:k1", "LR:k1"),
        ("index:k2,index:k1,*:k1", "index:k1", None),
        ("*:k2,LR:k1,index:k1", None, None),
    ],
)
def test_the_doctor_says_which_older_keys_find_the_numbers_of_before(db, settings, ring, stays, goes):
    """With only a general key the index comes from it: sealed anew or not, without it a STOP of then is forgotten."""
    settings.SEAL_KEYS = ",".join(
        f"{name}:{base64.b64encode((name * 32)[:32].encode()).decode()}" for name in ring.split(",")
    )

    said = doctor()

    assert "everything is sealed under the newest keys\n" in said
    assert (f"keep {stays} for at least 180 days" in said) if stays else ("keep" not in said)
    assert (f"may be taken out of FANAL_SEAL_KEYS: {goes}\n" in said) if goes else ("taken out" not in said)


def test_a_stop_is_recognised_as_long_as_the_doctor_says_keep_the_key(db, settings):
    settings.SEAL_KEYS = keys("k1")
    stopped = actions.index_of("+231770000000", "caller")
    settings.SEAL_KEYS = keys("k2", "k1")
    kept = actions.indexes_of("+231770000000", "caller")
    settings.SEAL_KEYS = keys("k2")

    assert stopped in kept
    assert stopped not in actions.indexes_of("+231770000000", "caller")


def test_the_doctor_tells_of_readings_that_failed_lately(db):
    at = timezone.now()
    for days in (8, 6, 0):
        record(by="tests", verb="sealed.cannot_open", at=at - dt.timedelta(days=days))

    assert "2 sealed values could not be opened lately" in doctor()


def test_the_doctor_leaves_out_what_the_profile_has_answered(db, settings):
    settings.PROFILE, settings.SILENCED_SYSTEM_CHECKS = "production", []
    asked = doctor()
    settings.SILENCED_SYSTEM_CHECKS = ["security.W008"]

    assert "MEND  security.W008" in asked
    assert "security.W008" not in doctor()
