"""Who learns without an account is no official: told apart, from ten on, where it is told what publishing and taking off do."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.training.off_and_on import fresh
from tests.training.without_account import allowed
from training import actions, queries
from training.models import Learner, Lesson, Overlay, Progress, PublishedNews

__all__ = ["allowed"]
FEW = "Fewer than ten people learn the course without an account"
MANY = "12 people learn the course without an account; they are in none of these numbers."


@pytest.fixture
def begun(allowed, at):
    """A factory of people who have begun without an account: begun(10, finished=4, country="HT")."""

    def make(many, *, finished=0, country="HT"):
        for number in range(many):
            code = f"{country} {Learner.objects.count()}"
            learner = Learner.objects.create(code_hmac=code, country_id=country, used_at=at)
            enrolment = actions.enrol(learner=learner, course=allowed, country=country, at=at)
            ended = at if number < finished else None
            Progress.objects.filter(enrolment=enrolment).update(completed_at=ended)

    return make


def told(lesson, country="HT"):
    found = queries.publishing(lesson, at=timezone.now(), country=country)
    return [(one.code, one.under_way, one.finished, one.refreshed) for one in found.reach], found.guests


def material(lesson):
    draft = fresh(lesson).get_latest_revision_as_object()
    draft.aim_en, draft.change = "The law changed.", "material"
    draft.save_revision()
    return fresh(lesson)


def test_they_stand_in_no_number_of_officials(begun, enrolment, lessons):
    begun(12, finished=11)

    assert told(material(lessons[0])) == ([("HT", 1, 0, 0)], 12)


@pytest.mark.parametrize(("many", "said"), [(0, 0), (1, None), (9, None), (10, 10)])
def test_from_ten_on_it_is_told_how_many_they_are(begun, lessons, many, said):
    begun(many)

    assert told(lessons[0]) == ([], said)


def test_those_of_another_country_and_of_none_are_told_to_who_sees_all(begun, lessons):
    begun(10)
    begun(11, country="TN")
    begun(3, country=None)

    assert [told(lessons[0], one) for one in ("HT", "TN", "")] == [([], 10), ([], 11), ([], 24)]


def test_who_was_taken_into_an_account_counts_there_alone(begun, enrolment, official, lessons):
    begun(10)
    begun(5)
    taken = Learner.objects.filter(user=None).order_by("-pk").values_list("pk", flat=True)[:5]
    Learner.objects.filter(pk__in=list(taken)).update(merged_into=official.learner)

    assert told(lessons[0]) == ([("HT", 1, 0, 0)], 10)


def test_their_managers_are_told_of_officials_alone(begun, lessons, allowed):
    begun(12, finished=12)
    lesson = material(lessons[0])

    lesson.latest_revision.publish()
    assert not PublishedNews.objects.exists()

    fresh(allowed).unpublish()
    assert set(PublishedNews.objects.values_list("kind", "people")) == {("gone", 0)}


def test_what_is_opened_to_more_takes_none_of_them_from_the_officials(begun, enrolment, lessons, allowed, at):
    Lesson.objects.filter(pk=lessons[0].pk).update(required=False)
    actions.course_changed(fresh(allowed), by="test", at=at)
    begun(2, finished=2)
    key = str(lessons[0].translation_key)
    for row in Progress.objects.filter(enrolment__learner__user=None).select_related("enrolment__version"):
        under = f'"under":{{"{key}/{row.enrolment.version.public_id}":1}}'
        row.state = row.state.replace('"under":{}', under)
        assert key in row.state
        row.save()
    Progress.objects.filter(enrolment=enrolment).update(completed_at=at)
    draft = fresh(lessons[0]).get_latest_revision_as_object()
    draft.required, draft.change = True, "material"
    draft.save_revision()

    assert told(fresh(lessons[0]))[0] == [("HT", 0, 1, 1)]


@pytest.mark.parametrize(("many", "said"), [(12, MANY), (3, FEW), (0, "")])
def test_the_page_of_a_lesson_says_it(begun, editor, lessons, many, said):
    begun(many)

    page = editor.get(reverse("training:publishing", args=["lesson", lessons[0].pk])).content.decode()

    assert said in page
    assert ("without an account" in page) is bool(many)


@pytest.mark.parametrize(("many", "said"), [(12, MANY), (3, FEW)])
def test_taking_off_says_it(begun, editor, lessons, many, said):
    begun(many)

    page = editor.get(reverse("wagtailadmin_pages:unpublish", args=[lessons[0].pk])).content.decode()

    assert said in page
    assert "No official is in the course." in page


@pytest.mark.parametrize(("many", "said"), [(12, 12), (3, None), (0, 0)])
def test_a_country_entry_tells_them_of_its_country(begun, lessons, many, said):
    begun(many, finished=many)
    begun(11, country="TN")
    slot = next(b["value"]["slot"] for one in lessons for b in one.body_en.get_prep_value() if b["type"] == "law")
    entry = Overlay.objects.get(country="HT", slot=slot)
    entry.text_en, entry.change = "The age is 21.", "material"

    [reach] = queries.entry_effects(entry, at=timezone.now()).reach

    assert (reach.under_way, reach.finished, reach.refreshed, reach.guests) == (0, 0, 0, said)
