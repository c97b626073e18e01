"""An erasing and a change of another contact of the number at the same instant: the newer word stands, and no no is lost."""

import pytest
from django.db import connection

from hotline import tasks
from hotline.actions import call_back, erasing, safety
from hotline.actions.messages import queue_message
from hotline.models import Contact
from hotline.queries.safety import safety_version
from tests.hotline.backs import HOUR, MINUTE, YES, calls_again, fresh, heard, reached_again, says
from tests.locks import meanwhile

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
]
UNTOLD = {"who_may_answer": "", "cover": "", "safe_from": None, "safe_until": None, "code_word": None}


def by_hand(contact, by, at):
    erasing.erase_contact(contact=contact, reason="asked", by=by, at=at)


def of_a_restored_backup(contact, by, at):
    erasing.erase_again(owner=contact.public_id, by=by, at=at)


def over(contact, **values):
    """Let a contact be over, so that it may be erased."""
    done = {"is_missed": False, "state": "done", "closing": "called_again"}
    times = dict.fromkeys(("closed_at", "wrapped_up_at"), contact.ended_at)
    Contact.objects.filter(pk=contact.pk).update(**done, **times, **values)
    return fresh(contact)


@pytest.fixture(params=["earlier", "later"])
def two(request, network, missed, at):
    """Two contacts of a telephone: of one that is erased, which says no a minute later, and one of an older yes."""
    calls_again(network)
    network.status("completed", "9")
    Contact.objects.update(may_call="yes", may_text="yes", safety_at=at, text_said_at=at, language="fr")
    gone, other = Contact.objects.order_by("pk" if request.param == "earlier" else "-pk")
    return over(gone, may_call="no", may_text="no", safety_at=at + MINUTE, text_said_at=at + MINUTE), other


@pytest.mark.parametrize("erase", [by_hand, of_a_restored_backup])
def test_a_no_is_not_handed_on_to_a_newer_yes_that_is_being_saved(two, operator, supervisor, at, erase):
    gone, other = two
    reached_again(other, operator, at + HOUR)

    with meanwhile(lambda: erase(gone, supervisor, at + 2 * HOUR)) as told:
        says(other, YES, operator, at + HOUR)

    assert told == [None]
    assert fresh(gone).erased_at == at + 2 * HOUR
    assert (fresh(other).may_call, other.may_text, other.safety_at) == ("yes", "yes", at + HOUR)
    assert not other.events.filter(kind="safety_changed", by="worker").exists()


def test_a_no_is_not_handed_on_to_a_yes_that_is_being_pressed(network, missed, supervisor, clock, at):
    live = calls_again(network)
    Contact.objects.filter(pk=live.pk).update(turn=5, step="callback_agree", may_call="yes", safety_at=at)
    gone = over(missed, may_call="no", safety_at=at + MINUTE)
    clock.move(hours=1)

    with meanwhile(lambda: by_hand(gone, supervisor, at + 2 * HOUR)) as told:
        network.step("callback", 5, Digits="2")

    assert told == [None]
    assert (fresh(live).may_call, live.safety_at) == ("yes", at + HOUR)


def test_a_newer_yes_waits_for_the_erasing_and_stands_after_it(two, operator, supervisor, at):
    gone, other = two
    reached_again(other, operator, at + 2 * HOUR)

    with meanwhile(lambda: says(other, YES, operator, at + 2 * HOUR)):
        by_hand(gone, supervisor, at + HOUR)

    assert (fresh(other).may_call, other.may_text, other.safety_at) == ("yes", "yes", at + 2 * HOUR)
    assert other.events.filter(kind="safety_changed", by="worker").exists()


def test_a_form_that_shows_the_older_yes_is_refused_once_the_no_is_handed_on(two, operator, supervisor, at):
    gone, other = two
    reached_again(other, operator, at + HOUR)
    seen = safety_version(fresh(heard(other, operator)))

    def saves():
        safety.set_safety(
            contact=other, answers=YES, **UNTOLD, by=operator, at=at + 2 * HOUR, because="told", version=seen
        )

    with meanwhile(saves) as told:
        by_hand(gone, supervisor, at + HOUR)

    assert [type(one) for one in told] == [safety.SafetyChanged]
    assert (fresh(other).may_call, other.may_text) == ("no", "no")


def test_a_text_waits_for_the_erasing_and_is_not_sent_by_an_older_yes(two, operator, supervisor, at):
    gone, other = two
    Contact.objects.filter(pk=gone.pk).update(may_text="yes", text_said_at=at)
    text = queue_message(contact=other, text_key="received", by=operator, at=at, key="one")
    said = {"may_text": "no", "text_said_at": at + MINUTE}
    Contact.objects.filter(pk=gone.pk).update(**said)
    then = at + HOUR

    with meanwhile(lambda: tasks.send_messages(then)):
        by_hand(gone, supervisor, then)

    assert fresh(text).state == "blocked_by_safety"


def test_a_call_back_waits_for_the_erasing_and_is_refused(two, operator, supervisor, at):
    gone, other = two

    with meanwhile(lambda: call_back.begin_call_back(contact=other, by=operator, at=at + HOUR)) as told:
        by_hand(gone, supervisor, at + HOUR)

    assert [getattr(one, "code", one) for one in told] == ["not_safe"]


def test_of_two_that_are_erased_at_once_the_no_reaches_the_third(network, two, supervisor, at):
    gone, other = two
    last = calls_again(network, "8")
    network.status("completed", "9")
    Contact.objects.filter(pk=last.pk).update(may_call="yes", may_text="yes", safety_at=at, text_said_at=at)
    over(other)

    with meanwhile(lambda: by_hand(other, supervisor, at + HOUR)) as told:
        by_hand(gone, supervisor, at + HOUR)

    assert told == [None]
    assert not Contact.objects.filter(erased_at=None).exclude(pk=last.pk).exists()
    assert (fresh(last).may_call, last.may_text) == ("no", "no")
