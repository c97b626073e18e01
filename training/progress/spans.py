"""From when until when somebody was, or will be, trained: the states of her certificates one after the other. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from training.progress.standing import LAPSED, REFRESHER_DUE, UNFINISHED, Standing


@dataclass(frozen=True)
class Paperwork:
    """A certificate as spans need it: its language, since when it holds, when it expires, when it was withdrawn."""

    language: str
    begins: int
    expires: int | None = None
    withdrawn: int | None = None


@dataclass(frozen=True)
class Span:
    """A state with its language and times in milliseconds; `minutes` is what the refresher takes."""

    state: str
    language: str
    begins: int
    ends: int | None = None
    minutes: int = 0


def spans_of(
    certificates: Iterable[Paperwork], standing_at: Callable[[int], Standing], moments: Iterable[int], whole: int
) -> list[Span]:
    """Return the spans of one enrolment in order, without gaps where she held a certificate.

    `moments` are the instants at which her standing may have changed, `whole` the minutes of the course, which
    somebody whose certificate expired takes again. A withdrawn certificate counts for nothing from then on.
    """
    held = sorted(certificates, key=lambda one: one.begins)
    if not held:
        return []
    edges = {edge for one in held for edge in (one.begins, one.expires, one.withdrawn) if edge is not None}
    times = sorted(edges | {moment for moment in moments if moment > held[0].begins})
    steps: list[Step] = []
    for moment, following in zip(times, [*times[1:], None], strict=True):
        steps += _from(moment, following, held, standing_at, whole)
    return _joined(steps)


Step = tuple[int, Span | None]  # a moment, and what begins there; None: nothing holds from then on


def _from(moment: int, following: int | None, held: list[Paperwork], standing_at, whole: int) -> list[Step]:
    """Return what begins at a moment, and what the end of the grace begins before the following one."""
    kept = [one for one in held if one.begins <= moment and not _is_past(one.withdrawn, moment)]
    valid = [one for one in kept if not _is_past(one.expires, moment)]
    if not kept:
        return [(moment, None)]
    if not valid:
        return [(moment, Span(LAPSED, kept[-1].language, moment, minutes=whole))]
    one, language = standing_at(moment), valid[-1].language
    if one.state == UNFINISHED:
        return [(moment, None)]
    begun = (moment, Span(one.state, language, moment, minutes=one.minutes))
    if one.state != REFRESHER_DUE or one.until is None or (following is not None and one.until >= following):
        return [begun]
    return [begun, (one.until, Span(LAPSED, language, one.until, minutes=one.minutes))]


def _is_past(moment: int | None, at: int) -> bool:
    return moment is not None and moment <= at


def _joined(steps: list[Step]) -> list[Span]:
    """Return the spans with their ends; those that say the same follow on from each other as one."""
    spans: list[Span] = []
    last: Span | None = None
    for moment, one in steps:
        if last and one and (last.state, last.language, last.minutes) == (one.state, one.language, one.minutes):
            continue
        if last:
            spans[-1] = replace(last, ends=moment)
        if one:
            spans.append(one)
        last = one
    return spans
