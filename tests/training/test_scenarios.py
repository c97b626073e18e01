"""The engine of scenarios: each fault by its own code, any path walked the same way, again and again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.stories import STORY, changed
from training import scenarios
from training.choices import DIMENSIONS, SCENARIO_FAULTS, Effect, Outcome

GRAPH = scenarios.graph_of_file(STORY)


def faults(story):
    found = scenarios.faults_of(scenarios.graph_of_file(story))
    return {(one.code, one.node, one.choice, one.found) for one in found}


def new_node(key, **more):
    return {"key": key, "kind": "scene", "text": "x", "choices": []} | more


def way(key, to, **more):
    return {"key": key, "text": "x", "to": to, "feedback": "x"} | more


def lengthen(story, nodes):
    story["nodes"] += [new_node(f"n{number}", choices=[way("on", "e1")]) for number in range(54)]
    nodes["a1y"]["choices"] += [way(f"n{number}", f"n{number}") for number in range(54)]


def trap(story, nodes):
    story["nodes"] += [new_node("pit", choices=[way("round", "hole")]), new_node("hole", choices=[way("back", "pit")])]
    nodes["a1"]["choices"].append(way("fall", "pit"))


BROKEN = {
    "no_start": (lambda s, n: s.update(start="zz"), ("", "", "zz")),
    "no_sound_end": (lambda s, n: n["e3"].update(outcome="partial"), ("", "", "")),
    "node_twice": (lambda s, n: s["nodes"].append(dict(n["e1"])), ("e1", "", "")),
    "unreachable": (lambda s, n: s["nodes"].append(new_node("island", choices=[way("on", "e1")])), ("island", "", "")),
    "no_way_out": (trap, ("pit", "", "")),
    "bad_key": (lambda s, n: n["a1y"]["choices"][0].update(key="Two words"), ("a1y", "Two words", "Two words")),
    "unknown_kind": (lambda s, n: n["a1y"].update(kind="dream"), ("a1y", "", "dream")),
    "no_text": (lambda s, n: n["a1"].update(text=" "), ("a1", "", "")),
    "too_long": (lambda s, n: n["a1"].update(text="word " * 91), ("a1", "", "91")),
    "end_goes_on": (lambda s, n: n["e1"].update(choices=[way("on", "e2")]), ("e1", "", "")),
    "no_outcome": (lambda s, n: n["e1"].update(outcome="great"), ("e1", "", "great")),
    "no_debrief": (lambda s, n: n["e1"].update(debrief=""), ("e1", "", "")),
    "choices_count": (lambda s, n: n["a1"]["choices"].extend(way(k, "e1") for k in "xyz"), ("a1", "", "5")),
    "choice_twice": (lambda s, n: n["a1"]["choices"].append(way("care", "e1")), ("a1", "care", "")),
    "unknown_target": (lambda s, n: n["a1"]["choices"][0].update(to="nowhere"), ("a1", "care", "nowhere")),
    "no_words": (lambda s, n: n["a1"]["choices"][0].update(text=""), ("a1", "care", "")),
    "no_feedback": (lambda s, n: n["a1"]["choices"][0].update(feedback="  "), ("a1", "care", "")),
    "bad_mark": (lambda s, n: n["a1"]["choices"][0].update(case=3), ("a1", "care", "")),
    "too_many_nodes": (lengthen, ("", "", "61")),
}


def test_the_story_can_be_played():
    assert scenarios.faults_of(GRAPH) == []


@pytest.mark.parametrize("code", sorted(BROKEN))
def test_each_broken_graph_is_refused_for_its_own_reason(code):
    change, where = BROKEN[code]

    assert (code, *where) in faults(changed(change))


def test_each_rule_has_a_broken_graph_and_a_sentence():
    assert set(BROKEN) == set(SCENARIO_FAULTS)


def test_a_scene_without_choices_is_a_dead_end_and_the_way_there_is_told():
    found = scenarios.faults_of(scenarios.graph_of_file(changed(lambda s, n: n["a1y"].update(choices=[]))))

    assert {(one.code, one.path) for one in found} == {
        ("no_way_out", ("a0", "a1", "a1y")),
        ("choices_count", ("a0", "a1", "a1y")),
        ("unreachable", ()),  # the end to which it alone led
    }


def test_ninety_words_four_choices_and_sixty_nodes_are_taken():
    def fill(story, nodes):
        nodes["a1"]["text"] = "word " * 90
        nodes["a1"]["choices"] += [way("third", "e1"), way("fourth", "e2")]
        chain = [f"n{number}" for number in range(53)]
        story["nodes"] += [
            new_node(one, choices=[way("on", to)]) for one, to in zip(chain, [*chain[1:], "e2"], strict=True)
        ]
        nodes["a1y"]["choices"].append(way("long", "n0"))

    assert faults(changed(fill)) == set()


def test_an_end_is_no_first_scene():
    assert ("no_start", "", "", "e3") in faults(changed(lambda s, n: s.update(start="e3")))


def test_the_words_of_the_engine_are_those_of_the_choices():
    assert tuple(DIMENSIONS) == scenarios.DIMENSIONS
    assert set(Outcome.values) == set(scenarios.OUTCOMES)
    assert set(Effect.values) == {-2, -1, 0, 1, 2}


@st.composite
def paths(draw, most=40):
    """A path through the story as somebody may walk it, perhaps not to an end."""
    path, node = [], GRAPH.by_key[GRAPH.start]
    for _step in range(draw(st.integers(0, most))):
        if node.is_end:
            break
        choice = draw(st.sampled_from(node.choices))
        path.append(choice.key)
        node = GRAPH.by_key[choice.to]
    return tuple(path)


@given(paths())
def test_any_path_replays_on_the_graph_and_on_its_skeleton(path):
    bare = scenarios.graph_of(scenarios.skeleton_of(GRAPH))

    one, other = scenarios.walk(GRAPH, path), scenarios.walk(bare, path)

    assert [step.choice.key for step in one.steps] == list(path)
    assert [step.to.key for step in one.steps] == [step.to.key for step in other.steps]
    assert (one.here.key, one.end) == (other.here.key, other.end)
    assert scenarios.walk(GRAPH, path[:-1]).here == (one.steps[-1].scene if path else one.here)


@given(paths(), st.lists(st.sampled_from(["look", "care", "nonsense", "e3", ""]), min_size=1, max_size=4))
def test_what_of_a_path_is_known_is_its_longest_beginning_that_can_be_walked(path, more):
    kept = scenarios.furthest_part(GRAPH, [*path, *more])

    assert kept[: len(path)] == path
    scenarios.walk(GRAPH, kept)
    if len(kept) < len(path) + len(more):
        with pytest.raises(scenarios.NoSuchStep) as stop:
            scenarios.walk(GRAPH, [*path, *more])
        assert stop.value.position == len(kept)


def test_a_path_as_long_as_one_may_be_is_walked_and_one_step_more_is_not():
    round_trip = ["family", "again"] * (scenarios.MOST_STEPS // 2)

    assert scenarios.walk(GRAPH, round_trip).here.key == "a0"
    with pytest.raises(scenarios.NoSuchStep):
        scenarios.walk(GRAPH, [*round_trip, "look"])


@pytest.mark.parametrize("outcome", scenarios.OUTCOMES)
def test_the_shortest_path_to_an_outcome_ends_there(outcome):
    path = scenarios.path_to(GRAPH, outcome)

    assert scenarios.walk(GRAPH, path).here.outcome == outcome


def test_there_is_no_path_to_an_outcome_that_no_end_has():
    story = changed(lambda s, n: n["e1"].update(outcome="partial"))

    assert scenarios.path_to(scenarios.graph_of_file(story), "lost") is None
