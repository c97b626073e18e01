"""What is taken off while somebody is under way: once all else is done she has finished, and nothing hangs."""

import uuid

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from tests.training.finishing import finish
from tests.training.off_and_on import fresh, off, on
from tests.training.stories import play, publish
from training import actions, progress
from training.actions import moving
from training.actions.rebuilding import differences
from training.models import Certificate, Counted, Course, Enrolment, Event, Module
from training.queries.learning import progress_of

BOTH = {"achievement", "completion"}


def kinds():
    return set(Certificate.objects.values_list("kind", flat=True))


def is_finished(user):
    [row] = progress_of(user, "en", at=timezone.now())
    return row.completed_at is not None


def tick():
    return actions.let_go_all(at=timezone.now())


def all_but(course, user, without, *, passed):
    """Let somebody do a course but for some lessons."""
    keys = {str(lesson.translation_key) for lesson in without}
    return finish(user, course, timezone.now(), without=keys, passed=passed)


@pytest.fixture
def story(course):
    """A story that everybody is asked for."""
    story = publish(course)
    on(story, "material", intro_en="You are the magistrate. It is made up.")
    return story


def test_who_had_done_all_else_has_finished_once_the_lesson_is_off(course, lessons, official):
    all_but(course, official, lessons[-1:], passed=True)
    assert not is_finished(official)

    off(lessons[-1])
    moved = tick(), tick()

    row = Enrolment.objects.get()
    assert moved == (1, 0)
    assert is_finished(official)
    assert (row.progress.done, row.progress.of) == (len(lessons) - 1, len(lessons) - 1)
    assert kinds() == BOTH
    assert list(differences()) == []


@pytest.mark.parametrize("ticks", [0, 1], ids=["before the worker came by", "after it"])
def test_who_passes_the_test_after_the_lesson_was_taken_off_finishes_by_it(course, lessons, official, ticks):
    all_but(course, official, lessons[-1:], passed=False)
    off(lessons[-1])
    for _turn in range(ticks):
        tick()
    before = kinds()

    finish(official, course, timezone.now(), lessons=0)

    assert before == ({"completion"} if ticks else set())
    assert is_finished(official)
    assert kinds() == BOTH


@pytest.mark.parametrize("is_last", [True, False], ids=["test before", "test after"])
def test_a_story_is_let_go_as_a_lesson_is(course, story, official, is_last):
    finish(official, course, timezone.now(), passed=is_last)
    assert not kinds()

    off(story)
    tick()
    finish(official, course, timezone.now(), lessons=0, passed=not is_last)

    assert is_finished(official)
    assert kinds() == BOTH


def test_a_module_goes_with_all_its_lessons(course, lessons, official):
    finish(official, course, timezone.now(), without={str(one.translation_key) for one in lessons[1:]})
    module = Module.objects.get(path=lessons[0].path[: -lessons[0].steplen])
    other = module.get_parent().add_child(instance=Module(title="More", slug="more", heading_en="More"))
    for lesson in lessons[1:]:
        lesson.refresh_from_db()
        lesson.move(other, pos="last-child")
    other.refresh_from_db()

    off(other)
    tick()

    assert is_finished(official)


def test_who_lacks_another_lesson_stays_where_she_is_and_owes_it_again_once_it_is_back(course, lessons, official):
    enrolment = all_but(course, official, lessons[-2:], passed=True)

    off(lessons[-1])
    tick()
    on(lessons[-1])
    tick()
    finish(official, course, timezone.now(), without={str(lessons[-1].translation_key)}, passed=False)

    assert not Event.objects.filter(verb="moved").exists()
    assert Enrolment.objects.get().version_id == enrolment.version_id
    assert not is_finished(official)


def test_what_the_newest_edition_asks_beyond_hers_is_her_way_on(course, lessons, official):
    all_but(course, official, lessons[-1:], passed=True)
    story = publish(course)
    on(story, "material", intro_en="You are the magistrate. It is made up.")
    off(lessons[-1])

    tick()
    [row] = progress_of(official, "en", at=timezone.now())
    play(official, Enrolment.objects.get(), story, timezone.now())

    assert row.completed_at is None
    assert [one.id for one in row.left.stories] == [str(story.activity)]
    assert is_finished(official)


def test_a_learner_without_an_account_is_let_go_too(course, lessons, at):
    Course.objects.filter(pk=course.pk).update(without_account=True, is_open=True)
    learner, enrolment, _code = actions.begin_without_account(course=fresh(course), country="HT", address="1", at=at)
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    for lesson in version.lessons[:-1]:
        read = actions.Arrival(
            id=uuid.uuid4(), verb="reached", activity=lesson.id, version=version.id, language="fr", occurred_at=at,
            payload={"screen": progress.END},
        )  # fmt: skip
        actions.record_events(learner=learner, arrivals=[read], source="form", at=at)

    off(lessons[-1])

    assert tick() == 1
    assert Enrolment.objects.get().progress.of == len(lessons) - 1


def test_many_are_looked_at_some_at_a_time_and_none_twice(course, lessons, person, countries, monkeypatch):
    for _place in range(5):
        all_but(course, person("learner", country=countries["HT"], language="fr"), lessons[-1:], passed=True)
    off(lessons[-1])
    monkeypatch.setattr(moving, "AT_ONCE", 2)

    moved = [tick() for _turn in range(4)]

    assert moved == [2, 2, 1, 0]
    assert Counted.objects.filter(what__startswith="gone, seen").count() == 0


def test_one_more_edition_in_the_middle_begins_anew(course, lessons, person, countries, monkeypatch):
    people = [person("learner", country=countries["HT"], language="fr") for _place in range(3)]
    for user in people:
        all_but(course, user, lessons[-2:], passed=True)
    off(lessons[-1])
    monkeypatch.setattr(moving, "AT_ONCE", 2)

    moved = [tick()]
    off(lessons[-2])
    moved += [tick() for _turn in range(3)]

    assert moved == [0, 2, 1, 0]


def test_the_worker_asks_little_where_nothing_changed(course, lessons, official, django_assert_num_queries):
    all_but(course, official, lessons[-1:], passed=True)
    tick()

    with django_assert_num_queries(2):
        tick()


class Locked(Exception):
    """What the database says where another transaction stands in the way."""

    sqlstate = "40P01"


def test_who_was_being_worked_on_is_looked_at_the_next_time_and_so_is_everybody_after_her(
    course, lessons, official, person, countries
):
    for user in (official, person("learner", country=countries["HT"], language="fr")):
        all_but(course, user, lessons[-1:], passed=True)
    off(lessons[-1])

    def refuse(execute, sql, params, many, context):
        is_lock = sql.startswith('SELECT "training_enrolment"."id"') and 'WHERE "training_enrolment"."id" = ' in sql
        if is_lock and not refused:
            refused.append(sql)
            raise OperationalError("deadlock detected") from Locked()
        return execute(sql, params, many, context)

    refused: list[str] = []
    with connection.execute_wrapper(refuse):
        first = tick()

    assert (len(refused), first, tick(), tick()) == (1, 0, 2, 0)
