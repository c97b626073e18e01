"""The demo's school: made through actions, the same every time, with people at three stages."""

from collections import Counter

import pytest

import accounts.demo
from training import actions, demo, queries
from training.demo import sounds
from training.models import Clip, CourseVersion, Enrolment, Event, Lesson, Progress, RefusedEvent
from training.queries.marking import changed_screens


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_demo_has_three_courses_three_stages_and_a_report_that_is_not_empty(front, at):
    accounts.demo.make(at=at)
    demo.load_content(at=at)
    demo.make(at=at)
    first = Enrolment.objects.count(), Event.objects.count()
    demo.make(at=at)

    stages = Counter(
        "passed" if row.completed_at else "half" if row.done == 2 else "begun"
        for row in Progress.objects.filter(enrolment__learner__user__email__startswith="learner")
    )
    half = Enrolment.objects.get(learner__user__email="learner.ht@example.org")
    manager = accounts.demo.User.objects.get(email="manager.lr@example.org")
    report = queries.completion(manager, {})
    assert (Enrolment.objects.count(), Event.objects.count()) == first
    assert stages == {"passed": 7, "half": 7, "begun": 7}
    assert set(half.events.values_list("language", flat=True)) == {"en", "fr"}
    assert RefusedEvent.objects.count() == 0
    assert Event.objects.filter(source="kept").values("learner").distinct().count() == 1
    assert list(actions.differences()) == []
    assert report.finished >= 10
    assert report.hidden >= 1
    assert report.months
    assert [clip.language for clip in Clip.objects.all()] == [""]
    assert not Lesson.objects.get(slug=sounds.DRAFT).live


def test_what_the_demo_changed_is_marked_in_every_language_of_the_lesson(front, at):
    accounts.demo.make(at=at)
    demo.load_content(at=at)
    lesson = Lesson.objects.get(slug=demo.CHANGED)
    columns = ("body_en", "body_fr", "body_ht", "body_ar")
    before = [getattr(lesson, column).get_prep_value() for column in columns]
    demo.make(at=at)

    lesson = Lesson.objects.get(pk=lesson.pk)
    first, changed, last = (
        str(one) for one in CourseVersion.objects.filter(course__key="judicial", country="LR", number__gt=1)
        .order_by("number").values_list("public_id", flat=True)
    )  # fmt: skip
    (screen,) = changed_screens(str(lesson.translation_key), first, changed)
    finished = Enrolment.objects.get(learner__user__email="learner2.lr@example.org")
    news = actions.News()
    demo.load_content(at=at)
    assert [getattr(lesson, column).get_prep_value() for column in columns] == before
    assert changed_screens(str(lesson.translation_key), changed, last) == frozenset()
    assert str(finished.version.public_id) == first
    assert [one.id for one in queries.standing(finished, at).asked] == [str(lesson.translation_key)]
    actions.load_courses(parent=front, by="test", at=at, news=news)
    assert news.left == []
    assert {block["id"] for block in before[0] if block["id"] == screen} == {screen}


def test_demo_has_two_groups_with_sessions_and_who_was_there(front, at):
    accounts.demo.make(at=at)
    demo.load_content(at=at)
    demo.make(at=at)
    demo.make(at=at)

    found = {}
    for code in ("HT", "TN"):
        manager = accounts.demo.User.objects.get(email=f"manager.{code.lower()}@example.org")
        (cohort,) = queries.cohorts_visible_to(manager)
        view = queries.cohort_view(cohort, queries.members_inside(manager, cohort), "en", at=at)
        found[code] = (len(view.lines), list(view.present.values()), view.is_due)
    assert found == {"HT": (12, [7, 0], True), "TN": (10, [4, 0], False)}
    assert actions.write_reminders(at=at.replace(hour=17)) > 0
