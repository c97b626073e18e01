import datetime as dt
import smtplib

import pytest
from django.core import mail

from accounts import actions, tasks
from accounts.models import Letter


@pytest.fixture
def letter(db, at):
    return actions.queue_letter(
        key="k1", to="a@example.org", language="fr", subject="Un rappel\r\nBcc: x@example.org", text="Bonjour.", at=at
    )


class Refusing:
    """A mail server that refuses every letter."""

    def __init__(self, *args, **kwargs):
        pass

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
