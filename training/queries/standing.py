"""Who is trained on a course as it stands, at any instant: finished, and up to date with every material change."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import F

from languages.statements import ByKeys
from training import progress
from training.models import Attempt, Certificate, Enrolment
from training.queries import versions
from training.queries.moments import milliseconds
from training.queries.pacing import Turn, chance, ruled, turn_of


def standing(enrolment: Enrolment, at: dt.datetime) -> progress.Standing:
    """Return how an enrolment stood at an instant: unfinished, current, refresher_due or lapsed, and what is asked.

    Its `current_to` is the edition of her country up to which she is trained; certificates build on it.
    """
    return standings([enrolment], at)[enrolment.pk]


def standings(enrolments: Iterable[Enrolment], at: dt.datetime) -> dict[int, progress.Standing]:
    """Return how several enrolments stood at an instant, by their keys; three queries however many they are."""
    enrolments = list(enrolments)
    files = Files.of(enrolments)
    return {enrolment.pk: files.standing(enrolment, at) for enrolment in enrolments}


def _papers(*enrolments: int):
    return Attempt.objects.filter(enrolment__in=enrolments).order_by("enrolment", "number")


def _papers_with_turns(*enrolments: int):
    """Return the same, each once for every further try that was allowed in its enrolment: they are few."""
    told = {f"allowed_{name}": F(f"enrolment__allowances__{name}") for name in ("form", "at")}
    return _papers(*enrolments).annotate(**told)


_PAPERS, _PAPERS_WITH_TURNS = ByKeys(_papers), ByKeys(_papers_with_turns)


def papers_of(enrolments: Iterable[int]) -> list[Attempt]:
    """Return the tests of enrolments in their order; one query."""
    return _PAPERS.objects(enrolments)


@dataclass(frozen=True)
class Files:
    """What standing is worked out from: the papers of enrolments and the editions of their courses."""

    attempts: Mapping[int, list[Attempt]]
    editions: Mapping[int, list[tuple[str, progress.Edition]]]
    allowed: Mapping[tuple[int, int], set[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, enrolments: list[Enrolment]) -> "Files":
        """Read what is needed for these enrolments; two queries."""
        return cls(*_by_enrolment(enrolments, papers_of({enrolment.pk for enrolment in enrolments})))

    @classmethod
    def with_turns(cls, enrolments: list[Enrolment]) -> "Files":
        """Read the same, and with the papers who was allowed one more try."""
        rows, allowed = _PAPERS_WITH_TURNS.objects(enrolment.pk for enrolment in enrolments), {}
        for row in rows:
            if row.allowed_at is not None:
                allowed.setdefault((row.enrolment_id, row.allowed_form), set()).add(milliseconds(row.allowed_at))
        return cls(*_by_enrolment(enrolments, {row.pk: row for row in rows}.values()), allowed)

    def papers(self, enrolment: Enrolment) -> dict[str, progress.Paper]:
        """Return the papers of an enrolment by their attempts."""
        keys = ((str(attempt.public_id), attempt.paper) for attempt in self.attempts[enrolment.pk])
        return {key: progress.paper_of(key, paper) for key, paper in keys}

    def chain(self, enrolment: Enrolment) -> list[progress.Edition]:
        """Return the editions that hold for a learner: those of her country, where it has any, else those for all."""
        home, rows = enrolment.learner.home, self.editions.get(enrolment.course_id, [])
        own = [edition for country, edition in rows if country and country == home]
        return own or [edition for country, edition in rows if not country]

    def has_moved(self, enrolment: Enrolment) -> bool:
        """Tell whether a learner ever followed an edition of another chain than that of the country where she is now."""
        state, home = progress.read_state(enrolment.progress.state), self._ids(enrolment)
        return any(one.id not in home for one in _pinned(enrolment, state, self._known(enrolment)))

    def is_elsewhere(self, enrolment: Enrolment, key: str) -> bool:
        """Tell whether an edition stands in another chain than that of the country where its learner is now."""
        return key not in self._ids(enrolment)

    def _ids(self, enrolment: Enrolment) -> set[str]:
        return {edition.version.id for edition in self.chain(enrolment)}

    def standing(self, enrolment: Enrolment, at: dt.datetime, beside: str = "") -> progress.Standing:
        """Return how an enrolment stood at an instant: as her country asks, or the chain in which the edition `beside` is."""
        state = progress.read_state(enrolment.progress.state)
        known = self._known(enrolment)
        return progress.standing(
            state,
            self.papers(enrolment),
            self._chain_with(enrolment, beside) if beside else self.chain(enrolment),
            known,
            _pinned(enrolment, state, known),
            milliseconds(at),
        )

    def standing_of_work(
        self, enrolment: Enrolment, certified: progress.Version, since: dt.datetime, at: dt.datetime, beside: str = ""
    ) -> progress.Standing:
        """Return how an enrolment stood at an instant by its lessons and stories alone, beyond a certificate's edition.

        As her country asks, or the chain in which the edition `beside` is.
        """
        state, track = progress.read_state(enrolment.progress.state), enrolment.progress.track
        chain = self._chain_with(enrolment, beside) if beside else self.chain(enrolment)
        known = self._known(enrolment)
        return progress.standing_of_work(state, chain, known, certified, milliseconds(since), track, milliseconds(at))

    def caught_up_at(self, enrolment: Enrolment, key: str, *, with_test: bool = True) -> int | None:
        """Return when a learner had done all that an edition asks, as it stands there; None while something is lacking.

        It is asked in the edition's own chain, so that who moved to another country keeps what she earned. Without the
        test, which a certificate of completion does not ask for, and of who has not finished the course, all else is.
        """
        state, papers, known = (
            progress.read_state(enrolment.progress.state),
            self.papers(enrolment),
            self._known(enrolment),
        )
        finished_at, track = progress.completion(state, _pinned(enrolment, state, known), papers)
        if finished_at is None:
            track = enrolment.progress.track
        chain = self._chain_with(enrolment, key)
        asked = known[key].version.asked(track)
        asked = [one for one in asked if (with_test and finished_at is not None) or one.kind != "test"]
        return progress.caught_up_at(state, papers, chain, known, asked)

    def asks_more(
        self, enrolment: Enrolment, key: str, than: Certificate, kinds: Iterable[str] = progress.KINDS
    ) -> bool:
        """Tell whether an edition asks something of a learner beyond what a certificate says, also one of another chain."""
        row, known, chain = enrolment.progress, self._known(enrolment), self._chain_with(enrolment, key)
        state, old = progress.read_state(row.state), known[str(than.version.public_id)].version
        by, new = milliseconds(than.attained_at), known[key].version
        return progress.asks_more(state, chain, known, old, by, new, row.track, kinds)

    def worked_in(self, enrolment: Enrolment, at: dt.datetime | None = None) -> dict[str, list[progress.Edition]]:
        """Return the chains, by country, in whose editions a learner did something, each with those; at an instant, or ever."""
        state, moment = progress.read_state(enrolment.progress.state), milliseconds(at) if at else None
        under, found = progress.worked_under(state, self.papers(enrolment), moment), {}
        for country, edition in self.editions.get(enrolment.course_id, []):
            if edition.version.id in under:
                found.setdefault(country, []).append(edition)
        return found

    def chain_in(self, enrolment: Enrolment, country: str) -> list[progress.Edition]:
        """Return the editions of a country, "" for all together."""
        return [edition for one, edition in self.editions.get(enrolment.course_id, []) if one == country]

    def rests_on_waiver(self, enrolment: Enrolment, key: str, by: dt.datetime) -> bool:
        """Tell whether a lesson or story that an edition asks counted as done by an instant without being done so."""
        row, known = enrolment.progress, self._known(enrolment)
        state, chain = progress.read_state(row.state), self._chain_with(enrolment, key)
        return progress.rests_on_waiver(state, chain, known, known[key].version, row.track, milliseconds(by))

    def _chain_with(self, enrolment: Enrolment, key: str) -> list[progress.Edition]:
        """Return the chain in which an edition of a learner's course stands, of whatever country."""
        rows = self.editions[enrolment.course_id]
        own = next(country for country, edition in rows if edition.version.id == key)
        return [edition for country, edition in rows if country == own]

    def _known(self, enrolment: Enrolment) -> dict[str, progress.Edition]:
        """Return every edition of a learner's course, of whatever country, by its id."""
        return {edition.version.id: edition for _country, edition in self.editions.get(enrolment.course_id, [])}

    def followed(self, enrolment: Enrolment) -> list[tuple[int, progress.Version]]:
        """Return the editions that a learner followed, the present one last, each with the instant from which on.

        Of the first that is when it was published.
        """
        known, moved = self._known(enrolment), progress.read_state(enrolment.progress.state)["pinned"]
        keys = {key: moved.get(key, 0) for key in (*moved, str(enrolment.version.public_id)) if key in known}
        first, *later = sorted(keys, key=lambda key: (keys[key], known[key].at))
        return [(known[first].at, known[first].version), *((keys[key], known[key].version) for key in later)]

    def turn(self, enrolment: Enrolment, form: int, at: dt.datetime) -> Turn:
        """Return how a learner stands with a test at an instant."""
        chain, attempts = self.chain(enrolment), self.attempts[enrolment.pk]
        if not chain:
            return Turn()
        state = progress.read_state(enrolment.progress.state)
        allowed = self.allowed.get((enrolment.pk, int(form)), [])
        newest = ruled(chain[-1].version, enrolment.learner)
        found = chance(attempts, form, state, newest, allowed, lambda: (chain, self._known(enrolment)))
        return turn_of(found, attempts, form, state, at)

    def owes_checkup(self, enrolment: Enrolment, at: dt.datetime) -> bool:
        """Tell whether a check-up is offered: three months after the end, until one is passed."""
        completed_at = enrolment.progress.completed_at
        state = progress.read_state(enrolment.progress.state)
        ended = milliseconds(completed_at) if completed_at else None
        return progress.checkup_due(state, self.papers(enrolment), ended, milliseconds(at))


def _by_enrolment(enrolments: list[Enrolment], papers: Iterable[Attempt]) -> tuple[dict, dict]:
    attempts: dict[int, list[Attempt]] = {enrolment.pk: [] for enrolment in enrolments}
    for attempt in papers:
        attempts[attempt.enrolment_id].append(attempt)
    return attempts, versions.editions({enrolment.course_id for enrolment in enrolments})


def _pinned(
    enrolment: Enrolment, state: progress.State, known: Mapping[str, progress.Edition]
) -> list[progress.Version]:
    """Return the editions that an enrolment was ever pinned to, the present one last."""
    keys = [*state["pinned"], str(enrolment.version.public_id)]
    return [known[key].version for key in keys if key in known]
