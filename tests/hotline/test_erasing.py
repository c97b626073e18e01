"""Erased means erased: the key, every sealed word, recordings and texts at the provider."""

import pytest

from accounts import actions as accounts
from accounts.models import AuditEntry, ErasedOwner
from accounts.queries import owners_with_keys
from accounts.sealing import SealError
from hotline import actions, tasks
from hotline.actions import CannotErase, erasing, follow_up, leftovers
from hotline.models import Contact, Message, Recording, Sheet, SweepMark
from hotline.telephony.base import ProviderRefused
from tests.hotline.ended import DAYS, SOUND, ended_contact, erase, run_orders  # noqa: F401 -- fixtures

pytestmark = pytest.mark.django_db


def test_erasing_leaves_codes_and_times_and_nothing_sealed(contact, supervisor, at):
    erase(contact, supervisor, at)

    assert (contact.number, contact.code_word, contact.number_index, contact.erased_at) == (None, None, "", at)
    assert (contact.language, contact.outcome, contact.closing) == ("en", "abandoned", "no_need")
    assert not Sheet.objects.filter(note__isnull=False).exists()
    assert not contact.inbox.filter(payload__isnull=False).exists()


def test_a_copy_of_the_row_cannot_be_opened_after_erasing(contact, supervisor, at):
    copied = contact.number.raw if hasattr(contact.number, "raw") else contact.number
    assert accounts.reveal(contact, "number", by=supervisor, at=at, reason="law") == "+231770000001"

    erase(contact, supervisor, at)

    contact.number = copied
    with pytest.raises(SealError):
        accounts.reveal(contact, "number", by=supervisor, at=at, reason="law")
    assert owners_with_keys([contact.public_id]) == set()


def test_who_erased_and_why_is_recorded(contact, supervisor, at):
    erase(contact, supervisor, at, reason="law")

    entry = AuditEntry.objects.get(body__contains="hotline.contact_erased")
    assert '"law"' in entry.body
    assert contact.events.get(kind="erased").detail == {"erasing": "law"}


def test_a_recording_that_comes_after_erasing_is_deleted_at_the_provider_and_never_kept(
    network, contact, supervisor, clock
):
    erase(contact, supervisor, clock.now)

    network.post("/hotline/twilio/status/", network.fields(**SOUND))
    run_orders(clock.now)

    recording = Recording.objects.get()
    assert recording.audio is None
    assert recording.deleted_at is not None
    assert owners_with_keys([contact.public_id]) == set()


def test_a_recording_that_was_fetched_and_not_yet_deleted_at_the_provider_is_deleted_there(
    network, contact, supervisor, clock, monkeypatch
):
    network.post("/hotline/twilio/status/", network.fields(**SOUND))
    with monkeypatch.context() as away:
        away.setattr("hotline.telephony.practice.PracticeProvider.delete_recording", _refuse)
        run_orders(clock.now)
    assert Recording.objects.get().deleted_at is None

    erase(contact, supervisor, clock.now)
    run_orders(clock.now)

    assert Recording.objects.get().deleted_at is not None


def _refuse(self, sid):
    raise ProviderRefused("20500")


def test_texts_are_deleted_at_the_provider_too(network, line, operator, supervisor, clock):
    thread = network.text()
    follow_up.wrap_up(contact=thread, topic="hoax", by=operator, at=clock.now)

    erase(thread, supervisor, clock.now)
    run_orders(clock.now)

    message = Message.objects.get()
    assert message.body is None
    assert message.read_at is not None
    assert message.redacted_at is not None


@pytest.mark.parametrize(
    ("change", "code"),
    [({"closed_at": None, "closing": ""}, "open"), ({"state": "wrap_up"}, "open"), ({"ended_at": None}, "open")],
)
def test_what_is_not_over_is_not_erased(contact, supervisor, at, change, code):
    Contact.objects.filter(pk=contact.pk).update(**change)

    with pytest.raises(CannotErase) as refused:
        erase(contact, supervisor, at)

    contact.refresh_from_db()
    assert (refused.value.code, contact.erased_at) == (code, None)
    assert owners_with_keys([contact.public_id]) == {contact.public_id}


def test_nothing_is_erased_twice(contact, supervisor, at):
    erase(contact, supervisor, at)

    with pytest.raises(CannotErase, match="erased"):
        erase(contact, supervisor, at)


def test_a_contact_that_meets_what_nobody_foresaw_stops_no_other_and_is_tried_again_in_an_hour(
    contact, line, at, monkeypatch
):
    later = Contact.objects.create(
        line=line, country=line.country, language="en", state="ended", step="done", started_at=at, changed_at=at,
        ended_at=at + 2 * DAYS,
    )  # fmt: skip
    empty, tried = erasing.empty, []

    def fails_for_the_oldest(row, at):
        tried.append(row.pk)
        if row.pk == contact.pk:
            raise ValueError("odd")
        empty(row, at)

    monkeypatch.setattr(erasing, "empty", fails_for_the_oldest)
    monkeypatch.setattr(erasing, "BATCH", 1)
    over = at + 800 * DAYS

    assert [tasks.erase(over), tasks.erase(over), tasks.erase(over)] == [1, 0, 0]

    assert set(Contact.objects.filter(erased_at=over)) == {later}
    assert tried == [contact.pk, later.pk, contact.pk]
    assert SweepMark.objects.filter(kind="erasing").exists()


def test_one_left_behind_that_meets_what_nobody_foresaw_stops_no_other(contact, line, supervisor, at, monkeypatch):
    second = Contact.objects.create(
        line=line, country=line.country, language="en", state="ended", step="done", started_at=at, changed_at=at,
        ended_at=at, erased_at=at,
    )  # fmt: skip
    erase(contact, supervisor, at)
    Contact.objects.filter(pk=contact.pk).update(number_index="x")
    empty = leftovers.empty

    def fails_for_the_first(row, at):
        if row.pk == contact.pk:
            raise ValueError("odd")
        empty(row, at)

    monkeypatch.setattr(leftovers, "empty", fails_for_the_first)

    assert actions.erase_due(at=at) == 1

    assert set(ErasedOwner.objects.values_list("owner", flat=True)) >= {second.public_id}
    assert Contact.objects.get(pk=contact.pk).number_index == "x"
