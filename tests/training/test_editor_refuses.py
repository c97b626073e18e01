"""What the editor refuses in words: days that cannot be, a key that others refer to, a test that nobody can pass."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.training.pressing import press_again
from tests.training.streamed import lines_of
from tests.training.test_wagtail_hooks import typed
from training import queries
from training.choices import Form
from training.models import Blueprint, Course, Lesson, Module, Overlay, Question

pytestmark = pytest.mark.either


@pytest.fixture
def entry(countries):
    """An entry of Haiti."""
    return Overlay.objects.filter(country="HT").first()


def edit_entry(client, entry, **more):
    url = reverse("wagtailsnippets_training_overlay:edit", args=[entry.pk])
    return client.post(url, typed(client.get(url)) | more)


def errors(answer):
    return {name: " ".join(told) for name, told in answer.context["form"].errors.items()} if answer.context else {}


@pytest.mark.parametrize(
    ("sent", "name", "words"),
    [
        ({"checked_at": "2030-01-01", "confirmed": "on"}, "checked_at", "This day has not come yet."),
        ({"checked_at": "0001-01-01"}, "checked_at", "between 2020 and 2100"),
        ({"review_at": "9999-12-31"}, "review_at", "between 2020 and 2100"),
        ({"checked_at": "2026-05-02", "review_at": "2026-05-02"}, "review_at", "a day after the one"),
        ({"checked_at": "2026-05-02", "review_at": "2021-05-02"}, "review_at", "a day after the one"),
        ({"checked_at": "", "confirmed": "on"}, "checked_at", "the day on which the text was confirmed"),
    ],
)
def test_days_that_cannot_be_are_refused_beside_their_field(editor, entry, sent, name, words):
    before = Overlay.objects.filter(pk=entry.pk).values().get()

    answer = edit_entry(editor, entry, **sent)

    told = errors(answer)
    assert answer.status_code == 200
    assert words in told[name]
    assert "Constraint" not in " ".join(told.values())
    assert Overlay.objects.filter(pk=entry.pk).values().get() == before


def test_an_entry_checked_today_to_be_checked_again_is_taken(editor, entry):
    today = timezone.localdate() - dt.timedelta(days=1)

    answer = edit_entry(
        editor, entry, checked_at=f"{today}", review_at=f"{today + dt.timedelta(days=365)}", confirmed="on"
    )

    assert answer.status_code == 302
    assert Overlay.objects.get(pk=entry.pk).checked_at == today


def test_a_second_entry_for_every_curriculum_is_refused_in_words(editor, entry):
    Overlay.objects.filter(pk=entry.pk).update(curriculum=None)
    fields = {
        "country": "HT",
        "slot": entry.slot,
        "text_en": "More.",
        "source_kind": entry.source_kind,
        "source_en": "x",
    }

    told = errors(editor.post(reverse("wagtailsnippets_training_overlay:add"), fields))

    assert "There is an entry for this already" in told["slot"]
    assert "Constraint" not in " ".join(told.values())


def edit_course(client, course, **more):
    url = reverse("wagtailadmin_pages:edit", args=[course.pk])
    empty = lines_of(course) | {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "action-publish": "1"}
    return press_again(client, client.post(url, typed(client.get(url)) | empty | more))


def test_the_key_of_a_published_course_and_question_stays(editor, course):
    question = Question.objects.filter(course=course).first()
    url = reverse("wagtailsnippets_training_question:edit", args=[question.pk])

    saved = edit_course(editor, course, key="renamed", summary_en="Other words", change="material")
    editor.post(url, typed(editor.get(url)) | {"key": "renamed", "body_en-count": "0"})

    assert saved.status_code == 302
    course_now = Course.objects.get(pk=course.pk)
    assert (course_now.key, course_now.summary_en) == (course.key, "Other words")
    assert Course.objects.get(pk=course.pk).get_latest_revision_as_object().key == course.key
    assert Question.objects.get(pk=question.pk).key == question.key
    assert not Question.objects.filter(key="renamed").exists()
    latest = Question.objects.get(pk=question.pk).get_latest_revision_as_object()
    assert latest.key == question.key


def test_a_plan_that_the_bank_cannot_fill_is_refused_with_the_numbers(editor, course):
    row = course.blueprint.filter(form=2).first()
    place = list(course.blueprint.all()).index(row)
    held = Question.objects.filter(course=course, form=2, live=True)
    there = held.filter(objective=row.objective).count() if row.objective else held.count()

    told = errors(edit_course(editor, course, **{f"blueprint-{place}-count": "30"}))

    assert f"the plan asks 30, the bank holds {there}" in told["__all__"]
    assert Course.objects.get(pk=course.pk).plan() == course.plan()


@pytest.fixture
def planned(course):
    """The judicial course with a plan of two rows, as readers have it."""
    objective = (
        Question.objects.filter(course=course, form=Form.POST, live=True).exclude(objective="").first().objective
    )
    page = Course.objects.get(pk=course.pk)
    first = page.blueprint.get()
    first.count -= 1
    page.blueprint.add(first)
    page.blueprint.add(Blueprint(form=Form.POST, objective=objective, count=1))
    page.save_revision().publish()
    return Course.objects.get(pk=course.pk)


def test_a_plan_is_changed_row_by_row(editor, planned):
    (form, objective, count), second = planned.plan()

    answer = edit_course(
        editor, planned, **{"blueprint-0-count": f"{count - 1}", "pass_minimum": "1", "change": "material"}
    )

    assert answer.status_code == 302
    assert sorted(Course.objects.get(pk=planned.pk).plan()) == sorted([(form, objective, count - 1), second])


def test_a_plan_that_nobody_touched_stays_whole(editor, planned):
    answer = edit_course(editor, planned, summary_en="Summed up anew.", change="material")

    assert answer.status_code == 302
    assert Course.objects.get(pk=planned.pk).summary_en == "Summed up anew."
    assert sorted(Course.objects.get(pk=planned.pk).plan()) == sorted(planned.plan())


def test_a_live_course_is_not_published_without_its_test(editor, course):
    rows = {f"blueprint-{place}-DELETE": "on" for place, _row in enumerate(course.blueprint.all())}

    told = errors(edit_course(editor, course, **rows, pass_minimum="", change="material"))

    assert "The course has no test yet" in told["__all__"]
    assert Course.objects.get(pk=course.pk).plan() == course.plan()


def test_a_course_without_a_lesson_or_a_test_does_not_go_live_and_what_is_missing_is_named(editor, course, lessons):
    Course.objects.get(pk=course.pk).unpublish()
    for page in lessons:
        page.unpublish()
    modules = list(Module.objects.filter(path__startswith=course.path, live=True))

    without_lesson = errors(edit_course(editor, course))["__all__"]
    for page in modules:
        page.unpublish()
    course.blueprint.all().delete()
    without_module = errors(edit_course(editor, course))["__all__"]

    assert not Course.objects.get(pk=course.pk).live
    assert f"No lesson is published yet in “{modules[0].heading_en}”" in without_lesson
    assert "The course has no test yet" not in without_lesson
    assert "The course has no published module yet." in without_module
    assert "The course has no test yet" in without_module


@pytest.mark.parametrize("change", ["wording", "minor", "material"])
def test_the_kind_of_change_that_is_chosen_counts(editor, course, change):
    answer = edit_course(editor, course, summary_en=f"{course.summary_en}.", change=change)

    assert answer.status_code == 302
    assert queries.proposal_for(Course.objects.get(pk=course.pk)).change == ""
    assert Course.objects.get(pk=course.pk).latest_revision.content["change"] == change


RULE = " An interpreter must be sworn in and must not be a relative of the accused."


@pytest.mark.parametrize(
    ("more", "proposed"),
    [
        (".", "Proposed: Wording: same meaning, because"),
        (RULE, "Proposed: Material: law, procedure, right answer or number"),
    ],
)
def test_what_readers_have_is_not_published_anew_before_a_kind_of_change_is_chosen(editor, course, more, proposed):
    typed_in = {"summary_en": f"{course.summary_en}{more}", "change": ""}

    refused = errors(edit_course(editor, course, **typed_in, lowered_because="slip"))["change"]

    assert "This field is required." in refused
    assert proposed in refused
    assert Course.objects.get(pk=course.pk).summary_en == course.summary_en


def test_a_proposal_that_is_minor_is_named_too_where_nothing_is_chosen(editor, course):
    refused = errors(edit_course(editor, course, certificate_months="12", change=""))["change"]

    assert "Proposed: Minor" in refused


def test_no_kind_is_asked_where_readers_read_what_they_have(editor, course):
    assert edit_course(editor, course, change="", slug="another-address").status_code == 302


def test_a_pass_rule_that_cannot_be_met_is_refused_in_words(editor, course):
    asked = sum(count for form, _objective, count in course.plan() if form == 2)

    told = errors(edit_course(editor, course, pass_minimum=str(asked + 1)))

    assert told["pass_minimum"] == f"The test has {asked} questions: choose that number or fewer."
    assert "Constraint" not in " ".join(told.values())


def test_a_test_of_more_questions_than_anybody_answers_is_refused_with_the_numbers(editor, course):
    rows = {f"blueprint-{place}-form": "2" for place in (1, 2)} | {
        f"blueprint-{place}-count": "30" for place in (1, 2)
    }
    rows |= {"blueprint-1-objective": "elements", "blueprint-2-objective": "indicators", "blueprint-TOTAL_FORMS": "3"}
    rows |= {f"blueprint-{place}-{name}": "" for place in (1, 2) for name in ("id", "ORDER", "DELETE")}

    told = errors(edit_course(editor, course, **rows))

    assert "the plan asks 66 questions. A test has 60 at most: lower the numbers." in told["__all__"]


def test_a_group_of_readers_that_the_course_has_not_is_refused_at_a_question(editor, course):
    Course.objects.filter(pk=course.pk).update(tracks=["migrant"])
    question = Question.objects.filter(course=course).first()
    url = reverse("wagtailsnippets_training_question:edit", args=[question.pk])

    told = errors(editor.post(url, typed(editor.get(url)) | {"tracks": "official", "body_en-count": "0"}))

    assert "does not have these groups of readers" in told["tracks"]


def test_a_taught_question_is_not_deleted_and_how_to_retire_it_is_said(editor, course):
    questions = list(Question.objects.filter(course=course))
    bulk = reverse("wagtail_bulk_action", args=["training", "question", "delete"])

    page = editor.post(f"{bulk}?{'&'.join(f'id={one.pk}' for one in questions)}", follow=True).content.decode()
    one = editor.post(reverse("wagtailsnippets_training_question:delete", args=[questions[0].pk]), follow=True)

    assert Question.objects.filter(course=course).count() == len(questions)
    for words in (page, one.content.decode()):
        assert "To retire a question, open it and unpublish it" in words


def test_a_question_that_was_never_published_is_deleted(editor, course):
    new = Question.objects.create(course=course, key="never", live=False)

    editor.post(reverse("wagtailsnippets_training_question:delete", args=[new.pk]))

    assert not Question.objects.filter(pk=new.pk).exists()


@pytest.mark.parametrize(("spare", "live"), [(0, True), (1, False)])
def test_a_question_is_retired_while_enough_are_left(editor, course, spare, live):
    question, *others = Question.objects.filter(course=course, live=True, form=2)
    course.blueprint.all().delete()
    Blueprint.objects.create(course=course, form=2, count=len(others) + 1 - spare)

    page = editor.post(
        reverse("wagtailsnippets_training_question:unpublish", args=[question.pk]), follow=True
    ).content.decode()

    assert Question.objects.get(pk=question.pk).live is live
    assert ("This question stays" in page) is live


def test_a_course_says_that_readers_choose_among_its_groups_and_a_lesson_of_whom_it_is_asked(editor, course):
    lesson = Lesson.objects.descendant_of(course).first()

    of_course, of_lesson = (
        editor.get(reverse("wagtailadmin_pages:edit", args=[one.pk])).context["form"].fields["tracks"]
        for one in (course, lesson)
    )

    assert (of_course.label, of_lesson.label) == ("Groups of readers", "Asked of")
    assert "A reader chooses hers" in of_course.help_text
    assert "everybody who takes the course" in of_lesson.help_text
