"""Reads of calling back: whether a person may be called now, the try that goes on, what the operator is to say."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import formats
from django.utils.translation import gettext

from accounts.models import SecondYes, User
from accounts.queries.seconds import asked_of, second_yes, with_second
from hotline import callstate, dialling
from hotline.choices import Answer, ContactKind
from hotline.choices.calling import CALL_BARS, CallBackState
from hotline.models import CallBack, Contact, OperatorState
from hotline.queries.contacts import contacts_of_desk
from hotline.queries.heartbeat import is_silent
from hotline.queries.one_number import CALLS, Told, answer_here, said_at, told_of
from hotline.queries.safety import has_named_hours, is_message_barred, was_just_on_line
from hotline.queries.telephones import account_of, reach_of
from languages.text import isolate

OVERRIDE = "hotline.call_unsafe"
LATE_OPERATOR, LATE_PERSON, LONGEST = dt.timedelta(seconds=90), dt.timedelta(seconds=90), dt.timedelta(hours=3)
SETTLED_IN = dt.timedelta(minutes=1)


def _zone(contact: Contact) -> ZoneInfo:
    return ZoneInfo(contact.country.time_zone if contact.country else "UTC")


def facts_of(contact: Contact, at: dt.datetime, but: int | None = None) -> dialling.Facts:
    """Return what decides whether this person may be called now; `but` is a call back that does not count."""
    facts = _facts(contact, at, but)
    if not _is_open_to_two(facts):
        return facts
    return replace(facts, is_overridden=bool(with_second(OVERRIDE, [contact.public_id], at)))


def _is_open_to_two(facts: dialling.Facts) -> bool:
    """Tell whether only what is not known forbids a call: two persons may then agree to it."""
    return facts.may_call != Answer.NO and bool(dialling.unsafe(facts))


def may_be_overridden(contact: Contact, at: dt.datetime) -> bool:
    """Tell whether a supervisor may ask a second person to agree to a call now."""
    return contact.erased_at is None and _is_open_to_two(_facts(contact, at))


def override_of(contact: Contact, at: dt.datetime) -> SecondYes | None:
    """Return the agreement of two to call now, or the asking for it, or None."""
    return second_yes(OVERRIDE, contact.public_id, at) if may_be_overridden(contact, at) else None


def calls_to_agree(user: User, at: dt.datetime) -> list[Contact]:
    """Return the contacts that a supervisor asks this person to let be called, each with who asks as its `asker`."""
    asked = {one.thing: one for one in asked_of(user, OVERRIDE, at)} if user.country_id else {}
    rows = contacts_of_desk(user).filter(public_id__in=asked, erased_at=None)
    open_to = list(rows.exclude(may_call=Answer.NO).order_by("started_at")) if asked else []
    told = told_of(open_to)
    found = [row for row in open_to if answer_here(row.may_call, said_at(row, CALLS), told[row.pk].no_at) != Answer.NO]
    for row in found:
        row.asker = asked[row.public_id].by
    return found


def _facts(contact: Contact, at: dt.datetime, but: int | None = None) -> dialling.Facts:
    return _joined(contact, at, told_of([contact], but)[contact.pk])


def _joined(contact: Contact, at: dt.datetime, told: Told) -> dialling.Facts:
    asked = said_at(contact, CALLS)
    is_here = contact.kind == ContactKind.CALL and contact.ended_at is None
    return dialling.Facts(
        local=at.astimezone(_zone(contact)), may_call=answer_here(contact.may_call, asked, told.no_at),
        asked_at=asked, has_number=contact.callback_number is not None or contact.caller_class == "phone",
        is_erased=contact.erased_at is not None, is_on_the_line=is_here or told.is_on_the_line,
        is_under_way=told.is_under_way, was_promised=told.is_agreed,
        part=contact.callback_time, safe_from=contact.safe_from, safe_until=contact.safe_until, dialled=told.dialled,
        rung_at=told.rung_at, was_just_here=was_just_on_line(contact, at),
    )  # fmt: skip


def call_bar(contact: Contact, at: dt.datetime) -> str:
    """Return why this person may not be called back now, as a code, or ""."""
    return dialling.why_not(facts_of(contact, at))


def may_promise_call(contact: Contact, at: dt.datetime) -> bool:
    """Tell whether it may be written that we will call: the person said yes, and we may call now or when her hours come."""
    return not promise_bar(contact, at)


def may_leave_message(contact: Contact, at: dt.datetime) -> bool:
    """Tell whether a mailbox that answers a call back may be left a short message now.

    Only where the person said yes to it and to calls, at an hour that is safe for her, and nobody else hears what comes to
    her phone (`is_message_barred`); what two persons agreed to is no yes of hers.
    """
    if contact.may_voicemail != Answer.YES or contact.erased_at is not None or is_message_barred(contact):
        return False
    return not dialling.unsafe(_facts(contact, at))


def promise_bar(contact: Contact, at: dt.datetime) -> str:
    """Return why it may not be written that we will call, as a code (CALL_BARS), or ""."""
    return "not_safe" if contact.may_call != Answer.YES else dialling.promise_bar(_facts(contact, at))


def bar_in_words(contact: Contact, at: dt.datetime) -> tuple[str, str]:
    """Return the same code, and in words why not now and from when where only the hour forbids it."""
    facts = facts_of(contact, at)
    return dialling.why_not(facts), _words(facts)


def _words(facts: dialling.Facts) -> str:
    why = str(CALL_BARS.get(dialling.why_not(facts), ""))
    opens = dialling.opens_at(facts)
    return f"{why} {_from(opens, facts.local)}" if opens else why


def _from(opens: dt.datetime, now: dt.datetime) -> str:
    """Return from when a call may be made, with the day where it is another one; both by her own clock."""
    is_today = opens.date() == now.date()
    time = f"{opens:%H:%M}" if is_today else formats.date_format(opens, "SHORT_DATETIME_FORMAT")
    return gettext("A call may be made from %(time)s.") % {"time": isolate(time)}


def _due_words(facts: dialling.Facts, due: dt.datetime | None) -> str:
    """Return from when a call may be made next where a follow-up is due at an hour that forbids it; "" where one may now."""
    opens = dialling.opens_at(facts)
    if due is None or opens is None:
        return ""
    hour = due.astimezone(facts.local.tzinfo)
    then = replace(facts, local=hour, was_just_here=False, is_under_way=False, dialled=(), rung_at=None)
    return _from(opens, facts.local) if dialling.opens_at(then) else ""


def own_bar(contact: Contact, user: User, at: dt.datetime) -> str:
    """Return why this operator cannot be rung for a call back now, as a code, or ""."""
    if is_silent(at):
        return "silent"
    state = OperatorState.objects.filter(user=user).first()
    return "" if reach_of(state, account_of(contact)) else "no_telephone"


def is_outside_hours(contact: Contact, at: dt.datetime) -> bool:
    """Tell whether nothing but the hours that the person named forbids a call now."""
    return has_named_hours(contact) and dialling.unsafe(_facts(contact, at)) == "not_now"


def number_bar(contact: Contact, user: User, at: dt.datetime) -> str:
    """Return what of the safety state keeps this person from the number, as a code, or "": a supervisor gives a reason."""
    return "" if user.has_role("supervisor") else dialling.unsafe(_facts(contact, at))


def bars_of(contact: Contact, user: User, at: dt.datetime) -> dict[str, str]:
    """Return in words why this person may not be called now, why the one who looks may not see the number, and from when
    a call may be made that is due at an hour that forbids it."""
    facts = facts_of(contact, at)
    number = "" if user.has_role("supervisor") else dialling.unsafe(replace(facts, is_overridden=False))
    return {
        "call_bar": _words(facts),
        "number_bar": CALL_BARS.get(number, ""),
        "due_words": _due_words(facts, contact.due_at),
    }


def with_call_bars(contacts: Iterable[Contact], at: dt.datetime) -> list[Contact]:
    """Return contacts, each with why it may not be called back now as its `call_bar`, in words: two queries.

    `due_words` say from when, where its follow-up is due at an hour that forbids a call.
    """
    rows = list(contacts)
    told = told_of(rows)
    known = {row.pk: _joined(row, at, told[row.pk]) for row in rows}
    asked = [row.public_id for row in rows if _is_open_to_two(known[row.pk])]
    agreed = with_second(OVERRIDE, asked, at) if asked else set()
    for row in rows:
        facts = replace(known[row.pk], is_overridden=row.public_id in agreed)
        row.call_bar, row.due_words = _words(facts), _due_words(facts, row.due_at)
    return rows


def open_call_back(contact: Contact) -> CallBack | None:
    """Return the call back of a contact that goes on, or None."""
    return contact.call_backs.filter(ended_at=None).select_related("by").first()


def talk_of(user: User, public_id: UUID) -> CallBack | None:
    """Return the call back of a contact in which this person talks, by her own part in it: it may be hidden from her since."""
    rows = CallBack.objects.filter(by=user, contact__public_id=public_id, state=CallBackState.TALKING, ended_at=None)
    return rows.select_related("contact").first()


def last_call_back(contact: Contact, user: User) -> CallBack | None:
    """Return the newest call back that this person made of a contact, or None."""
    return contact.call_backs.filter(by=user).order_by("-id").first()


def call_backs_to_ask(at: dt.datetime) -> QuerySet[CallBack]:
    """Return the calls back in which somebody talks for a minute or longer: whether the operator is there is asked for."""
    rows = CallBack.objects.filter(state=CallBackState.TALKING, ended_at=None, picked_up_at__lt=at - SETTLED_IN)
    return rows.exclude(own_sid="").order_by("picked_up_at")


def stuck_call_backs(at: dt.datetime) -> QuerySet[CallBack]:
    """Return the calls back of which nothing more is heard, or whose operator is known to have hung up."""
    rows = CallBack.objects.filter(ended_at=None)
    return (
        rows.filter(state=CallBackState.OPERATOR, made_at__lt=at - LATE_OPERATOR)
        | rows.filter(state=CallBackState.PERSON, dialled_at__lt=at - LATE_PERSON)
        | rows.filter(state=CallBackState.PERSON, dialled_at=None, made_at__lt=at - 3 * LATE_OPERATOR)
        | rows.filter(state__in=[CallBackState.PERSON, CallBackState.TALKING], own_status__in=callstate.CALL_FINAL)
        | rows.filter(made_at__lt=at - LONGEST)
    )
