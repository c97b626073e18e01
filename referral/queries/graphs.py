"""A pathway as a drawing and as the same in words, for the editor and for a case."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from languages import table
from languages.text import listed
from referral import pathways
from referral.choices import Basis, CaseState, DeadlineType, Operator, Outcome, StepKind, TimeUnit
from referral.models import Case, PathwayVersion
from referral.queries import publishing, runs

IN_EDITOR = 1010  # what is left beside the menu on a page 1280 px wide
Say = Callable[[runs.Words], str]
Parts = tuple[runs.Words, ...]  # of one sentence, each in its language: ours, and what the pathway says
LATE, HERE, DONE, UNMET, SKIP = "late", "here", "done", "unmet", "skip"
PART = "\0"  # stands in no text that was written
IN_VAIN = frozenset({Outcome.DECLINED, Outcome.NO_ANSWER})


@dataclass(frozen=True)
class WayLine:
    """One way out of a step, in words: when it is taken, and the number of the step it leads to."""

    number: int
    target: str
    title: runs.Words
    condition: Parts
    state: str = ""


@dataclass(frozen=True)
class StepLine:
    """One step in words: what it is, who acts, until when and on what that rests, and where it leads."""

    number: int
    key: str
    kind: str
    kind_words: str
    title: runs.Words
    role: runs.Words
    deadlines: tuple[Parts, ...]
    ways: tuple[WayLine, ...]
    state: str = ""
    state_words: str = ""


@dataclass(frozen=True)
class GraphView:
    """The drawing and its list; both hold the same steps and ways."""

    graph: pathways.Graph
    lines: tuple[StepLine, ...]
    kinds: tuple[tuple[str, str], ...]
    has_states: bool
    summary: str

    @property
    def nodes(self):
        """Return the drawn steps."""
        return self.graph.nodes

    @property
    def edges(self):
        """Return the drawn ways."""
        return self.graph.edges

    @property
    def width(self) -> int:
        """Return the width of the drawing."""
        return self.graph.width

    @property
    def fits(self) -> bool:
        """Tell whether the drawing is shown whole on a wide screen."""
        return self.graph.fits

    @property
    def height(self) -> int:
        """Return the height of the drawing."""
        return self.graph.height


def graph_of(
    pathway: pathways.Pathway,
    language: str,
    states: dict[str, str] | None = None,
    taken: set | None = None,
    widest: int = pathways.WIDEST,
) -> GraphView:
    """Return the view of a pathway in a language; mirrored for scripts from right to left."""
    chain = (language, *table.CHAINS.get(language, ()), table.SOURCE)
    is_mirrored = table.BY_CODE[language].rtl
    graph = pathways.drawn(pathway, chain, states, taken or (), is_mirrored=is_mirrored, widest=widest)
    numbers = {node.key: node.number for node in graph.nodes}
    lines = tuple(
        _line(pathway, key, language, numbers, (states or {}).get(key, ""), taken or set()) for key in pathway.steps
    )
    used = {node.kind for node in graph.nodes}
    kinds = tuple((str(kind.value), str(kind.label)) for kind in StepKind if kind.value in used)
    return GraphView(graph, lines, kinds, states is not None, _summary(lines, states))


def graph_of_version(version: PathwayVersion, language: str, widest: int = pathways.WIDEST) -> GraphView:
    """Return the view of a published version."""
    return graph_of(runs.readable(version), language, widest=widest)


def graph_of_case(case: Case, language: str, at, engine: runs.EngineState | None = None) -> GraphView:
    """Return the view of a case's version with where the case stands."""
    engine = engine or runs.engine_state(case)
    late = {line.step for line in runs.deadlines_view(case, language, at, engine) if line.is_late}
    states, taken = standing(engine.pathway, engine.state, late)
    if case.state != CaseState.OPEN:
        states = {key: SKIP if state in {HERE, LATE, ""} else state for key, state in states.items()}
        states |= {key: SKIP for key in engine.pathway.steps if key not in states}
    return graph_of(engine.pathway, language, states, taken)


def standing(pathway: pathways.Pathway, state: pathways.State, late=frozenset()) -> tuple[dict[str, str], set]:
    """Return the state of each step (done, unmet, here, late, skip, "" for to come), and the ways that were taken.

    Unmet is help that was looked for and that no agency gives: the step is over, and nothing came of it.
    """
    states: dict[str, str] = {}
    for run in state.runs:
        if run.kind == "join" and run.is_live:
            continue
        states[run.step] = (LATE if run.step in late else HERE) if run.is_live else _ended(run)
        if run.state == "skipped":
            states[run.step] = SKIP
    reachable = _ahead(pathway, [run.step for run in state.live])
    for key in pathway.steps:
        if key not in states and key not in reachable:
            states[key] = SKIP
    taken = {(run.step, target) for run in state.runs for target in run.taken}
    return states, taken


def _ended(run: pathways.Run) -> str:
    return UNMET if run.kind == StepKind.REFERRAL and run.outcome in IN_VAIN else DONE


def _ahead(pathway: pathways.Pathway, steps: list[str]) -> set[str]:
    seen, waiting = set(steps), list(steps)
    while waiting:
        for way in pathway.ways[waiting.pop()]:
            if way["to"] not in seen:
                seen.add(way["to"])
                waiting.append(way["to"])
    return seen


def _line(pathway: pathways.Pathway, key: str, language: str, numbers, state: str, taken: set) -> StepLine:
    step = pathway.steps[key]
    role = pathway.roles.get(step.get("role", ""), {}).get("name", "")
    return StepLine(
        number=numbers[key],
        key=key,
        kind=step["kind"],
        kind_words=str(StepKind(step["kind"]).label),
        title=runs.words(step["title"], language),
        role=runs.words(role, language),
        deadlines=tuple(_parts(language, partial(rule_words, rule, pathway, language)) for rule in rules_of(step)),
        ways=tuple(_way(pathway, way, language, numbers, taken) for way in pathway.ways[key]),
        state=state,
        state_words=state_words(state),
    )


def _way(pathway, way: dict, language: str, numbers, taken: set) -> WayLine:
    title = runs.words(pathway.steps.get(way["to"], {}).get("title", way["to"]), language)
    condition = _parts(language, partial(way_words, pathway, way, language))
    state = "took" if (way["from"], way["to"]) in taken else ""
    return WayLine(numbers.get(way["to"], 0), way["to"], title, condition, state)


def _parts(language: str, written: Callable[[Say], str]) -> Parts:
    """Return a sentence in parts: ours, and between them what the pathway says, maybe in another language."""
    quoted: list[runs.Words] = []

    def kept(words: runs.Words) -> str:
        quoted.append(words)
        return f"{PART}{len(quoted) - 1}{PART}"

    parts = written(kept).split(PART)
    found = (quoted[int(part)] if place % 2 else runs.Words(part, language) for place, part in enumerate(parts))
    return tuple(words for words in found if words.text)


def state_words(state: str) -> str:
    """Return the words of a state."""
    return {
        DONE: _("done"), UNMET: pgettext("step of a pathway", "not met"), HERE: _("open now"), LATE: _("open now, late"), SKIP: _("not taken"),
    }.get(state, _("to come"))  # fmt: skip


def rules_of(step: dict) -> list[dict]:
    """Return a step's deadlines: its own, then its windows."""
    return ([step["deadline"]] if "deadline" in step else []) + step.get("windows", [])


def rule_words(rule: dict, pathway: pathways.Pathway, language: str, say: Say = str) -> str:
    """Return a deadline in words, always with its basis: "within 4 hours (default, not law)"."""
    names = {
        "type": DeadlineType(rule["type"]).label,
        "time": period_words(rule["amount"], rule["unit"]),
        "basis": basis_words(rule),
        "anchor": anchor_words(rule["anchor"], pathway, language, say),
    }
    if rule["anchor"] == "step_start":
        return _("%(type)s %(time)s (%(basis)s)") % names
    return _("%(type)s %(time)s, counted from %(anchor)s (%(basis)s)") % names


def period_words(amount: int, unit: str) -> str:
    """Return a period in words, in the right number: "1 hour", "5 working days"."""
    words = {
        TimeUnit.HOURS: ngettext("%(amount)s hour", "%(amount)s hours", amount),
        TimeUnit.DAYS: ngettext("%(amount)s day", "%(amount)s days", amount),
        TimeUnit.WORKING_DAYS: ngettext("%(amount)s working day", "%(amount)s working days", amount),
        TimeUnit.WORKING_HOURS: ngettext("%(amount)s working hour", "%(amount)s working hours", amount),
    }[TimeUnit(unit)]
    return words % {"amount": amount}


def basis_words(rule: dict) -> str:
    """Return the basis in words, with the reference of a decision."""
    label = str(Basis(rule["basis"]).label)
    if not rule.get("reference"):
        return label
    return _("%(basis)s: %(reference)s") % {"basis": label, "reference": rule["reference"]}


def anchor_words(anchor: str, pathway: pathways.Pathway, language: str, say: Say) -> str:
    """Return from where a deadline is counted, in words."""
    kind, _colon, name = anchor.partition(":")
    if kind == "fact":
        question = say(runs.words(pathway.facts.get(name, {}).get("label", name), language))
        return _("the answer to “%(question)s”") % {"question": question}
    if kind == "step":
        title = say(runs.words(pathway.steps.get(name, {}).get("title", name), language))
        return _("the end of “%(step)s”") % {"step": title}
    return _("the opening of the case") if kind == "case_opened" else _("the start of this step")


def way_words(pathway: pathways.Pathway, way: dict, language: str, say: Say = str) -> str:
    """Return when a way is taken, in words; empty for always. `say` writes what the pathway says."""
    parts = []
    if way.get("outcome"):
        parts.append(publishing.outcome_words(way["outcome"]))
    if way.get("when") is not None:
        parts.append(condition_words(pathway, way["when"], language, say))
    if way.get("on_unknown"):
        parts.append(_("or when asked and not known"))
    return listed(parts, language)


def condition_words(pathway: pathways.Pathway, condition: dict, language: str, say: Say = str) -> str:
    """Return a condition in words; `say` writes what the pathway says."""
    if "all" in condition:
        return _(" and ").join(condition_words(pathway, part, language, say) for part in condition["all"])
    if "any" in condition:
        return _(" or ").join(condition_words(pathway, part, language, say) for part in condition["any"])
    if "not" in condition:
        return _("not: %(condition)s") % {"condition": condition_words(pathway, condition["not"], language, say)}
    fact = pathway.facts.get(condition["fact"], {})
    names = {
        "question": say(runs.words(fact.get("label", condition["fact"]), language)),
        "test": Operator(condition["op"]).label,
        "value": _answer(fact, condition.get("value"), language, say),
    }
    if condition["op"] == "is_known":
        return _("“%(question)s” is known") % names
    return _("“%(question)s” %(test)s %(value)s") % names


def _answer(fact: dict, value, language: str, say: Say) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return listed((_answer(fact, part, language, say) for part in value), language)
    return say(runs.words(fact.get("choice_labels", {}).get(value, str(value)), language))


def _summary(lines: tuple[StepLine, ...], states) -> str:
    """Return what the drawing shows in one sentence, for people who hear it."""
    if states is None:
        return _("Pathway with %(count)s steps; read it as a list below.") % {"count": len(lines)}
    done = listed((line.title for line in lines if line.state == DONE), get_language()) or _("nothing yet")
    here = listed((line.title for line in lines if line.state in {HERE, LATE}), get_language()) or _("nothing")
    said = _("Done: %(done)s. Open now: %(here)s.") % {"done": done, "here": here}
    if unmet := listed((line.title for line in lines if line.state == UNMET), get_language()):
        said = "{} {}".format(said, _("Not met: %(steps)s.") % {"steps": unmet})
    return said
