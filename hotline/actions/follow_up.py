"""Writes that end a contact: wrapping it up, giving its follow-up to somebody, closing the follow-up."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import actions as accounts
from accounts.models import User
from accounts.rules import is_supervisor
from hotline.actions.answering import CaseOfColleague, check_answerer
from hotline.actions.in_hand import check_in_hand
from hotline.actions.meanwhile import SavedMeanwhile, last_by
from hotline.actions.own_rows import locked_for
from hotline.actions.reopening import opened
from hotline.actions.states import close_room_now
from hotline.actions.timeline import note
from hotline.actions.ways_on import hand_on, settle
from hotline.choices import Closing, ContactKind, Direction, Presence, State, Topic
from hotline.models import Contact, OperatorState
from hotline.queries.answering import HELD_OPEN, newest_text, seen_until
from hotline.queries.dialling import open_call_back
from hotline.queries.duty import SEEN
from hotline.queries.exposure import owes_break
from hotline.queries.needs import is_left_in_need
from hotline.queries.serving import has_role
from hotline.rules import DESK, may_end_follow_up, may_open_follow_up, may_wrap_up

# What the sheet of a contact can be closed with. Short ones need one click; the contact stays counted whatever it was.
TALK_TOPICS = (Topic.CONCERN, Topic.CRISIS, Topic.INFORMATION, Topic.REFERRAL, Topic.PROFESSIONAL)
SHORT_TOPICS: dict[str, tuple[Topic, ...]] = {
    ContactKind.CALL: (Topic.SILENT, Topic.HANG_UP, Topic.WRONG_NUMBER, Topic.BLANK, Topic.HOAX, Topic.ABUSIVE),
    ContactKind.MESSAGE: (Topic.WRONG_NUMBER, Topic.HOAX, Topic.ABUSIVE),
}
# How the follow-up of a conversation by text ends when the conversation is closed.
CLOSED_AS = {Topic.WRONG_NUMBER: Closing.WRONG_NUMBER, Topic.HOAX: Closing.NO_NEED, Topic.ABUSIVE: Closing.NO_NEED}
ANY_SHORT = (Topic.HOAX, Topic.ABUSIVE)


def short_topics(kind: str) -> tuple[Topic, ...]:
    """Return the short topics that a kind of contact can have: nobody is silent in a letter."""
    return SHORT_TOPICS.get(kind, ANY_SHORT)


class StillOnTheLine(Exception):
    """Raised when a contact is to be closed whose call, or call back, goes on; end the call first."""


class NotSeen(Exception):
    """Raised when a conversation is to be closed and something in it is newer than its closer saw; look first."""


class NothingToFollow(Exception):
    """Raised when there is no follow-up: the contact was never missed."""


class NotHers(Exception):
    """Raised when a contact became a case that this person has not, and she did not just close its follow-up either."""


class StillInNeed(Exception):
    """Raised when a follow-up is to be closed as not needed, and the person is in need and nobody has her; call her back."""


class AlreadyClosed(Exception):
    """Raised when a follow-up was closed before; reload the page to see by whom and how."""


@transaction.atomic
def wrap_up(
    *, contact: Contact, topic: str, by: User, at: datetime, after: str = "", seen: str | None = None
) -> Contact:
    """Close the sheet of a contact with what it was about, and make its operator ready for the next call.

    Who heard more than her share of what is hard has a break first (hotline.exposure).

    Somebody else may close it for an operator who does not: whose console is closed, and who is away then, not ready, or
    after a day. Who has the call and her console open closes it herself (hotline.actions.in_hand).

    `after` says what happens now, where the sheet leaves somebody to go on with; there it must be chosen, and what the
    sheet promises is kept (hotline.actions.ways_on).

    A sheet that is closed keeps what it was closed with. A conversation by text is closed by who answers it: not past
    what is newer than `seen` (hotline.queries.answering; without it nobody looked), and what she saw is read.
    """
    row = locked_for(contact, by)
    if not may_wrap_up(by, row):
        raise CaseOfColleague(row.code)
    check_answerer(row, by, at)
    check_in_hand(row, by, at)
    if row.is_live or open_call_back(row) is not None:
        raise StillOnTheLine(row.code)
    if row.state == State.DONE and row.topic not in ("", topic):
        raise SavedMeanwhile(by=last_by(row, "wrapped_up"), theirs=row.get_topic_display(), mine=Topic(topic).label)
    _check_seen(row, seen)
    if row.state == State.DONE and row.wrapped_up_at is not None and row.topic == topic:
        return row
    goes_on = settle(row, after, by=by, at=at)
    row.topic = Topic(topic)
    _finish(row)
    row.wrapped_up_at = row.wrapped_up_at or at
    if row.kind == ContactKind.MESSAGE and goes_on:
        row.state = State.ENDED  # it stays open with its follow-up
    elif row.kind == ContactKind.MESSAGE and row.is_missed and row.closed_at is None:
        row.closing, row.closed_at = CLOSED_AS.get(row.topic, Closing.REACHED), at
    if row.kind == ContactKind.MESSAGE:
        row.messages.filter(direction=Direction.IN, read_at=None, pk__lte=seen_until(seen or "")).update(read_at=at)
    row.save()
    _free(row, by, at)
    if row.kind == ContactKind.CALL and row.ended_at is not None:  # whom she was left with talks on with her
        close_room_now(row, at)
    note(row, "wrapped_up", by=by, at=at, topic=row.topic)
    accounts.record(
        by=by, verb="hotline.wrapped_up", thing=row, at=at, country=row.country_id or "", topic=str(row.topic)
    )
    return row


def _finish(row: Contact) -> None:
    """Make a contact done; a conversation is answered by nobody any more, and nobody has its sheet open."""
    row.state = State.DONE
    if row.kind != ContactKind.CALL or row.ended_at is not None:  # who was left with a service still hears a goodbye
        row.step = State.DONE
    if row.kind == ContactKind.MESSAGE:
        row.claimed_by = None
    if row.kind in HELD_OPEN:
        row.claimed_until = None


def _check_seen(row: Contact, seen: str | None) -> None:
    """Refuse to close a conversation past what its closer has not seen."""
    if row.kind == ContactKind.MESSAGE and seen is not None and seen_until(seen) < newest_text(row):
        raise NotSeen(row.code)


def _free(contact: Contact, by: User, at: datetime) -> None:
    held = OperatorState.objects.filter(contact=contact, state=Presence.WRAP_UP)
    there = has_role(*DESK) & Q(user__country=contact.country_id, seen_at__gt=at - SEEN)
    for state in held.filter(Q(user=by) | there).select_related("user"):
        after = Presence.DEBRIEF if owes_break(state.user, at) else Presence.READY
        held.filter(pk=state.pk).update(state=after, contact=None, since=at)
    held.update(state=Presence.OFF, contact=None, since=at)


def _check_open(contact: Contact) -> None:
    """Refuse what is done to an open follow-up where there is none."""
    if not contact.is_missed:
        raise NothingToFollow(contact.code)
    if contact.closed_at is not None:
        raise AlreadyClosed(contact.code)


@transaction.atomic
def give_owner(*, contact: Contact, owner: User, by: User, at: datetime, seen: str | None = None) -> Contact:
    """Make somebody answerable for the follow-up of a missed contact.

    `seen` is the public id of who followed it up when the page was opened ("" for nobody); without it nobody looked.
    Who follows it up already goes on, and nothing is written. While a colleague has the call, only she and the
    supervisors give it: a call that was cut in danger is followed up within the hour, whoever writes on its sheet.
    """
    row = locked_for(contact, by)
    _check_open(row)
    if not is_supervisor(by, row):
        check_in_hand(row, by, at)
    if row.hides_from(owner):
        raise NothingToFollow(row.code)  # for her there is nothing: it names her, or her office
    now = str(row.owner.public_id) if row.owner else ""
    if seen is not None and now not in (seen, str(owner.public_id)):
        theirs = row.owner.get_full_name() if row.owner else "–"
        raise SavedMeanwhile(by=last_by(row, "owner_changed"), theirs=theirs, mine=owner.get_full_name())
    if row.owner_id == owner.pk:
        return row
    row.owner = owner
    row.save(update_fields=["owner"])
    note(row, "owner_changed", by=by, at=at, owner=accounts.actor_id(owner))
    return row


@transaction.atomic
def close_follow_up(*, contact: Contact, closing: str, by: User, at: datetime, seen: str | None = None) -> Contact:
    """Close the follow-up of a missed contact with how it ended; it stays in the log and in the counts.

    A conversation by text is closed with it, as `wrap_up` closes it: not while a colleague answers, nor past what is newer
    than `seen`. What is unread in it stays so, and in the queue: these pages show no words. Of a call that somebody has,
    she alone closes it; while the person is called back nobody does. Who is in need now, whom nobody reached and who has
    no case, needs one (StillInNeed).
    """
    row = locked_for(contact, by)
    _check_open(row)
    if not may_end_follow_up(by, row):
        raise CaseOfColleague(row.code)
    check_answerer(row, by, at)
    check_in_hand(row, by, at)
    if open_call_back(row) is not None:
        raise StillOnTheLine(row.code)
    _check_seen(row, seen)
    if closing == Closing.NO_NEED and is_left_in_need(row):
        raise StillInNeed(row.code)
    row.closing, row.closed_at = Closing(closing), at
    if row.kind in (ContactKind.CALL, ContactKind.MESSAGE) and row.state == State.ENDED:
        _finish(row)
    row.save()
    note(row, "follow_up_closed", by=by, at=at, closing=row.closing)
    accounts.record(
        by=by, verb="hotline.follow_up_closed", thing=row, at=at, country=row.country_id or "", closing=closing
    )
    return row


@transaction.atomic
def reopen_follow_up(*, contact: Contact, seen: str, by: User, at: datetime) -> Contact:
    """Open a follow-up again that was closed by mistake: it is due when it was before. What is open already stays as it is.

    `seen` is the mark of the closing that is taken back (Contact.closing_mark): a newer one stays.
    After a call that was cut in danger it is handed to the supervisors, as one of now, unless a person had it.
    """
    row = locked_for(contact, by)
    if not may_open_follow_up(by, row):
        raise NotHers(row.code)
    check_in_hand(row, by, at)
    if row.erased_at is not None or not (row.is_missed or row.closed_at):
        raise NothingToFollow(row.code)
    if row.closed_at is None:
        return row
    if seen != row.closing_mark:
        raise SavedMeanwhile(by=row.closed_by, theirs=row.get_closing_display(), mine=_("Open again"))
    if row.is_missed and not row.is_supervisors:
        _undo_closing(row, at)
    else:
        hand_on(row, at)
    row.save()
    note(row, "follow_up_opened", by=by, at=at)
    accounts.record(by=by, verb="hotline.follow_up_opened", thing=row, at=at, country=row.country_id or "")
    return row


def _undo_closing(row: Contact, at: datetime) -> None:
    """Write on a contact what it was before its follow-up was closed; the caller saves it."""
    due = row.due_at
    was_finished_by_it = row.kind == ContactKind.CALL and row.state == State.DONE and row.wrapped_up_at is None
    for name, value in (opened(row, at) | ({"state": State.ENDED} if was_finished_by_it else {})).items():
        setattr(row, name, value)
    row.due_at = due
