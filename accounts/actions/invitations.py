"""Writes about invitations: one link by e-mail, one use, fourteen days."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import password_validation
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.actions.letters import queue_letter, settle_letters
from accounts.actions.offices import refuse_closed
from accounts.actions.people import make_person, set_roles
from accounts.chain import actor_id, thing_id
from accounts.choices import Role
from accounts.models import Country, Invitation, Letter, Office, User
from accounts.queries import digest_of
from accounts.queries.invitations import closed_because, letter_key, link_mark

LASTS = timedelta(days=14)


class AlreadyHere(Exception):
    """Raised when the address already has an account in use; change that person's roles instead."""


class InvitationClosed(Exception):
    """Raised when a link no longer opens: `reason` is used, expired or revoked; ask for a new invitation."""

    def __init__(self, reason: str):
        super().__init__(_("This link is closed already."))
        self.reason = reason


class NeverInvited(Exception):
    """Raised when the link of somebody who never had one is closed; nothing is to be done."""

    def __init__(self):
        super().__init__(_("She or he was never sent a link. There is none to close."))


@transaction.atomic
def invite(
    *,
    email: str,
    name: str,
    roles: Iterable[str],
    country: Country | None,
    language: str,
    office: Office | None = None,
    spoken: Iterable[str] = (),
    by,
    at: datetime,
) -> Invitation:
    """Invite somebody by e-mail, in her language; inviting again replaces the link that was not used yet."""
    roles, email = sorted(roles), email.strip().lower()
    person = User.objects.select_for_update().filter(email__iexact=email).first()
    if person is not None and not _is_waiting(person):
        raise AlreadyHere(_("This address already has an account."))
    refuse_closed(office, person)
    place = {"country": country, "language": language, "office": office, "spoken": " ".join(spoken)}
    if person is None:
        person = _account(email=email, name=name, roles=roles, by=by, at=at, **place)
    else:
        person.name, person.spoken = name, place["spoken"]
        person.country, person.language, person.office = country, language, office
        set_roles(person, roles)
    token = secrets.token_urlsafe(32)
    fresh = terms(token=token, by=by, at=at)
    invitation, _made = Invitation.objects.update_or_create(user=person, defaults=fresh)
    _settle(person, at)
    queue_letter(**letter_with(invitation, token, at))
    record(by=by, verb="person.invited", thing=person, at=at, country=person.country_id or "", roles=roles)
    return invitation


def _account(**facts) -> User:
    """Make the account; another tab may have made it a moment before."""
    try:
        with transaction.atomic():
            return make_person(is_active=False, **facts)
    except IntegrityError as error:
        raise AlreadyHere(_("This address already has an account.")) from error


def _settle(person: User, at: datetime) -> None:
    """Nothing hangs any more on earlier letters of an invitation that could not leave."""
    letters = Letter.objects.filter(receiver=thing_id(person), key__startswith=letter_key(""))
    settle_letters(letters=letters, at=at)


def _is_waiting(person: User) -> bool:
    invitation = Invitation.objects.filter(user=person).first()
    return invitation is not None and invitation.accepted_at is None


def terms(*, token: str, by, at: datetime) -> dict[str, object]:
    """Return what an invitation made now says: its link's digest, by whom, from when, until when."""
    span = {"invited_at": at, "ends_at": at + LASTS, "revoked_at": None}
    return {"digest": digest_of(token), "invited_by": actor_id(by)} | span


def letter_with(invitation: Invitation, token: str, at: datetime) -> dict[str, object]:
    """Return the letter that brings the link of an invitation, in the words of its reader's language."""
    person = invitation.user
    with translation.override(person.language):
        address = settings.PUBLIC_URL + reverse("accounts:accept", args=[token])
        subject = _("Your invitation to Fanal")
        roles = [str(Role(code).label) for code in sorted(person.role_codes)]
        facts = {"person": person, "address": address, "ends_at": invitation.ends_at, "roles": roles}
        text = render_to_string("accounts/letters/invitation.txt", facts)
    words = {"to": person.email, "language": person.language, "subject": subject, "text": text}
    return {"key": letter_key(invitation.digest), "at": at, "receiver": person} | words


@transaction.atomic
def invite_again(*, person: User, by, at: datetime, seen: str | None = None) -> Invitation:
    """Send a new link to somebody who has not used hers; the old link is closed by it.

    `seen` is the mark of the link that was shown; without one nobody looked before. When a newer link is open already,
    as after a second click, that one stays and no other letter is sent.
    """
    invitation = Invitation.objects.filter(user=_locked(person)).first()
    if invitation and seen not in {None, link_mark(invitation)} and not closed_because(invitation, at):
        return invitation
    return invite(
        email=person.email,
        name=person.name,
        roles=person.role_codes,
        country=person.country,
        language=person.language,
        office=person.office,
        spoken=person.spoken.split(),
        by=by,
        at=at,
    )


@transaction.atomic
def accept_invitation(*, token: str, name: str, password: str, at: datetime) -> User:
    """Open the account of an invitation with a name and a password; the link is used up."""
    digest = digest_of(token)
    invited = User.objects.filter(invitation__digest=digest).first()
    person = invited and _locked(invited)
    invitation = person and Invitation.objects.filter(user=person, digest=digest).first()
    if reason := closed_because(invitation, at) if invitation else "replaced":
        raise InvitationClosed(reason)
    if person.is_active:
        raise InvitationClosed("used")
    password_validation.validate_password(password, person)
    person.name, person.is_active = name, True
    person.set_password(password)
    person.save(update_fields=["name", "is_active", "password"])
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )
    invitation.accepted_at = at
    invitation.save(update_fields=["accepted_at"])
    _settle(person, at)
    record(by=person, verb="person.accepted", thing=person, at=at, country=person.country_id or "")
    return person


def _locked(person: User) -> User:
    """Lock the person, the first lock of every act about an invitation; what hangs on her stands still after it."""
    return User.objects.select_for_update().get(pk=person.pk)


@transaction.atomic
def revoke_invitation(*, person: User, by, at: datetime) -> None:
    """Close the link of an invitation that was not used yet."""
    invitation = Invitation.objects.filter(user=_locked(person)).first()
    if invitation is None:
        raise NeverInvited
    if reason := closed_because(invitation, at):
        raise InvitationClosed(reason)
    invitation.revoked_at = at
    invitation.save(update_fields=["revoked_at"])
    _settle(person, at)
    record(by=by, verb="person.invitation_revoked", thing=person, at=at, country=person.country_id or "")
