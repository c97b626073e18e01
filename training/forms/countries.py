"""Which countries a person may put a course into, and take it off."""

from collections.abc import Iterable, Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.models import Country, User
from languages.text import listed


def refused_moves(user: User, before: Iterable[Country], after: Iterable[Country]) -> Iterator[str]:
    """Yield why countries may not come to a course or leave it by a person: a manager decides for her own alone."""
    if user.is_superuser or rules.is_administrator(user, None):
        return
    before, after = set(before), set(after)
    for moved, told in (
        (
            after - before,
            _("Only an administrator offers a course in another country. Take out again: %(countries)s."),
        ),
        (before - after, _("Only an administrator takes a course off another country. Put back: %(countries)s.")),
    ):
        names = sorted(place.name for place in moved if place.pk != user.country_id)
        if names:
            yield told % {"countries": listed(names, get_language())}
