"""Reminders as texts: handed to whoever can send one. The floor above says who that is; this room knows no telephone."""

import datetime as dt
from collections.abc import Callable

from django.db.models import F
from django.utils import translation

from accounts import actions as accounts
from accounts.sealing import NoSealKey, SealError
from training.actions.refreshing import owing
from training.actions.reminding import is_day
from training.choices import OF_REFRESHERS, TextState
from training.models import Member, Reminder, TextNumber
from training.queries import words_of_reminder

# Each sends one text and returns "sent", "later" (try again) or "never". Given: country (code), number (E.164), body, at,
# first_at (when it was first tried) and is_again (an earlier try may have gone through unheard).
SENDERS: list[Callable[..., str]] = []
TRIES, PAUSE, LASTS = 5, dt.timedelta(minutes=10), dt.timedelta(hours=12)
BATCH = 20
SENT, LATER = "sent", "later"


def send_reminder_texts(*, at: dt.datetime) -> int:
    """Send the texts of reminders that are due, each on its own; return how many left.

    One of a refresher waits while her standing is worked out anew: she may just have done it.
    """
    due = Reminder.objects.filter(text=TextState.WAITING, text_at__lte=at).order_by("text_at", "pk")
    due = due.exclude(step__in=OF_REFRESHERS, enrolment__progress__spans_due=True)
    keys, done = list(due.values_list("pk", flat=True)[:BATCH]), 0
    for key, now in accounts.paced(keys, at):
        with accounts.alone("reminder_not_texted", through=accounts.AWAY, subject=key):
            done += _send(key, now)
    return done


def _claimed(key: int, at: dt.datetime) -> Reminder | None:
    """Take one text; None when another worker has it. The try is counted at the claim, so one that kills us ends too."""
    rows = Reminder.objects.filter(pk=key, text=TextState.WAITING, text_at__lte=at)
    if not rows.update(text_at=at + PAUSE, tries=F("tries") + 1):
        return None
    people = ("enrolment__learner__user__country", "enrolment__progress", "member__cohort__country")
    return Reminder.objects.select_related(*people).get(pk=key)


def _send(key: int, at: dt.datetime) -> bool:
    row = _claimed(key, at)
    if row is None:
        return False
    if row.tries > TRIES or at - row.at > LASTS:
        return _settle(row, TextState.NOT_SENT)
    if not _is_wanted(row, at):
        return _settle(row, TextState.NOT_SENT)
    result = _hand_over(row, at)
    if result == LATER:
        return False
    return _settle(row, TextState.SENT if result == SENT else TextState.NOT_SENT)


def _is_wanted(row: Reminder, at: dt.datetime) -> bool:
    """Tell whether a text may still leave: what was so when it was written may have changed, and it may be night by now.

    At night it is given up rather than kept: its letter went at once, and by the morning it may say what is no more so.
    """
    if not is_day(row.country, at):
        return False
    if row.step in OF_REFRESHERS:
        return owing(at).filter(enrolment=row.enrolment_id).exists()
    still = {"cohort__due_on": row.due_on}
    still |= {"enrolment__progress__completed_at": None, "enrolment__learner__user__is_active": True}
    return Member.objects.inside().filter(pk=row.member_id, **still).exists()


def _hand_over(row: Reminder, at: dt.datetime) -> str:
    """Return what became of a text; without a number, or anybody who sends, it never leaves."""
    user = row.enrolment.learner.user
    number = TextNumber.objects.filter(user=user).first()
    if number is None or not SENDERS:
        return "never"
    try:
        to = accounts.reveal(number, "number", by="worker", at=at, reason="send reminder")
    except (NoSealKey, SealError) as error:
        return LATER if accounts.is_key_away(error) else "never"
    with translation.override(row.language):
        body = words_of_reminder(row, at=at)
    told = {
        "country": user.country_id or "",
        "number": to,
        "body": body,
        "first_at": row.at,
        "is_again": row.tries > 1,
    }
    return SENDERS[0](at=at, **told)


def _settle(row: Reminder, state: TextState) -> bool:
    Reminder.objects.filter(pk=row.pk).update(text=state, text_at=None)
    return state == TextState.SENT
