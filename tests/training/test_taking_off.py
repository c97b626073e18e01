"""What taking off does is said before it is done; what other countries have is not taken off, by whichever door."""

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from accounts.models import User
from tests.training.test_editor_refuses import edit_course
from training import actions, queries
from training.actions.shipped import editor_of
from training.models import (
    Cohort,
    Course,
    Curriculum,
    Lesson,
    Module,
    Progress,
    PublishedNews,
    Question,
    Scenario,
)


@pytest.fixture
def things(course, story_once):
    """One of each kind that can be taken off, by name."""
    module = Module.objects.get(pk=course.get_children().first().pk)
    return {
        "curriculum": Curriculum.objects.get(pk=course.get_parent().pk),
        "course": course,
        "module": module,
        "lesson": Lesson.objects.get(pk=module.get_children().first().pk),
        "question": Question.objects.filter(course=course, live=True).first(),
        "story": Scenario.objects.get(pk=story_once),
    }


DRAFTS = "What you change here is kept as a draft"
KINDS = ["curriculum", "course", "module", "lesson", "question", "story"]


@pytest.fixture
def spared(course):
    """No question is needed: the plan of the course draws none of the bank's."""
    course.blueprint.all().delete()


@pytest.fixture
def begun(person, countries, course):
    """Officials of Haiti and Tunisia in the course: two and one under way, one and one finished."""
    for code, under_way, finished in (("HT", 2, 1), ("TN", 1, 1)):
        for number in range(under_way + finished):
            learner = actions.learner_of(person("learner", country=countries[code]))
            enrolment = actions.enrol(learner=learner, course=course, country=code, at=timezone.now())
            if number >= under_way:
                Progress.objects.filter(enrolment=enrolment).update(completed_at=timezone.now())


@pytest.fixture
def group(course, countries):
    """A factory of groups that take the course."""

    def make(name, country="HT", days=7):
        due = timezone.now().date() + dt.timedelta(days=days)
        return Cohort.objects.create(
            name=name, course=course, country=countries[country], begins_on=due - dt.timedelta(days=90), due_on=due,
            made_by="test", made_at=timezone.now(),
        )  # fmt: skip

    return make


def address(thing):
    """Return where a thing is taken off."""
    if isinstance(thing, Page):
        return reverse("wagtailadmin_pages:unpublish", args=[thing.pk])
    return reverse(f"wagtailsnippets_training_{thing._meta.model_name}:unpublish", args=[thing.pk])


def seen(client, thing):
    """Return what the page says before a thing is taken off."""
    return BeautifulSoup(client.get(address(thing)).content, "html.parser").select_one("main")


def words(part):
    return " ".join(re.sub("[\u2066-\u2069]", "", part.get_text(" ")).split())


def person_of(client):
    """Return who is signed in."""
    return User.objects.select_related("country").get(pk=client.session["_auth_user_id"])


def is_live(thing):
    return type(thing).objects.get(pk=thing.pk).live


def only(course, *codes):
    """Offer the course in these countries alone."""
    course.countries.set(codes)
    course.save()


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_tells_how_many_are_under_way_and_have_finished_in_her_country(
    signed, things, countries, course, begun, spared, kind
):
    only(course, "HT")

    page = seen(signed("manager", countries["HT"]), things[kind])

    assert [one.text for one in page.select("[data-under-way]")] == ["2"]
    assert [one.text for one in page.select("[data-finished]")] == ["1"]
    assert "Only the officials of Haiti are counted here." in words(page)
    assert "Tunisia" not in words(page)
    assert "referenced" not in words(page)


def test_an_administrator_of_no_country_is_told_of_every_country(signed, course, begun):
    page = seen(signed("administrator"), course)

    assert [one.text for one in page.select("[data-under-way]")] == ["–", "–"]  # one and two: told to their managers
    assert "A dash stands for fewer than ten people" in words(page)
    assert "The course is offered in Haiti, Tunisia." in words(page)
    assert "the managers there are told by letter" in words(page)


def test_the_other_countries_of_a_lesson_are_named_and_their_officials_not_counted(signed, things, countries, begun):
    page = seen(signed("manager", countries["HT"]), things["lesson"])

    assert "The course is offered in other countries too: Tunisia." in words(page)
    assert [one.text for one in page.select("[data-under-way]")] == ["2"]


def test_groups_with_a_deadline_to_come_are_named_with_it(signed, things, countries, group):
    group("North"), group("Over", days=-3), group("Tunis", country="TN")

    page = words(seen(signed("manager", countries["HT"]), things["lesson"]))

    assert "North" in page
    assert "Over" not in page
    assert "Tunis:" not in page


def test_who_may_not_see_groups_is_told_how_many_there_are(signed, things, group):
    group("North"), group("Tunis", country="TN")

    page = words(seen(signed("administrator"), things["lesson"]))

    assert "2 groups with a deadline ask for it." in page
    assert "North" not in page


def test_a_lesson_that_nobody_must_do_holds_up_no_group(signed, things, countries, group):
    group("North")
    Lesson.objects.filter(pk=things["lesson"].pk).update(required=False)

    page = words(seen(signed("manager", countries["HT"]), things["lesson"]))

    assert "Nobody had to do it." in page
    assert "North" not in page


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_told_follows_when_it_is_taken_off(signed, things, countries, course, begun, spared, kind):
    only(course, "HT")
    client = signed("manager", countries["HT"])
    kept = list(Progress.objects.order_by("pk").values("pk", "completed_at"))

    form = seen(client, things[kind]).select_one("form")
    client.post(form["action"], {"next": "/admin/"})

    assert not is_live(things[kind])
    assert list(Progress.objects.order_by("pk").values("pk", "completed_at")) == kept
    assert Course.objects.get(pk=course.pk).live == (kind != "course")


def test_a_course_goes_off_for_everybody_by_an_administrator_and_managers_hear_of_it(signed, course, begun):
    client = signed("administrator")

    client.post(address(course), {"next": "/admin/"})

    assert not is_live(course)
    told = PublishedNews.objects.filter(course=course, kind="gone").order_by("country")
    assert [(one.country_id, one.people) for one in told] == [("HT", 3), ("TN", 2)]


@pytest.mark.parametrize("kind", ["curriculum", "course"])
def test_a_manager_takes_no_course_off_that_another_country_has_too(signed, things, countries, kind):
    client = signed("manager", countries["HT"])

    page = seen(client, things[kind])
    answer = client.post(address(things[kind]), {"next": "/admin/"}, follow=True)

    for told in (words(page), words(BeautifulSoup(answer.content, "html.parser"))):
        assert "offered in other countries too: Tunisia. Only an administrator takes" in told
    assert page.select_one("form") is None
    assert is_live(things[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_takes_off_what_is_of_a_course_that_her_country_does_not_have(
    signed, things, countries, course, spared, kind
):
    only(course, "TN")
    client = signed("manager", countries["HT"])

    page = seen(client, things[kind])
    answer = client.post(address(things[kind]), {"next": "/admin/"}, follow=True)

    for told in (words(page), words(BeautifulSoup(answer.content, "html.parser"))):
        assert "Your country does not have this course. It is offered in Tunisia" in told
    assert page.select_one("form") is None
    assert is_live(things[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_an_administrator_takes_off_what_is_of_any_course(signed, things, spared, kind):
    signed("administrator").post(address(things[kind]), {"next": "/admin/"})

    assert not is_live(things[kind])


@pytest.mark.parametrize("kind", ["curriculum", "course", "module", "lesson"])
def test_pages_that_readers_have_are_taken_off_one_at_a_time(signed, things, kind):
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    client = signed("administrator")

    answer = client.post(f"{url}?id={things[kind].pk}&next=/admin/", follow=True)

    assert "Nothing was taken off." in words(BeautifulSoup(answer.content, "html.parser"))
    assert is_live(things[kind])


def test_the_pages_below_are_no_way_around_it(signed, things, front):
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])

    sent = {"include_descendants": "on"}
    signed("administrator").post(f"{url}?id={front.pk}&next=/admin/", sent)

    assert is_live(things["lesson"])
    assert Page.objects.get(pk=front.pk).live


def test_a_question_that_the_plan_needs_is_said_to_stay_before_the_button(signed, things, countries):
    page = seen(signed("manager", countries["HT"]), things["question"])

    assert "This question stays: the plan of its course needs it." in words(page)
    assert page.select_one("form") is None


def test_a_manager_plans_no_end_of_a_course_that_another_country_has_too(signed, course, countries):
    client = signed("manager", countries["HT"])
    end = f"{timezone.now() + dt.timedelta(days=2):%Y-%m-%d %H:%M}"

    answer = edit_course(client, course, expire_at=end, change="minor")

    told = words(BeautifulSoup(client.get(answer["Location"]).content, "html.parser"))
    assert "it has a time at which it is taken off" in told
    assert Course.objects.get(pk=course.pk).expire_at is None


def test_a_manager_plans_the_end_of_a_course_of_hers_alone(signed, course, countries):
    only(course, "HT")
    end = f"{timezone.now() + dt.timedelta(days=2):%Y-%m-%d %H:%M}"

    edit_course(signed("manager", countries["HT"]), course, countries=["HT"], expire_at=end, change="minor")

    assert Course.objects.get(pk=course.pk).expire_at is not None


def test_an_edit_of_a_course_that_her_country_does_not_have_stays_a_draft(signed, course, countries):
    only(course, "TN")
    client, before = signed("manager", countries["HT"]), course.summary_en

    answer = edit_course(client, course, countries=["TN"], summary_en="Summed up anew.", change="material")

    assert answer["Location"] == reverse("wagtailadmin_pages:edit", args=[course.pk])
    told = words(BeautifulSoup(client.get(answer["Location"]).content, "html.parser"))
    assert "your country does not have this course" in told
    assert DRAFTS not in told
    now = Course.objects.get(pk=course.pk)
    assert now.summary_en == before
    assert now.get_latest_revision_as_object().summary_en == "Summed up anew."


@pytest.mark.parametrize("kind", KINDS)
def test_the_form_of_what_is_of_others_says_first_that_an_edit_stays_a_draft(signed, course, countries, things, kind):
    client, thing = signed("manager", countries["HT"]), things[kind]

    hers = words(BeautifulSoup(client.get(editor_of(thing)).content, "html.parser"))
    only(course, "TN")
    theirs = words(BeautifulSoup(client.get(editor_of(thing)).content, "html.parser"))

    assert DRAFTS not in hers
    assert f"It is offered in Tunisia. {DRAFTS}" in theirs


def test_a_draft_that_was_shown_is_not_published_once_her_country_lost_the_course(signed, course, countries, things):
    client, lesson = signed("manager", countries["HT"]), things["lesson"]
    lesson.heading_en = "Another heading"
    revision = lesson.save_revision(clean=False)
    shown = actions.draft_mark(revision, person_of(client))
    only(course, "TN")

    client.post(reverse("training:publish", args=["lesson", lesson.pk]), {"mark": shown})

    assert Lesson.objects.get(pk=lesson.pk).heading_en != "Another heading"


def test_many_pages_of_a_course_that_her_country_does_not_have_are_not_published(signed, course, countries, things):
    only(course, "TN")
    module = things["module"]
    Module.objects.get(pk=module.pk).unpublish()
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    answer = signed("manager", countries["HT"]).post(f"{url}?id={module.pk}&next=/admin/", follow=True)

    assert "your country does not have this course" in words(BeautifulSoup(answer.content, "html.parser"))
    assert not is_live(module)


def test_a_course_that_no_country_has_yet_is_published_by_any_manager(signed, course, countries):
    course.unpublish()
    new = Course.objects.get(pk=course.pk)
    new.countries.clear()
    new.save()
    new.save_revision()

    edit_course(signed("manager", countries["HT"]), new, countries=[], summary_en="Summed up.", change="material")

    assert is_live(course)


def test_what_is_told_costs_the_same_for_one_official_as_for_many(
    signed, things, countries, begun, group, django_assert_max_num_queries
):
    user = person_of(signed("manager", countries["HT"]))
    group("North"), group("South"), group("West")
    for kind in KINDS:
        with django_assert_max_num_queries(12):
            queries.taking_off(things[kind], user, at=timezone.now())
