"""Reads of the people's room."""

import hashlib
import importlib
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from functools import cache
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from django.apps import apps
from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils import translation

from accounts import chain
from accounts.calendars import Calendar
from accounts.chain import thing_id
from accounts.choices import LetterKind
from accounts.models import AuditEntry, AuditHead, Country, DataKey, Holiday, Invitation, PublicContact, User
from accounts.rules import Route
from languages.statements import Prepared

ROOMS = ("accounts", "training", "referral", "hotline", "cms")


def users_visible_to(user) -> QuerySet[User]:
    """Return the people whom a user may see: administrators all, managers and supervisors their country, others themselves."""
    if user.has_role("administrator"):
        return User.objects.all()
    if user.has_role("manager", "supervisor", "trainer") and user.country_id:
        return User.objects.filter(country_id=user.country_id)
    return User.objects.filter(pk=user.pk)


def _holiday_rows(code: str):
    return Holiday.objects.filter(country=code).order_by().values_list("day")


_HOLIDAYS = Prepared(_holiday_rows, "code of a country")
OF_A_CALENDAR = ("time_zone", "weekend", "office_from", "office_until")


def calendar_of(country: Country | str) -> Calendar:
    """Return the calendar of a country (a row or its code) as a value for the engines."""
    row = country if isinstance(country, Country) else Country.objects.only(*OF_A_CALENDAR).get(pk=country)
    return Calendar(
        time_zone=row.time_zone,
        weekend=row.weekend_days,
        holidays=frozenset(day for (day,) in _HOLIDAYS.rows(row.pk)),
        office_from=row.office_from,
        office_until=row.office_until,
    )


def staff_of(country: Country | str, *roles: str) -> QuerySet[User]:
    """Return the active people of a country who have one of the roles; without roles, everybody who has any."""
    code = country if isinstance(country, str) else country.pk
    people = User.objects.filter(country_id=code, is_active=True).exclude(roles="")
    wanted = Q()
    for role in roles:
        wanted |= Q(roles__contains=f",{role},")
    return people.filter(wanted)


def _contact_rows(code: str):
    return PublicContact.objects.filter(country_id=code)


_CONTACTS = Prepared(_contact_rows, "code of a country")
_CONTACT_NAMES = [field.attname for field in PublicContact._meta.concrete_fields]


def contacts_of(country: Country | str) -> list[PublicContact]:
    """Return the public numbers of a country in the order in which they are shown."""
    code = country if isinstance(country, str) else country.pk
    return [PublicContact.from_db("default", _CONTACT_NAMES, row) for row in _CONTACTS.rows(code)]


def audit_of(thing) -> QuerySet[AuditEntry]:
    """Return what was done with a thing and who read it, oldest first."""
    return AuditEntry.objects.filter(thing=thing_id(thing))


WORKPLACES = (
    (("administrator",), "accounts:people"),
    (("operator", "supervisor", "interpreter"), "hotline:console"),
    (("interpreter",), "hotline:my_shifts"),
    (("manager",), "wagtailadmin_home"),
    (("translator",), "desk:matrix"),
    (("focal_point",), "referral:requests"),
    (("focal_point",), "referral:directory"),
    (("analyst", "trainer"), "training:reports"),
)


def home_for(user: User, language: str = "") -> str:
    """Return the address on which a person works, by role, in a language or hers; learners get their courses."""
    names = [name for roles, name in WORKPLACES if user.has_role(*roles) and admits(name, user)]
    with translation.override(language or user.language):
        for name in [*names, "training:learning", "accounts:profile"]:
            try:
                return reverse(name)
            except NoReverseMatch:
                continue
        return front_url()


def profile_url() -> str:
    """Return the address of a person's own page."""
    return reverse("accounts:profile")


def front_url() -> str:
    """Return the address of the front page in the current language."""
    return reverse("wagtail_serve", args=[""])


def people_listed(user: User, chosen: dict) -> QuerySet[User]:
    """Return the people of a list, grouped by country: those a user may see, narrowed by the filters chosen."""
    people = users_visible_to(user).select_related("country", "office", "invitation")
    if words := chosen.get("q"):
        people = people.filter(Q(name__icontains=words) | Q(email__icontains=words))
    if role := chosen.get("role"):
        people = people.filter(roles__contains=f",{role},")
    if country := chosen.get("country"):
        people = people.filter(country=country)
    waiting = Q(is_active=False, invitation__accepted_at=None, invitation__isnull=False, invitation__revoked_at=None)
    if state := chosen.get("state"):
        states = {"active": Q(is_active=True), "invited": waiting, "closed": Q(is_active=False) & ~waiting}
        people = people.filter(states[state])
    return people.order_by("country__name_en", "name", "email")


def audit_listed(chosen: dict) -> QuerySet[AuditEntry]:
    """Return the audit entries of a list, newest first, narrowed by the filters chosen."""
    entries = AuditEntry.objects.order_by("-seq")
    for name in ("verb", "thing"):
        if words := chosen.get(name):
            entries = entries.filter(**{f"{name}__startswith": words})
    if actor := chosen.get("actor"):
        entries = entries.filter(actor=actor)
    if country := chosen.get("country"):
        entries = entries.filter(country=country.pk)
    if since := chosen.get("since"):
        entries = entries.filter(at__gte=since.isoformat())
    if until := chosen.get("until"):
        entries = entries.filter(at__lt=(until + timedelta(days=1)).isoformat())
    return entries


def chain_faults(anchors: Iterable[tuple[int, str]] = ()) -> list[chain.Fault]:
    """Return every break of the audit chain, also against the head and against anchors kept elsewhere.

    What is appended meanwhile is no break: the rows are read up to the head of the beginning, and behind the last row
    there must be a head that counts it, since both move in one transaction.
    """
    head = chain_head()
    rows = (
        AuditEntry.objects.filter(seq__lte=head[0])
        .order_by("seq")
        .values_list("seq", "at", "body", "prev", "hash", *chain.COLUMNS)
    )
    found = chain.faults((chain.Link(*row) for row in rows.iterator(chunk_size=2000)), head)
    last = AuditEntry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    if last > (counted := chain_head()[0]):
        found.append(chain.Fault(counted + 1, "gap"))
    for seq, digest in anchors:
        if AuditEntry.objects.filter(seq=seq).values_list("hash", flat=True).first() != digest:
            found.append(chain.Fault(seq, "anchor"))
    return found


def chain_head() -> tuple[int, str]:
    """Return the number and hash of the last audit entry: what an anchor keeps."""
    return AuditHead.objects.filter(pk=1).values_list("seq", "hash").first() or (0, chain.GENESIS)


def digest_of(token: str) -> str:
    """Return what is stored of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation that a link opens, or None."""
    return Invitation.objects.select_related("user").filter(digest=digest_of(token)).first()


def invitation_for(person: User) -> Invitation | None:
    """Return the invitation of a person, or None for who came another way."""
    return Invitation.objects.filter(user=person).first()


def names_of(public_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of people by public id; ids that are no person's (parts of the system) are left out."""
    wanted = [uuid.UUID(value) for value in public_ids if len(value) == 36]
    return {str(person.public_id): str(person) for person in User.objects.filter(public_id__in=wanted)}


def state_of(person: User, at: datetime) -> str:
    """Return whether an account is active, invited, expired (its invitation is over) or closed."""
    if person.is_active:
        return "active"
    invitation = getattr(person, "invitation", None)
    if invitation is None or invitation.accepted_at or invitation.revoked_at:
        return "closed"
    return "invited" if at < invitation.ends_at else "expired"


def countries_visible_to(user: User) -> QuerySet[Country]:
    """Return the countries whose calendar and numbers a user keeps: administrators all, managers their own."""
    if user.has_role("administrator"):
        return Country.objects.all()
    return Country.objects.filter(pk=user.country_id) if user.has_role("manager") else Country.objects.none()


def active_countries() -> list[Country]:
    """Return the countries in which the programme runs, by name."""
    return list(Country.objects.filter(is_active=True))


@cache
def declared_routes() -> dict[str, Route]:
    """Return the ROUTES of every room, by route name; a name may end in `*`."""
    routes: dict[str, Route] = {}
    for room in _rooms():
        routes |= importlib.import_module(f"{room}.rules").ROUTES
    return routes


@cache
def declared_acts() -> dict[str, str]:
    """Return the ACTS of every room: what the audit log calls each act, in words that follow the reader's language."""
    acts: dict[str, str] = {}
    for room in _rooms():
        acts |= importlib.import_module(f"{room}.rules").ACTS
    return acts


@cache
def declared_letters() -> dict[str, LetterKind]:
    """Return the LETTERS of every room: what a letter is, by the beginning of its key."""
    kinds: dict[str, LetterKind] = {}
    for room in _rooms():
        kinds |= getattr(importlib.import_module(f"{room}.rules"), "LETTERS", {})
    return kinds


def _rooms() -> list[str]:
    installed = {config.name for config in apps.get_app_configs()}
    return [room for room in ROOMS if room in installed]


def route_for(name: str) -> Route | None:
    """Return the declaration of a route name, exact first, then the longest pattern that fits."""
    routes = declared_routes()
    if name in routes:
        return routes[name]
    fitting = [pattern for pattern in routes if "*" in pattern and fnmatchcase(name, pattern)]
    return routes[max(fitting, key=len)] if fitting else None


def admits(name: str, user: User) -> bool:
    """Tell whether a route is open to a person who is signed in, or to a guest of a room."""
    route = route_for(name)
    if getattr(user, "is_guest", False):
        return route is not None and (route.is_public or route.guests)
    return route is not None and (route.is_public or "signed_in" in route.who or user.has_role(*route.who))


def is_our_path(url: str) -> bool:
    """Tell whether `next` leads to a page of ours that can be read: a plain path, no host, no trick of slashes."""
    parts = urlsplit(url)
    if parts.scheme or parts.netloc or not url.startswith("/") or "//" in parts.path or ".." in parts.path:
        return False
    if any(char in url for char in "\\\r\n\t\0"):
        return False
    language = translation.get_language_from_path(parts.path) or settings.LANGUAGE_CODE
    try:
        with translation.override(language):
            route = route_for(resolve(parts.path).view_name or "")
    except Resolver404:
        return False
    return route is not None and "GET" in route.methods


def client_address(request) -> str:
    """Return the visitor's address, read through as many proxies as FANAL_PROXIES says stand in front."""
    return get_adapter(request).get_client_ip(request)


def owners_with_keys(owners: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Return those of some cases, contacts or months whose data key still stands."""
    return set(DataKey.objects.filter(owner__in=list(owners)).values_list("owner", flat=True))
