"""Who can interpret in a call that goes on, and what supervisors keep of interpreters."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.models import User
from accounts.queries import staff_of
from hotline import triage
from hotline.choices import ContactKind, Duty
from hotline.models import Contact, InterpreterProfile
from hotline.queries.duty import on_duty
from hotline.queries.sheets import newest_sheet
from referral.models import Area


def interpreters_on_duty(contact: Contact, at: datetime) -> list[User]:
    """Return who is on duty as interpreter of a live call's language, in the order of their names."""
    if contact.kind != ContactKind.CALL or not contact.is_live or not contact.language or not contact.line:
        return []
    shifts = [shift for shift in on_duty(contact.line, at) if shift.duty == Duty.INTERPRETER]
    people = dict.fromkeys(shift.user for shift in shifts)
    return [one for one in people if contact.language in one.speaks]


def interpreters_to_ring(contact: Contact, at: datetime, people: list[User] | None = None) -> list[User]:
    """Return those of them who may be rung for this caller: telephone verified, sign-off in date, no conflict, not named.

    Why somebody is left out is the supervisors' to know: nobody else is told.
    """
    people = interpreters_on_duty(contact, at) if people is None else people
    if not people:
        return []
    today = at.astimezone(ZoneInfo(contact.line.country.time_zone)).date()
    rows = InterpreterProfile.objects.filter(user__in=people, signed_until__gte=today).exclude(_knows(contact))
    signed = set(rows.values_list("user_id", flat=True))
    free = [one for one in people if one.pk in signed and _has_telephone(one)]
    return [one for one in free if not contact.hides_from(one)]


def _has_telephone(user: User) -> bool:
    state = getattr(user, "operator_state", None)
    return state is not None and state.has_telephone


def _knows(contact: Contact) -> Q:
    """Return the condition "people know her where the caller is", as far as the sheet says where that is."""
    found = Area.objects.filter(pk=_place_of(contact)).values_list("pk", "parent_id").first()
    if found is None:
        return Q(pk__in=[])
    return Q(known_in__in=[key for key in found if key]) | Q(known_in__parent=found[0])


def _place_of(contact: Contact) -> int | None:
    place = triage.answer_of(newest_sheet(contact).answers, "area")
    return int(place) if str(place).isdecimal() else None


def interpreters_of(country: str) -> list[tuple[User, InterpreterProfile | None]]:
    """Return the interpreters of a country with what is kept of each, in the order of their names."""
    people = (
        sorted(staff_of(country, "interpreter").select_related("operator_state"), key=lambda one: one.get_full_name())
        if country
        else []
    )
    rows = InterpreterProfile.objects.filter(user__in=people).prefetch_related("known_in")
    kept = {row.user_id: row for row in rows}
    return [(one, kept.get(one.pk)) for one in people]
