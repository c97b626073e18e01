"""The roster proved by the worker: each hour over fourteen days, and who supervises is told of holes by letter.

Every hole, also one of a single language, is told once, three days before it begins at the latest (`TOLD`): one letter a
day for all that come near. Of a hole that was not there when the roster was last proved, and of one that is there now and
was not told, a letter goes out at once; of a time within a day at which nobody would answer, each day anew. No letter
says a name or an hour. Practice lines are proved, and nobody is written to.
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
TOLD = timedelta(days=3)  # by then its supervisors know of a hole that came near by itself
NEXT = timedelta(
    days=1, hours=2
)  # from one letter of a day to the next at the longest: what comes near meanwhile is in it
WORSE = ("interpreter", "other", "nobody")


def prove_rosters(*, at: datetime) -> int:
    """Prove the roster of every active line; return how many letters went into the outbox."""
    lines = list(Line.objects.filter(is_active=True).select_related("country", "proof"))
    gaps = gaps_by_line(lines, at, DAYS)
    return sum(_prove(line, gaps[line.pk], at) for line in lines if line.pk in gaps)


@transaction.atomic
def _prove(line: Line, gaps: list[roster.Gap], at: datetime) -> int:
    before = getattr(line, "proof", None)
    told = [hole for hole in (before.told if before else []) if datetime.fromisoformat(hole[3]) > at]
    found = {"checked_at": at, "until": at + timedelta(days=DAYS), "holes": [_kept(gap) for gap in gaps]}
    row, _is_first = RosterProof.objects.update_or_create(line=line, defaults=found | {"told": told})
    if line.is_practice:
        return 0
    new = [gap for gap in gaps if before and _parts(gap, before.holes, before.until)]
    return _tell_at_once(line, row, gaps, new, at) or _tell_of_the_day(line, row, gaps, at)


def _tell_at_once(line: Line, row: RosterProof, gaps: list[roster.Gap], new: list[roster.Gap], at: datetime) -> int:
    """Tell of holes that were none when the roster was last proved, and of what nobody was told of and is there now."""
    now = [
        gap for gap in gaps if gap.starts_at <= at and (gap in new or any(s <= at for s, _ in _parts(gap, row.told)))
    ]
    if not (now or new):
        return 0
    kind = "now" if now else "new"
    letters = _tell(line, f"roster_{kind}:{line.public_id}:{at:%Y%m%d%H}", at, kind)
    _note_told(row, [*new, *(gap for gap in now if gap not in new)])
    return letters


def _tell_of_the_day(line: Line, row: RosterProof, gaps: list[roster.Gap], at: datetime) -> int:
    """Tell once a day, in one letter, of holes that come near and nobody was told of, and of a day without anybody."""
    near = [gap for gap in gaps if any(starts < at + TOLD + NEXT for starts, _ends in _parts(gap, row.told))]
    due = near if row.told_on != at.date() else []
    is_soon_alone = any(is_soon(hole, at) for hole in row.holes)
    if not (due or is_soon_alone):
        return 0
    kind = "soon" if is_soon_alone else "near"
    letters = _tell(line, f"roster_{kind}:{line.public_id}:{at:%Y%m%d}", at, kind)
    row.told_on = at.date()
    _note_told(row, due)
    return letters


def _kept(gap: roster.Gap) -> list[str]:
    """Return a hole as it is kept."""
    return [gap.language, gap.kind, gap.starts_at.isoformat(), gap.ends_at.isoformat()]


def _note_told(row: RosterProof, gaps: list[roster.Gap]) -> None:
    """Note that a letter told of holes; where nobody is who could be told, they stay to be told."""
    if staff_of(row.line.country, "supervisor"):
        row.told = [*row.told, *map(_kept, gaps)]
        row.save(update_fields=["told", "told_on"])


def _parts(gap: roster.Gap, holes: list[list[str]], until: datetime | None = None) -> list[roster.Times]:
    """Return the parts of a hole, up to an instant, that are in none of these holes, or were a smaller one there."""
    worse = WORSE[WORSE.index(gap.kind) :]
    known = [
        (datetime.fromisoformat(starts), datetime.fromisoformat(ends))
        for language, kind, starts, ends in holes
        if language == gap.language and kind in worse
    ]
    return roster.left_of(gap.starts_at, min(gap.ends_at, until) if until else gap.ends_at, known)


def _tell(line: Line, key: str, at: datetime, kind: str) -> int:
    """Write to the supervisors of a line's country; without any its keepers are told that there is none."""
    people = {f"{key}:{person.public_id}": person for person in staff_of(line.country, "supervisor")}
    if not people:
        return tell_keepers(country=line.country, at=at)
    new = set(people) - set(Letter.objects.filter(key__in=people).values_list("key", flat=True))
    for one in new:
        _write_to(people[one], line, one, at, kind)
    return len(new)


def _words(kind: str) -> tuple[str, str]:
    """Return the subject and the text of a letter, with a place for the country."""
    if kind == "now":
        return _("A hole in the roster now"), _("%(country)s: the roster has a hole now that you were not told of.")
    if kind == "new":
        return _("A new hole in the roster"), _("%(country)s: the roster has a hole that was not there an hour ago.")
    if kind == "soon":
        return (
            _("Nobody would answer your line within a day"),
            _("%(country)s: within the next 24 hours there is a time at which nobody would answer the line."),
        )
    return (
        _("Holes in the roster of the coming days"),
        _("%(country)s: in the coming days the roster has holes that you were not told of yet."),
    )


def _write_to(person: User, line: Line, key: str, at: datetime, kind: str) -> None:
    """Queue one letter in its reader's language, without a name or an hour."""
    with translation.override(person.language):
        subject, text = _words(kind)
        text = f"{text % {'country': line.country.name}} {_('Sign in and look at the roster:')}"
        text = f"{text}\n{settings.PUBLIC_URL}{reverse('hotline:roster')}"
    accounts.queue_letter(
        key=key, to=person.email, language=person.language, subject=subject, text=text, at=at, receiver=person
    )
