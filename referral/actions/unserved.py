"""Letters to who keeps a country in which nobody can be told: it has no supervisor. They say how many, and no case."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.choices import Role
from accounts.models import Country, Letter, User
from referral.actions.addresses import address_of
from referral.queries.cases import left_in
from referral.queries.unserved import has_supervisor, keepers_of

LETTER = "unserved:"


def tell_keepers(*, country: Country, at: datetime) -> int:
    """Write to the programme managers of a country without a supervisor, and to the administrators: once a day each.

    Returns how many letters are new; a country that has a supervisor needs none.
    """
    if has_supervisor(country.pk):
        return 0
    key = f"{LETTER}{country.pk}:{at:%Y%m%d}:"
    people = {f"{key}{person.public_id}": person for person in keepers_of(country.pk)}
    written = set(Letter.objects.filter(key__in=people).values_list("key", flat=True))
    new = [one for one in people if one not in written]
    count = left_in(country.pk).count() if new else 0
    for one in new:
        _write_to(people[one], country, count, key=one, at=at)
    return len(new)


def _write_to(person: User, country: Country, count: int, *, key: str, at: datetime) -> None:
    """Queue one letter in its reader's language: only an administrator invites, so a manager is told whom to ask."""
    with translation.override(person.language):
        subject = _("A country without a supervisor")
        text = _(
            "%(country)s: the country has no supervisor, so nobody is told of what waits there.\n"
            "Open cases that nobody has: %(count)s"
        ) % {"country": country.name, "count": count}
        if person.has_role(Role.ADMINISTRATOR):
            to_do = _("Invite a supervisor:\n%(address)s") % {"address": address_of("accounts:invite")}
        else:
            to_do = _("Ask an administrator to invite a supervisor.")
    accounts.queue_letter(
        key=key, to=person.email, language=person.language, subject=subject, text=f"{text}\n\n{to_do}", at=at,
        receiver=person,
    )  # fmt: skip
