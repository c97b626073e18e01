"""Learning without an account: a progress code is made, shown once, found again however it is typed, and made anew.

Only its keyed digest is stored (accounts.actions.marked_index). With 100 random bits nobody guesses one; the limits keep
whoever tries from being a load (trust.md §9).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import count_attempt, indexes_of, marked_index, record, uncount_attempt
from languages import table
from training import credentials
from training.actions.enrolling import note_track
from training.actions.places import CodeGone, enrol
from training.models import Course, Enrolment, Learner
from training.queries.holders import PURPOSE, holders

MADE_AN_ADDRESS, MADE_WINDOW = 60, 3600
TRIES_AN_ADDRESS, TRIES_WINDOW = 20, 600
TRIES_A_CODE, CODE_WINDOW = 5, 3600


class TooMany(Exception):
    """Raised when too much was tried from one place; its words say what to do, `wait` for how many seconds."""

    def __init__(self, words, wait: int):
        super().__init__(words)
        self.wait = wait


class CodeUnknown(LookupError):
    """Raised for a code that opens nothing: mistyped, replaced by another, erased or forgotten."""


class CodeTaken(LookupError):
    """Raised for the code of progress that an account has taken over; whoever has the account signs in."""


def new_code_of(learner: Learner) -> str:
    """Give a learner a code in place of the one before; return it, for it can never be read again."""
    code = credentials.new_code(credentials.PROGRESS_LENGTH)
    learner.code_hmac, learner.code_key = marked_index(code, PURPOSE)
    return code


def begin_without_account(
    *, course: Course, country: str, address: str, at: datetime, track: str = "", language: str = table.SOURCE
) -> tuple[Learner, Enrolment, str]:
    """Make a learner who has no account, in a country, with her place in a course; return them and her code.

    `track` is the group of readers for which she takes it, where she has said it, in the language that she reads.

    Raises TooMany after sixty from one address in an hour, and NotOffered or NoVersionYet as `enrol` does.
    """
    if not count_attempt(key=f"learner_made:{address}", limit=MADE_AN_ADDRESS, seconds=MADE_WINDOW, at=at):
        raise TooMany(_("Too many have begun from this network in the last hour. Wait a little, then try again."), 600)
    with transaction.atomic():
        learner = Learner(country_id=country, used_at=at)
        code = new_code_of(learner)
        learner.save()
        enrolment = enrol(learner=learner, course=course, country=country, at=at)
        if track:
            note_track(enrolment=enrolment, country=country, track=track, language=language, at=at)
        return learner, enrolment, code


def open_with_code(*, code: str, address: str, at: datetime) -> Learner:
    """Return the learner whose code was typed, and note that it is used. Raises TooMany, CodeUnknown or CodeTaken."""
    learner = found_by(code=code, address=address, at=at)
    bare = credentials.code_of(code, credentials.PROGRESS_LENGTH)
    newest, key = marked_index(bare, PURPOSE)  # so an older key may go
    standing = holders().filter(pk=learner.pk, code_hmac=learner.code_hmac)
    with fair_try(learner, at):
        if not standing.update(used_at=at, code_hmac=newest, code_key=key):
            raise CodeUnknown  # replaced, erased or taken over this very moment
    learner.used_at, learner.code_hmac = at, newest
    return learner


def found_by(*, code: str, address: str, at: datetime) -> Learner:
    """Return the learner whose code was typed: wrong codes are counted by address, a right one by code.

    A try is counted before it is looked at and taken back when it was right: a class behind one network may come in.
    """
    words = _("Too many codes were tried. Wait a while, then try again.")
    tried = {"key": f"code_tried:{address}", "seconds": TRIES_WINDOW, "at": at}
    if not count_attempt(**tried, limit=TRIES_AN_ADDRESS):
        raise TooMany(words, TRIES_WINDOW)
    bare = credentials.code_of(code, credentials.PROGRESS_LENGTH)
    found = Learner.objects.filter(code_hmac__in=indexes_of(bare, PURPOSE)).first() if bare else None
    if found is None:
        raise CodeUnknown
    uncount_attempt(**tried)
    if not count_attempt(**_use(found, at), limit=TRIES_A_CODE):
        raise TooMany(words, CODE_WINDOW)
    if found.merged_into_id:
        raise CodeTaken
    return found


def _use(learner: Learner, at: datetime) -> dict:
    """Return under what the use of a right code is counted."""
    return {"key": f"code_used:{learner.public_id}", "seconds": CODE_WINDOW, "at": at}


@contextmanager
def fair_try(learner: Learner, at: datetime) -> Iterator[None]:
    """Do what a right code was typed for (`found_by`); the use is taken back where that fails for a reason of ours."""
    is_answered = False
    try:
        yield
        is_answered = True
    except (CodeUnknown, CodeTaken):
        is_answered = True
        raise
    finally:
        if not is_answered:
            uncount_attempt(**_use(learner, at))


@transaction.atomic
def replace_code(*, learner: Learner, at: datetime) -> str:
    """Give a learner another code and return it: the one before opens nothing, and other phones are closed.

    Raises CodeGone where there is none to replace.
    """
    held = holders().select_for_update().filter(pk=learner.pk).first()
    if held is None:
        raise CodeGone("The code was taken over or erased.")
    code = new_code_of(held)
    held.used_at = at
    held.save(update_fields=["code_hmac", "code_key", "used_at"])
    learner.code_hmac = held.code_hmac
    record(by="anonymous", verb="training.code_replaced", thing=held, at=at)
    return code


def begin_another(*, learner: Learner, course: Course, at: datetime) -> Enrolment:
    """Return the place in a further course of somebody who holds a code already."""
    return enrol(learner=learner, course=course, country=learner.country_id, at=at)
