"""What the other contacts of one telephone say of whether a person may be called or texted now.

The telephone that rings is one, whichever contact it is rung for. So its newest no, a stranger who picked up, the tries
and "is on the line" hold for every contact of the number in its country; practice counts among practice only. A withheld
number has no others. Of a contact that is hidden from who looks it counts too: it is about safety, and shows nothing. An
erased contact counts as before where it keeps its number (`queries.outliving`).

An answer is as old as its giving: the one on calls and the one on texts each have their time, which saving anything else
does not move.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Case, DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Greatest

from hotline.choices import OTHER_NUMBER, REHEARSED, Answer, ContactKind, Outcome
from hotline.choices.calling import CallBackState
from hotline.models import CallBack, Contact, ContactEvent

GAVE_OTHER = Q(callback_number__isnull=False) | Q(flags__contains=OTHER_NUMBER)
# The columns that make one telephone, and which contacts count for the others of theirs.
NUMBER = ("number_index", "country_id", "is_practice")
COUNTS = ~Q(flags__contains=REHEARSED)
# When the answers on calls and on texts were given: the first of these columns that is set.
CALLS = ("safety_at", "started_at")
TEXTS = ("text_said_at", *CALLS)
BACK = ("call_backs__pk", "call_backs__state", "call_backs__dialled_at", "call_backs__ended_at")


@dataclass(frozen=True)
class Told:
    """What is known of a contact's telephone beside the contact itself.

    `no_at`: when a call was refused last, in another contact, or a stranger picked up. `dialled`: the rings since the person was
    reached last that count as tries, `rung_at` the newest ring of all. `is_agreed`: she asked by key to be called back.
    """

    no_at: dt.datetime | None = None
    is_on_the_line: bool = False
    is_under_way: bool = False
    dialled: tuple[dt.datetime, ...] = ()
    rung_at: dt.datetime | None = None
    is_agreed: bool = False


def of_number(contact: Contact) -> Q:
    """Return the condition "of this contact or of another of its number", of call backs."""
    here = Q(contact=contact.pk)
    if not _has_number(contact):
        return here
    return here | Q(contact__number_index=contact.number_index, contact__country=contact.country_id)


def contacts_of_number(contact: Contact) -> QuerySet[Contact]:
    """Return the contact itself and those that count of its number."""
    here = Q(pk=contact.pk)
    if _has_number(contact):
        here |= COUNTS & Q(**{name: getattr(contact, name) for name in NUMBER})
    return Contact.objects.filter(here).order_by()


def said_at(contact: Contact, columns: tuple[str, ...]) -> dt.datetime:
    """Return when a contact's answer on calls (CALLS) or texts (TEXTS) was given; where that was not kept, as its call began."""
    return next(filter(None, (getattr(contact, name) for name in columns)))


def dated(contact: Contact, at: dt.datetime, *, calls: bool, texts: bool) -> dict[str, dt.datetime | None]:
    """Return when a contact's answers were given, by column, once that on calls or texts is given now: the other keeps its time."""
    return {
        "safety_at": at if calls else contact.safety_at,
        "text_said_at": at if texts else said_at(contact, TEXTS),
    }


def answer_here(answer: str, asked: dt.datetime, no_at: dt.datetime | None) -> str:
    """Return what an answer comes to beside the newest no of the number: a yes stands that is newer than it."""
    if no_at is None or (answer == Answer.YES and asked > no_at):
        return answer
    return Answer.NO


def is_agreed() -> Q:
    """Return the condition "agreed by key to be called back, and nobody asked more since"; however the call ended.

    Who saved something else than the answers (`untold`) asked nothing. A call that ended as agreed and has no line
    of it in its timeline counts until anybody asks.
    """
    asked = ContactEvent.objects.filter(~Q(detail__has_key="untold"), kind="safety_changed")
    since = asked.filter(contact=OuterRef("contact"), at__gt=OuterRef("at"))
    here = ContactEvent.objects.filter(contact=OuterRef("pk"), kind="callback_agreed")
    by_key = Q(Exists(here.filter(~Exists(since))))
    return by_key | (Q(outcome=Outcome.CALLBACK) & ~Exists(here) & ~Exists(asked.filter(contact=OuterRef("pk"))))


def agreed_among(contacts: Iterable[Contact]) -> set[int]:
    """Return the keys of those of some contacts whose caller agreed by key to be called back: at most one query."""
    told = [row.pk for row in contacts if row.may_call == Answer.YES or row.outcome == Outcome.CALLBACK]
    return set(Contact.objects.filter(is_agreed(), pk__in=told).order_by().values_list("pk", flat=True))


def told_of(contacts: Iterable[Contact], but: int | None = None) -> dict[int, Told]:
    """Return what is known of the telephone of each contact, by its key: one query. `but`: a call back that does not count."""
    rows = list(contacts)
    found = _known(rows) if rows else []
    return {row.pk: _told(row, [one for one in found if _is_of(one, row)], but) for row in rows}


def _known(rows: Sequence[Contact]) -> list[dict]:
    """Return the contacts themselves and what counts of the others of their numbers, a row for each call back."""
    matters = Q(may_call=Answer.NO) | GAVE_OTHER | Q(call_backs__isnull=False)
    matters |= Q(kind=ContactKind.CALL, ended_at=None)
    numbers = {row.number_index for row in rows if row.number_index}
    others = Q(number_index__in=numbers) & matters
    found = Contact.objects.filter(Q(pk__in=[row.pk for row in rows]) | others).order_by()
    return list(
        found.annotate(
            gave_other=Case(When(GAVE_OTHER, then=True), default=False),
            is_agreed=Case(When(is_agreed(), then=True), default=False),
            counts=Case(When(COUNTS, then=True), default=False),
            said_at=Coalesce(*CALLS),
        ).values(
            "pk", *NUMBER, "may_call", "said_at", "started_at", "kind", "ended_at", "gave_other", "is_agreed", "counts", *BACK,
        )
    )  # fmt: skip


def _is_of(one: dict, row: Contact) -> bool:
    """Tell whether something known is of a contact itself or of another of the same number."""
    if one["pk"] == row.pk:
        return True
    return one["counts"] and _has_number(row) and all(one[name] == getattr(row, name) for name in NUMBER)


def _has_number(contact: Contact) -> bool:
    return bool(contact.number_index and contact.country_id)


def _told(row: Contact, known: list[dict], but: int | None) -> Told:
    others = [one for one in known if one["pk"] != row.pk]
    gave_other = row.callback_number is not None
    # Another number has no others that are known: what was tried there is of its own contact.
    shared = [] if gave_other else [one for one in others if not one["gave_other"]]
    tried = [one for one in known if one["pk"] == row.pk] + shared
    backs = [one for one in tried if one["call_backs__pk"] not in (None, but)]
    reached = [one["call_backs__dialled_at"] for one in backs if one["call_backs__state"] == CallBackState.REACHED]
    last = max(filter(None, reached), default=None)
    rung = [one for one in backs if _is_after(one["call_backs__dialled_at"], last)]
    return Told(
        no_at=max([*_noes(others, gave_other), *_strange(shared)], default=None),
        is_on_the_line=any(one["kind"] == ContactKind.CALL and one["ended_at"] is None for one in others),
        is_under_way=any(one["call_backs__ended_at"] is None for one in backs),
        dialled=tuple(one["call_backs__dialled_at"] for one in rung if _counts(one, row)),
        rung_at=max((one["call_backs__dialled_at"] for one in rung), default=None),
        is_agreed=any(one["is_agreed"] for one in known if one["pk"] == row.pk),
    )


def _is_after(dialled: dt.datetime | None, last: dt.datetime | None) -> bool:
    return dialled is not None and (last is None or dialled > last)


def _counts(one: dict, row: Contact) -> bool:
    """Tell whether a ring counts as a try of a contact: not what rang before the person came to the line anew with it."""
    return max(one["started_at"], one["call_backs__dialled_at"]) >= row.started_at or one["pk"] == row.pk


def _noes(others: list[dict], gave_other: bool) -> list[dt.datetime]:
    """Return when calls were refused: in so many words, or for this number, as another was given in its place."""
    return [one["said_at"] for one in others if one["may_call"] == Answer.NO or (one["gave_other"] and not gave_other)]


def _strange(shared: list[dict]) -> list[dt.datetime]:
    return [one["call_backs__ended_at"] for one in shared if one["call_backs__state"] == CallBackState.STRANGE]


def text_no_at(contact: Contact) -> dt.datetime | None:
    """Return when a text to this number was refused last in another contact, or a stranger picked up there.

    A contact that was read with `text_noes` knows it already.
    """
    if "text_no_at" in contact.__dict__:
        return contact.text_no_at
    if not _has_number(contact):
        return None
    return _text_noes(contact.pk, **{name: getattr(contact, name) for name in NUMBER}).first()


def text_noes() -> Subquery:
    """Return what to annotate as `text_no_at` where many contacts are read at once."""
    return Subquery(_text_noes(OuterRef("pk"), **{name: OuterRef(name) for name in NUMBER})[:1])


def _text_noes(but: object, **which: object) -> QuerySet:
    """Return when texts were refused in the other contacts of a number, the newest first."""
    strange = CallBack.objects.filter(contact=OuterRef("pk"), state=CallBackState.STRANGE).order_by("-ended_at")
    no = Q(may_text=Answer.NO)
    # Another number comes with the answer on calls.
    said = Case(
        When(no & GAVE_OTHER, then=Greatest(Coalesce(*TEXTS), Coalesce(*CALLS))),
        When(no, then=Coalesce(*TEXTS)),
        When(GAVE_OTHER, then=Coalesce(*CALLS)),
        default=Subquery(strange.values("ended_at")[:1]),
        output_field=DateTimeField(),
    )
    rows = Contact.objects.filter(
        COUNTS, no | GAVE_OTHER | Q(Exists(strange)), ~Q(number_index=""), ~Q(pk=but), **which
    )
    return rows.annotate(no_at=said).order_by("-no_at").values_list("no_at", flat=True)


def has_newer_no_to_messages(contact: Contact) -> bool:
    """Tell whether another contact of the number said no to a message in its mailbox, or that the phone is shared, as late or later."""
    if not _has_number(contact) or contact.callback_number is not None:
        return False
    which = {name: getattr(contact, name) for name in NUMBER}
    no = Q(may_voicemail=Answer.NO) | Q(shared_phone=Answer.YES)
    rows = Contact.objects.filter(COUNTS, no, ~GAVE_OTHER, ~Q(pk=contact.pk), **which).annotate(said=Coalesce(*CALLS))
    return rows.filter(said__gte=said_at(contact, CALLS)).exists()
