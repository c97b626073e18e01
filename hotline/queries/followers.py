"""Who can be given the follow-up of a missed contact: who works at the desk and can sign in for it today."""

from allauth.mfa.models import Authenticator
from django.conf import settings

from accounts.middleware import STRONG
from accounts.models import User
from accounts.queries.demo import DEMO_DOMAIN
from hotline.models import Contact
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


def _signs_in_with_one_click(person: User) -> bool:
    return settings.DEMO_SIGN_IN and person.email.endswith(DEMO_DOMAIN)
