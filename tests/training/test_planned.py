"""Planned publishes: the worker carries them out, and judges a course again at the moment it goes live."""

import datetime as dt

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Revision

from accounts.actions.keys import open_for_house
from accounts.models import AuditEntry, Letter, User
from cms import planned, worker
from tests.training.stories import publish
from training.models import Course, Lesson, Scenario


@pytest.fixture
def plan(course, person, countries, at):
    """A function that takes a course off and plans it for tomorrow, and says what became of it the day after."""
    manager = person("manager", country=countries["HT"], language="en")

    def run(before=lambda: None):
        Course.objects.get(pk=course.pk).unpublish()
        draft = Course.objects.get(pk=course.pk).get_latest_revision_as_object()
        draft.go_live_at = at + dt.timedelta(days=1)
        draft.save_revision(user=manager).publish()
        assert planned.publish_planned(at) == 0
        before()
        with time_machine.travel(at + dt.timedelta(days=2), tick=False):
            return planned.publish_planned(at + dt.timedelta(days=2)), Course.objects.get(pk=course.pk)

    with time_machine.travel(at, tick=False):
        yield run


def test_what_is_planned_goes_live_when_its_time_has_come(plan):
    done, course = plan()

    assert (done, course.live) == (1, True)
    assert planned.publish_planned(dt.datetime(2027, 1, 1, tzinfo=dt.UTC)) == 0
    assert {planned.publish_planned, planned.take_off_planned} <= set(worker.jobs())


def test_a_course_that_was_emptied_meanwhile_stays_a_draft_and_who_planned_it_is_told(plan, course):
    def empty():
        for lesson in Lesson.objects.filter(path__startswith=course.path, live=True):
            lesson.unpublish()

    done, found = plan(empty)

    assert (done, found.live) == (1, False)
    assert not found.revisions.filter(approved_go_live_at__isnull=False).exists()
    assert AuditEntry.objects.filter(verb="training.planned_publish_held").count() == 1
    letter = Letter.objects.get(key__startswith="not_published:")
    assert "A planned course was not published" in letter.subject
    assert "No lesson is published yet in" in open_for_house(letter, "text")


def test_a_course_whose_questions_were_taken_off_meanwhile_stays_a_draft(plan, course):
    def empty():
        for question in course.questions.filter(live=True):
            question.unpublish()

    assert not plan(empty)[1].live


def test_what_is_planned_to_end_is_taken_off(course, lessons, at):
    Lesson.objects.filter(pk=lessons[0].pk).update(expire_at=at)

    assert planned.take_off_planned(at - dt.timedelta(minutes=1)) == 0
    assert planned.take_off_planned(at) == 1
    assert not Lesson.objects.get(pk=lessons[0].pk).live


def test_a_story_is_taken_off_when_its_time_is_over(course, at):
    story = publish(course)
    Scenario.objects.filter(pk=story.pk).update(expire_at=at)

    assert [planned.take_off_planned(at - dt.timedelta(minutes=1)), planned.take_off_planned(at)] == [0, 1]

    assert not Scenario.objects.get(pk=story.pk).live
    assert AuditEntry.objects.filter(verb="training.version_published").latest("pk").actor == "schedule"


def test_a_plan_that_is_overtaken_while_the_worker_works_is_none(course, lessons, person, countries, at):
    """What is due is read at once; by its turn somebody may have published by hand, or moved the end."""
    manager, (first, second, *_rest) = person("manager", country=countries["HT"]), lessons
    for one in (first, second):
        draft = Lesson.objects.get(pk=one.pk)
        draft.heading_en, draft.go_live_at = f"Planned {one.pk}", timezone.now() + dt.timedelta(hours=1)
        draft.save_revision(user=manager).publish()
    due = Revision.objects.get(object_id=second.pk, approved_go_live_at__isnull=False)
    Revision.objects.filter(object_id=second.pk).update(approved_go_live_at=None)
    Lesson.objects.filter(pk=first.pk).update(expire_at=at + dt.timedelta(days=30))

    with time_machine.travel(timezone.now() + dt.timedelta(hours=2)):
        planned._publish(due, timezone.now())
        planned._take_off(Page.objects.get(pk=first.pk), at)

    assert Lesson.objects.get(pk=second.pk).heading_en == second.heading_en
    assert Lesson.objects.get(pk=first.pk).live


def test_the_history_of_a_page_tells_what_a_plan_took_off_from_what_a_person_did(course, lessons, at):
    Lesson.objects.filter(pk=lessons[0].pk).update(expire_at=at)
    planned.take_off_planned(at)
    lessons[1].unpublish()

    said = PageLogEntry.objects.filter(action__startswith="wagtail.unpublish").order_by("timestamp", "pk")
    assert list(said.values_list("page", "action")) == [
        (lessons[0].pk, "wagtail.unpublish.scheduled"),
        (lessons[1].pk, "wagtail.unpublish"),
    ]


def test_the_edition_without_what_a_plan_took_off_is_the_schedules_and_without_what_a_person_did_the_editors(
    course, lessons, at
):
    Lesson.objects.filter(pk=lessons[0].pk).update(expire_at=at)
    planned.take_off_planned(at)
    lessons[1].unpublish()

    made = AuditEntry.objects.filter(verb="training.version_published").order_by("-pk")[:2]

    assert [entry.actor for entry in made] == ["editor", "schedule"]


def test_pages_that_cannot_be_taken_off_stop_no_other(course, lessons, front, at, monkeypatch, caplog):
    monkeypatch.setattr(planned, "AT_ONCE", 2)
    kind, earlier = ContentType.objects.get_for_model(Lesson), at - dt.timedelta(hours=1)
    for number in range(planned.AT_ONCE + 1):  # pages whose lesson is gone
        front.add_child(instance=Page(title="Lost", slug=f"lost-{number}", content_type=kind, expire_at=earlier))
    Lesson.objects.filter(pk=lessons[0].pk).update(expire_at=at)

    assert planned.take_off_planned(at) == 1

    assert not Lesson.objects.get(pk=lessons[0].pk).live
    assert caplog.text.count("planned_not_taken_off") == planned.AT_ONCE + 1


def test_who_left_meanwhile_gets_no_letter(plan, course):
    def leave():
        for lesson in Lesson.objects.filter(path__startswith=course.path, live=True):
            lesson.unpublish()
        User.objects.update(is_active=False)

    assert not plan(leave)[1].live
    assert AuditEntry.objects.filter(verb="training.planned_publish_held").count() == 1
    assert not Letter.objects.filter(key__startswith="not_published:").exists()


def test_plans_that_fail_stop_no_other_and_are_tried_again(plan, course, lessons, at, monkeypatch):
    monkeypatch.setattr(planned, "AT_ONCE", 3)
    whole = lessons[0].save_revision()
    rows = [
        Revision(
            content_type=whole.content_type, base_content_type=whole.base_content_type, object_id=whole.object_id,
            content={}, created_at=at, approved_go_live_at=at + dt.timedelta(hours=1),
        )
        for _more_than_a_batch in range(planned.AT_ONCE + 1)
    ]  # fmt: skip
    failing = Revision.objects.bulk_create(rows)

    done, found = plan()

    assert (done, found.live) == (1, True)
    left = Revision.objects.filter(approved_go_live_at__isnull=False)
    assert left.count() == len(failing)
    left.update(content=whole.content)
    with time_machine.travel(at + dt.timedelta(days=3), tick=False):
        assert planned.publish_planned(at + dt.timedelta(days=3)) >= 1
    assert not left.exists()
