"""What publishing an edit would change for readers: what they have, beside what they would get."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace

from django.db import models

from training import changing, grading
from training.models import Course, Curriculum, Lesson, Module, Overlay, Question, Scenario
from training.queries.entries import seen_instead
from training.queries.facts import ORDER_ONLY, facts_of

TEXTS = {
    Lesson: ("heading_en", "aim_en"),
    Course: ("heading_en", "summary_en", "audience_en", "disclaimer_en"),
    Scenario: ("heading_en", "intro_en", "note_en"),
}
ENTRY_TEXTS = ("text_en", "source_en", "article")
STREAMS = {Lesson: ("body_en",), Question: ("body_en",), Scenario: ("nodes_en",), Course: ("aide_en", "glossary_en")}


def told_of(thing: models.Model, plan: Sequence[tuple] | None = None, countries: Sequence[str] | None = None) -> dict:
    """Return what counts of a lesson, a question, a scenario, a course, a module or a curriculum, as the engine compares it.

    `plan` and `countries` are the course's as they are typed, while they are not in the course yet.
    """
    if isinstance(thing, Course):
        found = {"rule": [sorted(map(list, thing.plan() if plan is None else plan)), thing.pass_minimum]}
    elif isinstance(thing, Question):
        found = {"rule": [thing.critical, thing.form, thing.objective, sorted(thing.tracks)]}
    elif isinstance(thing, Module | Curriculum):
        found = {}
    elif isinstance(thing, Scenario):
        found = {"required": thing.required, "story": _story(thing)}
    else:
        found = {"required": thing.required, "tracks": sorted(thing.tracks)}
    found["body"] = blocks_of(thing)
    typed = {} if countries is None else {"countries": sorted(countries)}
    facts = {name: value for name, value in (facts_of(thing) | typed).items() if name not in ORDER_ONLY}
    return found | {"facts": facts, "text": {name: getattr(thing, name) or "" for name in TEXTS.get(type(thing), ())}}


def told_of_entry(entry: Overlay) -> dict:
    """Return what counts of a country entry: its words, line ends left aside, and where it stands: elsewhere it is other law."""
    place = f"{entry.country_id}:{entry.curriculum_id or ''}:{entry.slot}"
    words = {name: "\n".join((getattr(entry, name) or "").splitlines()) for name in ENTRY_TEXTS}
    return {"text": words, "body": [{"type": "law", "value": {"slot": place}}]}


def proposal_for_entry(entry: Overlay, told: dict | None) -> changing.Proposal:
    """Return the kind of change that saving a country entry would be; `told` is what it said where readers have it.

    A new one of a curriculum takes the place of the one for every curriculum. An entry is law: other words are material.
    """
    after, behind = told_of_entry(entry), seen_instead(entry) if told is None else None
    before = told_of_entry(behind) | {"body": after["body"]} if behind else told
    found = changing.proposal(before, after)
    return replace(found, change=changing.MATERIAL) if found.change == changing.MINOR and before else found


def blocks_of(thing: models.Model) -> list[dict]:
    """Return the raw source blocks of a lesson, a question, a scenario or a course as they are compared; a module has none.

    They are the same whether they come from a row, from a draft or from a form that was just read, and whoever typed
    them: numbers in their plainest writing, lines ended as rows end them, names in one order (PostgreSQL keeps its own),
    without the keys that the editor gives to paragraphs anew each time it opens a text.
    """
    return [block for name in STREAMS.get(type(thing), ()) for block in blocks_in(thing, name)]


def as_known(live: models.Model | None, draft: models.Model) -> models.Model:
    """Return a draft with the blocks that were put in anew under the ids of what they replace for readers."""
    known = copy(draft)
    for name in STREAMS.get(type(draft), ()) if live else ():
        setattr(known, name, changing.as_known(blocks_in(live, name), blocks_in(draft, name)))
    return known


def blocks_in(thing: models.Model, column: str) -> list[dict]:
    """Return the raw blocks of one column as they are compared."""
    return [_bare(grading.as_written(block)) for block in getattr(thing, column).get_prep_value()]


def _bare(part):
    if isinstance(part, str):
        return changing.without_block_keys(part).replace("\r\n", "\n")
    if isinstance(part, Mapping):
        return {name: _bare(part[name]) for name in sorted(part)}
    return [_bare(value) for value in part] if isinstance(part, list | tuple) else part


def _story(scenario: Scenario) -> dict[str, object]:
    """Return what is judged in a story: what each choice does and where it leads, how each end comes out."""
    nodes = scenario.graph.nodes
    ends = {node.key: node.outcome for node in nodes if node.is_end}
    return ends | {f"{node.key}/{one.key}": [one.to, *one.marks] for node in nodes for one in node.choices}


def live_of(thing: models.Model) -> models.Model | None:
    """Return a thing as readers have it, or None when they have nothing of it."""
    return models.QuerySet(type(thing)).filter(pk=thing.pk, live=True).first() if thing.pk else None


def read_of(thing: models.Model) -> models.Model | None:
    """Return a thing as readers have it, or had it until it was taken off; None when they never had anything of it.

    What is taken off keeps in its row what readers had; what is written meanwhile is a draft beside it.
    """
    rows = models.QuerySet(type(thing)).filter(models.Q(live=True) | models.Q(first_published_at__isnull=False))
    return rows.filter(pk=thing.pk).first() if thing.pk else None


def proposal_for(
    thing: models.Model, plan: Sequence[tuple] | None = None, countries: Sequence[str] | None = None
) -> changing.Proposal:
    """Return the kind of change that publishing a thing as it stands in hand would be; a course with what is typed.

    Put on again as it was, nothing changes: who owed it owes it, and who did it did it.
    """
    before = read_of(thing)
    return changing.proposal(told_of(before) if before else None, told_of(thing, plan, countries))
