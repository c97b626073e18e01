"""The fold: whatever the order, however often, the same state; it only moves up."""

import uuid

from hypothesis import given, settings
from hypothesis import strategies as st

from training import grading, progress
from training.progress import Activity, Fact, Paper, Version

QUESTION = grading.Item("q1", "single", ("a", "b"), right=("a",))
OTHER = grading.Item("q2", "single", ("a", "b"), right=("b",))
OF_TRACK = {3: ("official",)}
LESSONS = tuple(
    Activity(f"l{number}", "lesson", screens=("s1", "s2"), tracks=OF_TRACK.get(number, ())) for number in range(4)
)
TEST = Activity("t", "test", items=(QUESTION, OTHER), form=2)
VERSION = Version("v1", (*LESSONS, TEST))
PAPERS = {key: Paper(key, (QUESTION, OTHER), grading.PassRule(2, ("q1",))) for key in ("p1", "p2")}
LANGUAGES = ("en", "fr", "ar", "ht")

KEYS = [uuid.UUID(int=number, version=4) for number in range(1, 4)]
moments = st.integers(min_value=1_700_000_000_000, max_value=1_800_000_000_000)
lessons = st.sampled_from([lesson.id for lesson in LESSONS])
answers = st.sampled_from(["a", "b", None])


def _payloads():
    begin = st.integers(min_value=0, max_value=40_000)
    return st.one_of(
        st.tuples(st.just("opened"), lessons, st.just({})),
        st.tuples(
            st.just("reached"), lessons, st.fixed_dictionaries({"screen": st.sampled_from(["s1", "s2", "end"])})
        ),
        st.tuples(st.just("acknowledged"), lessons, st.just({"block": "s1"})),
        st.tuples(st.just("focused"), lessons, begin.map(lambda start: {"from": start, "to": start + 300})),
        st.tuples(
            st.just("answered"),
            lessons,
            st.fixed_dictionaries(
                {"attempt": st.none(), "item": st.just("q1"), "turn": st.integers(1, 5), "response": answers}
            ),
        ),
        st.tuples(
            st.just("submitted"),
            st.just("t"),
            st.builds(
                lambda attempt, one, two: {
                    "attempt": attempt,
                    "answers": [{"item": "q1", "response": one}, {"item": "q2", "response": two}],
                },
                st.sampled_from(["p1", "p2"]),
                answers,
                answers,
            ),
        ),
        st.tuples(st.just("waived"), lessons, st.just({})),
        st.tuples(
            st.just("attended"),
            st.just(""),
            st.fixed_dictionaries(
                {"session": st.sampled_from(["m1", "m2"]), "minutes": st.integers(1, 600), "how": st.just("paper")}
            ),
        ),
        st.tuples(
            st.just("regraded"),
            st.just("t"),
            st.fixed_dictionaries(
                {
                    "attempt": st.sampled_from(["p1", "p2"]),
                    "item": st.sampled_from(["q1", "q2"]),
                    "key": st.just("k"),
                    "points": st.sampled_from([0, 500, 1000]),
                    "max": st.just(1000),
                }
            ),
        ),
        st.tuples(
            st.just("voided"),
            st.just(""),
            st.sampled_from(KEYS).map(lambda key: {"attempts": [], "events": [str(key)], "reason": "other"}),
        ),
        st.tuples(st.just("moved"), st.just(""), st.just({"from": "v1", "to": "v2"})),
        st.tuples(
            st.just("tracked"), st.just(""), st.fixed_dictionaries({"track": st.sampled_from(["migrant", "official"])})
        ),
    )


facts = st.builds(
    lambda key, what, language, at, edition: Fact(str(key), what[0], what[1], language, at, what[2], version=edition),
    st.sampled_from(KEYS) | st.uuids(version=4),
    _payloads(),
    st.sampled_from(LANGUAGES),
    moments,
    st.sampled_from(["v1", "v2"]),
)
batches = st.lists(facts, max_size=14, unique_by=lambda fact: fact.id)


def folded(events):
    return progress.canonical(progress.fold(events, PAPERS))


def summed(events):
    return progress.summary(progress.fold(events, PAPERS), [VERSION], PAPERS)


@settings(max_examples=1000, deadline=None)
@given(batches, st.randoms(use_true_random=False))
def test_order_and_repeats_do_not_matter(events, dice):
    shaken = [*events, *dice.sample(events, len(events) // 2)]
    dice.shuffle(shaken)

    assert folded(shaken) == folded(events)


@settings(max_examples=1000, deadline=None)
@given(batches, st.integers(0, 14))
def test_split_into_batches_and_devices_gives_the_same(events, cut):
    one, other = progress.fold(events[:cut], PAPERS), progress.fold(events[cut:], PAPERS)

    assert progress.canonical(progress.join(one, other)) == folded(events)
    assert progress.canonical(progress.fold(events[cut:], PAPERS, one)) == folded(events)


@settings(max_examples=1000, deadline=None)
@given(batches, batches, batches)
def test_join_is_associative_commutative_idempotent_and_empty_is_neutral(first, second, third):
    a, b, c = (progress.fold(events, PAPERS) for events in (first, second, third))

    assert progress.join(progress.join(a, b), c) == progress.join(a, progress.join(b, c))
    assert progress.join(a, b) == progress.join(b, a)
    assert progress.join(a, a) == a
    assert progress.join(a, progress.empty()) == a


@settings(max_examples=1000, deadline=None)
@given(batches, facts.filter(lambda fact: fact.verb != "voided"))  # which is said to take something back
def test_one_more_event_takes_nothing_away(events, more):
    before, after = summed(events), summed([*events, more])

    if after.track == before.track:  # another group of readers is asked other lessons
        assert after.done >= before.done
    assert after.best >= before.best
    assert set(before.done_lessons) <= set(after.done_lessons)
    assert after.seconds >= before.seconds
    assert before.passed_at is None or after.passed_at <= before.passed_at
    assert before.completed_at is None or after.completed_at <= before.completed_at


@given(st.sampled_from(LANGUAGES), st.randoms(use_true_random=False))
def test_a_course_is_whole_in_whatever_languages_it_was_read(language, dice):
    ends = [Fact(lesson.id, "reached", lesson.id, language, 5, {"screen": "end"}) for lesson in LESSONS]
    mixed = [Fact(lesson.id, "reached", lesson.id, dice.choice(LANGUAGES), 5, {"screen": "end"}) for lesson in LESSONS]
    paper = {"attempt": "p1", "answers": [{"item": "q1", "response": "a"}, {"item": "q2", "response": "b"}]}
    handed_in = Fact("t", "submitted", "t", language, 9, paper)

    one, several = summed([*ends, handed_in]), summed([*mixed, handed_in])

    assert (one.done, one.of, one.completed_at) == (4, 4, 9)
    assert (several.done, several.of, several.completed_at) == (4, 4, 9)


def test_critical_item_decides_and_a_voided_attempt_does_not_count():
    good = {"attempt": "p1", "answers": [{"item": "q1", "response": "a"}, {"item": "q2", "response": "b"}]}
    events = [Fact("e1", "submitted", "t", "en", 3, good)]
    void = Fact("e2", "voided", "", "en", 4, {"attempts": ["p1"], "events": [], "reason": "seen by a second person"})

    assert summed(events).passed_at == 3
    assert summed([*events, void]).passed_at is None
    assert summed([*events, void]).best == 0


def test_time_is_the_union_of_intervals():
    spans = [(0, 300), (200, 400), (1000, 1100), (0, 300)]
    events = [
        Fact(str(place), "focused", "l0", "en", 1, {"from": begin, "to": end})
        for place, (begin, end) in enumerate(spans)
    ]

    assert summed(events).seconds == 500


def test_completion_under_an_earlier_version_stays():
    longer = Version("v2", (*LESSONS, Activity("l9", "lesson"), TEST))
    events = [Fact(lesson.id, "reached", lesson.id, "en", 5, {"screen": "end"}) for lesson in LESSONS]
    paper = {"attempt": "p1", "answers": [{"item": "q1", "response": "a"}, {"item": "q2", "response": "b"}]}
    state = progress.fold([*events, Fact("t", "submitted", "t", "en", 9, paper)], PAPERS)

    found = progress.summary(state, [VERSION, longer], PAPERS)

    assert (found.done, found.of, found.completed_at) == (4, 5, 9)
    assert progress.summary(state, [longer], PAPERS).completed_at is None


def ended(*lessons, at=5, edition="v1"):
    return [Fact(f"{one}{edition}", "reached", one, "en", at, {"screen": "end"}, version=edition) for one in lessons]


def passed(at=9, attempt="p1"):
    paper = {"attempt": attempt, "answers": [{"item": "q1", "response": "a"}, {"item": "q2", "response": "b"}]}
    return Fact(f"t{attempt}", "submitted", "t", "en", at, paper)


def tracked(track, at):
    return Fact(f"{track}{at}", "tracked", "", "en", at, {"track": track})


def test_only_the_lessons_of_her_track_are_asked():
    work = [*ended("l0", "l1", "l2"), passed()]

    assert (summed(work).of, summed(work).completed_at) == (4, None)
    chosen = summed([*work, tracked("migrant", 10)])
    assert (chosen.done, chosen.of, chosen.track, chosen.completed_at) == (3, 3, "migrant", 9)
    assert summed([*work, tracked("official", 10)]).completed_at is None


def test_another_track_takes_no_completion_away():
    work = [*ended("l0", "l1", "l2"), passed(), tracked("migrant", 10)]

    found = summed([*work, tracked("official", 20)])

    assert (found.track, found.of, found.done, found.completed_at) == ("official", 4, 3, 9)


def test_a_pretest_or_a_checkup_is_no_pass_and_no_best_result():
    papers = {"p1": Paper("p1", (QUESTION, OTHER), grading.PassRule(0), 1)}
    state = progress.fold([passed()], papers)

    found = progress.summary(state, [VERSION], papers)

    assert (found.passed_at, found.best) == (None, 0)


def test_a_state_of_an_earlier_fold_is_read():
    early = {part: things for part, things in progress.empty().items() if part not in {"under", "tracks", "track"}}

    assert progress.read_state(progress.canonical(early)) == progress.empty()


def waiving(key, at, edition="v1"):
    return Fact(key, "waived", LESSONS[0].id, "en", at, {"reason": "taught"}, version=edition)


def taken_back(*keys, at):
    return Fact("back", "voided", LESSONS[0].id, "en", at, {"attempts": [], "events": [*keys], "reason": "other"})


def test_a_waiver_that_was_taken_back_counts_for_nothing_in_whatever_order_it_arrives():
    lesson = LESSONS[0].id
    for events in ([waiving("w1", 5), taken_back("w1", at=9)], [taken_back("w1", at=9), waiving("w1", 5)]):
        state = progress.fold(events, {})

        assert (progress.waived(state), progress.under(state)) == ({}, {})
        assert lesson not in progress.summary(state, [VERSION], {}).done_lessons
        again = progress.fold([waiving("w2", 12, "v2")], {}, state)
        assert (progress.waived(again), progress.under(again)) == ({lesson: 12}, {f"{lesson}/v2": 12})
        assert progress.waivers_of(again, lesson) == ("w2",)


def test_a_waiver_that_an_earlier_fold_kept_stands_and_cannot_be_named():
    state = progress.empty() | {"waived": {LESSONS[0].id: 5}}

    assert progress.waived(state) == {LESSONS[0].id: 5}
    assert progress.waivers_of(state, LESSONS[0].id) == ()


def test_canonical_json_is_sorted_composed_and_without_spaces():
    assert progress.canonical({"b": 1, "a": "e\u0301"}) == '{"a":"\u00e9","b":1}'


def at_session(key, minutes, at):
    return Fact(key, "attended", "", "en", at, {"session": "m1", "minutes": minutes, "how": "paper"})


def test_the_longest_stay_counts_and_what_was_taken_back_does_not():
    seen = [at_session("e1", 60, 5), at_session("e2", 90, 9)]
    void = Fact("e3", "voided", "", "en", 10, {"attempts": [], "events": ["e2"], "reason": "not_there"})

    assert progress.attended(progress.fold(seen, PAPERS)) == {"m1": 90}
    assert progress.seen_by(progress.fold(seen, PAPERS), "m1") == ("e1", "e2")
    assert progress.attended(progress.fold([void, *seen], PAPERS)) == {"m1": 60}
    assert progress.seen_by(progress.fold([*seen, void], PAPERS), "m1") == ("e1",)
    assert progress.attended(progress.empty()) == {}


def test_a_course_that_was_complete_for_several_tracks_at_once_is_so_for_the_one_chosen_last():
    work = [*ended("l0", "l1", "l2", "l3"), passed()]
    first, second = tracked("migrant", 10), tracked("official", 20)

    found = [
        progress.completion(progress.fold([*work, *chosen], PAPERS), [VERSION], PAPERS)[1]
        for chosen in ([first], [first, second], [second, tracked("migrant", 30)])
    ]

    assert found == ["migrant", "official", "migrant"]


def test_of_two_languages_at_one_instant_the_same_is_told_whichever_came_first():
    both = [Fact(code, "reached", "l0", code, 5, {"screen": "s1"}) for code in ("ar", "fr")]

    states = [progress.fold(order, PAPERS) for order in (both, both[::-1])]
    states.append(states[0] | {"languages": dict(reversed(states[0]["languages"].items()))})

    assert {progress.summary(state, [VERSION], PAPERS).language for state in states} == {"fr"}


def test_time_in_a_lesson_is_told_in_one_piece_and_of_four_hours_at_most():
    four = progress.FOUR_HOURS
    spans = [(0, 300), (300, 600), (700, 700), (1000, 1000 + four), (50_000, 50_001 + four)]
    facts = [Fact(str(span), "focused", "l0", "en", 5, {"from": span[0], "to": span[1]}) for span in spans]

    state = progress.fold(facts, PAPERS)

    assert state["time"] == {"l0": [[0, 600], [1000, 1000 + four]]}
