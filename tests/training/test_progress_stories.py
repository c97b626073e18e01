"""Plays in the fold: whatever the order, however often, the same state; one end completes, nothing is taken away."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.stories import STORY
from training import progress, scenarios
from training.progress import Activity, Fact, Version

GRAPH = scenarios.graph_of_file(STORY)
LESSON = Activity("l1", "lesson", screens=("s1",))
STORIES = tuple(Activity(key, "scenario", graph=GRAPH, graph_id="g") for key in ("s1", "s2"))
BEFORE, AFTER = Version("v1", (LESSON,)), Version("v2", (LESSON, *STORIES))
PATHS = [
    ["look"], ["look", "care"], ["look", "cell"], ["look", "cell", "move"], ["family"], ["family", "wait"],
    ["family", "again", "look", "care"],
]  # fmt: skip
READ = Fact("read", "reached", "l1", "en", 10, {"screen": "end"})


def chose(path, *, key="e", at=5, story="s1", play="p1", language="en"):
    payload = {"play": play, "graph": "g", "path": list(path)}
    return Fact(key, "chose", story, language, at, payload, end=scenarios.walk(GRAPH, path).end)


facts = st.builds(
    lambda key, path, at, story, play, language: chose(
        path, key=str(key), at=at, story=story, play=play, language=language
    ),
    st.uuids(version=4),
    st.sampled_from(PATHS),
    st.integers(1, 1000),
    st.sampled_from(["s1", "s2"]),
    st.sampled_from(["p1", "p2"]),
    st.sampled_from(["en", "ar", "bn"]),
)
batches = st.lists(st.one_of(facts, st.just(READ)), max_size=10, unique_by=lambda fact: fact.id)


def folded(events):
    return progress.canonical(progress.fold(events, {}))


def summed(events, *versions):
    return progress.summary(progress.fold(events, {}), list(versions or [AFTER]), {})


@settings(max_examples=1000)
@given(batches, st.randoms(use_true_random=False), st.integers(0, 10))
def test_order_repeats_and_splits_do_not_matter(events, dice, cut):
    shaken = [*events, *dice.sample(events, len(events) // 2)]
    dice.shuffle(shaken)
    one, other = progress.fold(events[:cut], {}), progress.fold(events[cut:], {})

    assert folded(shaken) == folded(events)
    assert progress.canonical(progress.join(one, other)) == folded(events)
    assert progress.join(one, other) == progress.join(other, one)
    assert progress.join(one, progress.empty()) == one == progress.join(one, one)


@settings(max_examples=1000)
@given(batches, facts)
def test_one_more_play_takes_nothing_away(events, more):
    before, after = summed(events), summed([*events, more])
    ends, now = (progress.fold(some, {}).get("ends", {}) for some in (events, [*events, more]))

    assert before.completed_at is None or after.completed_at <= before.completed_at
    assert set(ends) <= set(now)
    assert after.last_at >= (before.last_at or 0)


def test_one_end_of_each_required_story_completes_whatever_end_it_is():
    lost, sound = chose(["family", "wait"], key="a"), chose(["look", "care"], key="b", story="s2", at=30)

    assert summed([READ, lost]).completed_at is None
    assert summed([READ, lost, sound]).completed_at == 30
    assert (summed([READ, lost, sound]).done, summed([READ, lost, sound]).of) == (1, 1)


def test_a_story_that_is_not_required_is_not_waited_for():
    version = Version("v3", (LESSON, Activity("s1", "scenario", required=False, graph=GRAPH)))

    assert summed([READ], version).completed_at == 10


def test_who_finished_before_the_story_came_stays_finished():
    assert summed([READ], BEFORE).completed_at == 10
    assert summed([READ], BEFORE, AFTER).completed_at == 10
    assert summed([READ], AFTER).completed_at is None


def test_the_furthest_path_of_each_play_is_kept():
    events = [
        chose(["look"], key="a", at=9),
        chose(["look", "cell"], key="b", at=2),
        chose(["family"], key="c", play="p2"),
    ]

    plays = progress.fold(events, {})["plays"]

    assert {key: entry[3] for key, entry in plays.items()} == {"s1/p1": ["look", "cell"], "s1/p2": ["family"]}


def test_who_played_nothing_has_the_state_she_always_had():
    assert set(progress.fold([READ], {})) == set(progress.empty())
    assert not {"plays", "ends"} & set(progress.empty())
