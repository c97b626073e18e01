"""Matching: a reason for every criterion, unknown is never yes, the order is the explanation's."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from referral import matching
from referral.matching import NO, NOT_KNOWN, YES, Offer, Person

NOW = dt.datetime(2026, 11, 25, 22, 30, tzinfo=dt.UTC)  # a Wednesday


def offer(key=1, **fields):
    return Offer(**{"key": key, "organisation": key, "term": "shelter", "areas": frozenset({7})} | fields)


def answers(service, **person):
    match = matching.explain(service, Person(**{"term": "shelter", "areas": (7, 1)} | person), NOW)
    return {reason.criterion: reason.answer for reason in match.reasons}


def test_every_criterion_gets_a_reason_in_order():
    match = matching.explain(offer(), Person("shelter"), NOW)

    assert tuple(reason.criterion for reason in match.reasons) == matching.CRITERIA


def test_a_man_is_not_known_where_nothing_is_stated_about_men():
    women_only = offer(taken={("sex", "female"): True, ("sex", "male"): False})

    assert answers(offer(), sex="male")["sex"] == NOT_KNOWN
    assert answers(women_only, sex="male")["sex"] == NO
    assert answers(women_only, sex="female")["sex"] == YES
    assert answers(women_only)["sex"] == NOT_KNOWN


def test_ages_at_the_limits_are_taken_and_past_them_are_not():
    children = offer(minimum_age=6, maximum_age=17)

    assert [answers(children, age=age)["age"] for age in (5, 6, 17, 18)] == [NO, YES, YES, NO]
    assert answers(children)["age"] == NOT_KNOWN
    assert answers(offer(), age=30)["age"] == NOT_KNOWN


def test_area_is_near_wide_whole_country_or_elsewhere():
    chain = {"areas": (7, 1)}
    near, wide, everywhere, elsewhere = (
        matching.explain(offer(areas=frozenset(areas)), Person("shelter", **chain), NOW)
        for areas in ({7}, {1}, set(), {9})
    )

    assert [m.answer("area") for m in (near, wide, everywhere, elsewhere)] == [YES, YES, YES, NO]
    assert [m.distance for m in (near, wide, everywhere)] == [0, 1, 2]
    assert matching.explain(offer(), Person("shelter"), NOW).answer("area") == NOT_KNOWN


def test_hours_run_over_midnight():
    nights = ((2, dt.time(20), dt.time(6)),)  # Wednesday 20:00 to Thursday 6:00
    local = NOW

    assert matching.is_open(offer(hours=nights), local) is True
    assert matching.is_open(offer(hours=nights), local.replace(day=26, hour=5, minute=59)) is True
    assert matching.is_open(offer(hours=nights), local.replace(day=26, hour=6, minute=0)) is False
    assert matching.is_open(offer(hours=nights), local.replace(hour=19)) is False
    assert matching.is_open(offer(), local) is None
    assert matching.is_open(offer(is_always_open=True), local) is True


def test_old_news_of_free_beds_is_not_known():
    fresh, old = NOW - dt.timedelta(hours=1), NOW - dt.timedelta(days=4)

    assert answers(offer(available=2, available_at=fresh))["capacity"] == YES
    assert answers(offer(available=0, available_at=fresh))["capacity"] == NO
    assert answers(offer(available=2, available_at=old))["capacity"] == NOT_KNOWN


def test_closed_or_full_ranks_lower_but_is_not_ruled_out():
    full = offer(available=0, available_at=NOW)

    assert not matching.explain(full, Person("shelter", areas=(7,)), NOW).is_excluded


def test_ended_paused_wrong_term_and_conflict_rule_out():
    person = Person("shelter", areas=(7,), conflicts=frozenset({4}))
    services = [
        offer(1, valid_until=dt.date(2026, 11, 24)),
        offer(2, is_running=False),
        offer(3, term="health"),
        offer(4),
        offer(5, valid_from=dt.date(2026, 11, 26)),
        offer(6, valid_until=dt.date(2026, 11, 25)),
    ]

    matches = matching.rank(services, person, NOW)

    assert [m.key for m in matches if not m.is_excluded] == [6]
    assert sorted(m.key for m in matches if m.is_excluded) == [1, 2, 3, 4, 5]


def test_disability_children_and_form_count_only_where_they_apply():
    open_house = offer(taken={("disability", "yes"): False, ("children", "yes"): True, ("form", "sexual"): True})

    assert answers(open_house, has_disability=False)["disability"] == YES
    assert answers(open_house, has_disability=True)["disability"] == NO
    assert answers(open_house, children_with=2)["children"] == YES
    assert answers(open_house)["children"] == NOT_KNOWN
    assert answers(open_house, forms=frozenset({"sexual"}))["form"] == YES
    assert answers(open_house, forms=frozenset({"sexual", "begging"}))["form"] == NOT_KNOWN


def test_order_is_no_nos_then_fewest_unknown_then_near_open_free_checked_and_assigned():
    person = Person("shelter", areas=(7, 1), sex="female", language="en")
    women = {("sex", "female"): True}
    known = {"taken": women, "languages": frozenset({"en"})}
    services = [
        offer(1, **known, position=2),
        offer(2, **known, position=1),
        offer(3, **known, assured_date=dt.date(2026, 11, 1), position=9),
        offer(4, **known, areas=frozenset({1}), assured_date=dt.date(2026, 11, 2)),
        offer(5),
        offer(6, taken={("sex", "female"): False}),
        offer(7, taken=women, languages=frozenset({"fr"})),
    ]

    assert [match.key for match in matching.rank(services, person, NOW)] == [3, 2, 1, 4, 5, 7, 6]


tri = st.sampled_from([None, True, False])


@given(
    st.lists(
        st.builds(
            Offer,
            key=st.integers(1, 50),
            organisation=st.integers(1, 9),
            term=st.sampled_from(["shelter", "health"]),
            areas=st.frozensets(st.integers(1, 5), max_size=3),
            minimum_age=st.none() | st.integers(0, 30),
            maximum_age=st.none() | st.integers(30, 90),
            taken=st.dictionaries(
                st.tuples(st.just("sex"), st.sampled_from(["female", "male"])), st.booleans(), max_size=2
            ),
            available=st.none() | st.integers(0, 3),
            available_at=st.none() | st.just(NOW),
        ),
        max_size=6,
        unique_by=lambda one: one.key,
    ),
    st.builds(
        Person,
        term=st.just("shelter"),
        areas=st.lists(st.integers(1, 5), max_size=2, unique=True).map(tuple),
        sex=st.sampled_from([None, "female", "male"]),
        age=st.none() | st.integers(0, 90),
    ),
)
def test_a_ranking_is_its_explanation_recomputed_and_drops_nobody(services, person):
    ranked = matching.rank(services, person, NOW)

    again = {one.key: matching.explain(one, person, NOW) for one in services}
    assert {match.key: match for match in ranked} == again
    excluded = [match.is_excluded for match in ranked]
    assert excluded == sorted(excluded)
