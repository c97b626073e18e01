"""Who can be given the follow-up of a missed contact: who works at the desk and can sign in for it today."""

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import prefetch_related_objects

from accounts.middleware import STRONG
from accounts.models import User
from accounts.queries.demo import DEMO_DOMAIN
from hotline.choices import SHIELDED
from hotline.models import Contact, Shield
from hotline.queries import log


def followers_today(user: User) -> list[User]:
    """Return the operators and supervisors of a person's country whose account works now: its second step is set up.

    Somebody invited who has not come so far would be given work that she cannot open.
    """
    people = log.followers(user)
    enrolled = set(Authenticator.objects.filter(user__in=people, type__in=STRONG).values_list("user_id", flat=True))
    return [person for person in people if person.pk in enrolled or _signs_in_with_one_click(person)]


def followers_of(user: User, contact: Contact) -> list[User]:
    """Return those of them who may follow up one contact: nobody whom it names."""
    people = followers_today(user)
    named = contact.named_among([one.pk for one in people])
    return [one for one in people if one.pk not in named]


def with_followers(contacts: Iterable[Contact], user: User) -> list[Contact]:
    """Return contacts, each with who may follow it up as its `people`: nobody whom it names.

    Where one of them is hidden from somebody two questions more are asked, whatever their number.
    """
    rows, people = list(contacts), followers_today(user)
    hidden = [row.pk for row in rows if SHIELDED in row.flag_codes]
    shields = list(Shield.objects.filter(contact__in=hidden, lifted_at=None)) if hidden else []
    if shields:
        prefetch_related_objects(people, "office")
    for row in rows:
        named = [one for one in shields if one.contact_id == row.pk]
        row.people = [one for one in people if not any(shield.names(one) for shield in named)]
    return rows


def _signs_in_with_one_click(person: User) -> bool:
    return settings.DEMO_SIGN_IN and person.email.endswith(DEMO_DOMAIN)
