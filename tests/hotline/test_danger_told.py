"""Supervisors are told of danger away from the screen: one letter a contact, made by the worker."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts import actions as accounts
from accounts.models import Letter
from hotline import tasks
from hotline.actions.alarm import tell_of_danger
from hotline.models import Contact, ContactEvent, Shift
from tests.hotline.console import give, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_danger(line, at):
    """A caller of the live line who pressed 9 and waits."""
    return waiting(line, at, is_danger=True, priority=0)


def letters():
    return list(Letter.objects.filter(key__startswith="danger:").order_by("id"))


def test_supervisors_are_told_by_letter_once_of_who_pressed_9(network, clock, supervisor, operator):
    network.call()
    network.step("language", 1, Digits="9")
    assert letters() == []

    done = tasks.tell_danger(clock.now)
    again = tasks.tell_danger(clock.move(minutes=5))

    (letter,) = letters()
    words = accounts.open_letter(letter)
    assert (done, again) == (1, 0)
    assert letter.receiver.endswith(str(supervisor.public_id))
    assert words.to == supervisor.email
    assert "Somebody in danger is on the line of Liberia. Sign in and look at the console:" in words.text
    assert words.text.startswith("Practice. ")
    assert network.contact.code not in words.text
    assert network.contact.events.filter(kind="danger_told").count() == 1


def test_supervisors_are_told_of_who_is_not_safe_by_the_sheet(desk, line, supervisor, at):
    contact = waiting(line, at, state="connected")
    give(desk, contact, "safe_now", "yes")
    assert tasks.tell_danger(dt.datetime.now(dt.UTC)) == 0

    give(desk, contact, "safe_now", "no", version=1)

    assert tasks.tell_danger(dt.datetime.now(dt.UTC)) == 1
    assert tasks.tell_danger(dt.datetime.now(dt.UTC)) == 0
    (letter,) = letters()
    assert "Practice." not in accounts.open_letter(letter).text


def test_a_call_that_is_over_by_then_is_told_of_as_that(in_danger, supervisor, at):
    Contact.objects.filter(pk=in_danger.pk).update(ended_at=at)

    tasks.tell_danger(at)

    (letter,) = letters()
    assert "Somebody in danger was on the line of Liberia." in accounts.open_letter(letter).text
    assert reverse("hotline:call_log") in accounts.open_letter(letter).text


def test_the_supervisor_on_shift_is_told_alone_and_all_of_the_country_without_one(
    person, liberia, haiti, supervisor, in_danger, line, at
):
    other = person("supervisor", country=liberia)
    person("supervisor", country=haiti)
    shift = Shift.objects.create(
        line=line, user=other, starts_at=at - dt.timedelta(hours=1), ends_at=at + dt.timedelta(hours=1)
    )
    tasks.tell_danger(at)
    on_shift = {letter.receiver for letter in letters()}
    shift.delete()
    waiting(line, at, is_danger=True)
    tasks.tell_danger(at)

    assert len(on_shift) == 1
    assert on_shift.pop().endswith(str(other.public_id))
    assert len(letters()) == 3


def test_a_country_without_a_supervisor_tells_its_keepers(person, liberia, in_danger, at):
    person("manager", country=liberia)

    assert tasks.tell_danger(at) == 1
    assert letters() == []
    assert Letter.objects.count() == 1


def test_what_is_old_erased_or_of_no_country_is_no_alarm(line, supervisor, at):
    waiting(line, at - dt.timedelta(days=2), is_danger=True)
    waiting(line, at, is_danger=True, erased_at=at)
    Contact.objects.create(started_at=at, changed_at=at, is_danger=True)

    assert tasks.tell_danger(at) == 0


def test_contacts_that_always_fail_do_not_keep_those_behind_them_from_being_told(line, supervisor, at, monkeypatch):
    *failing, last = [waiting(line, at, is_danger=True) for _number in range(tasks.BATCH + 1)]
    keys = {contact.pk for contact in failing}

    def fails_for_the_first(*, key, at):
        if key in keys:
            raise LookupError(key)
        return tell_of_danger(key=key, at=at)

    monkeypatch.setattr(tasks, "tell_of_danger", fails_for_the_first)

    assert [tasks.tell_danger(at) for _turn in range(2)] == [1, 0]
    assert last.events.filter(kind="danger_told").count() == 1


def test_the_look_for_it_is_one_query(line, at, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert tasks.tell_danger(at) == 0
    assert not ContactEvent.objects.filter(kind="danger_told").exists()
    assert tasks.tell_danger in tasks.LINE_JOBS
