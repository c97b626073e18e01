"""The practice network while the worker is silent: it rings what a document names, and screens as the real one does."""

import datetime as dt

import pytest

from hotline.models import Contact, SweepMark
from hotline.queries import heartbeat
from tests.hotline.practice import act, phone_on_screen, post_by_client, practice_network, ticking_clock, words  # noqa: F401 -- fixtures
from tests.hotline.telephones import state_of, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(client, practice, phone, ticking, at):
    """Let the phone on the screen choose English while nobody carries out orders, and a time pass."""
    SweepMark.objects.filter(kind=heartbeat.KIND).update(mark_at=at - dt.timedelta(seconds=31))
    heartbeat.forget_heartbeat()

    def let_pass(seconds, key="1"):
        practice.step()
        act(client, phone, "press", digits=key)
        for _second in range(seconds):
            practice.step()
            ticking.move(1)

    return let_pass


def test_the_phone_on_the_screen_ends_at_words_never_in_a_silent_wait(client, call, phone):
    call(60)

    page = words(client, phone)

    assert "The duty phone rings." in page
    assert "Nobody can speak with you now. To leave a message, press 1" in page
    assert "You are still in line" not in page


def test_a_verified_telephone_is_rung_presses_1_and_talks(client, call, phone, practice, operator, at):
    verify(operator, at, "+231770123456")
    call(25)

    contact = Contact.objects.get()
    assert (contact.state, contact.claimed_by, state_of(operator).state) == ("connected", operator, "on_call")

    act(client, phone, "hang_up")
    practice.step()

    contact.refresh_from_db()
    assert (contact.state, contact.outcome, state_of(operator).state) == ("wrap_up", "answered", "wrap_up")


def test_a_voicemail_presses_nothing_and_the_duty_phone_rings(call, operator, at):
    verify(operator, at, "+231770123458")  # of such a number the practice network's voicemail answers
    call(45)

    contact = Contact.objects.get()
    assert (contact.state, contact.step, contact.claimed_by) == ("nobody", "duty", None)
    assert state_of(operator).state == "ready"
