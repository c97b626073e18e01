"""What is said to be material while no edition can hold it waits: who has finished is asked once one does."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cms import planned
from tests.training.finishing import finish
from tests.training.off_and_on import fresh, newest, number_of, off, on
from tests.training.pressing import press_again
from tests.training.stories import publish
from tests.training.test_editor_refuses import typed
from training import actions, queries
from training.models import Enrolment, Module, Overlay, Question, UnaskedChange


def asked(enrolment, days=1):
    at = timezone.now() + dt.timedelta(days=days)
    return {one.id for one in queries.standing(Enrolment.objects.get(pk=enrolment.pk), at).asked}


@pytest.fixture
def finished(course, official, at):
    """Somebody in Haiti who finished the course."""
    return finish(official, course, at)


@pytest.fixture
def module(lessons):
    """The module of the first lesson."""
    return Module.objects.get(path=lessons[0].path[: -lessons[0].steplen])


@pytest.fixture(params=["course", "module"])
def above(request, course, module):
    """What stands above a lesson and is off."""
    return {"course": course, "module": module}[request.param]


def test_a_lesson_that_changes_while_what_is_above_it_is_off(course, lessons, finished, above):
    key = str(lessons[0].translation_key)
    off(above)
    on(lessons[0], "material", aim_en="The law changed.")
    assert asked(finished) == set()
    assert queries.unasked_of(course) == {"": {key}, "HT": {key}, "TN": {key}}

    on(above)

    assert asked(finished) == {key}
    assert [number_of(course, key, country) for country in (None, "HT", "TN")] == [2, 2, 2]
    assert newest(course)[1].change_class == "material"
    assert queries.unasked_of(course) == {}


def test_several_changes_ask_once_and_a_minor_one_after_takes_nothing_back(course, lessons, finished, above):
    off(above)
    for words in ("The law changed.", "It changed again."):
        on(lessons[0], "material", aim_en=words)
    on(lessons[0], "minor", aim_en="It changed again, better said.")
    on(above)

    assert UnaskedChange.objects.count() == 0
    assert number_of(course, lessons[0].translation_key) == 2
    assert asked(finished) == {str(lessons[0].translation_key)}


def test_what_says_in_the_end_what_it_said_before_asks_nothing(course, lessons, finished, above):
    before, editions = lessons[0].aim_en, newest(course)[1].number
    off(above)
    on(lessons[0], "material", aim_en="The law changed.")
    on(lessons[0], "minor", aim_en=before)
    on(above)

    assert asked(finished) == set()
    assert newest(course)[1].number == editions + (2 if above != course else 0)
    assert queries.unasked_of(course) == {}


def test_what_was_planned_waits_in_the_same_way(course, lessons, finished, module):
    off(module)
    draft = fresh(lessons[0]).get_latest_revision_as_object()
    draft.aim_en, draft.change = "The law changed.", "material"
    draft.go_live_at = timezone.now() + dt.timedelta(hours=1)
    draft.save_revision().publish()
    assert queries.unasked_of(course) == {}

    with time_machine.travel(timezone.now() + dt.timedelta(hours=2)):
        assert planned.publish_planned(timezone.now()) == 1
    assert asked(finished) == set()
    on(module)

    assert asked(finished) == {str(lessons[0].translation_key)}


def test_a_change_waits_through_editions_that_do_not_hold_the_lesson(course, lessons, finished, module):
    off(course)
    off(module)
    on(lessons[0], "material", aim_en="The law changed.")
    on(course)
    assert asked(finished) == set()

    on(module)

    assert asked(finished) == {str(lessons[0].translation_key)}


def test_a_story_and_a_question_wait_while_the_course_is_off(course, official, at):
    story, question = publish(course), Question.objects.filter(course=course, form=2).first()
    body = question.body_en.get_prep_value()
    body[0]["value"]["question"] = "Asked otherwise?"
    off(course)

    on(story, "material", intro_en="You are the judge. It is made up.")
    on(question, "material", body_en=question._meta.get_field("body_en").to_python(body))
    before = number_of(course, story.activity), number_of(course, queries.id_of_test(course))
    on(course)

    assert before == (0, 1)
    assert (number_of(course, story.activity), number_of(course, queries.id_of_test(course))) == (1, 2)


def test_the_law_of_a_country_waits_for_that_country_alone(course, lessons, finished, person, countries):
    lesson = next(one for one in lessons if any(block.block_type == "law" for block in one.body_en))
    slot = next(block.value["slot"] for block in lesson.body_en if block.block_type == "law")
    entry, by = Overlay.objects.get(country="HT", slot=slot), person("manager", country=countries["HT"])
    off(course)
    entry.text_en, entry.change = "Another law.", "material"
    actions.save_overlay(overlay=entry, save=lambda: entry.save() or entry, by=by, at=timezone.now())
    assert queries.unasked_of(course) == {"HT": {f"HT:{slot}"}}

    on(course)

    assert str(lesson.translation_key) in asked(finished)
    assert number_of(course, lesson.translation_key, "TN") == 1
    assert queries.unasked_of(course) == {}


def test_a_new_lesson_in_a_draft_module_is_asked_once_the_module_goes_live(course, lessons, finished, module):
    off(module)
    new = type(lessons[0])(title="New", slug="new", heading_en="New", live=False, required=True)
    module.add_child(instance=new)
    on(new, "material", aim_en="New law.")
    assert asked(finished) == set()

    on(module)

    assert asked(finished) == {str(new.translation_key)}


def test_nothing_waits_of_a_change_that_is_not_material(course, lessons, module):
    off(module)
    on(lessons[0], "minor", aim_en="Better said.")
    off(course)
    on(lessons[0], "minor", aim_en="Said once more.")

    assert not UnaskedChange.objects.exists()


@pytest.fixture
def told(editor):
    """A function that publishes a lesson by both presses of its form; returns what the page between them said of officials."""

    def press(lesson, **more):
        url = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
        form = {name: value for name, value in typed(editor.get(url)).items() if not name.startswith("body_en")}
        block = {"count": "1", "0-deleted": "", "0-order": "0", "0-type": "takeaway", "0-value-text": "Ask."}
        form |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "action-publish": "1"}
        first = editor.post(url, form | {f"body_en-{name}": value for name, value in block.items()} | more)
        assert first.status_code == 302, first.context["form"].errors
        page = editor.get(reverse("training:publishing", args=["lesson", lesson.pk])).content.decode()
        press_again(editor, first)
        return " ".join(page.partition("<h2>Officials</h2>")[2].partition("</section>")[0].split())

    return press


@pytest.mark.parametrize("which", ["course", "module", "both"])
def test_the_page_says_that_nobody_is_asked_before_and_who_is_from_then_on(
    told, course, module, lessons, finished, which
):
    for one in {"course": [course], "module": [module], "both": [course, module]}[which]:
        off(one)

    page = told(lessons[0], change="material", aim_en="The law changed.")

    names = {"course": "The course is", "module": "The module is", "both": "The course and the module are"}
    assert f"{names[which]} not published now. Nobody is asked before" in page
    assert "1 official who has finished gets a refresher" in page
    assert "Nobody who has finished" not in page


def test_the_page_counts_what_waits_already_when_a_minor_change_follows(told, course, lessons, finished):
    off(course)
    on(lessons[0], "material", aim_en="The law changed.")

    assert "1 official who has finished gets a refresher" in told(
        lessons[0], change="minor", aim_en="Better said.", lowered_because="slip"
    )


def test_the_page_of_a_lesson_that_goes_on_again_as_it_was_promises_no_refresher(editor, lessons, finished):
    off(lessons[0])
    draft = fresh(lessons[0]).get_latest_revision_as_object()
    draft.change = "material"
    draft.save_revision()

    page = editor.get(reverse("training:publishing", args=["lesson", lessons[0].pk])).content.decode()

    assert "who has done it is not asked anew" in page
    assert "gets a refresher" not in page


def test_the_page_of_a_course_for_which_changes_wait_says_so(editor, course, lessons, finished):
    address = reverse("training:publishing", args=["course", course.pk])
    off(course)
    before = editor.get(address).content.decode()
    on(lessons[0], "material", aim_en="The law changed.")
    page = editor.get(address).content.decode()

    assert "Material changes in this course wait" not in before
    assert "Material changes in this course wait" in page
    assert "Nobody who has finished gets a refresher" not in page
