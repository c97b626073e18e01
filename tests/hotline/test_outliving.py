"""A no outlives the contact in which it was said: of a telephone all stays as it was when one of its contacts is erased."""

import datetime as dt

import pytest

from accounts import actions as accounts
from hotline.actions import call_back, erasing, leftovers
from hotline.choices import OTHER_NUMBER, REHEARSED
from hotline.models import CallBack, Contact, ContactEvent
from hotline.queries.dialling import call_bar, may_be_overridden, may_leave_message, promise_bar
from hotline.queries.hearing import has_heard
from hotline.queries.retention import left_behind
from hotline.queries.safety import safety_version, text_bar
from hotline.queries.same_person import suggested
from tests.hotline.backs import (  # noqa: F401 -- fixtures
    HOUR,
    MINUTE,
    NO,
    NUMBER,
    YES,
    calls_again,
    fresh,
    reached_again,
    says,
    second_call_of_the_person,
)
from tests.hotline.test_newer_no import is_refused, played, second_operator, talked  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.either]
DAY = dt.timedelta(days=1)
OTHER = "+231770000077"
SILENT = {"may_call": "not_asked", "may_text": "not_asked", "safety_at": None, "text_said_at": None}


def test_the_only_contact_of_a_number_takes_its_index_with_it(network, line, supervisor, clock):
    network.call()
    network.step("language", 1, Digits="1")
    network.status("completed", "9")
    Contact.objects.update(may_call="no")
    assert network.contact.number_index

    erased(network.contact, supervisor, clock.now)

    assert network.contact.number_index == ""


def done(contact, at):
    """Let a contact be over, so that it may be erased."""
    values = {"is_missed": False, "state": "done", "closing": "called_again", "closed_at": at, "wrapped_up_at": at}
    Contact.objects.filter(pk=contact.pk).update(**values)


def erased(contact, by, at):
    done(contact, at)
    erasing.erase_contact(contact=contact, reason="asked", by=by, at=at)
    assert fresh(contact).erased_at == at


def erased_by_a_restored_backup(contact, by, at):
    erasing.erase_again(owner=contact.public_id, by=by, at=at)
    assert fresh(contact).erased_at == at


def answers(contact, people, at):
    """Return all that hangs on the noes of a telephone, as it stands for one of its contacts."""
    row = fresh(contact)
    heard = [has_heard(row, person, at) for person in people]
    acts = (call_bar(row, at), text_bar(row, at), promise_bar(row, at), may_be_overridden(row, at))
    return acts, may_leave_message(row, at), heard, safety_version(row), row.events.count()


@pytest.fixture(name="less")
def said_less(request, second, operator, colleague, at):
    """The other call of the number, in which less was said to be safe than in the first."""
    row = fresh(second)
    row.safety_at = row.text_said_at = at + 2 * MINUTE
    if request.param == "strange":
        told = {"state": "strange", "made_at": at, "dialled_at": at, "ended_at": at + 2 * MINUTE, "account": "main"}
        CallBack.objects.create(contact=row, by=colleague, **told)
    elif request.param == "told":
        says(second, NO, colleague, at + 2 * MINUTE)
        return fresh(second)
    elif request.param == "taken back":
        says(second, NO, colleague, at + 2 * MINUTE)
        says(second, YES | {"may_voicemail": "yes", "shared_phone": "no"}, colleague, at + 3 * MINUTE)
        return fresh(second)
    elif request.param == "rung":
        told = {"state": "not_reached", "made_at": at, "dialled_at": at + MINUTE, "ended_at": at + 2 * MINUTE}
        CallBack.objects.bulk_create(CallBack(contact=row, by=colleague, account="main", **told) for _ in range(3))
        return row
    elif request.param == "other":
        accounts.seal(row, "callback_number", OTHER)
    else:
        for name in request.param.split():
            setattr(row, name, "yes" if name == "shared_phone" else "no")
    row.save()
    return row


@pytest.mark.both
@pytest.mark.parametrize("erase", [erased, erased_by_a_restored_backup])
@pytest.mark.parametrize(
    "before",
    [
        {"may_call": "yes", "may_text": "yes", "may_voicemail": "yes", "shared_phone": "no"},
        {"may_call": "no", "may_text": "no", "may_voicemail": "no", "shared_phone": "yes"},
        {"may_call": "unknown", "may_text": "unknown", "may_voicemail": "unknown", "shared_phone": "unknown"},
        SILENT,
    ],
)
@pytest.mark.parametrize(
    "less",
    ["told", "taken back", "may_call", "may_text", "may_voicemail", "shared_phone", "other", "strange"],
    indirect=True,
)
def test_what_stands_for_the_telephone_is_the_same_after_the_erasing(
    less, missed, operator, supervisor, colleague, at, before, erase
):
    """Somebody played a message of before the no, a colleague talked with her after it."""
    people = (operator, colleague, supervisor)
    Contact.objects.filter(pk=missed.pk).update(**({"safety_at": at, "text_said_at": at} | before), ended_at=at + HOUR)
    played(fresh(missed), operator, at + MINUTE)
    talked(missed, colleague, at + HOUR)
    stood = answers(missed, people, at + 2 * HOUR)
    assert stood[2][:2] == [False, True]

    erase(less, supervisor, at + 2 * HOUR)

    assert answers(missed, people, at + 2 * HOUR) == stood
    assert (less.number, less.callback_number, less.number_index) == (None, None, fresh(missed).number_index)
    assert erase is erased_by_a_restored_backup or not left_behind().exists()  # its key goes elsewhere there


def test_a_yes_by_key_that_is_newer_stands_also_beside_a_call_that_nobody_asked(
    network, second, missed, supervisor, colleague, at
):
    says(second, NO, colleague, at + MINUTE)
    agreed = {"may_call": "yes", "safety_at": at + HOUR, "outcome": "callback"}
    Contact.objects.filter(pk=missed.pk).update(**agreed)
    ContactEvent.objects.create(contact=missed, kind="callback_agreed", at=at + HOUR, by="line")
    third = calls_again(network, "8")
    network.status("completed", "8")
    Contact.objects.filter(pk=third.pk).update(started_at=at + 2 * HOUR, ended_at=at + 2 * HOUR)
    bars = (call_bar(fresh(missed), at + 3 * HOUR), promise_bar(missed, at + 3 * HOUR))
    assert "not_safe" not in bars

    erased(second, supervisor, at + 3 * HOUR)

    assert (call_bar(fresh(missed), at + 3 * HOUR), promise_bar(missed, at + 3 * HOUR)) == bars
    assert (fresh(third).may_call, third.safety_at) == ("not_asked", None)


def test_who_wrote_after_an_old_no_is_answered_once_its_time_is_over(network, second, missed, operator, colleague, at):
    Contact.objects.filter(pk=missed.pk).update(number_index="x")
    says(second, NO, colleague, at)
    done(second, at)
    now = at + 180 * DAY - HOUR
    text = network.text()
    Contact.objects.filter(pk=text.pk).update(started_at=now)
    text.messages.update(made_at=now)

    assert erasing.erase_due(at=now + 2 * HOUR) == 1

    assert fresh(second).erased_at is not None
    assert not is_refused(text, operator, now + 3 * HOUR)


def test_a_stranger_who_picked_up_stands_on(second, talking, operator, supervisor, at):
    call_back.meet_stranger(contact=talking.contact, by=operator, at=at + MINUTE)

    erased(talking.contact, supervisor, at + HOUR)

    assert (call_bar(fresh(second), at + HOUR), text_bar(fresh(second), at + HOUR)) == ("not_safe", "not_safe")


@pytest.mark.parametrize("less", ["rung"], indirect=True)
def test_the_tries_of_the_telephone_are_the_same_after_the_erasing(less, missed, supervisor, at):
    Contact.objects.filter(pk=missed.pk).update(safety_at=at + HOUR)
    assert call_bar(fresh(missed), at + 2 * HOUR) == "tries"

    erased(less, supervisor, at + 2 * HOUR)

    assert call_bar(fresh(missed), at + 2 * HOUR) == "tries"


def test_what_says_nothing_against_its_telephone_loses_the_number(second, missed, supervisor, at):
    erased(second, supervisor, at + HOUR)

    assert (fresh(second).number_index, fresh(missed).number_index == "") == ("", False)


@pytest.mark.both
def test_the_number_goes_with_its_last_contact(second, missed, supervisor, colleague, at):
    says(second, NO, colleague, at + MINUTE)
    erased(second, supervisor, at + HOUR)
    assert fresh(second).number_index

    erased(missed, supervisor, at + 2 * HOUR)

    assert (fresh(second).number_index, fresh(missed).number_index) == ("", "")
    assert (second.may_call, left_behind().exists()) == ("no", False)


@pytest.mark.parametrize("others", [{"number_index": "x"}, {"is_practice": None}, {"country_id": None}])
def test_a_number_that_no_other_contact_has_any_more_is_found_by_the_hourly_sweep(
    second, missed, supervisor, colleague, at, others
):
    says(second, NO, colleague, at + MINUTE)
    erased(second, supervisor, at + HOUR)
    values = {"is_practice": not missed.is_practice} if "is_practice" in others else others
    Contact.objects.filter(pk=missed.pk).update(**values)

    assert leftovers.empty_left_behind(at=at + 2 * HOUR) == 1

    assert (fresh(second).number_index, left_behind().exists()) == ("", False)


def test_what_was_only_played_counts_for_nobody_and_keeps_no_number(second, missed, supervisor, at):
    Contact.objects.filter(pk=second.pk).update(may_call="no", safety_at=at + MINUTE, flags=REHEARSED)

    erased(second, supervisor, at + HOUR)

    assert (call_bar(fresh(missed), at + HOUR), fresh(second).number_index) == ("", "")


def test_that_another_number_was_given_stays_and_the_number_does_not(second, missed, supervisor, desk, at):
    row = fresh(second)
    accounts.seal(row, "callback_number", OTHER)
    row.safety_at = at + MINUTE
    row.save()

    erased(second, supervisor, at + HOUR)

    assert (fresh(second).callback_number, second.flag_codes[0]) == (None, OTHER_NUMBER)


def test_an_erased_contact_that_keeps_its_number_is_offered_for_nothing(
    network, second, missed, supervisor, colleague, sign_in, at
):
    says(second, NO, colleague, at + MINUTE)
    erased(second, supervisor, at + HOUR)

    answer = sign_in(supervisor).get(f"/en/calls/{second.public_id}/")

    assert (answer.status_code, b"/block/" in answer.content) == (200, False)
    assert (suggested(supervisor, fresh(second)), second in suggested(supervisor, fresh(missed))) == ([], False)


def test_a_text_after_an_erasing_begins_a_conversation_of_its_own(network, missed, supervisor, colleague, at):
    text = network.text()
    says(text, NO, colleague, at + MINUTE)
    erased(text, supervisor, at + HOUR)
    Contact.objects.filter(pk=text.pk).update(closed_at=None, closing="", state="ended")
    assert fresh(text).number_index

    new = {"MessageSid": "SM" + "8" * 32, "From": NUMBER, "To": "2883", "Body": "help", "NumMedia": "0"}
    network.post("/hotline/twilio/message/", new)

    assert (text.messages.count(), Contact.objects.filter(kind="message").count()) == (1, 2)
