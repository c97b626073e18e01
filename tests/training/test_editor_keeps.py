"""What the editor keeps of the school: taught pages one by one and in bulk, and courses that exist once."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import Page

from cms import editors
from training.models import Course, Curriculum, Lesson

KEPT = "Learners&#x27; records refer to"


@pytest.fixture(params=["manager", "administrator"])
def client_of(request, person, countries, sign_in):
    """A client of somebody who may enter the editor; administrators delete pages with what is below."""
    editors.grant()
    user = person(request.param, country=countries["TN"], is_staff=True, is_superuser=request.param == "administrator")
    user.groups.add(Group.objects.get(name=request.param))
    return sign_in(user)


def in_bulk(client, act, *pages, **more):
    chosen = "&".join(f"id={page.pk}" for page in pages)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", act])
    return client.post(f"{address}?{chosen}&next=/admin/pages/", {"confirm_site_name": "Fanal"} | more, follow=True)


def shelf(course):
    """A course, its curriculum, its first module and its first lesson, by name."""
    module = course.get_children().first()
    return {
        "curriculum": course.get_parent(),
        "course": course,
        "module": module,
        "lesson": module.get_children().first(),
    }


@pytest.mark.parametrize("kind", ["curriculum", "course", "module", "lesson"])
def test_taught_pages_withstand_deleting_in_bulk_as_one_by_one(client_of, course, kind):
    page, before = shelf(course)[kind], Page.objects.count()

    in_bulk(client_of, "delete", page)
    client_of.post(reverse("wagtailadmin_pages:delete", args=[page.pk]), {"confirm_site_name": "Fanal"})

    assert Page.objects.count() == before


def test_who_deletes_taught_lessons_in_bulk_is_told_which_stay_and_what_to_do(client_of, course, lessons):
    new = lessons[0].get_parent().add_child(instance=Lesson(title="New", slug="new", live=False))

    page = in_bulk(client_of, "delete", new, lessons[0]).content.decode()

    assert "Nothing was deleted." in page
    assert KEPT in page
    assert lessons[0].title in page
    assert Lesson.objects.filter(pk=new.pk).exists()


def test_a_lesson_that_was_never_published_is_deleted_in_bulk(client_of, lessons):
    new = lessons[0].get_parent().add_child(instance=Lesson(title="New", slug="new", live=False))

    in_bulk(client_of, "delete", new)

    assert not Lesson.objects.filter(pk=new.pk).exists()


@pytest.mark.parametrize("alias", ["", "on"])
@pytest.mark.parametrize("below", ["", "on"])
@pytest.mark.parametrize("kind", ["curriculum", "course"])
def test_a_course_is_not_copied_and_nothing_half_made_stays(client_of, course, kind, below, alias):
    page, before = shelf(course)[kind], Page.objects.count()
    form = {
        "new_title": "Copy",
        "new_slug": "copy",
        "new_parent_page": str(page.get_parent().pk),
        "publish_copies": "on",
    }
    form |= {"copy_subpages": below} if below else {}
    form |= {"alias": alias} if alias else {}

    answer = client_of.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), form, follow=True)

    assert "A course exists once" in answer.content.decode()
    assert (Page.objects.count(), Course.objects.count(), Curriculum.objects.count()) == (before, 1, 1)


@pytest.mark.parametrize("kind", ["curriculum", "course"])
def test_a_course_is_not_offered_for_copying_but_its_parts_are(client_of, course, lessons, kind):
    def offered(page):
        act = reverse("wagtailadmin_pages:copy", args=[page.pk])
        return act in client_of.get(reverse("wagtailadmin_explore", args=[page.get_parent().pk])).content.decode()

    assert [offered(shelf(course)[kind]), offered(lessons[0])] == [False, True]
