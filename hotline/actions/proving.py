"""The roster proved by the worker: each hour over fourteen days, and who supervises is told of holes by letter.

Of hours within a day in which nobody would answer a letter goes out once a day; of a hole that was not there when the
roster was last proved, at once. No letter says a name or an hour. Practice lines are proved, and nobody is written to.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import Letter, User
from accounts.queries import staff_of
from hotline import roster
from hotline.models import Line, RosterProof
from hotline.queries.duty import gaps_by_line
from hotline.queries.holes import is_soon
from referral.actions import tell_keepers

DAYS = 14
WORSE = ("interpreter", "other", "nobody")


def prove_rosters(*, at: datetime) -> int:
    """Prove the roster of every active line; return how many letters went into the outbox."""
    lines = list(Line.objects.filter(is_active=True).select_related("country", "proof"))
    gaps = gaps_by_line(lines, at, DAYS)
    return sum(_prove(line, gaps[line.pk], at) for line in lines if line.pk in gaps)


@transaction.atomic
def _prove(line: Line, gaps: list[roster.Gap], at: datetime) -> int:
    before = getattr(line, "proof", None)
    holes = [[gap.language, gap.kind, gap.starts_at.isoformat(), gap.ends_at.isoformat()] for gap in gaps]
    found = {"checked_at": at, "until": at + timedelta(days=DAYS), "holes": holes}
    RosterProof.objects.update_or_create(line=line, defaults=found)
    if line.is_practice:
        return 0
    if before and any(_is_new(gap, before) for gap in gaps):
        return _tell(line, f"roster_new:{line.public_id}:{at:%Y%m%d%H}", at)
    if any(is_soon(hole, at) for hole in holes):
        return _tell(line, f"roster_soon:{line.public_id}:{at:%Y%m%d}", at, is_soon=True)
    return 0


def _is_new(gap: roster.Gap, before: RosterProof) -> bool:
    """Tell whether some of a hole was none, or a smaller one, when the same time was last proved."""
    worse = WORSE[WORSE.index(gap.kind) :]
    known = [
        (datetime.fromisoformat(starts), datetime.fromisoformat(ends))
        for language, kind, starts, ends in before.holes
        if language == gap.language and kind in worse
    ]
    return bool(roster.left_of(gap.starts_at, min(gap.ends_at, before.until), known))


def _tell(line: Line, key: str, at: datetime, *, is_soon: bool = False) -> int:
    """Write to the supervisors of a line's country; without any its keepers are told that there is none."""
    people = {f"{key}:{person.public_id}": person for person in staff_of(line.country, "supervisor")}
    if not people:
        return tell_keepers(country=line.country, at=at)
    new = set(people) - set(Letter.objects.filter(key__in=people).values_list("key", flat=True))
    for one in new:
        _write_to(people[one], line, one, at, is_soon=is_soon)
    return len(new)


def _write_to(person: User, line: Line, key: str, at: datetime, *, is_soon: bool) -> None:
    """Queue one letter in its reader's language, without a name or an hour."""
    with translation.override(person.language):
        names = {"country": line.country.name}
        if is_soon:
            subject = _("Nobody would answer your line within a day")
            text = (
                _("%(country)s: within the next 24 hours there is a time at which nobody would answer the line.")
                % names
            )
        else:
            subject = _("A new hole in the roster")
            text = _("%(country)s: the roster has a hole that was not there an hour ago.") % names
        text = f"{text} {_('Sign in and look at the roster:')}\n{settings.PUBLIC_URL}{reverse('hotline:roster')}"
    accounts.queue_letter(
        key=key, to=person.email, language=person.language, subject=subject, text=text, at=at, receiver=person
    )
