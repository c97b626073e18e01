"""How good a question is, and whether it is harder in one language: classical item statistics and Mantel-Haenszel. Pure.

Facility is the mean share of the points; discrimination the correlation of an item with the rest of the test (both as
classical test theory has them); the comparison of languages is the Mantel-Haenszel odds ratio in bands of the rest score,
on the delta scale of the Educational Testing Service (Holland and Thayer 1988: below 1 negligible, from 1.5 large).
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

FULL = 1000
FEWEST = 30
BANDS = 5
LARGE, NOTED = 1.5, 1.0
SIGNIFICANT = 3.84  # chi-square with one degree of freedom, 5 per cent


@dataclass(frozen=True)
class Given:
    """One answer of a first attempt: points of 1000, the rest of the test as a share of its points, what was chosen."""

    points: int
    rest: float
    language: str = ""
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figures:
    """The figures of an item among some answers; None where they are too few or cannot be worked out."""

    count: int
    facility: float | None = None
    discrimination: float | None = None

    @property
    def is_enough(self) -> bool:
        """Tell whether there are enough answers to say anything."""
        return self.count >= FEWEST


@dataclass(frozen=True)
class ChoiceCount:
    """How often an option was chosen, and how its choosers did in the rest of the test."""

    option: str
    count: int
    mean_rest: float | None


@dataclass(frozen=True)
class Comparison:
    """One language against the others: the difference on the delta scale (above 0: harder there), chi-square, verdict.

    Verdicts: `too_few`, `not_estimable`, `alike`, `watched`, `apart`.
    """

    language: str
    count: int
    verdict: str
    delta: float | None = None
    chi_square: float | None = None

    @property
    def is_harder(self) -> bool:
        """Tell whether the item is harder in this language."""
        return self.delta is not None and self.delta > 0


@dataclass(frozen=True)
class ItemFigures:
    """Everything about one version of an item."""

    overall: Figures
    by_language: dict[str, Figures] = field(default_factory=dict)
    choices: tuple[ChoiceCount, ...] = ()
    comparisons: tuple[Comparison, ...] = ()


def facility(points: Sequence[int]) -> float:
    """Return the mean share of the points that an item was given."""
    return sum(points) / (len(points) * FULL)


def discrimination(points: Sequence[int], rests: Sequence[float]) -> float | None:
    """Return the correlation of an item with the rest of the test; None when one of the two does not vary."""
    count = len(points)
    mean, mean_rest = sum(points) / count, sum(rests) / count
    covariance = sum((x - mean) * (r - mean_rest) for x, r in zip(points, rests, strict=True))
    spread = math.sqrt(sum((x - mean) ** 2 for x in points))
    spread_rest = math.sqrt(sum((r - mean_rest) ** 2 for r in rests))
    if spread < 1e-9 or spread_rest < 1e-9:
        return None
    return covariance / (spread * spread_rest)


def figures(answers: Sequence[Given]) -> Figures:
    """Return facility and discrimination, or only the number of answers where they are too few."""
    if len(answers) < FEWEST:
        return Figures(len(answers))
    points = [one.points for one in answers]
    return Figures(len(answers), facility(points), discrimination(points, [one.rest for one in answers]))


def choice_counts(answers: Sequence[Given], options: Iterable[str]) -> tuple[ChoiceCount, ...]:
    """Return each option with how often it was chosen and the mean rest score of who chose it."""
    rests: dict[str, list[float]] = defaultdict(list)
    for one in answers:
        for option in one.chosen:
            rests[option].append(one.rest)
    return tuple(
        ChoiceCount(option, len(rests[option]), sum(rests[option]) / len(rests[option]) if rests[option] else None)
        for option in options
    )


def band_of(rest: float) -> int:
    """Return the band of a rest score: fifths of the whole."""
    return min(BANDS - 1, int(rest * BANDS))


def mantel_haenszel(tables: Iterable[tuple[int, int, int, int]]) -> tuple[float | None, float | None]:
    """Return odds ratio and corrected chi-square of (right, wrong in the language; right, wrong in the rest) by band.

    A band in which one side is empty says nothing and is skipped. None where a denominator is zero.
    """
    over = under = observed = expected = variance = 0.0
    for right, wrong, rest_right, rest_wrong in tables:
        here, there = right + wrong, rest_right + rest_wrong
        total = here + there
        if not here or not there:
            continue
        over += right * rest_wrong / total
        under += wrong * rest_right / total
        all_right, all_wrong = right + rest_right, wrong + rest_wrong
        observed += right
        expected += all_right * here / total
        variance += here * there * all_right * all_wrong / (total**2 * (total - 1))
    ratio = over / under if under else None
    chi_square = max(0.0, abs(observed - expected) - 0.5) ** 2 / variance if variance else None
    return ratio, chi_square


def compare(answers: Sequence[Given], language: str) -> Comparison:
    """Return how an item does in one language against the others."""
    here = [one for one in answers if one.language == language]
    there = len(answers) - len(here)
    if min(len(here), there) < FEWEST:
        return Comparison(language, len(here), "too_few")
    tables = [[0, 0, 0, 0] for _band in range(BANDS)]
    for one in answers:
        place = (0 if one.language == language else 2) + (0 if one.points >= FULL else 1)
        tables[band_of(one.rest)][place] += 1
    ratio, chi_square = mantel_haenszel(tuple(table) for table in tables)
    if ratio is None or chi_square is None:
        return Comparison(language, len(here), "not_estimable", chi_square=chi_square)
    delta = -2.35 * math.log(ratio) if ratio else math.inf
    return Comparison(language, len(here), _verdict(delta, chi_square), delta, chi_square)


def _verdict(delta: float, chi_square: float) -> str:
    if abs(delta) >= LARGE and chi_square > SIGNIFICANT:
        return "apart"
    return "watched" if abs(delta) >= NOTED else "alike"


def item_figures(answers: Sequence[Given], options: Iterable[str] = ()) -> ItemFigures:
    """Return everything about one version of an item from the answers of first attempts."""
    by_language: dict[str, list[Given]] = defaultdict(list)
    for one in answers:
        by_language[one.language].append(one)
    codes = sorted(by_language)
    return ItemFigures(
        overall=figures(answers),
        by_language={code: figures(by_language[code]) for code in codes},
        choices=choice_counts(answers, options),
        comparisons=tuple(compare(answers, code) for code in codes) if len(codes) > 1 else (),
    )
