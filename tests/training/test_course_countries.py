"""Who is no administrator puts a course into her own country alone, and takes it off there alone."""

import pytest
from django.urls import reverse

from tests.training.test_editor_refuses import edit_course, errors, typed
from training.models import Course


def countries_of(course):
    """Return where readers have a course."""
    return {one.pk for one in Course.objects.get(pk=course.pk).countries.all()}


def test_a_manager_takes_no_course_off_another_country(signed, course, countries):
    told = errors(edit_course(signed("manager", countries["HT"]), course, countries=["HT"], change="minor"))

    assert "Put back: Tunisia." in told["countries"]
    assert countries_of(course) == {"HT", "TN"}


def test_a_manager_puts_no_course_into_another_country(signed, course, countries):
    course.countries = [countries["HT"]]
    course.save()

    told = errors(edit_course(signed("manager", countries["HT"]), course, countries=["HT", "TN"], change="minor"))

    assert "Take out again: Tunisia." in told["countries"]
    assert countries_of(course) == {"HT"}


def test_a_draft_is_refused_as_well(signed, course, countries):
    sent = {"countries": ["HT"], "change": "minor", "action-publish": ""}

    assert "countries" in errors(edit_course(signed("manager", countries["HT"]), course, **sent))


def test_a_manager_takes_her_own_country_off_and_edits_a_course_of_several(signed, course, countries):
    client = signed("manager", countries["HT"])

    edit_course(client, course, summary_en="Summed up anew.", change="material")
    edit_course(client, Course.objects.get(pk=course.pk), countries=["TN"], change="minor")

    assert Course.objects.get(pk=course.pk).summary_en == "Summed up anew."
    assert countries_of(course) == {"TN"}


def test_an_administrator_changes_every_country(signed, course):
    edit_course(signed("administrator"), course, countries=["HT"], change="minor")

    assert countries_of(course) == {"HT"}


def test_a_manager_of_no_country_changes_none(signed, course):
    told = errors(edit_course(signed("manager"), course, countries=["TN"], change="minor"))

    assert "Put back: Haiti." in told["countries"]
    assert countries_of(course) == {"HT", "TN"}


def draft_of_an_administrator(course, countries):
    """Keep a draft, as an administrator does, by which a course is offered in these countries."""
    draft = Course.objects.get(pk=course.pk)
    draft.countries = countries
    draft.change = "minor"
    draft.save_revision()


@pytest.mark.parametrize(("live", "draft", "told"), [("HT", "HT TN", "Take out again: Tunisia."),
                                                     ("HT TN", "HT", "Put back: Tunisia.")])  # fmt: skip
def test_a_manager_sends_no_draft_live_that_moves_another_country(signed, course, countries, live, draft, told):
    course.countries = [countries[code] for code in live.split()]
    course.save()
    draft_of_an_administrator(course, [countries[code] for code in draft.split()])
    client = signed("manager", countries["HT"])

    as_it_is = edit_course(client, course, change="minor")

    assert told in errors(as_it_is)["countries"]
    assert countries_of(course) == set(live.split())
    edit_course(client, course, countries=live.split(), summary_en="Summed up anew.", change="material")
    assert Course.objects.get(pk=course.pk).summary_en == "Summed up anew."
    assert countries_of(course) == set(live.split())


@pytest.mark.parametrize("above", [False, True], ids=["itself", "below what was chosen"])
def test_nor_among_others_a_course_that_is_off(signed, course, countries, above):
    course.unpublish()
    draft_of_an_administrator(course, [countries["HT"]])
    chosen = course.get_parent() if above else course
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    answer = signed("manager", countries["HT"]).post(
        f"{address}?next=/admin/&id={chosen.pk}", {"include_descendants": "on"}, follow=True
    )

    assert "Put back: Tunisia." in answer.content.decode()
    assert not Course.objects.get(pk=course.pk).live
    assert countries_of(course) == {"HT", "TN"}


def test_a_manager_keeps_such_a_draft_and_an_administrator_sends_it_live(signed, course, countries):
    draft_of_an_administrator(course, [countries["HT"]])
    manager, url = signed("manager", countries["HT"]), reverse("wagtailadmin_pages:edit", args=[course.pk])
    empty = {
        "aide_en-count": "0",
        "glossary_en-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }
    kept = manager.post(url, typed(manager.get(url)) | empty | {"summary_en": "Summed up anew."})

    edit_course(signed("administrator"), course, change="material")

    assert kept.status_code == 302
    assert Course.objects.get(pk=course.pk).summary_en == "Summed up anew."
    assert countries_of(course) == {"HT"}
