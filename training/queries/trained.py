"""Whose certificate of a course stands: the one rule of every report that tells who is trained, at an instant or through a time."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from training.choices import Trained
from training.models import TrainedSpan

FROM_BEST = tuple(Trained.values)  # as they are listed: current, refresher due, lapsed


def holding(since: dt.datetime, until: dt.datetime | None = None) -> QuerySet[TrainedSpan]:
    """Return the spans that hold at an instant, or at some moment between two; what was withdrawn or never earned has none."""
    return TrainedSpan.objects.filter(Q(ends=None) | Q(ends__gt=since), begins__lte=until or since)


def standing_of(enrolments: Iterable[int], at: dt.datetime) -> dict[int, Trained]:
    """Return how the certificate of each of some enrolments stands at an instant; who has none is not in it; one query."""
    rows = holding(at).filter(enrolment__in=enrolments).order_by().values_list("enrolment", "state")
    return {enrolment: Trained(state) for enrolment, state in rows}


@dataclass(frozen=True)
class Stretch:
    """From when until when (None: for good) somebody's certificate of a course stands in a state."""

    state: str
    begins: dt.datetime
    ends: dt.datetime | None


@dataclass(frozen=True)
class Certified:
    """How the certificates of some people stand between two instants, by course and person."""

    stretches: dict[tuple[int, int], list[Stretch]]

    def state(self, course: int, user: int, since: dt.datetime, until: dt.datetime) -> str:
        """Return the worst state in which a certificate stands through a time; "" where for a part of it there is none.

        So who is current now, and whose certificate runs out before the time is over, is not current through it.
        """
        reached, worst = since, 0
        for one in self.stretches.get((course, user), ()):
            if one.begins >= until or (one.ends is not None and one.ends <= reached):
                continue
            if one.begins > reached:
                return ""
            worst = max(worst, FROM_BEST.index(one.state))
            if one.ends is None or one.ends >= until:
                return FROM_BEST[worst]
            reached = one.ends
        return ""

    def holders(self, course: int) -> int:
        """Return how many of the people hold a certificate of a course, in whatever state."""
        return sum(1 for page, _user in self.stretches if page == course)


def certified(users: Iterable[int], since: dt.datetime, until: dt.datetime) -> Certified:
    """Return how the certificates of some people stand between two instants, of every course; one query."""
    found: dict[tuple[int, int], list[Stretch]] = defaultdict(list)
    rows = holding(since, until).filter(user__in=set(users)).order_by("begins")
    for course, user, *stretch in rows.values_list("course", "user", "state", "begins", "ends"):
        found[course, user].append(Stretch(*stretch))
    return Certified(dict(found))
