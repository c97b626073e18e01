"""Who is trained on a course as it stands: worked out from facts and editions, for any instant."""

from hypothesis import given, settings
from hypothesis import strategies as st

from training import grading, progress
from training.progress import Activity, Edition, Fact, Paper, Version

DAY = 24 * 3600 * 1000
QUESTION = grading.Item("q", "single", ("a", "b"), right=("a",))


def edition(number, day, **materials):
    """Return an edition published on a day: two lessons and the test, with these material numbers."""
    numbers = {"l1": 1, "l2": 1, "t": 1} | materials
    lessons = [
        Activity(key, "lesson", minutes=10, material=material) for key, material in numbers.items() if key != "t"
    ]
    tests = [Activity("t", "test", minutes=5, material=numbers["t"], form=2)]
    return Edition(number, day * DAY, Version(f"v{number}", (*lessons, *tests)))


def read(lesson, day, under="v1"):
    return Fact(f"{lesson} {day} {under}", "reached", lesson, "en", day * DAY, {"screen": "end"}, version=under)


def passed(day, under="v1", form=2):
    key = f"p{day} {under} {form}"  # a paper is of one form and one edition
    fact = Fact(key, "submitted", "t", "en", day * DAY, {"attempt": key, "answers": [{"item": "q", "response": "a"}]})
    return fact, Paper(key, (QUESTION,), grading.PassRule(1, ("q",)), form, under)


def standing(facts, chain, day, others=(), pinned=None, **more):
    papers = {one[1].attempt: one[1] for one in facts if isinstance(one, tuple)}
    state = progress.fold([one[0] if isinstance(one, tuple) else one for one in facts], papers)
    known = {one.version.id: one for one in (*chain, *others)}
    return progress.standing(state, papers, chain, known, pinned or [chain[0].version], day * DAY, **more)


FINISHED = [read("l1", 1), read("l2", 2), passed(3)]
FIRST, LAW_CHANGED = edition(1, 0), edition(2, 100, l2=2)


def test_who_has_not_finished_is_unfinished_and_whoever_has_is_current():
    assert standing(FINISHED[:2], [FIRST], 50).state == "unfinished"
    assert standing(FINISHED, [FIRST], 2).state == "unfinished"
    assert (standing(FINISHED, [FIRST], 3).state, standing(FINISHED, [FIRST], 3).current_to) == ("current", 1)


def test_a_material_change_asks_only_what_changed_for_ninety_days():
    chain = [FIRST, LAW_CHANGED]

    before, due = standing(FINISHED, chain, 99), standing(FINISHED, chain, 100)

    assert before.state == "current"
    assert (due.state, [one.id for one in due.asked], due.minutes) == ("refresher_due", ["l2"], 10)
    assert (due.since, due.until, due.current_to) == (100 * DAY, 190 * DAY, 1)
    assert standing(FINISHED, chain, 189).state == "refresher_due"
    assert standing(FINISHED, chain, 190).state == "lapsed"
    assert standing(FINISHED, chain, 100, grace_days=0).state == "lapsed"


def test_reading_the_changed_lesson_ends_it_and_what_was_stays_true_of_its_day():
    facts = [*FINISHED, read("l2", 200, "v2")]
    chain = [FIRST, LAW_CHANGED]

    assert (standing(facts, chain, 200).state, standing(facts, chain, 200).current_to) == ("current", 2)
    assert standing(facts, chain, 195).state == "lapsed"
    assert standing(facts, chain, 150).state == "refresher_due"
    assert standing([*FINISHED, read("l2", 120, "v1")], chain, 121).state == "refresher_due"


def test_a_newer_edition_retargets_the_refresher_and_the_grace_counts_from_the_first():
    chain = [FIRST, LAW_CHANGED, edition(3, 150, l1=2, l2=3)]

    found = standing(FINISHED, chain, 160)

    assert [one.id for one in found.asked] == ["l1", "l2"]
    assert found.until == 190 * DAY
    once = standing([*FINISHED, read("l2", 120, "v2")], chain, 160)
    assert ([one.id for one in once.asked], once.until, once.current_to) == (["l1", "l2"], 240 * DAY, 2)


def test_wording_and_what_was_added_without_being_material_ask_nobody_anew():
    longer = edition(2, 100, l3=0)

    assert standing(FINISHED, [FIRST, longer], 300).state == "current"
    assert standing(FINISHED, [FIRST, longer], 300).current_to == 2
    assert [one.id for one in standing(FINISHED, [FIRST, edition(2, 100, l3=1)], 101).asked] == ["l3"]


def test_a_new_right_answer_is_met_by_a_checkup_as_by_the_test():
    chain = [FIRST, edition(2, 100, t=2)]

    assert [one.id for one in standing(FINISHED, chain, 110).asked] == ["t"]
    assert standing([*FINISHED, passed(120, "v2", form=3)], chain, 130).state == "current"
    assert standing([*FINISHED, passed(120, "v1", form=3)], chain, 130).state == "refresher_due"


def test_who_finishes_under_an_old_edition_has_the_grace_from_then():
    facts = [read("l1", 120), read("l2", 121), passed(150)]

    assert standing(facts, [FIRST, LAW_CHANGED], 151).until == 240 * DAY


def test_work_under_another_country_counts_as_what_stood_here_then():
    other = Edition(7, 110 * DAY, Version("other", FIRST.version.activities))
    facts = [read("l1", 111, "other"), read("l2", 112, "other"), passed(113, "other")]

    found = standing(facts, [FIRST, LAW_CHANGED], 120, others=[other], pinned=[other.version])

    assert found.state == "current"


def test_a_checkup_is_offered_after_three_months_until_one_is_passed():
    def due(facts, day):
        papers = {one[1].attempt: one[1] for one in facts if isinstance(one, tuple)}
        state = progress.fold([one[0] if isinstance(one, tuple) else one for one in facts], papers)
        return progress.checkup_due(state, papers, 3 * DAY, day * DAY)

    assert not due(FINISHED, 93)
    assert due(FINISHED, 94)
    assert not due([*FINISHED, passed(95, form=3)], 96)
    assert [due([*FINISHED, passed(day, form=3)], 96) for day in (2, 3)] == [True, False]
    assert due([*FINISHED, passed(95, form=2)], 96)


def test_done_as_it_stands_is_what_was_done_under_the_number_that_holds_or_a_later_one():
    chain = [FIRST, LAW_CHANGED]
    known = {one.version.id: one for one in chain}
    state = progress.fold(FINISHED[:2], {})
    again = progress.fold([read("l2", 200, "v2")], {}, state)

    found = [progress.done_as_it_stands(one, key, chain, known) for one in (state, again) for key in ("l1", "l2")]

    assert found == [True, False, True, True]


def test_what_was_done_at_an_instant_is_done_by_it_and_not_after_it():
    story = Activity("l2", "scenario")
    version = Version("v1", (Activity("l1", "lesson"), story))
    state = progress.fold([read("l1", 1), read("l2", 2)], {})

    assert [progress.work_done_again_at(state, version, "", day * DAY) for day in (0, 1)] == [2 * DAY, None]
    assert [progress.stories_done(state, version, "", 2 * DAY - early) for early in (0, 1)] == [1, 0]


days = st.integers(1, 300)
PUBLISHED = {"v1": 0, "v2": 100, "v3": 150}


def then(day, version):
    """Return an edition that stood on a day."""
    return version if PUBLISHED[version] <= day else "v1"


editions = st.sampled_from(sorted(PUBLISHED))
work = st.lists(
    st.one_of(
        st.builds(
            lambda lesson, day, key: read(lesson, day, then(day, key)), st.sampled_from(["l1", "l2"]), days, editions
        ),
        st.builds(
            lambda day, key, form: passed(day, then(day, key), form), days, editions, st.sampled_from([1, 2, 3])
        ),
    ),
    max_size=10,
    unique_by=lambda one: one[0].id if isinstance(one, tuple) else one.id,
)
CHAIN = [FIRST, LAW_CHANGED, edition(3, 150, l1=2, l2=2, t=2)]
RANK = {"unfinished": 0, "lapsed": 1, "refresher_due": 2, "current": 3}


@settings(max_examples=300, deadline=None)
@given(work, days, st.randoms(use_true_random=False))
def test_order_repeats_and_what_came_later_do_not_change_how_one_stood(facts, day, dice):
    found = standing(facts, CHAIN, day)
    shaken = [*facts, *dice.sample(facts, len(facts) // 2)]
    dice.shuffle(shaken)
    by_then = [one for one in facts if (one[0] if isinstance(one, tuple) else one).at <= day * DAY]

    assert standing(shaken, CHAIN, day) == found
    assert standing(by_then, CHAIN, day) == found
    assert standing(facts, [one for one in CHAIN if one.at <= day * DAY] or CHAIN[:1], day) == found


@settings(max_examples=300, deadline=None)
@given(work, work, days)
def test_more_work_leaves_nobody_worse_off_than_unfinished_or_asked_for_more(facts, more, day):
    before, after = standing(facts, CHAIN, day), standing([*facts, *more], CHAIN, day)

    if before.state != "unfinished":
        assert after.completed_at <= before.completed_at
        if after.completed_at == before.completed_at:  # who turns out to have finished earlier had her grace earlier
            assert RANK[after.state] >= RANK[before.state]
        assert {one.id for one in after.asked} <= {one.id for one in before.asked}
        assert after.current_to >= before.current_to
