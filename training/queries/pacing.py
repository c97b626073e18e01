"""Whether somebody may take a test now: how often she took it, until when she waits, who allowed her one more."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from training import progress
from training.choices import Form
from training.models import Allowance, Attempt, Enrolment, Learner
from training.queries import versions
from training.queries.moments import instant, milliseconds

# What reads, once it is needed, the editions that hold for a learner, and every edition of her course by its id.
Chains = Callable[[], tuple[list[progress.Edition], Mapping[str, progress.Edition]]]


@dataclass(frozen=True)
class Turn:
    """How a learner stands with a test at an instant: tries used of how many, and from when the next may begin.

    `attempts` None: as often as she likes. `opens_at` is None unless it is ahead. `has_kept`: one is open, and
    answers of it were kept on the way.
    """

    used: int = 0
    attempts: int | None = None
    wait_hours: int = 0
    opens_at: dt.datetime | None = None
    is_used_up: bool = False
    has_kept: bool = False

    @property
    def is_open(self) -> bool:
        """Tell whether she may begin, or go on, now."""
        return self.opens_at is None and not self.is_used_up

    @property
    def next(self) -> int:
        """Return which try the next one is."""
        return self.used + 1


def chance_of(enrolment: Enrolment, form: int) -> progress.Chance:
    """Return what is open to a learner of a test, by its newest edition for her country."""
    return _chance(enrolment, form, enrolment.attempts.order_by("number"), _newest(enrolment))


def _newest(enrolment: Enrolment) -> progress.Version:
    return versions.value_of(versions.newest(enrolment.course_id, enrolment.learner.home))


def _chance(enrolment: Enrolment, form: int, attempts: Iterable[Attempt], newest: progress.Version) -> progress.Chance:
    state = progress.read_state(enrolment.progress.state)
    allowed = moments_allowed([enrolment.pk]).get((enrolment.pk, int(form)), [])
    return chance(attempts, form, state, ruled(newest, enrolment.learner), allowed, _chains(enrolment, newest))


def _chains(enrolment: Enrolment, newest: progress.Version) -> Chains:
    """Return what reads the chain in which the newest edition stands, and every edition of the course by its id."""

    def read() -> tuple[list[progress.Edition], Mapping[str, progress.Edition]]:
        chains, known = versions.editions_of(enrolment.course_id)
        return chains[newest.country], known

    return read


def ruled(version: progress.Version, learner: Learner) -> progress.Version:
    """Return an edition with the rule of tries that holds for a learner: nobody could allow more to one with a code."""
    return version if learner.user_id else replace(version, pace=version.pace.with_code)


def chance(
    attempts: Iterable[Attempt],
    form: int,
    state: progress.State,
    newest: progress.Version,
    allowed: Iterable[int],
    chains: Chains,
) -> progress.Chance:
    """Return the same from rows that were read already.

    A paper from before there was such a rule counts for nothing, nor does one of a test whose right answers or law
    changed since: that is another test. One of another country's edition counts as the test that stood here then, so that
    nobody has new tries by moving; `chains` is asked for a paper of another country alone.
    """
    test = newest.test(form)
    if test is None or form == Form.PRE:
        return progress.Chance()
    kept = [one for one in attempts if one.form == form and str(one.public_id) not in state["voided"]]
    papers = [(one, progress.read(one.paper)) for one in kept if one.submitted_at is not None]
    papers = [(one, paper) for one, paper in papers if "attempts" in paper]
    numbers = _numbers([paper for _one, paper in papers], test, newest, chains)
    tries = [_try(*both) for both, number in zip(papers, numbers, strict=True) if number == test.material]
    return progress.chance(tries, newest.pace, allowed)


def _numbers(
    papers: list[Mapping], test: progress.Activity, newest: progress.Version, chains: Chains
) -> list[int | None]:
    """Return the material number of each paper's test, in the numbers of the country whose newest edition this is."""
    drawn = [paper.get("version", newest.id) for paper in papers]
    known = versions.values_of({key for key in drawn if key != newest.id})
    elsewhere = {key for key, edition in known.items() if edition.country != newest.country}
    chain, editions = chains() if elsewhere else ([], {})
    here = {key: progress.as_here(key, chain, editions) for key in elsewhere}
    return [
        here[key].material_of(test.id) if here.get(key) else paper["material"]
        for key, paper in zip(drawn, papers, strict=True)
    ]


def _try(attempt: Attempt, paper: Mapping) -> progress.Try:
    times = milliseconds(attempt.started_at), milliseconds(attempt.submitted_at)
    return progress.Try(*times, bool(attempt.passed), progress.pace_in(paper), paper.get("with_code", False))


def is_beyond(attempt: Attempt, own: list[Attempt], enrolment: Enrolment, at: dt.datetime) -> bool:
    """Tell whether a test with a progress code was handed in when an account's own tries left none open.

    `own` are the tests of the account, `enrolment` its place in the course. One that is still open is handed in `at`.
    """
    moment, form = attempt.submitted_at or at, attempt.form
    before = [one for one in own if one.submitted_at and one.submitted_at <= moment]
    state = progress.read_state(enrolment.progress.state)
    newest = versions.value_of(versions.newest(enrolment.course_id, enrolment.learner.home))
    allowed = moments_allowed([enrolment.pk]).get((enrolment.pk, form), [])
    allowed = [one for one in allowed if one <= milliseconds(moment)]
    found = chance(before, form, state, newest, allowed, _chains(enrolment, newest))
    return found.is_used_up or (found.opens or 0) > milliseconds(moment)


def turn_of(
    found: progress.Chance, attempts: Iterable[Attempt], form: int, state: progress.State, at: dt.datetime
) -> Turn:
    """Return how a learner stands at an instant; a test that is open goes on once its time has come."""
    standing = next((one for one in attempts if one.form == form and one.submitted_at is None), None)
    if standing is not None:
        opens, used_up = standing.opens_at, False
    else:
        opens, used_up = instant(found.opens), found.is_used_up
    return Turn(
        found.used,
        found.pace.attempts,
        found.pace.wait_hours,
        opens if opens and opens > at else None,
        used_up,
        standing is not None and _has_kept(standing, state),
    )


def _has_kept(attempt: Attempt, state: progress.State) -> bool:
    begins = f"{attempt.public_id}/"
    return any(key.startswith(begins) and last[3] is not None for key, last in state["last"].items())


def turn(enrolment: Enrolment, form: int, at: dt.datetime) -> Turn:
    """Return how a learner stands with a test of her course at an instant."""
    return turn_by(enrolment, form, at, list(enrolment.attempts.order_by("number")), _newest(enrolment))


def turn_by(
    enrolment: Enrolment, form: int, at: dt.datetime, attempts: list[Attempt], newest: progress.Version
) -> Turn:
    """Return the same where her tests, and the newest edition for her country, were read already; one query."""
    state = progress.read_state(enrolment.progress.state)
    return turn_of(_chance(enrolment, form, attempts, newest), attempts, form, state, at)


def moments_allowed(enrolments: Iterable[int]) -> Mapping[tuple[int, int], list[int]]:
    """Return, by enrolment and form, the moments at which one more try was allowed; one query."""
    found: dict[tuple[int, int], list[int]] = {}
    rows = Allowance.objects.filter(enrolment__in=list(enrolments))
    for enrolment, form, at in rows.values_list("enrolment", "form", "at"):
        found.setdefault((enrolment, form), []).append(milliseconds(at))
    return found
