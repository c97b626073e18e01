"""What an editor is told and asked before she publishes; and who is moved when a course has changed."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Country
from tests.training.folders import small_course
from tests.training.test_editor_refuses import edit_course, errors
from training import actions, progress, queries, tasks
from training.models import Compiled, Course, CourseVersion, Enrolment, Event, Lesson, Progress, Question


@pytest.fixture
def small(front, countries, tmp_path, at):
    """The small course."""
    return actions.load_course(small_course(tmp_path / "small"), front, by="test", at=at)


@pytest.fixture
def begun(official, small, at):
    """The enrolment of an official who is under way."""
    return actions.enrol(learner=actions.learner_of(official), course=small, country="HT", at=at)


def test_less_than_proposed_needs_a_reason_and_the_reason_is_recorded(editor, course):
    fewer = {"pass_minimum": str(course.pass_minimum - 1), "change": "wording"}

    refused = errors(edit_course(editor, course, **fewer))
    taken = edit_course(editor, course, **fewer, lowered_because="not_yet_used")

    assert "Proposed: Material" in refused["change"]
    assert "the rule for passing, changes" in refused["change"]
    assert taken.status_code == 302
    assert Course.objects.get(pk=course.pk).pass_minimum == course.pass_minimum - 1
    entry = AuditEntry.objects.get(verb="training.change_lowered")
    assert '"because":"not_yet_used"' in entry.body
    assert '"change":"wording"' in entry.body


def publish(slug, change):
    lesson = Lesson.objects.get(slug=slug)
    lesson.aim_en, lesson.change = f"Aim anew, {change}.", change
    lesson.save_revision().publish()


def test_what_is_published_is_written_for_its_readers_once_and_with_its_translations_as_they_are_then(course, lessons):
    read = {"page": lessons[0].pk, "language": "fr"}
    before = progress.read(Compiled.objects.get(**read).body)

    with CaptureQueriesContext(connection) as captured:
        publish(lessons[0].slug, "minor")

    assert len([one for one in captured if one["sql"].startswith('INSERT INTO "training_compiled"')]) == 1
    after = progress.read(Compiled.objects.get(**read).body)
    assert before["state"]["stale"] == 0 < after["state"]["stale"]


def test_who_is_under_way_is_moved_thirty_days_after_a_material_change_and_once(begun, small):
    publish("two", "material")
    changed_at = CourseVersion.objects.filter(course=small).latest("published_at").published_at

    early = actions.move_overtaken(at=changed_at + dt.timedelta(days=29))
    moved = actions.move_overtaken(at=changed_at + dt.timedelta(days=30, minutes=1))
    again = actions.move_overtaken(at=changed_at + dt.timedelta(days=31))

    assert (early, moved, again) == (0, 1, 0)
    assert Enrolment.objects.get().version.number == 2
    assert Event.objects.get(verb="moved").source == "system"
    assert not list(actions.differences())


def test_nobody_is_moved_by_wording_or_by_what_is_minor(begun, small):
    publish("one", "wording")
    publish("two", "minor")

    assert actions.move_overtaken(at=timezone.now() + dt.timedelta(days=60)) == 0
    assert Enrolment.objects.get().version.number == 1


def test_a_state_of_an_earlier_release_is_folded_anew_by_the_worker(begun, official, small, at):
    lesson = Lesson.objects.get(slug="one")
    actions.open_lesson(
        user=official, course=small, lesson=str(lesson.translation_key), language="en", at=at, screen="end"
    )
    whole = Progress.objects.get().state
    Progress.objects.update(fold=1, state='{"ended":{}}', sha256="", done=0)

    assert tasks.refold(at) == 1
    assert tasks.refold(at) == 0
    assert (Progress.objects.get().state, Progress.objects.get().done) == (whole, 1)


def test_the_page_tells_what_changes_who_is_asked_and_what_goes_out_of_date(editor, begun, small, lessons):
    lesson = Lesson.objects.get(slug="two")
    body = lesson.body_en.get_prep_value()
    body[1]["value"]["options"][0]["value"]["right"] = False
    body[1]["value"]["options"][1]["value"]["right"] = True
    lesson.aim_en, lesson.body_en = "Another aim.", body
    lesson.save_revision()
    Progress.objects.update(completed_at=timezone.now())

    html = editor.get(reverse("training:publishing", args=["lesson", lesson.pk])).content.decode()

    assert "<p><del>Aim of two.</del></p>" in html
    assert "<p><ins>Another aim.</ins></p>" in html
    assert "a right answer changes" in html
    assert "1 official who has finished gets a refresher of about 12 minutes." in html
    assert "The lesson has no take-away." in html
    assert "Lesson one" in html
    assert "<li><strong>Haiti</strong>: The country has no hotline number.</li>" in html
    assert Lesson.objects.get(slug="two").aim_en == "Aim of two."


def test_rich_text_is_shown_as_paragraphs_with_what_goes_and_comes_marked(editor, small, lessons):
    lesson = Lesson.objects.get(slug="two")
    body = lesson.body_en.get_prep_value()
    place = next(number for number, block in enumerate(body) if block["type"] == "text")
    body[place]["value"]["html"] = "<p>A <b>child</b> is heard.</p><ul><li>Ask her &amp; wait.</li></ul>"
    lesson.body_en = body
    lesson.save_revision().publish()
    body[place]["value"]["html"] = "<p>A <b>child</b> is heard alone.</p><ul><li>Ask her &amp; wait.</li></ul>"
    lesson = Lesson.objects.get(slug="two")
    lesson.body_en = body
    lesson.save_revision()

    html = editor.get(reverse("training:publishing", args=["lesson", lesson.pk])).content.decode()

    assert "<p>A child is <del>heard.</del></p><p>Ask her &amp; wait.</p>" in html
    assert "<p>A child is <ins>heard alone.</ins></p><p>Ask her &amp; wait.</p>" in html
    assert "&lt;1&gt;" not in html


@pytest.mark.parametrize("kind", ["lesson", "course", "question"])
def test_the_page_costs_few_queries_for_each_kind(editor, begun, small, lessons, django_assert_max_num_queries, kind):
    thing = {
        "lesson": lessons[0],
        "course": small,
        "question": Question.objects.filter(course__key="judicial").first(),
    }
    path = reverse("training:publishing", args=[kind, thing[kind].pk])
    editor.get(path)

    with django_assert_max_num_queries(
        36 if kind == "course" else 30
    ):  # the clock of her country; of a course: also what was published lately
        answer = editor.get(path)

    assert answer.status_code == 200
    assert queries.publishing(thing[kind], at=timezone.now()).thing.pk == thing[kind].pk


def test_who_is_no_manager_does_not_see_it(client, sign_in, official, small):
    sign_in(official)

    assert client.get(reverse("training:publishing", args=["course", small.pk])).status_code in (403, 404)


def test_the_page_tells_what_the_kind_that_was_kept_will_do(editor, begun, small, at):
    enrolment = begun
    Progress.objects.filter(enrolment=enrolment).update(completed_at=at)
    lesson = Lesson.objects.get(slug="two")
    lesson.aim_en, lesson.change = "The aim of two.", "material"
    lesson.save_revision()

    told = queries.publishing(lesson, at=at, country="HT")
    page = editor.get(f"/en/reports/publishing/lesson/{lesson.pk}/").content.decode()

    assert told.proposal.change != "material"
    assert (told.change, told.refreshed) == ("material", 1)
    assert "1 official who has finished gets a refresher" in page
    lesson.change = ""
    lesson.save_revision()
    assert queries.publishing(lesson, at=at, country="HT").refreshed == 0


def test_a_manager_is_told_that_her_country_alone_is_counted_and_that_others_offer_the_course_too(
    editor, begun, small, at
):
    words = editor.get(reverse("training:publishing", args=["course", small.pk])).content.decode()

    told, everywhere = queries.publishing(small, at=at, country="HT"), queries.publishing(small, at=at)
    assert (told.scope.country, told.scope.takes, told.scope.others) == ("Haiti", True, ("Tunisia",))
    assert (everywhere.scope.country, everywhere.scope.others) == ("", ())
    assert "Only the officials of <bdi>Haiti</bdi> are counted here." in words
    assert "The course is offered in 1 other country too. What you publish holds there as well" in words


def test_where_no_other_country_offers_the_course_none_is_spoken_of(editor, small, at):
    Country.objects.filter(pk="TN").update(is_active=False)

    words = editor.get(reverse("training:publishing", args=["course", small.pk])).content.decode()

    assert "Only the officials of <bdi>Haiti</bdi> are counted here." in words
    assert "other countr" not in words
