"""One conversation by text has one answerer: claimed, kept while the console is open, taken over, given back.

The sheet of what no telephone brought is kept and given back with it; it is claimed by hotline.actions.in_hand.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import actions as accounts
from accounts.models import User
from hotline.actions.own_rows import locked_for
from hotline.actions.timeline import add_events, note
from hotline.choices import OFFLINE, ContactKind
from hotline.models import Contact
from hotline.queries.answering import HELD_OPEN, answerer_of, lapsed_answers, unanswered
from hotline.queries.may_answer import is_open_to
from hotline.queries.safety import is_answerable, text_bar
from hotline.rules import is_readable, is_talking

ANSWERING = timedelta(minutes=5)
LEFT, LEFT_CASE = "answer_left", "case_answered"  # why a conversation was given back, as its timeline says it


class AnsweredBy(Exception):
    """Raised when somebody else answers this conversation; `holder` is that person. Take it over first."""

    def __init__(self, holder: User):
        super().__init__(str(holder))
        self.holder = holder


class CaseOfColleague(Exception):
    """Raised when a conversation became, since it was read, the case of a colleague: this is not done in it any more."""


def check_may_write(contact: Contact, by, at: datetime) -> None:
    """Refuse to answer in a conversation, which is locked, that is not this person's any more: CaseOfColleague."""
    if isinstance(by, User) and not (is_talking(by, contact) or is_open_to(by, contact, at)):
        raise CaseOfColleague(contact.code)


def check_may_read(contact: Contact, by) -> None:
    """Refuse to read a conversation, which is locked, that this person may not read any more: CaseOfColleague."""
    if isinstance(by, User) and not is_readable(by, contact):
        raise CaseOfColleague(contact.code)


def check_answerer(contact: Contact, by, at: datetime) -> None:
    """Refuse what only the answerer of a conversation does, when somebody else is."""
    holder = answerer_of(contact, at)
    if holder is not None and holder != by:
        raise AnsweredBy(holder)


@transaction.atomic
def claim_answer(*, contact: Contact, by: User, at: datetime) -> bool:
    """Make somebody the answerer of a conversation. Return whether she is so anew.

    Since she read it, it may have been hidden from her, NamesHer, become a colleague's case, CaseOfColleague, or be answered
    by somebody else, AnsweredBy.
    """
    row = locked_for(contact, by)
    check_may_write(row, by, at)
    return hold_answer(contact=row, by=by, at=at)


def hold_answer(*, contact: Contact, by: User, at: datetime) -> bool:
    """Write who answers a conversation, which is locked; one row update decides. Return whether she is so anew."""
    rows = Contact.objects.filter(pk=contact.pk, kind=ContactKind.MESSAGE, erased_at=None)
    if rows.filter(claimed_by=by, claimed_until__gte=at).update(claimed_until=at + ANSWERING):
        return False
    free = Q(claimed_by=None) | Q(claimed_until=None) | Q(claimed_until__lt=at)
    if rows.filter(free).update(claimed_by=by, claimed_until=at + ANSWERING):
        note(contact, "answer_claimed", by=by, at=at)
        return True
    row = Contact.objects.select_related("claimed_by").get(pk=contact.pk)
    check_answerer(row, by, at)
    return False


@transaction.atomic
def take_over_answer(*, contact: Contact, by: User, at: datetime, seen: str) -> User | None:
    """Make somebody the answerer in the place of whom she saw answering (a public id); return who that was.

    Whoever else has taken it since is not put aside unseen.
    """
    row = locked_for(contact, by)
    check_may_write(row, by, at)
    holder = answerer_of(row, at)
    if holder is None or holder == by:
        hold_answer(contact=row, by=by, at=at)
        return None
    if str(holder.public_id) != seen:
        raise AnsweredBy(holder)
    Contact.objects.filter(pk=row.pk).update(claimed_by=by, claimed_until=at + ANSWERING)
    note(row, "answer_taken_over", by=by, at=at, owner=accounts.actor_id(holder))
    accounts.record(
        by=by, verb="hotline.answer_taken_over", thing=row, at=at, country=row.country_id or "",
        holder=str(holder.public_id),
    )  # fmt: skip
    return holder


def keep_answering(*, contact: str, by: User, at: datetime) -> None:
    """Let a claim go on while the conversation or the sheet stands open in its holder's console."""
    rows = Contact.objects.filter(public_id=contact, kind__in=HELD_OPEN, claimed_by=by, claimed_until__gte=at)
    rows.update(claimed_until=at + ANSWERING)


def leave_answers(*, by: User, at: datetime) -> int:
    """Give back every conversation and sheet that somebody has open, because she is away from her desk."""
    return release_answers(Contact.objects.filter(kind__in=HELD_OPEN, claimed_by=by, claimed_until__isnull=False), at)


def release_lapsed_answers(*, at: datetime, among: Q | None = None) -> int:
    """Give back the conversations and sheets whose holder's console was closed some minutes ago."""
    return release_answers(lapsed_answers(at).filter(among or Q()), at)


def leave_case(*, contact: Contact, by: User, at: datetime) -> int:
    """Give back a conversation that became a colleague's case and that its answerer may not read on: what comes next is everybody's."""
    return release_answers(
        Contact.objects.filter(pk=contact.pk, kind=ContactKind.MESSAGE, claimed_by=by), at, LEFT_CASE
    )


def release_answers(rows: QuerySet[Contact], at: datetime, why: str = LEFT) -> int:
    """Give conversations back to the queue: what nobody answered is unread again, so that somebody sees it.

    A sheet stays under the name of who had it, and is offered to the others as unfinished.
    """
    return _release(rows, at, why) if rows.exists() else 0


@transaction.atomic
def _release(rows: QuerySet[Contact], at: datetime, why: str) -> int:
    released = 0
    for contact in rows.select_for_update(no_key=True).order_by("pk"):
        holder = contact.claimed_by_id
        held = Contact.objects.filter(pk=contact.pk, claimed_by=holder, claimed_until=contact.claimed_until)
        keeper = {} if contact.kind in OFFLINE else {"claimed_by": None}
        if not held.update(**keeper, claimed_until=None, changed_at=at):
            continue
        released += 1
        if contact.kind in OFFLINE:
            continue
        if not contact.is_closed and is_answerable(text_bar(contact, at)):
            unanswered(contact).update(read_at=None)
        add_events(contact, [(why, {})], by="worker", at=at)
    return released
