"""The import of officials: all or none, and quick, because while it is written nobody else's act can be recorded."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actions.audit import record, record_many
from accounts.actions.invitations import AlreadyHere, letter_with, terms
from accounts.actions.letters import new_letter
from accounts.actions.offices import OfficeClosed, acts_of, put_offices
from accounts.actions.people import groups_of, new_person
from accounts.choices import Role
from accounts.models import Country, Invitation, Letter, Office, User

AT_ONCE = 500


class AllHere(AlreadyHere):
    """Raised when everybody in a list is here already: it was written before, most likely by the first of two clicks."""


def import_officials(*, officials: Sequence[dict], by, at: datetime, offices: Sequence[dict] = ()) -> int:
    """Invite every official of a dry run as a learner, all or none; return how many.

    Each has `name`, `email`, `office` (id), `country` (code), `language`; an address that got an account since the
    dry run raises AlreadyHere, and then nothing is written. `offices` are added in the same act, each with `country`,
    `name`, `kind`; an official who belongs to one has its place among them as `new_office` instead of an id.
    """
    _refuse_known(officials)
    people = _people(officials)
    tokens = [secrets.token_urlsafe(32) for _person in people]
    invitations = [
        Invitation(user=person, **terms(token=token, by=by, at=at))
        for person, token in zip(people, tokens, strict=True)
    ]
    pairs = zip(invitations, tokens, strict=True)
    letters = [new_letter(**letter_with(invitation, token, at)) for invitation, token in pairs]
    _write(officials, people, invitations, letters, by, at, offices)
    return len(people)


@transaction.atomic
def make_people(people: Sequence[Mapping], *, by, at: datetime) -> list[User]:
    """Make many accounts as `make_person` makes one, at the cost of a few; each entry holds what `new_person` takes."""
    addresses = [User.objects.normalize_email(one["email"]).lower() for one in people]
    known = {user.email.lower(): user for user in User.objects.filter(email__in=addresses)}
    made = [new_person(**one) for one, email in zip(people, addresses, strict=True) if email not in known]
    User.objects.bulk_create(made)
    join_groups(made)
    acts = [("person.made", user, user.country_id or "", {"roles": sorted(user.role_codes)}) for user in made]
    record_many(by=by, at=at, acts=acts)
    known |= {user.email: user for user in made}
    return [known[email] for email in addresses]


def join_groups(people: Iterable[User]) -> None:
    """Put people who were just written into the editor's groups of their roles; part of a larger act."""
    of_roles: dict[frozenset, list[Group]] = {}
    rows = []
    for user in people:
        roles = frozenset(user.role_codes)
        groups = of_roles.get(roles) or of_roles.setdefault(roles, groups_of(user))
        rows += [User.groups.through(user_id=user.pk, group_id=group.pk) for group in groups]
    User.groups.through.objects.bulk_create(rows, batch_size=AT_ONCE)


def _people(officials: Sequence[dict]) -> list[User]:
    countries = Country.objects.in_bulk({row["country"] for row in officials})
    offices = Office.objects.in_bulk({row["office"] for row in officials if "office" in row})
    if any(office.closed_at for office in offices.values()):
        raise OfficeClosed
    return [
        new_person(
            email=row["email"],
            name=row["name"],
            roles=[Role.LEARNER],
            is_active=False,
            country=countries[row["country"]],
            language=row["language"],
            office=offices[row["office"]] if "office" in row else None,
        )
        for row in officials
    ]


@transaction.atomic
def _write(
    officials: Sequence[dict],
    people: list[User],
    invitations: list[Invitation],
    letters: list[Letter],
    by,
    at: datetime,
    offices: Sequence[dict],
) -> None:
    new = _write_offices(officials, people, offices)
    _write_people(officials, people)
    record(by=by, verb="officials.imported", at=at, count=len(officials), offices=len(new))
    join_groups(people)
    for invitation in invitations:
        invitation.user_id = invitation.user.pk
    Invitation.objects.bulk_create(invitations, batch_size=AT_ONCE)
    Letter.objects.bulk_create(letters, batch_size=AT_ONCE)
    facts = {"roles": [Role.LEARNER.value]}
    acts = [
        (verb, person, person.country_id, facts) for person in people for verb in ("person.made", "person.invited")
    ]
    record_many(by=by, at=at, acts=[*acts_of(new), *acts])


def _write_offices(officials: Sequence[dict], people: list[User], offices: Sequence[dict]) -> list[Office]:
    """Write the offices that are not there yet, country by country in one order, and put their people in them."""
    rows, new = {}, []
    for country in sorted({office["country"] for office in offices}):
        places = [place for place, office in enumerate(offices) if office["country"] == country]
        named = [{"name": offices[place]["name"], "kind": offices[place]["kind"]} for place in places]
        written, added = put_offices(country=country, offices=named)
        rows |= dict(zip(places, written, strict=True))
        new += added
    if any(office.closed_at for office in rows.values()):
        raise OfficeClosed
    for official, person in zip(officials, people, strict=True):
        if "new_office" in official:
            person.office = rows[official["new_office"]]
    return new


def _write_people(officials: Sequence[dict], people: list[User]) -> None:
    """Write the people before all but their offices, as an invitation does, and each list in one order: no ring of waits."""
    try:
        with transaction.atomic():
            User.objects.bulk_create(sorted(people, key=lambda person: person.email), batch_size=AT_ONCE)
    except IntegrityError:
        _refuse_known(officials)
        raise


def _refuse_known(officials: Sequence[dict]) -> None:
    """Raise a message for the person when somebody of a list is here already."""
    taken = User.objects.filter(email__in=[row["email"] for row in officials]).count()
    if taken and taken == len(officials):
        raise AllHere(_("Everybody in this list is invited already. Nothing was written again."))
    if taken:
        raise AlreadyHere(_("Somebody in this list got an account meanwhile. Check the file again."))
