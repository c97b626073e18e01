"""Writes about people: making an account, roles, place, profile, leaving."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.actions.letters import queue_letter
from accounts.actions.limits import count_attempt
from accounts.actions.offices import refuse_closed
from accounts.choices import Role
from accounts.models import Country, Invitation, Office, User, moved
from accounts.queries.marks import mark, person_mark, told_of

EDITOR_ROLES = frozenset({Role.MANAGER, Role.ADMINISTRATOR})


class LastAdministrator(Exception):
    """Raised when nobody would be left who can manage people; make another administrator first."""


class PersonChangedMeanwhile(Exception):
    """Raised when somebody else changed a person after the form was opened; nothing is written."""

    def __init__(self):
        super().__init__(_("Somebody changed this while you had it open. Look at what stands now."))


class NotYourself(Exception):
    """Raised when somebody closes her own account; another administrator has to do it."""


class NeverOpened(Exception):
    """Raised when an account is opened again whose invitation was never taken up; send a new link."""

    def __init__(self):
        super().__init__(_("She or he has never opened this account. Send a new link."))


def set_roles(user: User, roles: Iterable[str]) -> None:
    """Give a person exactly these roles, and the editor's groups of the same names; part of a larger act."""
    _put_roles(user, roles)
    user.save()
    user.groups.set(groups_of(user))


def _put_roles(user: User, roles: Iterable[str]) -> None:
    user.role_codes = roles
    user.is_staff = not EDITOR_ROLES.isdisjoint(user.role_codes)


def groups_of(user: User) -> list[Group]:
    """Return the editor's groups of a person's roles; those that are missing are made."""
    found = list(Group.objects.filter(name__in=user.role_codes))
    missing = user.role_codes.difference(group.name for group in found)
    return [*found, *(Group.objects.get_or_create(name=code)[0] for code in sorted(missing))]


def new_person(*, email: str, name: str, roles: Iterable[str], **place) -> User:
    """Return an account without a password that works, not yet written: for those who write many at once."""
    user = User(email=User.objects.normalize_email(email).lower(), name=name, **place)
    user.set_password(None)
    _put_roles(user, roles)
    return user


@transaction.atomic
def make_person(
    *,
    email: str,
    name: str,
    roles: Iterable[str],
    by,
    at: datetime,
    country: Country | None = None,
    language: str = "en",
    office: Office | None = None,
    spoken: str = "",
    is_active: bool = True,
) -> User:
    """Make an account without a password that works; a known address returns the person as she is."""
    known = User.objects.filter(email__iexact=email).first()
    if known is not None:
        return known
    place = {"country": country, "language": language, "office": office, "spoken": spoken}
    user = new_person(email=email, name=name, roles=roles, is_active=is_active, **place)
    user.save()
    user.groups.add(*groups_of(user))
    record(by=by, verb="person.made", thing=user, at=at, country=_code(user), roles=sorted(roles))
    return user


def _code(user: User) -> str:
    return user.country_id or ""


def _locked(person: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=person.pk)


def _held(person: User) -> User:
    """Lock a person together with every administrator, in the order of keys: two never leave each other none."""
    rows = User.objects.filter(Q(pk=person.pk) | Q(roles__contains=f",{Role.ADMINISTRATOR},")).order_by("pk")
    return next(row for row in rows.select_for_update(no_key=True) if row.pk == person.pk)


def _keep_an_administrator(person: User) -> None:
    if person.has_role(Role.ADMINISTRATOR) and not User.objects.with_role(Role.ADMINISTRATOR).exclude(pk=person.pk):
        raise LastAdministrator(_("This is the only administrator. Make another one first."))


@transaction.atomic
def change_roles(*, person: User, roles: Iterable[str], by, at: datetime) -> User:
    """Give a person exactly these roles; every session of hers ends, so that no old right lives on."""
    person = _held(person)
    if facts := _changed_roles(person, set(roles)):
        record(by=by, verb="person.roles_changed", thing=person, at=at, country=_code(person), **facts)
    return person


def _changed_roles(person: User, roles: set[str]) -> dict[str, list[str]]:
    """Give a person who is held exactly these roles; return which are new and which are gone, nothing where none is."""
    before = person.role_codes
    if before == roles:
        return {}
    if Role.ADMINISTRATOR not in roles:
        _keep_an_administrator(person)
    person.session_round += 1
    set_roles(person, roles)
    return {"added": sorted(roles - before), "removed": sorted(before - roles)}


@transaction.atomic
def move_person(
    *,
    person: User,
    name: str,
    country: Country | None,
    office: Office | None,
    language: str,
    spoken: Iterable[str] | None = None,
    by,
    at: datetime,
) -> User:
    """Correct where a person works, what she is called, how she is written to; `spoken` None leaves what she speaks."""
    person = _locked(person)
    _put_in_place(person, name, country, office, language, spoken, by=by, at=at)
    record(by=by, verb="person.moved", thing=person, at=at, country=_code(person))
    return person


def _put_in_place(person: User, name, country, office, language, spoken, *, by, at: datetime) -> None:
    """Write where a person who is held works, what she is called and speaks; who follows a move locks rows of its own."""
    refuse_closed(office, person)
    has_moved = person.country_id != (country.pk if country else None)
    person.session_round += has_moved
    person.name, person.country, person.office, person.language = name, country, office, language
    person.spoken = person.spoken if spoken is None else " ".join(spoken)
    person.save(update_fields=["name", "country", "office", "language", "spoken", "session_round"])
    if has_moved:
        moved.send(sender=User, person=person, by=by, at=at)


@transaction.atomic
def change_person(
    *,
    person: User,
    name: str,
    roles: Iterable[str],
    country: Country | None,
    office: Office | None,
    language: str,
    spoken: Iterable[str] | None = None,
    by,
    at: datetime,
    seen: str | None = None,
) -> User:
    """Set roles, place and languages of a person in one go, all or nothing.

    `seen` is the mark of the person as the form showed her; without one nobody looked before. What somebody else
    changed since is not taken back; who sends what stands already is told that it is kept.
    """
    person, roles = _held(person), set(roles)
    now = person_mark(person)
    if seen is not None and seen != now:
        place = (country.pk if country else None, office.pk if office else None, language)
        speaks = sorted(person.spoken.split() if spoken is None else spoken)
        if mark(name, sorted(roles), *place, speaks) != now:
            raise PersonChangedMeanwhile
        return person
    before, facts = _code(person), _changed_roles(person, roles)
    # Before the first record: the audit head is locked last.
    _put_in_place(person, name, country, office, language, spoken, by=by, at=at)
    if facts:
        record(by=by, verb="person.roles_changed", thing=person, at=at, country=before, **facts)
    record(by=by, verb="person.moved", thing=person, at=at, country=_code(person))
    return person


@transaction.atomic
def update_profile(
    *,
    person: User,
    name: str,
    language: str,
    spoken: Iterable[str],
    theme: str,
    at: datetime,
    seen: Mapping[str, object] | None = None,
) -> User:
    """Keep what a person says about herself: name, languages, light or dark.

    `seen` is what the form showed; without it nobody looked before. Only what she changed in it is written: what an
    administrator corrected meanwhile stays. Where both changed the same, nothing is written.
    """
    person = _locked(person)
    stands, told = told_of(person), {"name": name, "language": language, "spoken": list(spoken), "theme": theme}
    if seen is not None:
        mine = {key: value for key, value in told.items() if value != seen.get(key)}
        if any(stands[key] not in (value, seen.get(key)) for key, value in mine.items()):
            raise PersonChangedMeanwhile
        told = stands | mine
    if told == stands:
        return person
    person.name, person.language, person.theme = told["name"], told["language"], told["theme"]
    person.spoken = " ".join(told["spoken"])
    person.save(update_fields=["name", "language", "theme", "spoken"])
    record(by=person, verb="person.profile_changed", thing=person, at=at, country=_code(person))
    return person


@transaction.atomic
def end_sessions(*, person: User, by, at: datetime) -> None:
    """Sign a person out everywhere."""
    person = _locked(person)
    person.session_round += 1
    person.save(update_fields=["session_round"])
    record(by=by, verb="person.sessions_ended", thing=person, at=at, country=_code(person))


@transaction.atomic
def deactivate(*, person: User, by, at: datetime) -> User:
    """Close an account: no sign-in, no session, no link that still opens it; what she did stays recorded.

    Of one that is closed already, nothing is written.
    """
    if by == person:
        raise NotYourself(_("You cannot close your own account. Ask another administrator."))
    person = _held(person)
    links = Invitation.objects.filter(user=person, accepted_at=None, revoked_at=None)
    if not links.update(revoked_at=at) and not person.is_active:
        return person
    _keep_an_administrator(person)
    person.is_active, person.session_round = False, person.session_round + 1
    person.save(update_fields=["is_active", "session_round"])
    record(by=by, verb="person.deactivated", thing=person, at=at, country=_code(person))
    return person


@transaction.atomic
def reactivate(*, person: User, by, at: datetime) -> User:
    """Open a closed account again, with the password and the second factor it had; one that is open stays as it is.

    Without a password of hers there is nothing to open again: who never took up an invitation gets a new link.
    """
    person = _locked(person)
    if person.is_active:
        return person
    if Invitation.objects.filter(user=person, accepted_at=None).exists():
        raise NeverOpened
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(by=by, verb="person.reactivated", thing=person, at=at, country=_code(person))
    return person


def count_password(*, email: str, address: str, at: datetime) -> bool:
    """Count a password that is about to be compared, by account and by address; tell whether it may be.

    Ten an account and a hundred an address in ten minutes; the owner of an account over its limit is told.
    """
    by_account = count_attempt(key=f"password:account:{email.lower()}", limit=10, seconds=600, at=at)
    by_address = count_attempt(key=f"password:address:{address}", limit=100, seconds=600, at=at)
    if not by_account:
        warn_of_attempts(email=email, at=at)
    return by_account and by_address


@transaction.atomic
def warn_of_attempts(*, email: str, at: datetime) -> None:
    """Tell the owner of an account, once in ten minutes, that somebody keeps trying passwords on it."""
    person = User.objects.filter(email__iexact=email, is_active=True).first()
    if person is None:
        return
    with translation.override(person.language):
        subject = _("Many attempts to sign in with your address")
        text = render_to_string("accounts/letters/attempts.txt", {"person": person})
    key = f"attempts:{person.public_id}:{int(at.timestamp()) // 600}"
    queue_letter(
        key=key, to=person.email, language=person.language, subject=subject, text=text, at=at, receiver=person
    )
    record(by="accounts", verb="person.attempts_limited", thing=person, at=at, country=_code(person))
