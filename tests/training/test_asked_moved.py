"""When the number of lessons asked of somebody moves, she is told why and since when, until she goes on."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from accounts.queries.clocks import day_in
from tests.training.answers import address
from tests.training.finishing import finish
from tests.training.off_and_on import fresh, off, on
from tests.training.test_views_learning import add_lesson, read_to_the_end
from training import actions, progress, queries
from training.models import CourseVersion, Progress

LEARNING = "/en/learning/"
STAYS = "What you have done stays."


@pytest.fixture
def under_way(client, sign_in, official, enrolment, later):
    """Her enrolment, of which one lesson is done; she is signed in."""
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    read_to_the_end(enrolment, version, [version.lessons[0].id], later)
    sign_in(official)
    return enrolment


def shown(client, url=LEARNING):
    """Return what a page tells of lessons that came and went; "" for nothing."""
    html = client.get(url).content.decode()
    return (
        " ".join(html.split('data-part="moves">')[1].split("</p>")[0].split()) if 'data-part="moves"' in html else ""
    )


def days_pass(enrolment, days):
    """Let the editions so far and what she did so far be some days older."""
    before = dt.timedelta(days=days)
    for edition in CourseVersion.objects.all():
        CourseVersion.objects.filter(pk=edition.pk).update(published_at=edition.published_at - before)
    mine = Progress.objects.get(enrolment=enrolment)
    Progress.objects.filter(pk=mine.pk).update(last_at=mine.last_at - before)


def today(enrolment):
    """Return the day as her pages write it: the one of her country."""
    return date_format(day_in(enrolment.learner.user.country, timezone.now()), "DATE_FORMAT")


def module_of(lesson):
    return lesson.get_parent().specific


@pytest.mark.parametrize("where", ["learning", "course"])
def test_a_module_that_goes_and_comes_back_is_told_each_time(client, under_way, course, lessons, where):
    url = {"learning": LEARNING, "course": address(course)}[where]
    module = module_of(lessons[3])
    gone = sum(1 for one in lessons if module_of(one).pk == module.pk) - 1  # one is done
    assert shown(client, url) == ""

    off(module)
    assert shown(client, url) == (
        f"Since {today(under_way)} the course has {gone} lessons fewer for you: they were taken off. {STAYS}"
    )
    on(module)
    for one in lessons:
        if module_of(one).pk == module.pk and not fresh(one).live:
            on(one)

    assert shown(client, url) == (
        f"Since {today(under_way)} the course has {gone} lessons more for you: they had been taken off, and are back. {STAYS}"
    )


def test_it_is_told_for_a_week_and_then_until_she_goes_on(client, under_way, lessons):
    off(lessons[3])
    days_pass(under_way, 6)
    mine = Progress.objects.filter(enrolment=under_way)
    mine.update(last_at=timezone.now())
    assert "1 lesson fewer for you: it was taken off." in shown(client)

    days_pass(under_way, 2)
    mine.update(last_at=timezone.now() - dt.timedelta(days=30))
    assert "1 lesson fewer for you: it was taken off." in shown(client)
    mine.update(last_at=timezone.now())
    assert shown(client) == ""


def test_what_she_had_done_moves_nothing_and_is_told_beside_the_count_as_before(client, under_way, lessons):
    off(lessons[0])

    assert shown(client) == ""
    assert "(1 of those done was taken off since, and counts.)" in client.get(LEARNING).content.decode()


def test_what_was_off_before_she_began_is_no_news(client, sign_in, official, course, lessons, at):
    off(lessons[3])
    user = official
    actions.enrol(learner=actions.learner_of(user), course=course, country=user.country_id, at=at)
    sign_in(user)

    assert shown(client) == ""


def test_who_has_finished_is_not_told(client, sign_in, official, course, lessons, later):
    enrolment = finish(official, course, later(1))
    sign_in(official)
    add_lesson(course, lessons)

    client.post(f"/en/learning/{enrolment.public_id}/newest/")

    assert "1 new lesson has been added to this course." in client.get(LEARNING).content.decode()
    assert shown(client) == ""


def test_lessons_that_an_edition_brings_are_told_once_she_follows_it(client, under_way, course, lessons):
    add_lesson(course, lessons)
    assert shown(client) == ""
    assert "1 new lesson has been added to this course." in client.get(LEARNING).content.decode()

    client.post(f"/en/learning/{under_way.public_id}/newest/")

    assert "1 lesson more for you: it is new in the version that you follow now." in shown(client)
    assert "new lesson has been added" not in client.get(LEARNING).content.decode()


def test_a_course_that_is_off_tells_nothing_of_its_lessons(official, under_way, course, lessons):
    def moved():
        return [bool(one.moves) for one in queries.progress_of(official, at=timezone.now())]

    off(lessons[3])
    assert moved() == [True]
    off(course)

    assert moved() == [False]


def test_telling_costs_no_query(client, under_way, lessons):
    def count():
        with CaptureQueriesContext(connection) as caught:
            client.get(LEARNING)
        return len(caught)

    count()
    before = count()
    off(lessons[3])
    shown(client)

    assert count() == before


def version(key, *lessons):
    """Return an edition that asks some lessons."""
    return progress.Version(key, tuple(progress.Activity(id=one, kind="lesson", required=True) for one in lessons))


def test_a_lesson_is_asked_where_her_edition_asks_it_and_the_course_has_it():
    first = version("1", "a", "b")
    chain = [
        progress.Edition(number, at, found)
        for number, at, found in (
            (1, 10, first), (2, 20, version("2", "a")), (3, 30, version("3", "a", "b", "c")), (4, 40, version("4", "b", "c")),
        )
    ]  # fmt: skip

    assert progress.moves([(10, first)], chain[:1], "") == {}
    assert progress.moves([(10, first)], chain[:2], "") == {"b": progress.Move(20, False)}
    assert progress.moves([(10, first)], chain[:3], "")["b"] == progress.Move(30, True, again=True)
    assert progress.moves([(10, first)], chain, "")["a"] == progress.Move(40, False)
    assert "c" not in progress.moves([(10, first)], chain, "")
    assert progress.moves([(10, first), (35, chain[2].version)], chain, "")["c"] == progress.Move(35, True)
