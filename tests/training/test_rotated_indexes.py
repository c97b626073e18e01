"""A rotation of the index key: names on certificates follow it, and the doctor says what an older key still finds."""

import io

import pytest
from django.core.management import call_command

from accounts.models import AuditEntry, DataKey
from tests.training.finishing import finish
from tests.training.rotating import INDEX, OTHER, with_new_index_key, without_old_index_key
from tests.training.without_account import allowed
from training import actions, tasks
from training.models import Certificate, Learner, NameIndex

__all__ = ["allowed"]


@pytest.fixture(autouse=True)
def ring(settings):
    """An index key of its own, before the general one."""
    settings.SEAL_KEYS = f"{OTHER},{settings.SEAL_KEYS}"
    tasks._NEXT.clear()
    yield settings
    tasks._NEXT.clear()


@pytest.fixture
def certificate(official, course, at):
    """The official's certificate of achievement; she has one of completion too."""
    return Certificate.objects.get(enrolment=finish(official, course, at), kind="achievement")


def says(client, certificate, name):
    """Tell what the page of a certificate says about a name."""
    page = client.post(f"/en/verify/{certificate.code}/", {"name": name}).content.decode()
    found = {words: words in page for words in ("The name is the one on", "This is not the name on")}
    return [words for words, is_there in found.items() if is_there]


def doctor():
    out = io.StringIO()
    with pytest.raises(SystemExit):  # no worker runs under a test
        call_command("doctor", stdout=out)
    return out.getvalue()


def test_the_right_name_holds_when_the_old_index_key_is_gone(certificate, client, official, ring, later):
    with_new_index_key(ring)
    during = says(client, certificate, official.name)
    done = [tasks.index_names(later(1)) for _turn in range(2)]
    without_old_index_key(ring)

    assert INDEX in ring.SEAL_KEYS
    assert OTHER not in ring.SEAL_KEYS
    assert during == says(client, certificate, official.name) == ["The name is the one on"]
    assert says(client, certificate, "Somebody Else") == ["This is not the name on"]
    assert done == [2, 0]
    opened = AuditEntry.objects.filter(verb="sealed.revealed", body__contains="index_key")
    assert opened.count() == 2


def test_names_are_put_under_the_new_key_in_portions(certificate, ring, monkeypatch, later):
    monkeypatch.setattr("training.actions.indexing.AT_ONCE", 1)
    with_new_index_key(ring)

    assert [tasks.index_names(later(minute)) for minute in (1, 2, 3)] == [1, 1, 0]


def test_the_doctor_counts_the_names_that_an_older_key_still_finds(certificate, ring, later):
    before = doctor()
    with_new_index_key(ring)
    during = doctor()
    tasks.index_names(later(1))

    assert "note  2 names on certificates are still compared under an older * or index key" in during
    assert "names on certificates" not in before + doctor()


def test_one_that_cannot_be_opened_is_named_once_stops_no_other_and_comes_again(certificate, ring, later):
    NameIndex.objects.filter(certificate=certificate).update(key="another")
    Certificate.objects.filter(pk=certificate.pk).update(printed_name=other_name(certificate))
    with_new_index_key(ring)

    done = [tasks.index_names(later(minutes)) for minutes in (1, 2, 60, 26 * 60)]

    assert done == [1, 0, 0, 0]
    assert AuditEntry.objects.filter(verb="sealed.cannot_open").count() == 1
    assert NameIndex.objects.get(certificate=certificate).failed_at == later(26 * 60)
    assert "MEND  1 names on certificates cannot be opened" in doctor()
    assert "are still compared" not in doctor()


def other_name(certificate):
    """Return a sealed value that was moved from another row."""
    return Certificate.objects.exclude(pk=certificate.pk).get().printed_name.raw


def test_one_whose_seal_key_is_away_is_waited_for(certificate, ring, later):
    """Nothing is recorded of it: with the key it is made anew at once."""
    rows = dict(DataKey.objects.values_list("pk", "wrapped"))
    DataKey.objects.filter(owner=certificate.learner.public_id).update(wrapped="e1.gone.AAAA")
    with_new_index_key(ring)
    away = tasks.index_names(later(1))
    for pk, wrapped in rows.items():
        DataKey.objects.filter(pk=pk).update(wrapped=wrapped)

    assert (away, tasks.index_names(later(17))) == (0, 2)
    assert not AuditEntry.objects.filter(verb="sealed.cannot_open").exists()


def test_an_index_of_before_is_carried_over_and_made_anew(certificate, later):
    """Which key made it is not known: it is compared as before until the worker has made it anew."""
    kept = dict(NameIndex.objects.values_list("certificate", "value"))
    NameIndex.objects.update(key="")

    assert actions.is_named(certificate, certificate.learner.user.name)
    assert tasks.index_names(later(1)) == 2
    assert dict(NameIndex.objects.values_list("certificate", "value")) == kept
    assert not NameIndex.objects.filter(key="").exists()


@pytest.fixture
def code(allowed, at):
    """A code of progress that was made under the old index key."""
    told = {"course": allowed, "country": "HT", "address": "192.0.2.1", "at": at}
    return actions.begin_without_account(**told)[2]


def test_the_doctor_names_the_old_key_until_the_code_is_typed(code, ring, later):
    with_new_index_key(ring)
    during = doctor()
    actions.open_with_code(code=code, address="192.0.2.1", at=later(60 * 24 * 300))
    after = doctor()
    without_old_index_key(ring)

    assert "keep index:old however long ago the newer key came: without it 1 codes" in during
    assert "365 days" in during
    assert "however long ago" not in after
    assert "open nothing" not in doctor()
    assert actions.open_with_code(code=code, address="192.0.2.1", at=later(60 * 24 * 301))


def test_the_doctor_tells_of_codes_that_open_nothing_any_more(code, ring, later):
    with_new_index_key(ring)
    without_old_index_key(ring)

    with pytest.raises(actions.CodeUnknown):
        actions.open_with_code(code=code, address="192.0.2.1", at=later(1))
    assert "MEND  1 codes of learners without an account open nothing" in doctor()


def test_a_code_of_before_counts_for_each_older_key(code, ring):
    Learner.objects.exclude(code_hmac=None).update(code_key="")
    with_new_index_key(ring)

    assert "keep index:old however long ago" in doctor()


def test_a_code_made_anew_is_under_the_newest_key(code, ring, later):
    learner = actions.open_with_code(code=code, address="192.0.2.1", at=later(1))
    with_new_index_key(ring)
    actions.replace_code(learner=learner, at=later(2))

    assert "however long ago" not in doctor()
