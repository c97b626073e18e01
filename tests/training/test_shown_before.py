"""Publish is pressed twice where readers have the thing: the first press shows what it does, the second does it."""

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cms import editors
from tests.cms.editing import press as send_page
from tests.training.folders import small_course
from tests.training.pressing import press_again
from tests.training.streamed import lines_of
from tests.training.test_editor_refuses import typed
from training import actions
from training.models import Course, Lesson, Module, Progress, Question
from training.views.publishing import is_shown_first

pytestmark = pytest.mark.either


@pytest.fixture
def small(front, countries, tmp_path, at):
    """The small course."""
    return actions.load_course(small_course(tmp_path / "small"), front, by="test", at=at)


@pytest.fixture
def question(course):
    """A question of the test after the course, which readers have."""
    return Question.objects.filter(course=course, form=2).first()


def first_press(client, course, **more):
    """Press Publish in the form of a course."""
    url = reverse("wagtailadmin_pages:edit", args=[course.pk])
    empty = lines_of(course) | {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "action-publish": "1"}
    return client.post(url, typed(client.get(url)) | empty | {"change": "material"} | more)


def now(course):
    return Course.objects.get(pk=course.pk)


def messages(client):
    page = client.get(reverse("wagtailadmin_home")).content.decode()
    return " ".join(page.partition('class="messages"')[2].partition("</main>")[0].split())


def test_the_first_press_keeps_a_draft_and_shows_what_publishing_it_does(editor, official, small):
    enrolment = actions.enrol(learner=actions.learner_of(official), course=small, country="HT", at=timezone.now())
    Progress.objects.filter(enrolment=enrolment).update(completed_at=timezone.now())
    before = small.summary_en

    answer = first_press(editor, small, summary_en="Summed up anew.", pass_minimum="2")
    page = editor.get(answer["Location"]).content.decode()

    assert now(small).summary_en == before
    assert now(small).get_latest_revision_as_object().summary_en == "Summed up anew."
    assert "not published yet" in page
    assert "<ins>anew.</ins>" in page or "<ins>Summed up anew.</ins>" in page
    assert "1 official who has finished gets a refresher" in page
    assert "Those who have finished are written to" in page
    assert page.count(f'action="{reverse("training:publish", args=["course", small.pk])}"') == 2


def test_the_second_press_publishes_and_says_so_with_what_went_out_of_date(editor, course):
    answer = press_again(editor, first_press(editor, course, summary_en="Summed up anew."))

    assert answer["Location"] == reverse("wagtailadmin_explore", args=[course.get_parent().pk])
    assert now(course).summary_en == "Summed up anew."
    assert not now(course).has_unpublished_changes
    told = messages(editor)
    assert "is published." in told
    assert "out of date now. It concerns" in told


def test_a_question_is_shown_first_in_the_same_way(editor, question):
    url = reverse("wagtailsnippets_training_question:edit", args=[question.pk])
    fields = {key: value for key, value in typed(editor.get(url)).items() if not key.startswith("body_en")}
    value = {
        "question": "Asked anew?",
        "answer": "3",
        "tolerance": "0",
        "right_feedback": "Yes.",
        "wrong_feedback": "No.",
    }
    fields |= {f"body_en-0-value-{name}": text for name, text in value.items()}
    fields |= {"body_en-count": "1", "body_en-0-deleted": "", "body_en-0-order": "0", "body_en-0-type": "number"}

    first = editor.post(url, fields | {"change": "material", "action-publish": "1"})
    asked = str(Question.objects.get(pk=question.pk).body_en[0].value["question"])
    last = press_again(editor, first)

    assert f"/reports/publishing/question/{question.pk}/" in first["Location"]
    assert asked != "Asked anew?"
    assert last["Location"] == reverse("wagtailsnippets_training_question:list")
    assert str(Question.objects.get(pk=question.pk).body_en[0].value["question"]) == "Asked anew?"


@pytest.fixture
def new_lesson(small):
    """The form of a lesson that is new in the first module of the small course."""
    form = {"title": "New", "slug": "new", "heading_en": "New", "aim_en": "See.", "minutes": "12", "change": ""}
    block = {"count": "1", "0-deleted": "", "0-order": "0", "0-type": "takeaway", "0-value-text": "Ask."}
    extra = {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "action-publish": "1"}
    return form | extra | {f"body_en-{name}": value for name, value in block.items()}


def test_what_no_reader_has_goes_live_by_one_press(editor, small, new_lesson):
    small.unpublish()
    module = Module.objects.descendant_of(small).first()

    added = editor.post(reverse("wagtailadmin_pages:add", args=["training", "lesson", module.pk]), new_lesson)
    made = Lesson.objects.get(slug="new")
    Lesson.objects.filter(pk=made.pk).update(live=False, first_published_at=None)
    saved = editor.post(reverse("wagtailadmin_pages:edit", args=[made.pk]), new_lesson)

    assert added["Location"] == saved["Location"] == reverse("wagtailadmin_explore", args=[module.pk])
    assert Lesson.objects.get(pk=made.pk).live


def test_a_new_lesson_of_a_course_that_readers_have_is_shown_first(editor, official, small, new_lesson):
    enrolment = actions.enrol(learner=actions.learner_of(official), course=small, country="HT", at=timezone.now())
    Progress.objects.filter(enrolment=enrolment).update(completed_at=timezone.now())
    module = Module.objects.descendant_of(small).first()
    address = reverse("wagtailadmin_pages:add", args=["training", "lesson", module.pk])

    first = editor.post(address, new_lesson | {"required": "on", "change": "material"})
    made = Lesson.objects.get(slug="new")
    page = editor.get(first["Location"]).content.decode()
    last = press_again(editor, first)

    assert not made.live
    assert "1 official who has finished gets a refresher" in " ".join(page.split())
    assert last["Location"] == reverse("wagtailadmin_explore", args=[module.pk])
    assert Lesson.objects.get(pk=made.pk).live


@pytest.fixture
def finished(official, small):
    """The official has finished the small course."""
    enrolment = actions.enrol(learner=actions.learner_of(official), course=small, country="HT", at=timezone.now())
    Progress.objects.filter(enrolment=enrolment).update(completed_at=timezone.now())


def test_a_course_that_is_put_on_again_is_shown_first_while_somebody_is_in_it(editor, small, finished):
    now(small).unpublish()

    first = first_press(editor, small, summary_en="Summed up anew.")
    was_live = now(small).live
    page = editor.get(first["Location"]).content.decode()
    press_again(editor, first)

    assert not was_live
    assert "not published yet" in page
    assert "Finished" in page
    assert now(small).live


@pytest.mark.parametrize(
    ("kind", "told"),
    [("lesson", "who owed it owes it again"), ("course", "who owed something in it owes it again")],
)
def test_what_comes_back_is_owed_again_by_who_owed_it(editor, small, finished, kind, told):
    thing = small if kind == "course" else Lesson.objects.descendant_of(small).first()
    type(thing).objects.get(pk=thing.pk).unpublish()
    untrue = "Nobody who has finished gets a refresher."

    page = editor.get(reverse("training:publishing", args=[kind, thing.pk])).content.decode()

    assert (told in page, untrue in page) == (True, False)


def test_a_question_that_is_put_on_again_is_shown_first_while_somebody_is_in_its_course(course, question, enrolment):
    Question.objects.filter(pk=question.pk).update(live=False)

    assert is_shown_first(Question.objects.get(pk=question.pk))

    Progress.objects.all().delete()

    assert not is_shown_first(Question.objects.get(pk=question.pk))


def test_a_module_that_brings_lessons_back_is_shown_first_with_them(editor, small, finished):
    module = Module.objects.descendant_of(small).first()
    lesson = Lesson.objects.descendant_of(module).first()
    Module.objects.get(pk=module.pk).unpublish()

    first = send_page(editor, module, heading_en="Changed")
    was_live = Module.objects.get(pk=module.pk).live
    page = editor.get(first["Location"]).content.decode()
    press_again(editor, first)

    assert not was_live
    assert "What comes back" in page
    assert lesson.heading_en in page
    assert "get a refresher of" not in page
    assert "gets a refresher of" not in page
    assert "are written to" not in page
    assert Module.objects.get(pk=module.pk).live
    assert now(small).live


def test_a_module_tells_of_the_refresher_that_waits_in_a_lesson_of_it(editor, small, finished):
    module = Module.objects.descendant_of(small).first()
    Module.objects.get(pk=module.pk).unpublish()
    lesson = Lesson.objects.descendant_of(module).first()
    lesson.heading_en, lesson.change = "Other law", "material"
    lesson.save_revision().publish()

    page = editor.get(send_page(editor, module, heading_en="Changed")["Location"]).content.decode()

    assert f"1 official who has finished gets a refresher of about {lesson.minutes} minutes" in " ".join(page.split())


def test_a_module_without_a_lesson_of_readers_goes_live_by_one_press(editor, small, finished):
    module = Module.objects.descendant_of(small).first()
    Lesson.objects.descendant_of(module).update(live=False)
    Module.objects.get(pk=module.pk).unpublish()

    send_page(editor, module, heading_en="Changed")

    assert Module.objects.get(pk=module.pk).live


def test_a_form_that_is_refused_shows_its_faults_and_no_page(editor, small):
    answer = first_press(editor, small, summary_en="Summed up anew.", change="")

    assert answer.status_code == 200
    assert "change" in answer.context["form"].errors


def test_a_draft_that_was_saved_after_the_shown_one_is_not_published(editor, small):
    first = first_press(editor, small, summary_en="Summed up anew.")
    later = now(small).get_latest_revision_as_object()
    later.summary_en = "By somebody else."
    later.save_revision()

    answer = press_again(editor, first)

    page = editor.get(answer["Location"]).content.decode()
    assert now(small).summary_en not in ("Summed up anew.", "By somebody else.")
    assert "another draft was saved" in page
    assert "By somebody else." in page or "<ins>somebody" in page
    assert "Publish now" not in page


def test_a_draft_that_was_written_over_in_its_own_row_is_not_published(editor, small):
    first = first_press(editor, small, summary_en="Summed up anew.")
    kept = now(small).latest_revision
    later = now(small).get_latest_revision_as_object()
    later.summary_en = "Kept by itself."
    later.save_revision(overwrite_revision=kept, user=kept.user)

    press_again(editor, first)

    assert now(small).latest_revision_id == kept.pk
    assert now(small).summary_en != "Kept by itself."


def test_pressing_twice_on_the_page_publishes_once(editor, small):
    first = first_press(editor, small, summary_en="Summed up anew.")
    press_again(editor, first)
    count = small.versions.count()

    answer = press_again(editor, first)

    assert small.versions.count() == count
    assert "Nothing is left to publish" in editor.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("mark", ["", "0" * 64, "x"])
def test_a_saved_draft_is_not_published_without_the_press_in_its_form(editor, small, mark):
    draft = now(small)
    draft.summary_en = "A draft with nothing chosen."
    draft.save_revision()

    page = editor.get(reverse("training:publishing", args=["course", small.pk]), {"mark": mark}).content.decode()
    editor.post(reverse("training:publish", args=["course", small.pk]), {"mark": mark})

    assert "Publish now" not in page
    assert now(small).summary_en != "A draft with nothing chosen."


def test_the_mark_of_one_manager_is_nothing_to_another(editor, small, person, countries, sign_in):
    first = first_press(editor, small, summary_en="Summed up anew.")
    other = person("manager", country=countries["TN"], is_staff=True)
    other.groups.add(Group.objects.get(name="manager"))

    press_again(sign_in(other), first)

    assert now(small).summary_en != "Summed up anew."


def test_who_may_not_publish_any_more_does_not(editor, small, client):
    first = first_press(editor, small, summary_en="Summed up anew.")
    Group.objects.get(name="manager").page_permissions.all().delete()

    assert press_again(editor, first).status_code == 403
    assert now(small).summary_en != "Summed up anew."
    editors.grant()


def test_a_page_that_was_locked_meanwhile_is_not_published(editor, small, person):
    first = first_press(editor, small, summary_en="Summed up anew.")
    Course.objects.filter(pk=small.pk).update(locked=True, locked_by=person("administrator"), locked_at=timezone.now())

    assert press_again(editor, first).status_code == 403
    assert now(small).summary_en != "Summed up anew."


def test_what_is_planned_is_shown_with_its_time_and_waits_for_it(editor, small):
    later = timezone.now() + dt.timedelta(days=3)

    first = first_press(editor, small, summary_en="Summed up anew.", go_live_at=f"{later:%Y-%m-%d %H:%M}")
    page = editor.get(first["Location"]).content.decode()
    press_again(editor, first)

    assert "Publish at that time" in page
    assert now(small).summary_en != "Summed up anew."
    assert now(small).scheduled_revision is not None
    assert "goes live at the time that was chosen" in messages(editor)


def test_the_way_leads_to_the_managers_own_language(editor, small):
    User.objects.update(language="pt")

    first = first_press(editor, small, summary_en="Summed up anew.")

    assert editor.get(first["Location"], follow=True).status_code == 200
    assert "mark" in parse_qs(urlsplit(first["Location"]).query)
