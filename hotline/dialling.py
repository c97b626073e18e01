"""Whether a person may be called back now, and if not why. Pure (docs/algorithms/call-flow.md, Calling back).

Unknown means no. What was said stands for thirty days, is judged by the caller's own clock, and at most three tries are
made, an hour apart, until the person was reached.
"""

import datetime as dt
from dataclasses import dataclass, replace

STANDS = dt.timedelta(days=30)  # what a person said of calls and texts
MOST_TRIES = 3
APART = dt.timedelta(hours=1)
# The hours that callers hear as morning, afternoon and evening.
PARTS = {
    "morning": (dt.time(8), dt.time(12)), "afternoon": (dt.time(12), dt.time(17)), "evening": (dt.time(17), dt.time(21)),
    "any": (dt.time(8), dt.time(21)),
}  # fmt: skip
# The hours that hold where a person named none: the widest that callers hear.
UNNAMED = PARTS["any"]
# For how long a person was "just here" after her call, and after what she wrote: the hours of nobody are not asked of her then.
JUST_CALLED, JUST_WROTE = dt.timedelta(minutes=15), dt.timedelta(hours=1)


@dataclass(frozen=True)
class Facts:
    """What decides whether a person may be called back.

    `local`: now, by the caller's clock. `was_promised`: the person asked by key to be called back. `dialled`: when this
    person's telephone was rung without being reached, since it was reached last, as tries; `rung_at`: when it was rung so last
    for whatever contact of its number. `was_just_here`: she was on the line herself,
    with the telephone that would ring, a moment ago. `is_overridden`: two persons agreed to call now
    although it is not known to be safe; a no of the person stands all the same.
    """

    local: dt.datetime
    may_call: str = "not_asked"
    asked_at: dt.datetime | None = None
    has_number: bool = True
    is_erased: bool = False
    is_on_the_line: bool = False
    is_under_way: bool = False
    was_promised: bool = False
    part: str = ""
    safe_from: dt.time | None = None
    safe_until: dt.time | None = None
    dialled: tuple[dt.datetime, ...] = ()
    rung_at: dt.datetime | None = None
    was_just_here: bool = False
    is_overridden: bool = False

    @property
    def last_rung(self) -> dt.datetime | None:
        """Return when the telephone was rung last without the person being reached."""
        return max([*self.dialled, *([self.rung_at] if self.rung_at else [])], default=None)


def why_not(facts: Facts) -> str:
    """Return why the person may not be called now, as a code, or "" where one may."""
    at = facts.local
    if facts.is_erased:
        return "erased"
    if not facts.has_number:
        return "no_number"
    if facts.is_on_the_line:
        return "on_the_line"
    if code := unsafe(facts):
        return code
    if facts.is_under_way:
        return "under_way"
    if len(facts.dialled) >= MOST_TRIES:
        return "tries"
    return "too_soon" if facts.last_rung is not None and at - facts.last_rung < APART else ""


def opens_at(facts: Facts) -> dt.datetime | None:
    """Return from when the person may be called, by her own clock; None where one may now, or more than the hour forbids it."""
    if not why_not(facts):
        return None
    then = replace(facts, was_just_here=False)
    for _wait in ("for the hours", "for the pause", "for the hours after it"):
        code = why_not(then)
        if code == "not_now":
            first = named_hours(then.safe_from, then.safe_until, then.part)[0] or UNNAMED[0]
            then = replace(then, local=_next(first, then.local))
        elif code == "too_soon":
            then = replace(then, local=(then.last_rung + APART).astimezone(then.local.tzinfo))
    return None if why_not(then) else then.local


def promise_bar(facts: Facts) -> str:
    """Return why a person may not be told that we will call, or "" where nothing forbids it but what passes by itself."""
    then = replace(facts, is_on_the_line=False, is_under_way=False)
    return why_not(then) if opens_at(then) is None else ""


def _next(time: dt.time, after: dt.datetime) -> dt.datetime:
    """Return when a clock shows a time next."""
    today = dt.datetime.combine(after.date(), time, after.tzinfo)
    return today if today > after else today + dt.timedelta(days=1)


def unsafe(facts: Facts) -> str:
    """Return what of the safety state forbids a call now, or ""."""
    if facts.may_call == "no":
        return "not_safe"
    return "" if facts.is_overridden else _unknown(facts)


def _unknown(facts: Facts) -> str:
    if facts.may_call != "yes":
        return "not_safe"
    if facts.asked_at is not None and facts.local - facts.asked_at > STANDS:
        return "too_old"
    hours = named_hours(facts.safe_from, facts.safe_until, facts.part)
    if None in hours and facts.was_promised:
        return "no_time"
    return "" if is_safe_hour(facts.local.time(), *hours, was_just_here=facts.was_just_here) else "not_now"


def named_hours(first: dt.time | None, last: dt.time | None, part: str) -> tuple[dt.time | None, dt.time | None]:
    """Return the hours that a person named: those that were agreed, else the part of the day by key; None for none."""
    return PARTS.get(part, (None, None)) if first is None or last is None else (first, last)


def is_safe_hour(now: dt.time, first: dt.time | None, last: dt.time | None, *, was_just_here: bool) -> bool:
    """Tell whether a person may be reached at a time of her own clock, by the hours that she named.

    Where she named none (None), it is 8 to 21 o'clock, and any hour at which she was just here.
    """
    if first is None or last is None:
        return was_just_here or _is_within(now, *UNNAMED)
    return _is_within(now, first, last)


def _is_within(now: dt.time, first: dt.time, last: dt.time) -> bool:
    return first <= now < last if first <= last else now >= first or now < last
