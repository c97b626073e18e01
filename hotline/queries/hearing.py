"""Who heard from a person what is safe: only she may write that more is, and not past a no that is newer."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.chain import actor_id, thing_id
from accounts.models import AuditEntry, User
from accounts.rules import allowed
from hotline.choices import Answer, ContactKind, Direction, LegRole
from hotline.choices.calling import CallBackState
from hotline.ivr.values import HEARD_SECONDS
from hotline.models import CallBack, Contact, ContactEvent, Recording
from hotline.queries.legs import is_told
from hotline.queries.one_number import CALLS, GAVE_OTHER, TEXTS, contacts_of_number, said_at
from hotline.queries.unfinished import SHEET_TIME
from hotline.rules import RULES
from hotline.stays import is_apart

SPOKEN = (CallBackState.TALKING, CallBackState.REACHED)
MOST_MESSAGES = 50  # of one call
LESS = (
    Q(may_call=Answer.NO)
    | Q(may_text=Answer.NO)
    | Q(may_voicemail=Answer.NO)
    | Q(shared_phone=Answer.YES)
    | GAVE_OTHER
)


def has_heard(contact: Contact, user: User, at: datetime) -> bool:
    """Tell whether a person could tell this user what is safe now: what she heard before a newer no counts no more.

    A no is newer that somebody else wrote since, or the person said by key, in any contact of the number. None to seven queries.
    """
    heard = heard_at(contact, user, at)
    return heard is not None and not _is_less_since(contact, user, heard)


def heard_at(contact: Contact, user: User, at: datetime) -> datetime | None:
    """Return until when a person told this user, or left it said or written where this user heard or may read it; None for never.

    She talks with her or did within the last day, on the line or by calling back; she wrote down the visit, letter or report;
    or she played a recorded message of the person; or the person wrote: her words stand there for whoever may read them. To
    have taken a call, a sheet or a follow-up is not to have heard. None to four queries.
    """
    if contact.kind == ContactKind.MESSAGE:
        return _wrote(contact) if allowed(user, RULES, "read_sheet", contact) else None
    if contact.kind != ContactKind.CALL:
        is_hers = contact.events.filter(kind="contact_written_down", by=actor_id(user)).exists()
        return contact.started_at if is_hers else None
    times = (*_talked(contact, user, at), *_called_back(contact, user, at), *_played(contact, user))
    return max(times, default=None)


def may_play(contact: Contact, user: User) -> bool:
    """Tell whether a recorded message lies there that this user has not played and by which she would have heard what counts."""
    if contact.kind != ContactKind.CALL or not allowed(user, RULES, "hear_message", contact):
        return False
    kept, played = _messages(contact).filter(audio__isnull=False), set(_played(contact, user))
    left = [made_at for made_at in kept.values_list("made_at", flat=True) if made_at not in played]
    return bool(left) and not _is_less_since(contact, user, max(left))


def _messages(contact: Contact) -> QuerySet[Recording]:
    return contact.recordings.filter(fetched_at__isnull=False, seconds__gte=HEARD_SECONDS)


def _wrote(contact: Contact) -> datetime:
    """Return when a person wrote last in a conversation."""
    times = contact.messages.filter(direction=Direction.IN).order_by("-made_at").values_list("made_at", flat=True)
    return times.first() or contact.started_at


def _talked(contact: Contact, user: User, at: datetime) -> Iterator[datetime]:
    """Return until when telephones of this user were with the person's: taking the call, or an empty room, is less."""
    if contact.ended_at is not None and contact.ended_at <= at - SHEET_TIME:
        return
    legs = list(contact.legs.filter(Q(user=user, joined_at__isnull=False) | Q(role=LegRole.CALLER)))
    caller = next((leg for leg in legs if leg.role == LegRole.CALLER), None)
    for leg in legs:
        if leg.role != LegRole.CALLER and not (is_told(caller) and is_apart(leg.moves, caller.moves)):
            yield min(filter(None, (at, leg.left_at, leg.ended_at, contact.ended_at)))


def _called_back(contact: Contact, user: User, at: datetime) -> list[datetime]:
    """Return until when this user talked, within a day, with whom she said it is the person: it may be anybody before."""
    rows = contact.call_backs.filter(by=user, state__in=SPOKEN, confirmed_at__isnull=False)
    rows = rows.filter(Q(ended_at=None) | Q(ended_at__gt=at - SHEET_TIME))
    return [ended or at for ended in rows.values_list("ended_at", flat=True)]


def _played(contact: Contact, user: User) -> list[datetime]:
    """Return when those messages were left that this user played, of a length that can be heard: the audit log has each hearing."""
    left = _messages(contact).only("contact", "public_id", "made_at")[:MOST_MESSAGES]
    made = {thing_id(one): one.made_at for one in left}
    heard = AuditEntry.objects.filter(thing__in=list(made), verb="sealed.revealed").values_list("thing", "actor")
    return [made[thing] for thing, actor in heard if actor == actor_id(user)] if made else []


def _is_less_since(contact: Contact, user: User, since: datetime) -> bool:
    """Tell whether less was said to be safe after a time, in a contact of the number, by anybody but this user."""
    rows, me = contacts_of_number(contact), actor_id(user)
    changes = ContactEvent.objects.filter(
        contact__in=rows.values("pk"), kind="safety_changed", at__gt=since
    ).order_by()
    written = list(changes.values_list("contact", "at", "by", "detail"))
    if any(by != me and detail.get("less") for _contact, _at, by, detail in written):
        return True
    mine = {(pk, at) for pk, at, by, _detail in written if by == me}
    told = {(pk, at) for pk, at, _by, _detail in written}  # where one of these says less, it is marked so
    less = list(rows.filter(LESS))
    noes = {(row.pk, at) for row in less for at in _noes(row, contact)} - mine
    noes |= {(row.pk, said_at(row, CALLS)) for row in less if _is_less(row)} - told
    return any(at > since for _pk, at in noes) or _strangers(contact, rows).filter(ended_at__gt=since).exists()


def _strangers(contact: Contact, rows: QuerySet[Contact]) -> QuerySet[CallBack]:
    """Return the rings of the telephone at which a stranger picked up; another number that was given is one of its own."""
    here = Q(contact=contact.pk)
    if contact.callback_number is None:
        here |= Q(contact__in=rows.filter(~GAVE_OTHER).values("pk"))
    return CallBack.objects.filter(here, state=CallBackState.STRANGE)


def _noes(row: Contact, contact: Contact) -> list[datetime]:
    """Return when a contact of the number refused a call or a text, or gave another number in place of this one."""
    is_other = row.pk != contact.pk and row.gave_other and contact.callback_number is None
    calls = [said_at(row, CALLS)] if row.may_call == Answer.NO or is_other else []
    return [*calls, said_at(row, TEXTS)] if row.may_text == Answer.NO else calls


def _is_less(row: Contact) -> bool:
    """Tell whether no message may be left, or others hear the phone: kept without a time, by key as old as the answer on calls."""
    return row.may_voicemail == Answer.NO or row.shared_phone == Answer.YES
