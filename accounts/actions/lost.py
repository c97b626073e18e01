"""Writes about letters that could not leave: sending an invitation again, or taking a letter off the list."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.actions.invitations import invite_again
from accounts.actions.letters import settle_letters
from accounts.models import Letter
from accounts.queries.letters import open_invitations


class NotAgain(Exception):
    """Raised when a letter cannot go again: its link is used, closed or in a newer letter, or its words are gone."""


@transaction.atomic
def send_letter_again(*, letter: Letter, by, at: datetime) -> None:
    """Send the invitation of a lost letter again, with a new link to the address that the account has now."""
    letter = Letter.objects.select_for_update().get(pk=letter.pk)
    invitation = None if letter.settled_at else open_invitations([letter]).get(letter.key)
    if invitation is None:
        raise NotAgain(_("This letter cannot be sent again. Somebody saw to it, or its link is closed."))
    invite_again(person=invitation.user, by=by, at=at)
    settle_letters(letters=Letter.objects.filter(pk=letter.pk), at=at)
    record(by=by, verb="letter.sent_again", thing=letter, at=at, country=letter.country_id or "")


def send_letters_again(*, letters: Iterable[Letter], by, at: datetime) -> int:
    """Send the invitations of some lost letters again, each in its own transaction; return how many went."""
    done = 0
    for letter in letters:
        try:
            send_letter_again(letter=letter, by=by, at=at)
        except NotAgain:
            continue
        done += 1
    return done


@transaction.atomic
def take_letter_off(*, letter: Letter, by, at: datetime) -> None:
    """Take a lost letter off the list: somebody told the person, or nothing hangs on it."""
    if settle_letters(letters=Letter.objects.filter(pk=letter.pk), at=at):
        record(by=by, verb="letter.taken_off", thing=letter, at=at, country=letter.country_id or "")
