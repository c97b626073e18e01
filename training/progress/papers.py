"""Papers: which questions of an edition a test asks, by its form, its plan and the learner's track. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from training import grading
from training.progress.values import CHECKUP, POST, PRE, read

MOST_ASKED = 60  # questions of one test: more are nobody's test, and no phone's form
ANY = ""  # a row of the plan that asks whatever objective


class NoQuestions(LookupError):
    """Raised when an edition has no question of a form; publish one first."""


@dataclass(frozen=True)
class Lack:
    """A row of a plan for which the bank does not hold enough: for one track, or for all together."""

    form: int
    objective: str
    track: str
    asked: int
    there: int


@dataclass(frozen=True)
class Gain:
    """What changed from one paper to another in one objective: right answers of how many, before and after."""

    objective: str
    before: int
    before_of: int
    after: int
    after_of: int


def test_in(body: str, form: int) -> tuple[dict | None, dict]:
    """Return the entry of a form's test in an edition's JSON, its plan always filled in, and the pass rule.

    An edition of schema `course/1` has one test, which is of form 2 and draws from all its questions.
    """
    skeleton = read(body)
    entry = next((one for one in skeleton["tests"] if one.get("form", POST) == form), None)
    if entry is not None and "blueprint" not in entry:
        entry = entry | {"blueprint": [[ANY, skeleton["pass"]["draw"]]]}
    return entry, skeleton["pass"]


def draw(body: str, seed: str, form: int = POST, track: str = "", asked: Collection[str] = ()) -> dict:
    """Return the paper of a seed: row by row of the plan, critical questions first, then in the seed's order.

    `asked` are the questions that she was asked before, each as often as it was: the others come first, as far as the
    bank holds others.
    """
    test, rule = test_in(body, form)
    if test is None or not test["items"]:
        raise NoQuestions(f"The course {read(body)['course']} has no published question of form {form}.")
    open_to_her = _once(entry for entry in test["items"] if is_for(entry, track))
    drawn = _drawn(open_to_her, test["blueprint"], seed, Counter(asked))
    items = [entry for entry in open_to_her if entry["id"] in drawn]
    told = {"activity": test["id"], "form": form, "items": items, "material": test.get("material", 1)}
    return told | _rule(items, form, rule["minimum"])


def _once(entries: Iterable[dict]) -> list[dict]:
    """Return entries without a second one of the same id, which an older edition may hold: nobody could answer both."""
    found: dict[str, dict] = {}
    for entry in entries:
        found.setdefault(entry["id"], entry)
    return list(found.values())


def _drawn(entries: list[dict], blueprint: Iterable, seed: str, asked: Mapping[str, int]) -> set[str]:
    order = grading.shuffled(seed, "items", [entry["id"] for entry in entries])
    ranked = sorted(entries, key=lambda one: (not one["critical"], asked[one["id"]], order.index(one["id"])))
    drawn: set[str] = set()
    for objective, count in sorted(blueprint, key=lambda row: row[0] == ANY):
        fitting = [one["id"] for one in ranked if one["id"] not in drawn and _fits(one, objective)]
        drawn.update(fitting[:count])
    return drawn


def _fits(entry: dict, objective: str) -> bool:
    return objective == ANY or entry.get("objective", "") == objective


def is_for(entry: Mapping, track: str) -> bool:
    """Tell whether a question is asked of a track; who has chosen none is asked any."""
    return not track or not entry.get("tracks") or track in entry["tracks"]


def _rule(items: list[dict], form: int, minimum: int) -> dict:
    """Return what passing asks: nothing of a pre-test, one wrong at most of a check-up, else the course's own rule."""
    critical = [] if form == PRE else [entry["id"] for entry in items if entry["critical"]]
    needed = {PRE: 0, CHECKUP: max(0, len(items) - 1)}.get(form, min(minimum, len(items)))
    return {"minimum": needed, "critical": critical}


def asked_by_form(plan: Iterable[tuple[int, str, int]]) -> dict[int, int]:
    """Return how many questions a plan (form, objective, count) asks in each form."""
    asked: Counter[int] = Counter()
    for form, _objective, count in plan:
        asked[form] += count
    return dict(asked)


def lacks(plan: Iterable[tuple[int, str, int]], bank: Iterable[Mapping], tracks: Iterable[str]) -> list[Lack]:
    """Return the rows of a plan (form, objective, count) that a bank cannot fill, for each track of the course.

    An entry of the bank says form, objective and tracks. A row for any objective takes what the others leave.
    """
    plan, bank = list(plan), list(bank)
    found = []
    for track in list(tracks) or [""]:
        for form in sorted({row[0] for row in plan}):
            fitting = [entry for entry in bank if entry["form"] == form and is_for(entry, track)]
            rows = [(objective, count) for of_form, objective, count in plan if of_form == form]
            found += _lacks_of(form, track, rows, fitting)
    return found


def _lacks_of(form: int, track: str, rows: list[tuple[str, int]], entries: list[Mapping]) -> list[Lack]:
    found, taken = [], 0
    for objective, count in sorted(rows, key=lambda row: row[0] == ANY):
        there = len(entries) - taken if objective == ANY else sum(1 for one in entries if _fits(one, objective))
        taken += min(count, there)
        if there < count:
            found.append(Lack(form, objective, track, count, there))
    return found


def gain(before: Mapping, before_points: Mapping[str, int], after: Mapping, after_points: Mapping[str, int]):
    """Return, per objective that both papers asked, what was right before and after; papers as their JSON says them."""
    one, other = _by_objective(before, before_points), _by_objective(after, after_points)
    return tuple(Gain(objective, *one[objective], *other[objective]) for objective in one if objective in other)


def _by_objective(paper: Mapping, points: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for entry in paper["items"]:
        right, of = found.get(entry.get("objective", ""), (0, 0))
        found[entry.get("objective", "")] = (right + (points.get(entry["id"]) == grading.FULL), of + 1)
    return found
