"""Who finished what, counted by hand: small groups, months and languages from which nobody can be picked out."""

import datetime as dt

import pytest

from training import actions, queries, reports
from training.models import Enrolment, OfficeCount, Progress
from training.queries.completion import Completion, Group


def test_numbers_are_those_of_a_count_by_hand(office, staff, manager, at):
    staff(office("Court A"), finished=6, under_way=3, not_begun=3)
    staff(office("Post B"), finished=5, under_way=1, not_begun=4)

    found = queries.completion(manager, {})

    assert [(one.name, one.finished, one.under_way, one.not_begun, one.total) for one in found.groups] == [
        ("Court A", 6, 3, 3, 12), ("Post B", 5, 1, 4, 10),
    ]  # fmt: skip
    assert (found.finished, found.under_way, found.not_begun, found.total) == (11, 4, 7, 22)
    assert [(share.code, share.finished, share.begun) for share in found.languages] == [("fr", 11, 15)]


@pytest.mark.parametrize("group", ["office", "country"])
def test_people_of_a_small_office_are_in_no_number(office, staff, manager, at, group):
    staff(office("Court A"), finished=6, under_way=3, not_begun=3)
    staff(office("Post B"), finished=5, under_way=4)

    found = queries.completion(manager, {"group": group})

    assert (found.finished, found.total, found.hidden.offices) == (6, 12, 1)
    assert sum(share.begun for share in found.languages) in {0, 9}
    assert all(one.finished is None for one in found.groups if one.is_hidden)
    assert found.months == ()


def test_a_small_language_is_hidden_with_the_next_and_the_rest_is_shown(office, staff, manager, at):
    court = office("Court A")
    for language, finished, under_way in (("fr", 20, 10), ("ar", 8, 4), ("ht", 3, 3)):
        staff(court, finished=finished, under_way=under_way, language=language)

    found = queries.completion(manager, {})

    assert [(one.code, one.finished, one.begun) for one in found.languages] == [("fr", 20, 30)]
    assert (found.languages_hidden, found.finished + found.under_way) == (2, 48)


def test_no_two_countries_tell_a_small_language_by_their_difference(office, staff, person, countries, at):
    for name, country, few in (("Court A", "HT", 12), ("Cour B", "TN", 6)):
        place = office(name, country)
        staff(place, finished=few, language="fr")
        staff(place, finished=20, under_way=11, language="ar")
        staff(place, finished=12, under_way=12, language="en")
    everywhere = person("analyst")

    def told(**filters):
        return {one.code: one.begun for one in queries.completion(everywhere, filters).languages}

    assert told(country=countries["HT"]) == {"ar": 31, "en": 24, "fr": 12}
    assert told(country=countries["TN"]) == {"ar": 31}
    assert told() == {"ar": 62, "en": 24, "fr": 12}  # of Tunisia only what its own table shows


def test_another_country_is_not_counted(office, staff, manager, at):
    staff(office("Court A"), finished=10)
    staff(office("Cour B", "TN"), finished=12)

    found = queries.completion(manager, {})

    assert [one.name for one in found.groups] == ["Court A"]
    assert list(queries.countries_visible_to(manager).values_list("pk", flat=True)) == ["HT"]


def test_bars_fit_their_frame():
    groups = tuple(
        Group("a", (), total, finished, total - finished) for total in (10, 17, 333) for finished in (0, 5, total)
    )
    report = Completion(groups, 0, 0, 0, None, 0, (), (), 0)

    for bar in reports.group_bars(report):
        assert bar.finished + bar.under_way <= reports.BAR_WIDTH + 0.1
        assert all(bar.finished < x < bar.finished + bar.under_way for x in bar.hatches)


@pytest.mark.parametrize(("days", "middle"), [((1,) * 5 + (9,) * 6, 9), ((1,) * 5 + (9,) * 5, 5), ((3,) * 9, None)])
def test_the_median_is_that_of_the_days_they_took(office, staff, manager, at, days, middle):
    people = staff(office("Court A"), finished=len(days), not_begun=3)
    for user, took in zip(people, days, strict=False):
        rows = Progress.objects.filter(enrolment__learner__user=user)
        rows.update(completed_at=at)
        Enrolment.objects.filter(learner__user=user).update(started_at=at - dt.timedelta(days=took, hours=5))
    actions.count_readiness(at=at)

    assert queries.completion(manager, {}).median_days == middle


@pytest.mark.parametrize(("months", "finished"), [("", 24), ("3", 10), ("6", 12), ("12", 22)])
@pytest.mark.parametrize(("key", "group"), [("", "office"), ("judicial", "country"), ("safe-migration", "office")])
def test_a_period_and_a_course_are_told_as_counted(office, staff, manager, months, finished, key, group):
    court = office("Court A")
    for ago, many in ((90, 10), (91, 2), (360, 10), (361, 2)):
        staff(court, finished=many, ago=ago)
    staff(court, under_way=5, not_begun=6)

    found = queries.completion(manager, {"months": months, "course": key, "group": group})

    expected = (35, 0, 0) if key == "safe-migration" else (35, finished, 29 - finished)
    assert [(one.total, one.finished, one.under_way) for one in found.groups] == [expected]
    assert (found.total, found.finished, found.under_way) == expected
    assert sum(share.finished for share in found.languages) == expected[1]


def test_who_finished_after_the_count_is_in_the_next_one(office, staff, manager, at, later):
    people = staff(office("Court A"), finished=10, under_way=2)
    rows = Progress.objects.filter(enrolment__learner__user=people[-1])
    rows.update(completed_at=later(10))
    before = queries.completion(manager, {})
    actions.count_readiness(at=later(60))
    after = queries.completion(manager, {})

    assert (before.finished, before.counted_at, after.finished, after.counted_at) == (10, at, 11, later(60))
    assert queries.completion(manager, {"months": "3"}).finished == 11


def test_before_the_first_count_nothing_is_told(manager):
    found = queries.completion(manager, {})

    assert (found.groups, found.total, found.median_days, found.counted_at) == ((), 0, None, None)


def parts(user, **filters):
    """What a person is told of each office: officials, finished, under way, not begun, the share."""
    groups = queries.completion(user, filters).groups
    return [(one.total, one.finished, one.under_way, one.not_begun, one.percent) for one in groups]


@pytest.mark.parametrize("role", ["analyst", "supervisor", "trainer", "administrator"])
def test_small_numbers_of_an_office_are_told_to_the_managers_of_its_country_alone(office, staff, manager, person, countries, role):  # fmt: skip
    staff(office("Court A"), finished=6, under_way=3, not_begun=3)
    staff(office("Court B"), finished=12, under_way=3, not_begun=10)
    staff(office("Court C"), finished=14, under_way=10, not_begun=10)
    reader = person(role, country=countries["HT"])

    found = queries.completion(reader, {})

    assert parts(manager) == [(12, 6, 3, 3, 50), (25, 12, 3, 10, 48), (34, 14, 10, 10, 41)]
    # Who finished at B would give the six at A away; what is under way at C, the three at A and B.
    assert parts(reader) == [(12, None, None, None, None), (25, None, None, None, None), (34, 14, None, None, 41)]
    assert (found.finished, found.under_way, found.not_begun, found.total) == (32, 16, 23, 71)
    assert (found.is_guarded, queries.completion(manager, {}).is_guarded) == (True, False)


def test_a_manager_of_no_country_and_of_another_one_is_no_manager_of_this_one(office, staff, person, countries):
    staff(office("Court A"), finished=6, under_way=3, not_begun=3)

    assert parts(person("manager")) == [(12, None, None, None, None)]


def test_what_two_periods_differ_by_is_no_small_number(office, staff, person, countries):
    court, other = office("Court A"), office("Court B")
    for place, recent, early in ((court, 12, 3), (other, 12, 10)):
        staff(place, finished=recent, not_begun=12)
        staff(place, finished=early, ago=200)
    analyst = person("analyst", country=countries["HT"])

    assert [finished for _total, finished, *_rest in parts(analyst)] == [15, 22]
    assert [finished for _total, finished, *_rest in parts(analyst, months="6")] == [None, None]


def test_a_course_that_few_fewer_finished_than_any_is_not_told(office, staff, person, countries):
    court = office("Court A")
    staff(court, finished=15, not_begun=12)
    analyst = person("analyst", country=countries["HT"])
    OfficeCount.objects.filter(office=court).update(finished=12)  # the other three finished another course

    assert [finished for _total, finished, *_rest in parts(analyst)] == [15]
    assert [finished for _total, finished, *_rest in parts(analyst, course="judicial")] == [None]


def totals(user, **filters):
    """What a person is told of all offices together: officials, finished, under way, not begun."""
    found = queries.completion(user, filters)
    return found.total, found.finished, found.under_way, found.not_begun


@pytest.fixture
def analyst(person, countries):
    return person("analyst", country=countries["HT"])


@pytest.mark.parametrize("key", ["", "judicial"])
@pytest.mark.parametrize("group", ["office", "country"])
def test_what_is_withheld_of_the_one_office_stands_in_no_total(office, staff, manager, analyst, key, group):
    staff(office("Court A"), finished=3, under_way=3, not_begun=9)
    asked = {"group": group, "course": key}

    found = queries.completion(analyst, asked)

    assert totals(analyst, **asked) == (15, None, None, None)
    assert parts(analyst, **asked) == [(15, None, None, None, None)]
    assert (found.languages, found.months, found.median_days, found.is_guarded) == ((), (), None, True)
    assert totals(manager, **asked) == (15, 3, 3, 9)
    assert parts(manager, **asked) == [(15, 3, 3, 9, 20)]


def test_a_total_that_gives_the_rest_of_the_one_office_away_is_withheld(office, staff, analyst):
    staff(office("Court A"), finished=12, not_begun=8)

    found = queries.completion(analyst, {})

    assert totals(analyst) == (20, None, None, None)
    assert (found.months, found.languages) == ((), ())  # they add up to the twelve


def test_who_finished_is_told_where_they_alone_are_many(office, staff, manager, analyst):
    staff(office("Court A"), finished=20, under_way=3, not_begun=10)

    assert totals(analyst) == (33, 20, None, None)
    assert parts(analyst, group="country") == [(33, 20, None, None, 60)]
    assert queries.completion(analyst, {}).languages == ()  # 20 of 23 would tell who is under way
    assert [one.begun for one in queries.completion(manager, {}).languages] == [23]


def test_a_language_that_many_began_and_few_finished_is_told_to_the_managers_alone(office, staff, manager, analyst):
    court = office("Court A")
    for language, finished, under_way in (("fr", 3, 9), ("ar", 20, 10), ("en", 30, 30), ("ht", 14, 16)):
        staff(court, finished=finished, under_way=under_way, language=language)
    staff(court, not_begun=10)

    found, own = queries.completion(analyst, {}), queries.completion(manager, {})

    assert sorted((one.code, one.finished, one.begun) for one in own.languages) == [
        ("ar", 20, 30), ("en", 30, 60), ("fr", 3, 12), ("ht", 14, 30),
    ]  # fmt: skip
    # With the three of the French alone hidden, the total would tell them; so the next is hidden too, of each number.
    assert sorted((one.code, one.finished, one.begun) for one in found.languages) == [("en", 30, 60)]
    assert (own.languages_hidden, own.languages_withheld) == (0, 0)
    assert (found.languages_hidden, found.languages_withheld) == (3, 3)


def test_the_total_of_a_period_that_few_fewer_finished_in_is_withheld(office, staff, manager, analyst):
    court = office("Court A")
    staff(court, finished=12, not_begun=12)
    staff(court, finished=3, ago=200)

    assert totals(analyst) == (27, 15, 0, 12)
    assert totals(analyst, months="6") == (27, None, None, None)
    assert totals(manager, months="6") == (27, 12, 3, 12)
    assert queries.completion(analyst, {"months": "6"}).languages == ()


def test_small_numbers_of_several_offices_that_are_ten_together_are_in_the_totals(office, staff, analyst):
    for name in ("Court A", "Court B"):
        staff(office(name), finished=6, under_way=5, not_begun=7)

    assert totals(analyst) == (36, 12, 10, 14)
    assert parts(analyst) == [(18, None, None, None, None)] * 2


def test_a_country_that_is_not_told_is_in_no_total_of_several(office, staff, person, countries):
    staff(office("Court A"), finished=3, under_way=3, not_begun=9)
    staff(office("Cour B", "TN"), finished=12, under_way=10, not_begun=11)
    everywhere = person("analyst")

    found = queries.completion(everywhere, {"group": "country"})

    assert (totals(everywhere), found.left_out) == ((33, 12, 10, 11), 1)
    assert sorted(one.finished or 0 for one in found.groups) == [0, 12]
    assert [(one.finished, one.begun) for one in found.languages] == [(12, 22)]
    assert [span.count for span in found.months] == [12]
    assert totals(everywhere, country=countries["HT"]) == (15, None, None, None)


def test_of_several_countries_none_of_which_is_told_no_total_is(office, staff, person):
    staff(office("Court A"), finished=3, under_way=3, not_begun=9)
    staff(office("Cour B", "TN"), finished=8, under_way=8, not_begun=8)

    assert totals(person("analyst")) == (39, None, None, None)


def test_any_course_is_not_told_where_the_sum_of_each_tells_how_few_took_both(office, staff, person, countries):
    court = office("Court A")
    staff(court, finished=35, not_begun=25)
    OfficeCount.objects.filter(office=court).update(
        finished=40, begun=40
    )  # each course added up: five took two of them
    analyst = person("analyst", country=countries["HT"])

    assert [finished for _total, finished, *_rest in parts(analyst)] == [None]
    assert totals(analyst)[1] is None

    OfficeCount.objects.filter(office=court).update(finished=45, begun=45)
    assert [finished for _total, finished, *_rest in parts(analyst)] == [35]
    assert totals(analyst)[1] == 35
