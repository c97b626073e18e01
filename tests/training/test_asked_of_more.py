"""A lesson or story that is asked of more people than before: who is asked anew is whom the page and the letter name."""

import datetime as dt
import json

import pytest
from django.utils import timezone

from tests.training.finishing import finish
from tests.training.off_and_on import fresh, newest, number_of, off, on
from tests.training.stories import play, publish
from training import actions, queries
from training.choices import NewsKind
from training.models import CourseVersion, Enrolment, Lesson, PublishedNews, Question
from training.queries import versions

DAY = dt.timedelta(days=1)


def stands(enrolment, days=1):
    """Return how somebody stands in some days."""
    return queries.standing(Enrolment.objects.get(pk=enrolment.pk), timezone.now() + dt.timedelta(days=days))


def owing(*enrolments, key=None):
    """Return who of these is asked, each for nothing but the one thing."""
    found = [
        one for one in enrolments if (asked := stands(one).asked) and (key is None or [a.id for a in asked] == [key])
    ]
    assert len(found) == sum(1 for one in enrolments if stands(one).asked)
    return found


def draft(thing, change, **values):
    """Save a draft of something; return what its page says of publishing it."""
    now = fresh(thing).get_latest_revision_as_object()
    for name, value in values.items():
        setattr(now, name, value)
    now.change = change
    now.save_revision()
    return queries.publishing(fresh(thing), at=timezone.now(), country="HT")


def go_live(thing):
    """Publish the draft of something."""
    fresh(thing).get_latest_revision().publish()


@pytest.fixture
def people(person, countries, course):
    """A function by which an official in Haiti finishes the course without some lessons."""

    def make(*without, track=""):
        user = person("learner", country=countries["HT"], language="fr")
        if track:
            actions.choose_track(user=user, course=course, track=track, language="fr", at=timezone.now())
        keys = [str(one.translation_key) for one in without]
        return finish(user, course, timezone.now(), without=keys)

    return make


@pytest.fixture
def optional(course, lessons):
    """A lesson that was optional from the first edition on."""
    lesson = lessons[0]
    Lesson.objects.filter(pk=lesson.pk).update(required=False)
    CourseVersion.objects.filter(course=course).delete()
    actions.course_changed(fresh(course), by="test", at=timezone.now() - DAY)
    assert newest(course)[0].activity(str(lesson.translation_key)).required is False
    return fresh(lesson)


def test_a_new_lesson_that_is_made_required_is_asked_of_who_has_not_read_it(course, lessons, people):
    new = Lesson(title="New", slug="new", heading_en="New", live=False, required=False)
    lessons[0].get_parent().add_child(instance=new)
    on(new, "minor", aim_en="What is new.")
    key = str(new.translation_key)
    has_read, has_not = people(), people(new)
    before = number_of(course, key), owing(has_read, has_not)

    page = draft(new, "material", required=True)
    go_live(new)

    assert before == (0, [])
    assert page.refreshed == 1
    assert owing(has_read, has_not, key=key) == [has_not]
    assert newest(course)[1].change_class == "material"
    assert PublishedNews.objects.get(country="HT").people == 1


@pytest.mark.parametrize("change", ["minor", "wording", ""])
def test_made_required_by_a_change_that_is_not_material_it_is_asked_of_nobody_who_has_finished(
    course, optional, people, official, change
):
    key, has_not = str(optional.translation_key), people(optional)

    page = draft(optional, change or "minor", required=True)
    if change:
        go_live(optional)
    else:
        on(optional, "", required=True)

    assert page.refreshed == 0
    assert (stands(has_not, 200).state, stands(has_not, 200).current_to) == ("current", newest(course)[1].number)
    assert newest(course)[1].change_class == "minor"
    assert not PublishedNews.objects.exists()
    begun = finish(official, course, timezone.now(), without=[key])
    assert stands(begun).state == "unfinished"


def test_made_required_by_a_material_change_it_is_asked_of_who_has_not_read_it_as_it_stands(
    course, optional, people, official
):
    key, has_read, has_not = str(optional.translation_key), people(), people(optional)
    under_way = finish(official, course, timezone.now(), lessons=1, passed=False)

    page = draft(optional, "material", required=True)
    go_live(optional)

    assert page.refreshed == 1
    assert owing(has_read, has_not, key=key) == [has_not]
    assert newest(course)[1].change_class == "material"
    assert list(PublishedNews.objects.values_list("country", "kind", "people")) == [("HT", "material", 1)]
    assert list(queries.overtaken(timezone.now() + DAY)) == [under_way]
    assert stands(has_not, 80).state == "refresher_due"
    assert stands(has_not, 100).state == "lapsed"


def test_who_read_what_it_said_before_it_changed_is_asked_as_well(course, optional, people):
    earlier = people()
    on(optional, "material", aim_en="The law changed.")
    later, never = people(), people(optional)
    assert owing(earlier, later, never) == []

    page = draft(optional, "material", required=True)
    go_live(optional)

    assert page.refreshed == 2
    assert owing(earlier, later, never) == [earlier, never]
    assert PublishedNews.objects.get().people == 2


def test_once_it_says_something_else_everybody_is_asked_again(course, optional, people):
    has_read, has_not = people(), people(optional)
    on(optional, "minor", required=True)

    page = draft(optional, "material", aim_en="The law changed.")
    go_live(optional)

    assert page.refreshed == 2
    assert owing(has_read, has_not) == [has_read, has_not]


def test_asked_of_more_and_rewritten_at_once_it_is_asked_of_everybody(course, optional, people):
    has_read, has_not = people(), people(optional)

    page = draft(optional, "material", required=True, aim_en="The law changed.")
    go_live(optional)

    assert page.refreshed == 2
    assert owing(has_read, has_not) == [has_read, has_not]
    assert PublishedNews.objects.get().people == 2


@pytest.fixture
def two_groups(course):
    """The course, with two groups of readers."""
    on(course, "minor", tracks=["migrant", "official"])
    return fresh(course)


@pytest.fixture
def of_one_track(two_groups, lessons):
    """A lesson that is for one group of readers of two."""
    on(lessons[0], "minor", tracks=["migrant"])
    return fresh(lessons[0])


@pytest.mark.parametrize("tracks", [[], ["migrant", "official"]], ids=["of everybody", "of both"])
@pytest.mark.parametrize("change", ["minor", "material"])
def test_opened_to_another_group_of_readers(course, of_one_track, people, change, tracks):
    key = str(of_one_track.translation_key)
    everybody = [people(track="migrant"), people(), people(track="official"), people(of_one_track, track="official")]
    assert owing(*everybody) == []

    page = draft(of_one_track, change, tracks=tracks)
    go_live(of_one_track)

    asked = everybody[3:] if change == "material" else []
    assert page.refreshed == len(asked)
    assert owing(*everybody, key=key) == asked
    assert newest(course)[1].change_class == change
    assert [one.people for one in PublishedNews.objects.all()] == ([1] if asked else [])


def test_who_owes_it_already_goes_on_owing_it_when_it_is_opened_to_others(course, of_one_track, people):
    hers, other = people(track="migrant"), people(of_one_track, track="official")
    on(of_one_track, "material", aim_en="The law changed.")
    assert owing(hers, other) == [hers]

    on(of_one_track, "minor", tracks=[])
    after_a_minor_one = owing(hers, other)
    on(of_one_track, "minor", tracks=["migrant"])
    page = draft(of_one_track, "material", tracks=[])
    go_live(of_one_track)

    assert after_a_minor_one == [hers]
    assert page.refreshed == 1
    assert owing(hers, other) == [hers, other]


@pytest.mark.parametrize("change", ["minor", "material"])
def test_asked_of_fewer_it_asks_nobody_and_takes_what_was_owed(two_groups, lessons, people, change):
    course, everybody = two_groups, [people(), people(track="migrant"), people(track="official")]
    on(lessons[0], "material", aim_en="The law changed.")
    assert owing(*everybody) == everybody
    assert sum(one.people for one in PublishedNews.objects.all()) == 3

    page = draft(lessons[0], change, tracks=["migrant"])
    go_live(lessons[0])
    narrowed = owing(*everybody)
    on(lessons[0], change, required=False)

    assert page.refreshed == 0
    assert narrowed == everybody[:2]
    assert owing(*everybody) == []
    assert {stands(one).current_to for one in everybody} == {newest(course)[1].number}
    assert PublishedNews.objects.count() == 1


def test_the_days_on_which_it_was_optional_are_not_counted_against_the_grace(course, lessons, people):
    hers = people()
    on(lessons[0], "material", aim_en="The law changed.")
    before = stands(hers)
    on(lessons[0], "minor", required=False)
    on(lessons[0], "material", required=True)
    after = stands(hers)

    rows = CourseVersion.objects.filter(course=course, country="HT").order_by("-number")[:2]
    assert after.since == before.since
    gap = (rows[0].published_at - rows[1].published_at) / dt.timedelta(milliseconds=1)
    assert after.until - before.until == pytest.approx(gap, abs=1)


@pytest.mark.parametrize("change", ["minor", "material"])
@pytest.mark.parametrize("is_lesson", [True, False], ids=["the lesson", "its module"])
def test_off_and_on_again_required_it_is_asked_as_if_it_had_not_been_off(course, optional, people, change, is_lesson):
    has_read, has_not = people(), people(optional)
    above = optional if is_lesson else optional.get_parent().specific
    off(above)
    meanwhile = people()
    asked_off = owing(has_read, has_not, meanwhile)

    page = draft(optional, change, required=True)
    go_live(optional)
    if not is_lesson:
        assert owing(has_read, has_not, meanwhile) == []
        on(above)

    asked = [has_not, meanwhile] if change == "material" else []
    assert asked_off == []
    assert page.refreshed == len(asked)
    assert owing(has_read, has_not, meanwhile) == asked
    told = PublishedNews.objects.filter(country="HT").exclude(kind=NewsKind.PART_OFF)
    assert sum(one.people for one in told) == len(asked)


def test_off_and_on_again_as_it_was_it_asks_nobody_who_was_spared_it(course, optional, people):
    has_not = people(optional)
    on(optional, "minor", required=True)
    off(optional)
    on(optional)
    back = owing(has_not)
    off(optional)
    on(optional, "material", aim_en="The law changed.")

    assert back == []
    assert owing(has_not) == [has_not]


@pytest.mark.parametrize("change", ["minor", "material"])
def test_what_is_made_required_while_the_course_is_off(course, optional, people, change):
    has_read, has_not = people(), people(optional)
    off(course)

    page = draft(optional, change, required=True)
    go_live(optional)
    meanwhile = owing(has_read, has_not)
    on(course)

    asked = [has_not] if change == "material" else []
    assert meanwhile == []
    assert page.refreshed == len(asked)
    assert owing(has_read, has_not) == asked
    assert queries.unasked_of(course) == {}


@pytest.mark.parametrize("change", ["minor", "material"])
def test_a_story(course, person, countries, change):
    story = publish(course, required=False)
    players = [finish(person("learner", country=countries["HT"]), course, timezone.now()) for _one in range(2)]
    play(players[0].learner.user, players[0], story, timezone.now())
    assert owing(*players) == []

    page = draft(story, change, required=True)
    go_live(story)

    asked = players[1:] if change == "material" else []
    assert page.refreshed == len(asked)
    assert owing(*players, key=str(story.activity)) == asked
    assert newest(course)[1].change_class == change


def test_who_was_let_off_it_is_neither_asked_nor_counted(course, optional, people, manager):
    excused, has_not = people(optional), people(optional)
    actions.waive_activity(
        enrolment=excused, activity=str(optional.translation_key), reason="taught", by=manager, at=timezone.now()
    )

    page = draft(optional, "material", required=True)
    go_live(optional)

    assert page.refreshed == 1
    assert owing(excused, has_not) == [has_not]


def test_a_question_for_one_group_asks_the_whole_test_anew_as_the_page_says(two_groups, people):
    question = Question.objects.filter(course=two_groups, form=2).first()
    hers, other = people(track="migrant"), people(track="official")

    page = draft(question, "material", tracks=["migrant"])
    go_live(question)

    assert page.refreshed == len(owing(hers, other)) == 2


def test_what_editions_said_before_they_said_this_counts_as_it_did(course, optional, people):
    """An edition that made a lesson required without saying from when on: who has not read it owes it."""
    key, has_read, has_not = str(optional.translation_key), people(), people(optional)
    on(optional, "minor", required=True)
    row = newest(course)[1]
    body = json.loads(row.body)
    for lesson in (one for module in body["modules"] for one in module["lessons"]):
        lesson.pop("asked_to", None)
        lesson.pop("done_from", None)
    CourseVersion.objects.filter(pk=row.pk).update(body=json.dumps(body))
    versions._KNOWN.clear()

    assert owing(has_read, has_not, key=key) == [has_not]


def test_the_page_asks_no_more_queries_for_more_officials(
    course, optional, people, django_assert_max_num_queries, django_assert_num_queries
):
    people()
    draft(optional, "material", required=True)
    with django_assert_max_num_queries(40) as first:
        queries.publishing(fresh(optional), at=timezone.now(), country="HT")
    for _one in range(3):
        people()
    with django_assert_num_queries(len(first)):
        queries.publishing(fresh(optional), at=timezone.now(), country="HT")
