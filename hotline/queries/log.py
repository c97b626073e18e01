"""Reads of the call log: the list, one contact's whole timeline, the ledger of missed contacts."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.queries import staff_of
from hotline.choices import (
    EVENTS,
    FLAGS,
    WHATSAPP_EVENTS,
    Channel,
    ContactKind,
)
from hotline.choices.contacts import NOT_CHOSEN
from hotline.choices.wire import CALL_REPORTS, ORDER_FAULTS
from hotline.models import Command, Contact, ContactEvent, Leg, Line, Message, WebhookEvent
from hotline.queries.answering import answerer_of, has_answer, newest_texts
from hotline.queries.contacts import cases_opened_by, contacts_of_desk, contacts_visible_to, timeline_of
from hotline.queries.needs import closings
from hotline.queries.pressing import pressing_first, was_reached
from hotline.queries.simulation import STEPS
from hotline.queries.standing import TO_CALL_BACK, with_standing
from hotline.queries.told import state_reported, told

HOOKS = {
    "start": _("First request of the call"),
    "voice": _("Request of the network"),
    "status": _("Report of the network"),
    "message": _("Text message delivered to us"),
    "message_status": _("Report on a text message"),
    "message-status": _("Report on a text message"),
}
# The same of a conversation by WhatsApp.
WHATSAPP_HOOKS = {
    "message": _("WhatsApp message delivered to us"),
    "message_status": _("Report on a WhatsApp message"),
    "message-status": _("Report on a WhatsApp message"),
}
FEWEST = 3  # lines that are folded into one
# Tell what somebody was asked and said. What a contact was about (`topic`) is none of it: the desk counts it, and the
# log shows it in a column of every contact.
SAID = frozenset({"question", "answer", "consent", "opening"})


@dataclass(frozen=True)
class Entry:
    """One line of the timeline: when, where from (`event`, `network`, `order`), words, details, by whom.

    `words` is empty where the kind has none; `codes` are what has no words, to be shown as codes.
    """

    at: datetime
    source: str
    words: str
    details: list[str] = field(default_factory=list)
    by: str = ""
    codes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Run:
    """The same line of the network several times after another: the waiting room asks for each prompt it plays."""

    entries: list[Entry]

    @property
    def first(self) -> Entry:
        """Return the line as it came first."""
        return self.entries[0]

    @property
    def last(self) -> Entry:
        """Return the line as it came last."""
        return self.entries[-1]


def lines_of(user: User) -> QuerySet[Line]:
    """Return the lines of a person's country."""
    return Line.objects.filter(country_id=user.country_id).order_by("-is_active", "number")


def logged_contacts(
    user: User, wanted: dict, since: datetime | None, until: datetime | None, *, at: datetime
) -> QuerySet[Contact]:
    """Return the contacts that a filter leaves, newest first, with all that a row of the log shows."""
    rows = with_standing(contacts_visible_to(user).select_related("line", "case", "owner"), at)
    if wanted.get("kind"):
        rows = rows.filter(_of_way(wanted["kind"]))
    for name, column in (("state", "standing"), ("language", "language"), ("outcome", "outcome")):
        if wanted.get(name):
            rows = rows.filter(**{column: "" if wanted[name] == NOT_CHOSEN else wanted[name]})
    if wanted.get("line"):
        rows = rows.filter(line__public_id=wanted["line"])
    if wanted.get("missed"):
        rows = rows.filter(is_missed=True)
    if since:
        rows = rows.filter(started_at__gte=since)
    if until:
        rows = rows.filter(started_at__lt=until)
    return rows.order_by("-started_at", "-id")


def _of_way(code: str) -> Q:
    """Return the condition of how contacts came, as `Contact.way` says it: WhatsApp is told apart from other texts."""
    if code == Channel.WHATSAPP:
        return Q(channel=code)
    return Q(kind=code) & ~Q(channel=Channel.WHATSAPP)


def missed_contacts(user: User, *, only_callbacks: bool = False) -> QuerySet[Contact]:
    """Return the missed contacts whose follow-up is open; `only_callbacks`: of whom is to be called back.

    Who is in danger or in another need of now stands first, then the others; in each, the first due, so what is late, comes
    first. A need is never below what is late without one: many calls of nobody would put it on the next page.
    Of what was erased nobody can be followed up; whom somebody answered by text stands in `answered_texts`.
    """
    rows = contacts_visible_to(user).exclude(has_answer()).filter(is_missed=True, closed_at=None, erased_at=None)
    rows = rows.annotate(newest_text=newest_texts())
    rows = rows.filter(TO_CALL_BACK) if only_callbacks else rows
    rows = rows.select_related("line", "country", "owner", "case", "claimed_by")
    rows = pressing_first(rows).annotate(is_in_need=Q(is_danger=True) | Q(is_pressing=True), was_reached=was_reached())
    return rows.order_by("-is_in_need", "due_at", "started_at", "id")


def with_closers(contacts: Iterable[Contact], user: User, at: datetime) -> list[Contact]:
    """Return rows of `missed_contacts`, each with whether this person may close its follow-up (`may_end`), as the rule of
    one says it, and with what (`closings`).

    A text that stands among them waits for an answer: who may read its case, follows it up or answers it closes it.
    """
    rows = list(contacts)
    opened = cases_opened_by(user, [row for row in rows if row.kind == ContactKind.MESSAGE], at)
    for row in rows:
        is_free = row.kind != ContactKind.MESSAGE or row.case_id is None or row.case_id in opened
        row.may_end = is_free or user in (row.owner, answerer_of(row, at))
        row.closings = closings(is_open=row.is_in_need and row.case_id is None and not row.was_reached)
    return rows


def answered_texts(user: User) -> QuerySet[Contact]:
    """Return the conversations by text that were answered and that nobody closed, with when, the longest ago first."""
    newest = Message.objects.filter(contact=OuterRef("pk")).order_by("-id").values("made_at")[:1]
    rows = contacts_of_desk(user).filter(has_answer(), is_missed=True, closed_at=None, erased_at=None)
    return rows.annotate(answered_at=Subquery(newest)).select_related("owner").order_by("answered_at", "id")


def whole_timeline(contact: Contact, *, tells: bool = True) -> list[Entry]:
    """Return everything that happened to a contact: requests as they arrived, acts, orders to the network.

    Without `tells` the acts stand without what the person was asked and said.
    """
    events = list(timeline_of(contact))
    names = _names({event.by for event in events})
    is_whatsapp = contact.channel == Channel.WHATSAPP
    kinds, hooks = (EVENTS | WHATSAPP_EVENTS, HOOKS | WHATSAPP_HOOKS) if is_whatsapp else (EVENTS, HOOKS)
    entries = [_of_event(event, kinds, names, frozenset() if tells else SAID) for event in events]
    entries += [_of_request(row, hooks) for row in contact.inbox.select_related("leg").order_by("id")]
    entries += [_of_order(order) for order in contact.commands.order_by("id")]
    order = {"network": 0, "event": 1, "order": 2}
    return sorted(entries, key=lambda entry: (entry.at, order[entry.source]))


def folded(entries: list[Entry]) -> list[Entry | Run]:
    """Return a timeline in which what the network asked again and again stands as one; nothing is left out."""
    found: list[Entry | Run] = []
    for _line, group in groupby(entries, key=lambda entry: replace(entry, at=entries[0].at)):
        same = list(group)
        is_run = len(same) >= FEWEST and same[0].source == "network"
        found += [Run(same)] if is_run else same
    return found


def _names(actors: set[str]) -> dict[str, str]:
    """Return the names behind the public ids of people; a part of the system has none."""
    ids = [actor for actor in actors if len(actor) == 36]
    return {str(person.public_id): person.get_short_name() for person in User.objects.filter(public_id__in=ids)}


def _of_event(event: ContactEvent, kinds: dict, names: dict[str, str], hidden: frozenset[str]) -> Entry:
    kind = kinds.get(event.kind, "")
    words, codes = told({key: value for key, value in event.detail.items() if key not in hidden})
    codes = codes if kind else [event.kind, *codes]
    return Entry(event.at, "event", str(kind), words, names.get(event.by, ""), codes)


def _of_request(row: WebhookEvent, hooks: dict) -> Entry:
    """Return which step a request asked for or which state it reported and of whose telephone, and the marks it got."""
    is_first = row.kind == "voice" and not row.step
    kind, (code, state) = hooks.get("start" if is_first else row.kind, ""), state_reported(row)
    whose = [str(row.leg.get_role_display())] if code and row.leg else []
    step = str(STEPS.get(row.step, ""))
    marks = {flag: str(FLAGS.get(flag, "")) for flag in row.flags.split()}
    codes = ["" if kind else row.kind, "" if step else row.step, "" if state else code]
    codes += [flag for flag, words in marks.items() if not words]
    words = [step, state, *whose, *marks.values()]
    return Entry(
        row.received_at, "network", str(kind), [one for one in words if one], "", [one for one in codes if one]
    )


def _of_order(order: Command) -> Entry:
    fault = str(ORDER_FAULTS.get(order.fault, ""))
    codes = [order.fault] if order.fault and not fault else []
    return Entry(order.made_at, "order", str(order.get_kind_display()), [fault] if fault else [], "", codes)


def telephones_of(contact: Contact) -> list[tuple[Leg, str]]:
    """Return the telephones of a call, each with its state in words, "" where the code has none."""
    return [(leg, str(CALL_REPORTS.get(leg.status, ""))) for leg in contact.legs.select_related("user")]


def followers(user: User) -> list[User]:
    """Return who may follow up a contact of this country: its operators and supervisors."""
    return list(staff_of(user.country_id or "", "operator", "supervisor").order_by("name"))
