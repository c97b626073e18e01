"""What the compiled row of a scenario holds: its words in one language beside its keys, as the player reads it."""

from languages.choices import Freshness
from training import progress, scenarios
from training.actions import behind
from training.actions.trees import Tree, Words
from training.models import Scenario


def scenario_body(tree: Tree, scenario: Scenario, language: str) -> dict:
    """Return a scenario in one language; its graph is the source's, so that every language is the same story."""
    words, graph = tree.words(scenario, language), scenario.graph
    sources = {block["id"]: block["value"] for block in scenario.nodes_en.get_prep_value()}
    return {
        "id": str(scenario.activity),
        "key": scenario.key,
        **{name: words.field(name) for name in ("heading", "intro", "note")},
        "minutes": scenario.minutes,
        "required": scenario.required,
        "start": graph.start,
        "graph": progress.graph_id(scenarios.skeleton_of(graph)),
        "nodes": [_node(block, sources[block["id"]], words) for block in scenario.nodes.get_prep_value()],
        "state": words.state(language),
        "languages": [code for code in tree.languages if tree.played_in[scenario.pk][code].done],
    }


def _node(block: dict, source: dict, words: Words) -> dict:
    """Return a scene or an end with the language it is really in, since when it is out of date, and what is new in it."""
    path, value = f"nodes.{block['id']}", block["value"]
    node = {"kind": block["type"], "lang": words.block_language(path)} | value
    shown = words.shown.get(path)
    if shown and shown.freshness >= Freshness.MATERIAL and shown.date:
        node["stale"] = shown.date.date().isoformat()
    return node | behind.scene(shown, source) | {"choices": [item["value"] for item in value.get("choices", ())]}
