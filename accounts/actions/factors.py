"""Taking the second step off the account of somebody who lost both phone and recovery codes."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.actions.letters import queue_letter
from accounts.actions.people import NotYourself
from accounts.models import AuditEntry, User
from accounts.queries.factors import factor_kinds, factors_mark, factors_of, watchers_of


class FactorsChangedMeanwhile(Exception):
    """Raised when a person set up a second step anew after the form was opened; nothing is removed."""

    def __init__(self):
        super().__init__(_("The second step of this person changed while you had this open. Look at what stands now."))


@transaction.atomic
def remove_factors(*, person: User, why: str, proof: str, by, at: datetime, seen: str | None = None) -> bool:
    """Remove app, recovery codes and security keys of somebody else; tell whether there were any.

    Every session of hers ends; a role that needs a second step leads her to set one up at the next sign-in, before
    anything else. She gets a letter, and so do those who can see whether it is right (`watchers_of`). `seen` is the mark
    of what the form showed.
    """
    if by == person:
        raise NotYourself(_("You cannot remove your own second step here. Ask another administrator."))
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    factors = factors_of(person)
    if not factors:
        return False
    if seen is not None and seen != factors_mark(factors):
        raise FactorsChangedMeanwhile
    Authenticator.objects.filter(user_id=person.pk).delete()
    person.session_round += 1
    person.save(update_fields=["session_round"])
    facts = {"country": person.country_id or "", "kinds": factor_kinds(factors), "reason": why, "proof": proof}
    entry = record(by=by, verb="person.factors_reset", thing=person, at=at, **facts)
    _tell(person, by=by, at=at, entry=entry)
    return True


def _tell(person: User, *, by, at: datetime, entry: AuditEntry) -> None:
    """Write to her and to those who watch, each in the reader's language."""
    _write(person, "removed", _your_subject, person=person, by=by, at=at, entry=entry)
    for watcher in watchers_of(person, by):
        _write(watcher, "watched", _their_subject, person=person, by=by, at=at, entry=entry)


def _your_subject() -> str:
    return _("Your second step at sign-in was removed")


def _their_subject() -> str:
    return _("The second step of a colleague was removed")


def _write(reader: User, name: str, subject, *, person: User, by, at: datetime, entry: AuditEntry) -> None:
    with translation.override(reader.language):
        links = {
            "reset_url": settings.PUBLIC_URL + reverse("account_reset_password"),
            "person_url": settings.PUBLIC_URL + reverse("accounts:person", args=[person.public_id]),
        }
        facts = {"reader": reader, "person": person, "by": by if isinstance(by, User) else None, "at": at}
        text = render_to_string(f"accounts/letters/factors_{name}.txt", facts | links)
        queue_letter(
            key=f"account:factors_{name}:{entry.seq}:{reader.public_id}", to=reader.email, language=reader.language,
            subject=subject(), text=text, at=at, receiver=reader,
        )  # fmt: skip
