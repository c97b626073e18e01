"""Faults and a database that is away: the caller still hears a document and reaches the duty phone."""

import pytest
from django.db import OperationalError

from accounts import actions as accounts
from hotline.actions import inbox
from hotline.models import Contact, WebhookEvent
from tests.locks import under_way

pytestmark = pytest.mark.django_db

VOICE = "/hotline/twilio/voice/"


@pytest.mark.parametrize("step", ["", "language/"])
def test_any_exception_still_answers_with_the_duty_phone_and_is_kept(network, monkeypatch, step):
    network.call()
    broken = "receive_call" if not step else "advance_call"
    monkeypatch.setattr(f"hotline.webhooks.actions.{broken}", _raise(ValueError("broken")))
    if not step:
        network.sid = "CA" + "7" * 32

    reply = network.post(f"{VOICE}{step}?t=1" if step else VOICE, network.fields(Digits="1"))

    assert (reply.status, reply.document.find("Dial/Number").text) == (200, "+231770009999")
    assert (network.contact.state, network.contact.flag_codes[-1]) == ("trouble", "trouble")


@pytest.mark.parametrize("step", ["softphone", "whisper", "interpreter", "interpreter-key", "agency"])
def test_a_fault_while_a_telephone_of_ours_joins_ends_its_leg_and_makes_no_contact(network, monkeypatch, step):
    for name in ("join_room", "join_third"):
        monkeypatch.setattr(f"hotline.webhooks.actions.{name}", _raise(ValueError("broken")))

    reply = network.step(step, 7, Direction="outbound-api")

    assert (reply.status, reply.verbs(), Contact.objects.count()) == (200, ["Hangup"], 0)


@pytest.mark.parametrize("step", ["wait", "hold"])
def test_a_fault_in_the_waiting_room_says_that_the_line_is_open_and_asks_again_and_moves_nobody(
    network, monkeypatch, step
):
    network.call()
    for name in ("say_wait", "say_hold"):
        monkeypatch.setattr(f"hotline.webhooks.actions.{name}", _raise(ValueError("broken")))

    reply = network.step(step, 1001)

    assert (reply.verbs()[-2:], network.contact.state) == (["Pause", "Redirect"], "greeting")
    assert reply.document.find("Redirect").text.split("#")[0].endswith(f"/voice/{step}/?t=1001")
    said = reply.said()
    assert {"wait": "You are still in line.", "hold": "The line is still there."}[step] in said
    assert "9 1 1" in said


def test_trouble_itself_broken_still_answers(network, monkeypatch):
    monkeypatch.setattr("hotline.webhooks.actions.receive_call", _raise(ValueError("broken")))
    monkeypatch.setattr("hotline.webhooks.trouble_call", _raise(ValueError("broken too")))

    reply = network.call()

    assert (reply.status, reply.headers["X-Fanal-Degraded"]) == (200, "1")
    assert reply.document.find("Dial/Number").text == "+231770009999"


def test_database_away_answers_from_memory_and_status_is_asked_again(network, monkeypatch):
    network.call()
    for name in ("receive_call", "advance_call", "receive_status"):
        monkeypatch.setattr(f"hotline.webhooks.actions.{name}", _raise(OperationalError("gone")))

    voice, status = network.step("language", 1, Digits="1"), network.status("ringing")

    assert (voice.status, voice.headers["X-Fanal-Degraded"]) == (200, "1")
    assert voice.document.find("Dial/Number").text == "+231770009999"
    assert (status.status, status.headers["Retry-After"]) == (503, "5")


def test_locked_database_is_not_asked_again_on_the_way_out(network, monkeypatch):
    """A table that is locked keeps each statement waiting for seconds; the caller waits for one of them, not two."""
    network.call()
    asked = []

    def locked(*args, **kwargs):
        asked.append(1)
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr("hotline.queries.lines._read", locked)
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", -1.0)
    reply = network.call()

    assert (reply.status, reply.headers["X-Fanal-Degraded"]) == (200, "1")
    assert reply.document.find("Dial/Number").text == "+231770009999"
    assert len(asked) == 1


@pytest.mark.django_db(transaction=True)
def test_the_key_of_a_month_whose_first_request_was_rolled_back_seals_nothing(network, at):
    """Its row went with that request: what it sealed after that, nobody could open any more."""
    with under_way(network.call):
        assert WebhookEvent.objects.exists()
    assert not WebhookEvent.objects.exists()

    network.call()
    inbox.forget_month_keys()  # another process, or this one after a restart

    payload = accounts.reveal(WebhookEvent.objects.get(), "payload", by="test", at=at, reason="test")
    assert network.sid in payload


def _raise(error):
    def broken(**_values):
        raise error

    return broken
