"""Telephones of the people on duty: who has one that may ring, who on a live line has none, the last call to verify."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet

from accounts.models import User
from hotline.callstate import CHECK_SECONDS
from hotline.choices import Duty, Presence
from hotline.models import Contact, Line, OperatorState, PhoneCheck, Shift, TelephonePin
from hotline.queries.lines import line_by_id
from hotline.queries.serving import has_role, serves
from hotline.rules import ON_SHIFT
from hotline.telephony.providers import browser_access, is_simulated

COMING = timedelta(days=14)
HAS_TELEPHONE = Q(
    user__operator_state__phone__isnull=False,
    user__operator_state__phone_verified_at__isnull=False,
    user__operator_state__uses_phone=True,
)


def rings_by_itself(line: Line) -> bool:
    """Tell whether the practice network answers for the operators of a line: they need no telephone there."""
    return is_simulated(line.account)


def account_of(contact: Contact) -> str:
    """Return the account by which a contact's line calls, or ""."""
    line = line_by_id(contact.line_id)
    return line.account if line else ""


class Reach(StrEnum):
    """By what a call reaches an operator; empty where nothing does."""

    BROWSER = "browser"  # her browser calls out to it
    PHONE = "phone"  # her own verified telephone is rung
    PRACTICE = "practice"  # the practice network answers for her
    NOTHING = ""


def reach_of(state: OperatorState | None, account: str) -> Reach:
    """Return by what a call of an account reaches an operator: her browser where she works with it, else her telephone."""
    has_telephone = state is not None and state.has_telephone
    in_browser = state is not None and state.in_browser
    if is_simulated(account):
        return Reach.PHONE if has_telephone and not in_browser else Reach.PRACTICE
    if in_browser and browser_access(account):
        return Reach.BROWSER
    return Reach.PHONE if has_telephone else Reach.NOTHING


def reach_into_call(state: OperatorState | None, account: str, before: str) -> Reach:
    """Return by what a colleague's call reaches somebody who is asked into it; `before`: what she did until then.

    The browser of who was off shift was not tried on this day: her own telephone rings, if she has one.
    """
    if before == Presence.OFF and state is not None and state.has_telephone and not is_simulated(account):
        return Reach.PHONE
    return reach_of(state, account)


def line_to_ring_from(user: User) -> Line | None:
    """Return the line from which a person's telephone is rung: a live one of her country, else a practice line."""
    lines = Line.objects.filter(country_id=user.country_id, is_active=True) if user.country_id else Line.objects.none()
    return lines.order_by("is_practice", "pk").first()


def pin_of(user_id: int | None) -> TelephonePin | None:
    """Return the PIN that a person's telephone asks for, or None."""
    return TelephonePin.objects.select_related("operator__user").filter(operator__user=user_id).first()


def last_check(user: User) -> PhoneCheck | None:
    """Return the newest verification call of a person, or None."""
    return PhoneCheck.objects.filter(operator__user=user).order_by("-id").first()


def open_checks(at: datetime) -> QuerySet[PhoneCheck]:
    """Return the verification calls whose result the worker can draw now, or which nobody hears of any more."""
    told = ~Q(answer="") | Q(ended_at__isnull=False)
    late = Q(made_at__lte=at - timedelta(seconds=CHECK_SECONDS))
    return PhoneCheck.objects.filter(Q(result="") & (told | late))


def left_telephones() -> QuerySet[OperatorState]:
    """Return the telephones of people whose account is closed or who do not work on the line any more."""
    return OperatorState.objects.filter(phone__isnull=False).exclude(has_role(*ON_SHIFT)).select_related("user")


def people_without(line: Line, at: datetime, within: timedelta = COMING) -> list[User]:
    """Return who stands on the roster of a live line for the coming days and has no telephone that may ring."""
    return without_by_line([line], at, within).get(line.pk, [])


def without_by_line(lines: Iterable[Line], at: datetime, within: timedelta = COMING) -> dict[int, list[User]]:
    """Return the same for those of some lines that have such people: two queries, however many lines there are."""
    live = {line.pk: line for line in lines if not rings_by_itself(line)}
    shifts = Shift.objects.filter(line__in=list(live), duty=Duty.OPERATOR, ends_at__gt=at, starts_at__lt=at + within)
    lacking = shifts.filter(serves()).exclude(HAS_TELEPHONE).order_by("user__name", "user")
    rows = lacking.values_list("line", "user", "user__operator_state__in_browser")
    pairs = list(
        dict.fromkeys(
            (line, user) for line, user, browser in rows if not (browser and browser_access(live[line].account))
        )
    )
    people = User.objects.in_bulk({person for _line, person in pairs})
    found: dict[int, list[User]] = {}
    for line, person in pairs:
        found.setdefault(line, []).append(people[person])
    return found


def lines_without(at: datetime) -> list[tuple[Line, int]]:
    """Return the live lines with somebody on the roster who has no telephone, and how many they are."""
    lines = list(Line.objects.filter(is_active=True).order_by("country_id", "number"))
    found = without_by_line(lines, at)
    return [(line, len(found[line.pk])) for line in lines if line.pk in found]


def is_out_of_reach(state: OperatorState | None, lines: Iterable[Line], at: datetime) -> bool:
    """Tell whether no call of a rostered live line among these could reach this operator."""
    return is_live_line_rostered([line for line in lines if not reach_of(state, line.account)], at)


def is_live_line_rostered(lines: Iterable[Line], at: datetime) -> bool:
    """Tell whether somebody stands on the roster of one of these lines on which telephones ring."""
    live = [line.pk for line in lines if not rings_by_itself(line)]
    shifts = Shift.objects.filter(serves(), line__in=live, duty=Duty.OPERATOR, ends_at__gt=at)
    return bool(live) and shifts.exists()
