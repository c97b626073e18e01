import base64
import datetime as dt
import smtplib
import socket
import time

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from accounts import actions, tasks
from accounts.forms.people import InviteForm
from accounts.models import AuditEntry, Letter
from referral.forms.directory import ContactForm


@pytest.fixture
def letter(db, at):
    return actions.queue_letter(
        key="k1", to="a@example.org", language="fr", subject="Un rappel\r\nBcc: x@example.org", text="Bonjour.", at=at
    )


class Refusing(BaseEmailBackend):
    """A mail server that refuses every letter."""

    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected


@pytest.fixture
def broken_server(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"


def test_queue_letter_is_idempotent_by_key(letter, at):
    again = actions.queue_letter(key="k1", to="b@example.org", language="en", subject="x", text="y", at=at)

    assert again.pk == letter.pk
    assert actions.open_letter(Letter.objects.get()).to == "a@example.org"


def test_queue_letter_keeps_the_subject_on_one_line(letter):
    assert letter.subject == "Un rappel Bcc: x@example.org"


def test_send_letters_sends_once_and_marks(letter, at):
    assert tasks.send_letters(at) == 1
    assert tasks.send_letters(at) == 0

    assert [(message.to, message.body) for message in mail.outbox] == [(["a@example.org"], "Bonjour.")]
    assert mail.outbox[0].extra_headers["Content-Language"] == "fr"
    letter.refresh_from_db()
    assert letter.sent_at is not None


def test_a_claimed_letter_is_left_alone_by_a_second_worker(letter, at):
    actions.claim_letters(at=at)

    assert actions.claim_letters(at=at + dt.timedelta(minutes=1)) == []


def test_a_letter_of_a_killed_worker_comes_back_after_its_claim(letter, at):
    actions.claim_letters(at=at)

    assert [claimed.pk for claimed in actions.claim_letters(at=at + dt.timedelta(minutes=3))] == [letter.pk]


def test_a_failing_server_is_tried_five_times_with_growing_pauses(letter, at, broken_server):
    pauses, now = [], at
    for _ in range(5):
        tasks.send_letters(now)
        letter.refresh_from_db()
        if letter.claimed_until:
            pauses.append(letter.claimed_until - now)
            now = letter.claimed_until

    assert pauses == [
        dt.timedelta(minutes=1),
        dt.timedelta(minutes=5),
        dt.timedelta(minutes=30),
        dt.timedelta(hours=3),
    ]
    assert (letter.tries, letter.sent_at, letter.failed_at, letter.fault) == (5, None, now, "SMTPServerDisconnected")
    assert tasks.send_letters(now + dt.timedelta(days=1)) == 0


def test_old_letters_go_after_thirty_days(letter, at):
    actions.mark_sent(letter=letter, at=at)

    assert actions.drop_old_letters(at=at + dt.timedelta(days=29)) == 0
    assert actions.drop_old_letters(at=at + dt.timedelta(days=31)) == 1


UNSENDABLE = f"a@{'ü' * 60}.de"


def queued(key, at, to="b@example.org"):
    return actions.queue_letter(key=key, to=to, language="en", subject="x", text="words", at=at)


def seal_keys(*ids):
    return ",".join(f"*:{name}:{base64.b64encode((name * 32)[:32].encode()).decode()}" for name in ids)


def test_a_waiting_letter_survives_a_rotation(db, at, settings):
    settings.SEAL_KEYS = seal_keys("k1")
    letter = queued("k1", at)
    settings.SEAL_KEYS = seal_keys("k2", "k1")

    assert tasks.rewrap_keys(at) == 1
    assert tasks.rewrap_keys(at) == 0
    settings.SEAL_KEYS = seal_keys("k2")

    assert tasks.send_letters(at) == 1
    assert (mail.outbox[0].to, mail.outbox[0].body) == (["b@example.org"], "words")
    letter.refresh_from_db()
    assert letter.sent_at is not None


def test_a_letter_that_cannot_be_opened_is_given_up_and_holds_up_no_other(letter, at):
    after = queued("k2", at)
    Letter.objects.filter(pk=letter.pk).update(text=Letter.objects.get(pk=after.pk).text)

    assert tasks.send_letters(at) == 1
    letter.refresh_from_db()
    assert (letter.failed_at, letter.fault, letter.text) == (at, "SealError", None)
    assert AuditEntry.objects.get(verb="letter.given_up").thing == actions.thing_id(letter)
    assert [message.to for message in mail.outbox] == [["b@example.org"]]


# No key of that id; another key of that id, as the demo's *:k1 is; nothing that can be read.
STRANGE_KEYS = (seal_keys("k2"), seal_keys("k2").replace("k2:", "k1:"), "", "*:k1:abc")


@pytest.mark.parametrize("strange", STRANGE_KEYS)
def test_a_letter_whose_key_is_away_waits_whole_and_goes_when_the_key_is_back(db, at, settings, strange):
    settings.SEAL_KEYS = seal_keys("k1")
    letter = queued("k1", at)
    settings.SEAL_KEYS = strange
    for hour in range(48):
        assert tasks.send_letters(at + dt.timedelta(hours=hour)) == 0
    letter.refresh_from_db()
    waited = (letter.tries, letter.failed_at, letter.text is None, letter.to is None)
    settings.SEAL_KEYS = seal_keys("k1")

    assert waited == (0, None, False, False)
    assert tasks.send_letters(at + dt.timedelta(hours=48)) == 1
    assert mail.outbox[0].body == "words"
    letter.refresh_from_db()
    assert (letter.fault, AuditEntry.objects.filter(verb="letter.given_up").exists()) == ("", False)


def test_a_letter_whose_key_is_away_is_looked_at_again_after_a_pause(db, at, settings):
    settings.SEAL_KEYS = seal_keys("k1")
    letter = queued("k1", at)
    settings.SEAL_KEYS = seal_keys("k2")

    tasks.send_letters(at)

    letter.refresh_from_db()
    assert letter.claimed_until == at + dt.timedelta(minutes=10)


def test_a_letter_under_a_key_that_was_taken_out_for_good_is_given_up_after_two_weeks(db, at, settings):
    settings.SEAL_KEYS = seal_keys("k1")
    letter = queued("k1", at)
    settings.SEAL_KEYS = seal_keys("k2")
    end = at + dt.timedelta(days=14)

    tasks.send_letters(end)

    letter.refresh_from_db()
    assert (letter.failed_at, letter.fault, letter.text) == (end, "SealError", None)
    assert AuditEntry.objects.get(verb="letter.given_up").thing == actions.thing_id(letter)


def test_an_address_that_no_server_can_be_told_fails_alone(db, at, settings):
    bad, good = queued("k1", at, to=UNSENDABLE), queued("k2", at)

    assert tasks.send_letters(at) == 1
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.failed_at, bad.sent_at) == (at, None)
    assert good.sent_at is not None


def test_an_unexpected_fault_of_one_letter_holds_up_no_other(letter, at, monkeypatch):
    after, message = queued("k2", at), tasks._message

    def broken(one):
        if one.pk == letter.pk:
            raise TypeError
        return message(one)

    monkeypatch.setattr(tasks, "_message", broken)

    assert tasks.send_letters(at) == 1
    letter.refresh_from_db()
    after.refresh_from_db()
    assert (letter.fault, letter.failed_at, after.sent_at is None) == ("TypeError", None, False)


@pytest.mark.parametrize("form", [InviteForm, ContactForm])
def test_the_form_refuses_an_address_that_no_server_can_be_told(db, form):
    told = form({"email": UNSENDABLE}).errors["email"]

    assert told == ["Enter the address in full, for example name@office.example."]


class Counting(BaseEmailBackend):
    """A mail server that notes what is asked of it; each letter takes it some seconds of a clock that tests move."""

    asked: list[str] = []
    clock = 0.0
    takes = 0.0

    def open(self):
        self.asked.append("open")

    def close(self):
        self.asked.append("close")

    def send_messages(self, messages):
        self.asked.extend(message.to[0] for message in messages)
        Counting.clock += self.takes
        return len(messages)


@pytest.fixture
def office(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Counting"
    monkeypatch.setattr(Counting, "asked", [])
    monkeypatch.setattr(Counting, "clock", 0.0)
    monkeypatch.setattr("accounts.actions.batches.time.monotonic", lambda: Counting.clock)
    return Counting


def test_one_connection_carries_a_batch(letter, at, office):
    queued("k2", at)

    assert tasks.send_letters(at) == 2
    assert office.asked == ["open", "a@example.org", "open", "b@example.org", "close"]


def test_a_batch_ends_by_the_clock_and_each_letter_is_claimed_in_its_turn(letter, at, office, monkeypatch):
    monkeypatch.setattr(office, "takes", 15.0)
    others = [queued(f"k{number}", at) for number in range(2, 5)]
    claimed, claim = [], actions.claim_letters
    monkeypatch.setattr(actions, "claim_letters", lambda at, limit: claimed.append(at) or claim(at=at, limit=limit))

    assert tasks.send_letters(at) == 2
    assert claimed == [at, at + dt.timedelta(seconds=15)]
    assert [Letter.objects.get(pk=one.pk).claimed_until for one in others[1:]] == [None, None]


@pytest.fixture
def silent_server(settings):
    """A mail server that accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = *server.getsockname(), 0.3
        yield server


@pytest.mark.enable_socket
def test_a_mail_server_that_never_answers_is_asked_once_a_batch(letter, at, silent_server):
    others = [queued(f"k{number}", at) for number in range(2, 8)]
    begun = time.monotonic()

    assert tasks.send_letters(at) == 0

    assert time.monotonic() - begun < 0.3 * 3
    put_back = at + dt.timedelta(minutes=1)
    rows = Letter.objects.filter(pk__in=[letter.pk, *(one.pk for one in others)])
    assert set(rows.values_list("tries", "claimed_until", "sent_at")) == {(1, put_back, None)}


def test_a_letter_that_kills_its_worker_is_given_up_after_five_and_those_behind_it_go(letter, at):
    for _turn in range(5):
        assert [one.pk for one in actions.claim_letters(at=at)] == [letter.pk]  # and the worker dies
        at += actions.letters.CLAIM
    queued("k2", at)

    assert tasks.send_letters(at) == 1

    letter.refresh_from_db()
    assert (letter.failed_at, letter.fault) == (at, "killed")
    assert [message.to for message in mail.outbox] == [["b@example.org"]]
    assert AuditEntry.objects.filter(verb="letter.given_up").count() == 1
