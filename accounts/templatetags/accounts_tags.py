"""Words and parts about people."""

import datetime as dt

from django import template
from django.urls import reverse
from django.utils.translation import pgettext

from accounts import queries
from accounts.choices import Role

register = template.Library()


@register.filter
def is_role(user, codes: str) -> bool:
    """Tell whether a person has one of the roles named, separated by spaces."""
    return user.has_role(*codes.split())


@register.filter
def roles_words(person) -> str:
    """Return a person's roles as words."""
    return ", ".join(str(Role(code).label) for code in sorted(person.role_codes)) or "–"


@register.filter
def verb_words(verb: str) -> str:
    """Return an act of the audit log in words, or its code."""
    return queries.declared_acts().get(verb, verb)


@register.filter
def instant(entry) -> dt.datetime:
    """Return the instant of an audit entry."""
    return dt.datetime.fromisoformat(entry.at)


@register.inclusion_tag("accounts/_state.html")
def person_state(person, now):
    """Draw whether a person can sign in, was invited, or is closed."""
    words = {
        "active": (pgettext("state of an account", "Active"), "full", "ok"),
        "invited": (pgettext("state of an account", "Invited"), "half", "wait"),
        "expired": (pgettext("state of an account", "Invitation over"), "ring", "bad"),
        "closed": (pgettext("state of an account", "Closed"), "ring", ""),
    }
    sentence, shape, kind = words[queries.state_of(person, now)]
    return {"words": sentence, "shape": shape, "kind": kind}


@register.inclusion_tag("accounts/_act_button.html", takes_context=True)
def act_button(context, name, person, words, kind):
    """Draw one act on a person as a form with one button."""
    address = reverse(name, kwargs={"public_id": person.public_id})
    return {"address": address, "words": words, "kind": kind, "csrf_token": context.get("csrf_token")}
