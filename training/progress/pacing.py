"""How often a test may be taken until it is passed, with how many hours between two tries, and by whose leave. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

HOUR = 3600 * 1000


@dataclass(frozen=True)
class Pace:
    """How many tries there are until a test is passed (None: as many as one likes), and the hours between two."""

    attempts: int | None = None
    wait_hours: int = 0

    def kinder(self, other: "Pace") -> "Pace":
        """Return what asks less of the two: what somebody was told holds, and so does a rule that is eased since."""
        both = (self.attempts, other.attempts)
        return Pace(None if None in both else max(both), min(self.wait_hours, other.wait_hours))

    @property
    def with_code(self) -> "Pace":
        """Return the rule for who learns with a progress code: as many tries as she likes, the same hours between two."""
        return Pace(None, self.wait_hours)


@dataclass(frozen=True)
class Try:
    """One paper that was handed in and not set aside; times in milliseconds, `pace` as copied when it began.

    `with_code`: it was begun with a progress code, where the number of tries is not limited.
    """

    began: int
    handed_in: int
    passed: bool
    pace: Pace
    with_code: bool = False


@dataclass(frozen=True)
class Chance:
    """What is open to a learner: tries used since she last passed, from when the next may begin (None: at once)."""

    used: int = 0
    pace: Pace = Pace()
    opens: int | None = None
    is_used_up: bool = False


def chance(tries: Iterable[Try], pace: Pace, allowed: Iterable[int] = ()) -> Chance:
    """Return whether a test may be taken again; `pace` is the rule of the newest edition.

    The wait runs from the moment at which she handed in, by the corrected clock of her phone, never from the arrival: a
    bad network costs nobody time. `allowed` are the moments at which a person allowed one more: it begins at once.
    A try with a progress code, which an account has taken over, uses none of the account's, but is waited after.
    """
    since = _since_passed(sorted(tries, key=lambda one: one.began))
    if not since:
        return Chance(pace=pace)
    own = [one for one in since if not one.with_code]
    last, used = since[-1], len(own)
    held = pace.kinder(own[-1].pace if own else Pace(pace.attempts, last.pace.wait_hours))
    if any(moment > last.began for moment in allowed):
        return Chance(used, held)
    if held.attempts is not None and used >= held.attempts:
        return Chance(used, held, is_used_up=True)
    return Chance(used, held, max(last.began, last.handed_in) + held.wait_hours * HOUR if held.wait_hours else None)


def _since_passed(tries: list[Try]) -> list[Try]:
    passed = [place for place, one in enumerate(tries) if one.passed]
    return tries[passed[-1] + 1 :] if passed else tries
