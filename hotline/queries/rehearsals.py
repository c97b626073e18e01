"""What a rehearsal's page shows: the newest ones of a country, and where each of their callers stands."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from hotline.choices import HeardKind, PhoneState
from hotline.models import Leg, Line, Rehearsal, SimulatorAct, SimulatorLine, SimulatorPhone
from languages import table

SHOWN = 3


@dataclass(frozen=True)
class Played:
    """One caller: her telephone, her language, where her call stands, and what she heard last."""

    phone: SimulatorPhone
    language: table.Row | None
    where: str
    said: str
    said_in: str
    is_over: bool


@dataclass(frozen=True)
class Shown:
    """One rehearsal with its callers; it goes on while something is left for them to do."""

    rehearsal: Rehearsal
    callers: list[Played]
    goes_on: bool


def lines_to_rehearse(country: str) -> QuerySet[Line]:
    """Return the practice lines of a country that can be called."""
    return Line.objects.filter(country_id=country, is_practice=True, is_active=True).order_by("number")


def rehearsals_of(country: str) -> QuerySet[Rehearsal]:
    """Return the rehearsals of a country's lines, the newest first."""
    return Rehearsal.objects.filter(line__country_id=country).select_related("line").order_by("-started_at")


def newest_rehearsals(country: str, at: datetime) -> list[Shown]:
    """Return the newest rehearsals with where each caller stands."""
    left = Count("phones__acts", filter=Q(phones__acts__done_at=None))
    rows = list(rehearsals_of(country).annotate(left=left)[:SHOWN])
    said = SimulatorLine.objects.filter(phone=OuterRef("pk"), kind=HeardKind.SAID).order_by("-id")
    phones = SimulatorPhone.objects.filter(rehearsal__in=rows).annotate(
        said=Subquery(said.values("text")[:1]), said_in=Subquery(said.values("language")[:1])
    )
    found = list(phones.order_by("pk"))
    legs = Leg.objects.filter(call_sid__in=[one.call_sid for one in found if one.call_sid]).select_related("contact")
    contacts = {leg.call_sid: leg.contact for leg in legs}
    return [
        Shown(row, [_played(one, contacts) for one in found if one.rehearsal_id == row.pk], bool(row.left))
        for row in rows
    ]


def _played(phone: SimulatorPhone, contacts: dict) -> Played:
    contact, is_over = contacts.get(phone.call_sid), phone.state == PhoneState.ENDED
    where = contact.get_state_display() if contact is not None else PhoneState(phone.state).label
    if is_over and contact is not None and contact.outcome:
        where = contact.get_outcome_display()
    said = "" if is_over else phone.said or ""
    return Played(phone, table.BY_CODE.get(phone.language), where, said, phone.said_in or "", is_over)


def rehearsal_mark(country: str) -> str:
    """Return a mark that differs as soon as the page would look different."""
    rows = SimulatorPhone.objects.filter(rehearsal__line__country_id=country).order_by("-pk")
    phones = list(rows.values_list("pk", "changes", "state")[: SHOWN * 10])
    waiting = SimulatorAct.objects.filter(phone__rehearsal__line__country_id=country, done_at=None).count()
    sids = SimulatorPhone.objects.filter(rehearsal__line__country_id=country).exclude(call_sid="").values("call_sid")
    newest = Leg.objects.filter(call_sid__in=sids).order_by("-contact__changed_at")
    changed = newest.values_list("contact__changed_at", flat=True).first()
    return f"{sum(changes for _pk, changes, _state in phones)}|{phones[0][0] if phones else 0}|{waiting}|{changed}"
