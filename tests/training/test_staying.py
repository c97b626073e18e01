"""What has been published stays in its course, by whichever door of the editor; within its course it may move."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from cms.models import FrontPage
from tests.training.conftest import AT
from tests.training.folders import small_course
from tests.training.once import once
from tests.training.pressing import press_again, save_entry
from tests.training.streamed import sent
from tests.training.test_wagtail_hooks import typed
from training import actions
from training.models import Course, CourseVersion, Lesson, Module, Overlay, PublishedElsewhere, Question, Scenario


@pytest.fixture(scope="module")
def small_once(school, django_db_blocker, tmp_path_factory):
    """The number of a second course, loaded beside the judicial one."""

    def load():
        folder = small_course(tmp_path_factory.mktemp("folders") / "small")
        return actions.load_course(folder, FrontPage.objects.get(), by="test", at=AT).pk

    with once(django_db_blocker, load) as number:
        yield number


@pytest.fixture
def small(small_once, db):
    """The second course."""
    return Course.objects.get(pk=small_once)


@pytest.fixture
def elsewhere(small):
    """A module of the second course."""
    return Module.objects.descendant_of(small).first()


def editions(*courses):
    return [CourseVersion.objects.filter(course=one).count() for one in courses]


def move(client, page, destination):
    return client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, destination.pk]), follow=True)


def said(answer):
    return " ".join(str(one) for one in answer.context["messages"])


def draft_in(module):
    return module.add_child(
        instance=Lesson(title="New", slug="new", heading_en="New", aim_en="A", body_en=[], live=False)
    )


# Pages


@pytest.mark.parametrize("kind", ["lesson", "module"])
@pytest.mark.parametrize("is_off", [False, True])
def test_a_page_that_was_published_does_not_move_to_another_course(
    editor, course, small, elsewhere, lessons, kind, is_off
):
    page, target = (lessons[0], elsewhere) if kind == "lesson" else (lessons[0].get_parent().specific, small)
    if is_off:
        page.unpublish()
    before, path = editions(course, small), page.path

    answer = move(editor, page, target)

    assert "Copy them into the other course" in said(answer)
    assert page.title in said(answer)
    assert Page.objects.get(pk=page.pk).path == path
    assert editions(course, small) == before


def test_who_opens_the_page_that_confirms_such_a_move_is_told_at_once(editor, elsewhere, lessons):
    answer = editor.get(reverse("wagtailadmin_pages:move_confirm", args=[lessons[0].pk, elsewhere.pk]), follow=True)

    assert answer.redirect_chain[-1][0] == reverse("wagtailadmin_pages:move", args=[lessons[0].pk])
    assert "Nothing was moved." in said(answer)


def test_a_new_module_with_a_lesson_that_was_published_stays(editor, course, small, lessons):
    module = course.add_child(instance=Module(title="Fresh", slug="fresh", heading_en="Fresh", live=False))
    lessons[0].move(module, pos="last-child")
    module.refresh_from_db()

    move(editor, module, small)

    assert Page.objects.get(pk=module.pk).path.startswith(course.path)


def test_many_pages_of_which_one_was_published_all_stay(editor, small, elsewhere, lessons):
    new = draft_in(lessons[0].get_parent())
    act = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])

    answer = editor.post(
        f"{act}?id={new.pk}&id={lessons[0].pk}&next=/admin/pages/", {"chooser": elsewhere.pk}, follow=True
    )

    assert "Nothing was moved." in said(answer)
    assert lessons[0].title in said(answer)
    assert not Lesson.objects.descendant_of(small).filter(pk__in=[new.pk, lessons[0].pk]).exists()


def test_no_other_road_moves_it_either(lessons, elsewhere):
    with pytest.raises(actions.LeavesItsCourse):
        lessons[0].move(elsewhere, pos="last-child")

    assert Lesson.objects.get(pk=lessons[0].pk).path == lessons[0].path


def test_a_draft_moves_freely_one_by_one_and_in_bulk(editor, small, elsewhere, lessons):
    new = draft_in(lessons[0].get_parent())
    act = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])

    move(editor, new, elsewhere)
    there = Lesson.objects.descendant_of(small).filter(pk=new.pk).exists()
    editor.post(f"{act}?id={new.pk}&next=/admin/pages/", {"chooser": lessons[0].get_parent().pk})

    assert there
    assert not Lesson.objects.descendant_of(small).filter(pk=new.pk).exists()


def test_within_its_course_a_lesson_moves_and_the_course_follows(editor, course, lessons):
    other = course.add_child(instance=Module(title="Other", slug="other", heading_en="Other"))
    before = editions(course)

    move(editor, lessons[0], other)
    moved = Lesson.objects.get(pk=lessons[0].pk)

    assert moved.path.startswith(other.path)
    assert editions(course) > before


def test_what_only_other_countries_have_is_not_moved_within_its_course(editor, course, lessons):
    other = course.add_child(instance=Module(title="Other", slug="other", heading_en="Other"))
    course.countries.set(["TN"])
    course.save()
    paths = [lesson.path for lesson in lessons[:2]]
    act = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])

    alone = move(editor, lessons[0], other)
    together = editor.post(f"{act}?id={lessons[1].pk}&next=/admin/pages/", {"chooser": other.pk}, follow=True)

    assert "your country does not have this course" in said(alone)
    assert "your country does not have this course" in said(together)
    assert [Lesson.objects.get(pk=lesson.pk).path for lesson in lessons[:2]] == paths


def test_a_manager_drags_nothing_in_the_editors_list(editor, lessons):
    answer = editor.post(f"{reverse('wagtailadmin_pages:set_page_position', args=[lessons[2].pk])}?position=0")

    assert answer.status_code in {302, 403}
    assert Lesson.objects.get(pk=lessons[2].pk).path == lessons[2].path


# Questions and stories


@pytest.fixture
def question(course):
    return Question.objects.filter(course=course, form=2, live=True).first()


def form_of(editor, question):
    url = reverse("wagtailsnippets_training_question:edit", args=[question.pk])
    return url, sent(editor.get(url), question.body_en.get_prep_value()[0])


@pytest.mark.parametrize("button", [{}, {"action-publish": "1", "change": "material"}])
def test_a_question_that_was_published_stays_in_its_course(editor, course, small, question, button):
    url, fields = form_of(editor, question)

    answer = editor.post(url, fields | {"course": str(small.pk)} | button)

    assert "stays there" in str(answer.context["form"].errors["course"])
    assert Question.objects.get(pk=question.pk).course_id == course.pk


def test_a_question_that_was_taken_off_stays_too(editor, course, small, question):
    question.unpublish()
    url, fields = form_of(editor, question)

    answer = editor.post(url, fields | {"course": str(small.pk)})

    assert "course" in answer.context["form"].errors


def test_a_draft_of_a_question_goes_to_another_course_and_is_published_there(editor, small, question):
    new = Question.objects.create(key="new", course=question.course, form=2, live=False)
    new.body_en = [question.body_en.get_prep_value()[0] | {"id": "00000000-0000-4000-8000-000000000001"}]
    new.save()
    url, fields = form_of(editor, new)

    press_again(editor, editor.post(url, fields | {"course": str(small.pk), "action-publish": "1"}))

    moved = Question.objects.get(pk=new.pk)
    assert (moved.course_id, moved.live) == (small.pk, True)


def test_no_revision_of_old_leads_a_question_to_another_course(course, small, question):
    question.course = small
    revision = question.save_revision()

    with pytest.raises(PublishedElsewhere, match=question.key):
        revision.publish()

    assert Question.objects.get(pk=question.pk).course_id == course.pk


def test_a_story_that_was_published_stays_in_its_course(editor, story_once, small):
    url = reverse("wagtailsnippets_training_scenario:edit", args=[story_once])

    blocks = Scenario.objects.get(pk=story_once).nodes_en.get_prep_value()

    answer = editor.post(url, sent(editor.get(url), *blocks, column="nodes_en") | {"course": str(small.pk)})

    assert "stays there" in str(answer.context["form"].errors["course"])


# Country entries


@pytest.fixture
def administrator(person, sign_in):
    return sign_in(person("administrator", is_staff=True, is_superuser=True))


@pytest.mark.parametrize("name", ["curriculum", "country"])
def test_an_entry_that_a_course_shows_stays_in_its_country_and_curriculum(administrator, small, name):
    entry = Overlay.objects.filter(country="HT", curriculum__isnull=False).first()
    other = {"curriculum": str(small.get_parent().pk), "country": "TN"}[name]
    url = reverse("wagtailsnippets_training_overlay:edit", args=[entry.pk])

    answer = administrator.post(url, typed(administrator.get(url)) | {name: other, "change": "material"})

    assert "Add a new one there" in str(answer.context["form"].errors[name])
    stands = Overlay.objects.get(pk=entry.pk)
    assert (stands.curriculum_id, stands.country_id) == (entry.curriculum_id, entry.country_id)


def test_an_entry_that_no_course_shows_goes_where_one_does_and_is_shown_first(administrator, course, small):
    Course.objects.filter(pk=small.pk).update(live=False)
    entry = Overlay.objects.filter(country="HT", curriculum__isnull=False).first()
    Overlay.objects.filter(pk=entry.pk).update(curriculum=small.get_parent().pk)
    url = reverse("wagtailsnippets_training_overlay:edit", args=[entry.pk])
    before, fields = (
        editions(course),
        typed(administrator.get(url))
        | {
            "curriculum": str(course.get_parent().pk),
            "text_en": "Other words.",
        },
    )

    shown = administrator.post(url, fields)
    stood = Overlay.objects.get(pk=entry.pk).curriculum_id
    save_entry(administrator, url, fields)

    assert (shown.status_code, stood) == (200, small.get_parent().pk)
    assert Overlay.objects.get(pk=entry.pk).curriculum_id == course.get_parent().pk
    assert editions(course) > before
