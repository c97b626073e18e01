"""Reads of the call log: the list, one contact's whole timeline, the ledger of missed contacts."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from hotline import triage
from hotline.choices import (
    EVENTS,
    FLAGS,
    QUESTIONS,
    TEXT_FAULTS,
    Answer,
    Closing,
    CommandKind,
    Direction,
    ErasingReason,
    MessageState,
    Outcome,
    Topic,
)
from hotline.models import Contact, Line, Message
from hotline.queries.contacts import contacts_visible_to, timeline_of
from hotline.queries.simulation import STEPS
from languages import table
from referral.choices.holds import HoldReason, LiftReason

HOOKS = {
    "start": _("First request of the call"),
    "voice": _("Request of the network"),
    "status": _("Report of the network"),
    "message": _("Text message delivered to us"),
    "message_status": _("Report on a text message"),
    "message-status": _("Report on a text message"),
}
HIDDEN_DETAILS = frozenset({"owner", "version", "label"})


@dataclass(frozen=True)
class Entry:
    """One line of the timeline: when, where from (`event`, `network`, `order`), words, details, by whom."""

    at: datetime
    source: str
    words: str
    details: list[str] = field(default_factory=list)
    by: str = ""


def lines_of(user: User) -> QuerySet[Line]:
    """Return the lines of a person's country."""
    return Line.objects.filter(country_id=user.country_id).order_by("-is_active", "number")


def logged_contacts(user: User, wanted: dict, since: datetime | None, until: datetime | None) -> QuerySet[Contact]:
    """Return the contacts that a filter leaves, newest first, with all that a row of the log shows."""
    rows = contacts_visible_to(user).select_related("line", "case", "owner")
    for name in ("kind", "state", "language", "outcome"):
        if wanted.get(name):
            rows = rows.filter(**{name: wanted[name]})
    if wanted.get("line"):
        rows = rows.filter(line__public_id=wanted["line"])
    if wanted.get("missed"):
        rows = rows.filter(is_missed=True)
    if since:
        rows = rows.filter(started_at__gte=since)
    if until:
        rows = rows.filter(started_at__lt=until)
    return rows.order_by("-started_at", "-id")


def missed_contacts(user: User, outcome: str = "") -> QuerySet[Contact]:
    """Return the missed contacts whose follow-up is open, the first due first, and whether a text to them was given up."""
    lost = Message.objects.filter(contact=OuterRef("pk"), direction=Direction.OUT, state=MessageState.FAILED)
    rows = contacts_visible_to(user).filter(is_missed=True, closed_at=None).annotate(has_lost_text=Exists(lost))
    rows = rows.filter(outcome=outcome) if outcome else rows
    return rows.select_related("line", "owner", "case").order_by("due_at", "started_at", "id")


def whole_timeline(contact: Contact) -> list[Entry]:
    """Return everything that happened to a contact: requests as they arrived, acts, orders to the network."""
    events = list(timeline_of(contact))
    names = _names({event.by for event in events})
    entries = [
        Entry(
            event.at,
            "event",
            EVENTS.get(event.kind, event.kind),
            _details(event.detail),
            names.get(event.by, ""),
        )
        for event in events
    ]
    entries += [
        Entry(row.received_at, "network", HOOKS.get(row.kind, row.kind), _hook_details(row))
        for row in contact.inbox.select_related("leg").order_by("id")
    ]
    entries += [
        Entry(order.made_at, "order", CommandKind(order.kind).label, [order.fault] if order.fault else [])
        for order in contact.commands.order_by("id")
    ]
    order = {"network": 0, "event": 1, "order": 2}
    return sorted(entries, key=lambda entry: (entry.at, order[entry.source]))


def _names(actors: set[str]) -> dict[str, str]:
    """Return the names behind the public ids of people; a part of the system has none."""
    ids = [actor for actor in actors if len(actor) == 36]
    return {str(person.public_id): person.get_short_name() for person in User.objects.filter(public_id__in=ids)}


def _details(detail: dict) -> list[str]:
    """Return the codes of an event in words where there are words."""
    return [_detail(key, value) for key, value in detail.items() if key not in HIDDEN_DETAILS and value != ""]


def _detail(key: str, value: object) -> str:
    text = str(value)
    words = {
        "language": table.BY_CODE[text].own if text in table.BY_CODE else text,
        "question": triage.BY_KEY[text].label if text in triage.BY_KEY else QUESTIONS.get(text, _("Note")),
        "outcome": dict(Outcome.choices).get(text, text),
        "topic": dict(Topic.choices).get(text, text),
        "closing": dict(Closing.choices).get(text, text),
        "erasing": dict(ErasingReason.choices).get(text, text),
        "hold": dict([*HoldReason.choices, *LiftReason.choices]).get(text, text),
        "answer": dict(Answer.choices).get(text, text),
        "code": TEXT_FAULTS.get(text, text),
    }
    return str(words.get(key, text))


def _hook_details(row) -> list[str]:
    """Return which step a request asked for or which state it reported and of whose telephone, and the marks it got."""
    flags = [str(FLAGS.get(flag, flag)) for flag in row.flags.split()]
    reported = row.key.split(":")[2:3] if row.kind in ("status", "message_status", "message-status") else []
    whose = [str(row.leg.get_role_display())] if reported and row.leg else []
    return [*([str(STEPS.get(row.step, row.step))] if row.step else []), *reported, *whose, *flags]


def followers(user: User) -> list[User]:
    """Return who may follow up a contact of this country: its operators and supervisors."""
    people = User.objects.filter(country_id=user.country_id, is_active=True).order_by("name")
    return [person for person in people if person.has_role("operator", "supervisor")]
