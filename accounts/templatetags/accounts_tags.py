"""Words and parts about people."""

import datetime as dt
from collections.abc import Iterator

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext

from accounts import queries
from accounts.choices import Role
from accounts.rules import unprinted as letters_unprinted
from languages.text import listed, signs_apart

register = template.Library()


@register.filter
def is_role(user, codes: str) -> bool:
    """Tell whether a person has one of the roles named, separated by spaces."""
    return user.has_role(*codes.split())


@register.filter
def roles_words(person) -> str:
    """Return a person's roles as words."""
    return listed((str(Role(code).label) for code in sorted(person.role_codes)), get_language()) or "–"


@register.filter
def verb_words(verb: str) -> str:
    """Return an act of the audit log in words, or its code."""
    return queries.declared_acts().get(verb, verb)


@register.filter
def instant(entry) -> dt.datetime:
    """Return the instant of an audit entry."""
    return dt.datetime.fromisoformat(entry.at)


@register.filter
def typed(cell: str, most: int = 0) -> SafeString:
    """Write what stands in a file so that it turns no line: hidden signs as their codes, and no more than so many signs."""
    is_cut = 0 < most < len(cell)
    return format_html(
        "<bdi>{}{}</bdi>", _with_codes(signs_apart(cell[:most] if is_cut else cell)), "…" if is_cut else ""
    )


@register.filter
def typed_lines(words: str) -> SafeString:
    """Write what somebody typed so that it turns no line: hidden signs as their codes, line breaks as they are."""
    return _with_codes(signs_apart(words, but="\t\r\n"))


def _with_codes(pieces: Iterator[tuple[str, bool]]) -> SafeString:
    marks = {False: "{}", True: '<bdi class="sign" dir="ltr">{}</bdi>'}
    return format_html_join("", "{}", ((format_html(marks[is_sign], piece),) for piece, is_sign in pieces))


@register.filter
def typed_listed(cells) -> SafeString:
    """Join what stands in several cells of a file."""
    return format_html_join(listed(("", ""), get_language()), "{}", ((typed(cell),) for cell in cells))


@register.simple_tag
def unprinted(name: str) -> str:
    """Return the letters of a name that certificates cannot print; nothing where they can print all."""
    return letters_unprinted(name)


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
def act_button(context, name, person, words, kind, seen=""):
    """Draw one act on a person as a form with one button; `seen` is the mark of what the page shows."""
    address = reverse(name, kwargs={"public_id": person.public_id})
    return {"address": address, "words": words, "kind": kind, "seen": seen, "csrf_token": context.get("csrf_token")}
