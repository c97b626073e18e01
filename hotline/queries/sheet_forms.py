"""The triage forms of countries: the one with which a sheet begins, the one with which it began, drafts and history."""

import logging

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Country
from hotline import triage
from hotline.choices import ContactKind, FlowState
from hotline.models import Line, Sheet, SheetForm
from hotline.queries.unfinished import SHEET_TIME
from hotline.rules import KEEPERS

logger = logging.getLogger(__name__)


def form_now(country: str | None) -> SheetForm | None:
    """Return the version with which sheets of a country begin now; None is the newest form of the house."""
    return SheetForm.objects.filter(country_id=country, state=FlowState.LIVE).first() if country else None


def version_of(sheet: Sheet) -> SheetForm | None:
    """Return the country's version by which a sheet is asked: the one with which it began.

    Before anything is saved that of a call is the one of when the call began: its answers by key, and what its operator
    reads, were asked by it. Anything else begins with the one of now, and so does a call that is over for a day: who
    follows it up asks what is asked now.
    """
    if sheet.pk:
        return sheet.form
    contact = sheet.contact
    is_over = contact.ended_at is not None and contact.ended_at <= timezone.now() - SHEET_TIME
    if contact.kind != ContactKind.CALL or is_over or not contact.country_id:
        return form_now(contact.country_id)
    rows = SheetForm.objects.filter(country_id=contact.country_id, published_at__lte=contact.started_at)
    return rows.exclude(state=FlowState.DRAFT).order_by("-number").first()


def form_of(sheet: Sheet) -> triage.Form:
    """Return the form by which a sheet is asked and shown."""
    return numbered_form(sheet)[1]


def numbered_form(sheet: Sheet) -> tuple[int | None, triage.Form]:
    """Return the form by which a sheet is asked and shown, and the number of its version; None for the house's."""
    version = version_of(sheet)
    if version is not None:
        return version.number, known_form(version.body, version.pk)
    return None, triage.FORMS.get(sheet.house, triage.HOUSE) if sheet.pk else triage.HOUSE


def known_form(body: object, key: int | None = None) -> triage.Form:
    """Return the form of a body; of one that cannot be read the house's: a call never waits for a form of ours."""
    try:
        return triage.form_from(body)
    except triage.BodyFault:
        logger.exception("The triage form %s cannot be read", key)
        return triage.HOUSE


def live_body(country: Country) -> dict:
    """Return what sheets of a country begin with now, as a body."""
    row = form_now(country.pk)
    return row.body if row else triage.body_of(triage.HOUSE)


def draft_form(country: Country) -> SheetForm | None:
    """Return the draft of a country's form, if somebody began one."""
    return SheetForm.objects.filter(country=country, state=FlowState.DRAFT).first()


def form_history(country: Country) -> QuerySet[SheetForm]:
    """Return the versions with which sheets began, newest first."""
    return SheetForm.objects.filter(country=country).exclude(state=FlowState.DRAFT).order_by("-number")


def earlier_bodies(country: Country) -> list[dict]:
    """Return from what a question can be put back: the versions of a country, the newest first, then the house's form."""
    return [*form_history(country).values_list("body", flat=True), triage.body_of(triage.HOUSE)]


def countries_kept_by(user) -> QuerySet[Country]:
    """Return the countries whose form a person keeps: administrators all that have a line, managers their own."""
    rows = Country.objects.filter(pk__in=Line.objects.values("country_id")).order_by("name_en")
    if user.has_role("administrator"):
        return rows
    is_keeper = user.has_role(*KEEPERS) and user.country_id
    return Country.objects.filter(pk=user.country_id) if is_keeper else rows.none()


def languages_of(country: Country) -> list[str]:
    """Return the languages that the lines of a country speak, as their menus name them."""
    lines = Line.objects.filter(country=country).order_by("-is_active", "number")
    return list(dict.fromkeys(code for line in lines for code in line.language_codes))
