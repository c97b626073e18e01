"""Who is no administrator puts a course into her own country alone, and takes it off there alone."""

import pytest
from django.contrib.auth.models import Group

from cms import editors
from tests.training.test_editor_refuses import edit_course, errors
from training.models import Course


def countries_of(course):
    """Return where readers have a course."""
    return {one.pk for one in Course.objects.get(pk=course.pk).countries.all()}


@pytest.fixture
def signed(person, sign_in):
    """A function that signs a person of some role and country in who works in the editor."""

    def enter(role, country=None):
        editors.grant()
        user = person(role, country=country, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        return sign_in(user)

    return enter


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
