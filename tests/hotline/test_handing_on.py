"""A no stands on for its telephone when the contact in which it was said is erased."""

import pytest

from accounts import actions as accounts
from hotline.actions import call_back, erasing
from hotline.choices import REHEARSED
from hotline.models import Contact
from hotline.queries.dialling import call_bar, may_be_overridden
from hotline.queries.safety import text_bar
from tests.hotline.backs import (  # noqa: F401 -- fixtures
    HOUR,
    MINUTE,
    NO,
    YES,
    fresh,
    reached_again,
    says,
    second_call_of_the_person,
)
from tests.hotline.test_newer_no import second_operator  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.either]
ANSWERS = ("may_call", "may_text", "may_voicemail")


def erased(contact, by, at):
    Contact.objects.filter(pk=contact.pk).update(
        is_missed=False, state="done", closed_at=at, closing="called_again", wrapped_up_at=at
    )
    erasing.erase_contact(contact=contact, reason="asked", by=by, at=at)
    assert fresh(contact).erased_at == at


def erased_by_a_restored_backup(contact, by, at):
    erasing.erase_again(owner=contact.public_id, by=by, at=at)
    assert fresh(contact).erased_at == at


@pytest.mark.both
@pytest.mark.parametrize("erase", [erased, erased_by_a_restored_backup])
def test_after_erasing_who_said_no_is_not_rung_or_texted_by_an_older_yes(
    second, missed, supervisor, colleague, at, erase
):
    says(second, NO, colleague, at + MINUTE)

    erase(second, supervisor, at + HOUR)

    assert (call_bar(fresh(missed), at + HOUR), text_bar(fresh(missed), at + HOUR)) == ("not_safe", "not_safe")
    event = missed.events.filter(kind="safety_changed", by="worker").first()
    assert event.detail["less"] is True
    assert fresh(missed).safety_at == at + MINUTE


def test_a_yes_that_is_newer_stays(second, missed, operator, supervisor, colleague, at):
    says(second, NO, colleague, at + MINUTE)
    reached_again(missed, operator, at + HOUR)
    says(missed, YES, operator, at + HOUR)

    erased(second, supervisor, at + 2 * HOUR)

    assert (call_bar(fresh(missed), at + 2 * HOUR), text_bar(fresh(missed), at + 2 * HOUR)) == ("", "")
    assert not missed.events.filter(kind="safety_changed", by="worker").exists()


@pytest.mark.parametrize(
    ("less", "handed_on"),
    [
        ({"may_call": "no"}, {"may_call"}),
        ({"may_text": "no"}, {"may_text"}),
        ({"may_voicemail": "no"}, {"may_voicemail"}),
        ({"shared_phone": "yes"}, {"may_voicemail"}),
        ({"callback_number": "+231770000077"}, {*ANSWERS}),
    ],
)
def test_each_no_goes_on_and_nothing_else(second, missed, supervisor, at, less, handed_on):
    Contact.objects.update(**dict.fromkeys(ANSWERS, "yes"), shared_phone="no", safety_at=at, text_said_at=at)
    row = fresh(second)
    row.safety_at = row.text_said_at = at + MINUTE
    for name, value in less.items():
        accounts.seal(row, name, value) if name == "callback_number" else setattr(row, name, value)
    row.save()

    erased(second, supervisor, at + HOUR)

    assert {name for name in ANSWERS if getattr(fresh(missed), name) == "no"} == handed_on
    if handed_on == {"may_call"}:
        assert (missed.safety_at, missed.text_said_at) == (at + MINUTE, at)


def test_a_stranger_who_picked_up_goes_on(second, talking, operator, supervisor, at):
    call_back.meet_stranger(contact=talking.contact, by=operator, at=at + MINUTE)

    erased(talking.contact, supervisor, at + HOUR)

    assert (call_bar(fresh(second), at + HOUR), text_bar(fresh(second), at + HOUR)) == ("not_safe", "not_safe")


@pytest.mark.parametrize("others", [{"number_index": "x"}, {"is_practice": None}, {"country_id": None}])
def test_it_goes_to_contacts_of_this_telephone_alone(second, missed, supervisor, colleague, at, others):
    says(second, NO, colleague, at + MINUTE)
    values = {"is_practice": not missed.is_practice} if "is_practice" in others else others
    Contact.objects.filter(pk=missed.pk).update(**values)

    erased(second, supervisor, at + HOUR)

    assert (fresh(missed).may_call, missed.may_text) == ("yes", "yes")


@pytest.mark.both
@pytest.mark.parametrize("answer", ["unknown", "not_asked"])
def test_where_nobody_knows_two_persons_still_agree_to_no_call(second, missed, supervisor, colleague, at, answer):
    says(second, NO, colleague, at + MINUTE)
    Contact.objects.filter(pk=missed.pk).update(may_call=answer)
    assert not may_be_overridden(fresh(missed), at + 2 * MINUTE)

    erased(second, supervisor, at + HOUR)

    assert not may_be_overridden(fresh(missed), at + HOUR)
    assert missed.may_call == "no"


@pytest.mark.both
def test_a_no_in_so_many_words_goes_on_to_who_gave_another_number(second, missed, supervisor, colleague, at):
    accounts.seal(missed, "callback_number", "+231770000077")
    missed.save()
    says(second, NO, colleague, at + MINUTE)
    assert call_bar(fresh(missed), at + HOUR) == "not_safe"

    erased(second, supervisor, at + HOUR)

    assert call_bar(fresh(missed), at + HOUR) == "not_safe"


def test_what_was_only_played_is_handed_to_nobody(second, missed, supervisor, at):
    Contact.objects.filter(pk=second.pk).update(may_call="no", safety_at=at + MINUTE, flags=REHEARSED)

    erased(second, supervisor, at + HOUR)

    assert fresh(missed).may_call == "yes"
