"""What was published that reaches a country is told to its managers: a letter, a line among the reports, its own page."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from accounts.actions import open_letter
from accounts.models import Letter, User
from cms import editors, planned
from tests.training.folders import small_course
from tests.training.off_and_on import fresh
from training import actions
from training.models import Course, CourseVersion, Lesson, Progress, PublishedNews

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def small(front, countries, tmp_path, at):
    """The small course."""
    return actions.load_course(small_course(tmp_path / "small"), front, by="test", at=at)


@pytest.fixture
def lesson(small):
    return Lesson.objects.live().filter(path__startswith=small.path, tracks=[]).first()


@pytest.fixture
def finished(person, small, countries, at):
    """A function by which so many officials of a country have finished the small course."""

    def make(country, many=1, track=""):
        for _one in range(many):
            learner = actions.learner_of(person(country=countries[country]))
            enrolment = actions.enrol(learner=learner, course=small, country=country, at=at)
            Progress.objects.filter(enrolment=enrolment).update(completed_at=at, track=track)

    return make


@pytest.fixture
def managers(person, countries):
    """A manager of each of the two countries; Haiti's reads French."""
    editors.grant()
    found = {code: person("manager", country=countries[code], is_staff=True) for code in ("HT", "TN")}
    User.objects.filter(pk=found["HT"].pk).update(language="fr")
    for one in found.values():
        one.groups.add(Group.objects.get(name="manager"))
    return found


def publish(thing, by, change="material", **values):
    """Publish an edit of a page as the editor does."""
    thing = type(thing).objects.get(pk=thing.pk)
    for name, value in values.items():
        setattr(thing, name, value)
    thing.change = change
    thing.save_revision(user=by).publish(user=by)


def tell(after=HOUR):
    """Let the worker write its letters; return the text of each by its receiver."""
    actions.tell_managers(at=timezone.now() + after)
    rows = Letter.objects.filter(key__startswith="published:")
    return {User.objects.get(email=open_letter(row).to): open_letter(row).text for row in rows}


def page_of(client, name="training:reports", *args):
    return " ".join(client.get(reverse(name, args=args)).content.decode().split())


def test_the_managers_of_a_country_get_a_letter_in_their_language_with_the_course_and_how_many(
    managers, small, lesson, finished
):
    finished("HT", 11)
    publish(lesson, managers["TN"], aim_en="Another aim.")

    letters = tell()

    assert list(letters) == [managers["HT"]]
    assert "A small course" in letters[managers["HT"]]
    assert "11" in letters[managers["HT"]]
    assert "/fr/reports/" in letters[managers["HT"]]
    assert Letter.objects.get().language == "fr"


def test_a_letter_says_no_number_under_ten_and_the_page_in_the_house_does(sign_in, managers, lesson, finished):
    finished("TN", 3)
    publish(lesson, managers["HT"], aim_en="Another aim.")

    assert "Fewer than ten officials of your country" in tell()[managers["TN"]]
    page = page_of(sign_in(managers["TN"]))
    assert "A small course" in page.split('id="published"')[1]
    assert "3 officials of your country who have finished are asked for a refresher." in page


def test_who_published_gets_none_and_a_colleague_does(person, countries, managers, lesson, finished):
    colleague = person("manager", country=countries["HT"])
    finished("HT")
    publish(lesson, managers["HT"], aim_en="Another aim.")

    assert list(tell()) == [colleague]


@pytest.mark.parametrize("change", ["minor", "wording"])
def test_what_asks_nobody_anew_is_told_to_nobody(managers, lesson, finished, change):
    finished("HT")
    publish(lesson, managers["TN"], change=change, aim_en="Another aim.")

    assert not PublishedNews.objects.exists()


def test_only_those_are_counted_of_whom_it_is_asked(managers, small, finished):
    other = Lesson.objects.live().filter(path__startswith=small.path).exclude(tracks=[]).first()
    finished("HT", 2, track=other.tracks[0])
    finished("HT", 5, track=next(one for one in small.tracks if one not in other.tracks))
    finished("HT", 1)
    publish(other, managers["TN"], aim_en="Another aim.")

    assert PublishedNews.objects.get().people == 3


def test_what_is_published_within_an_hour_goes_in_one_letter_once(managers, small, lesson, finished):
    finished("HT")
    for words in ("One aim.", "Another aim.", "A third aim."):
        publish(lesson, managers["TN"], aim_en=words)

    assert PublishedNews.objects.count() == 3
    assert tell(after=dt.timedelta(minutes=50)) == {}
    text = tell()[managers["HT"]]
    assert text.count("A small course") == 1
    tell(after=2 * HOUR)
    assert Letter.objects.count() == 1


def test_many_changes_gathered_are_one_edition_and_one_line(managers, small, lesson, finished, at):
    finished("HT")
    by = managers["TN"]
    Lesson.objects.filter(pk=lesson.pk).update(aim_en="Another aim.")
    with actions.as_one_edition(by=by, at=timezone.now()):
        for _each in range(3):
            actions.course_changed(small, by=by, at=timezone.now(), material=str(lesson.translation_key))

    assert PublishedNews.objects.count() == 1


def test_what_a_time_published_is_told_but_to_who_planned_it(managers, lesson, finished):
    finished("HT")
    draft = Lesson.objects.get(pk=lesson.pk)
    draft.aim_en, draft.change = "Another aim.", "material"
    draft.go_live_at = timezone.now() + dt.timedelta(minutes=1)
    draft.save_revision(user=managers["TN"]).publish(user=managers["TN"])
    assert not PublishedNews.objects.exists()

    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2)):
        assert planned.publish_planned(timezone.now()) == 1

    assert list(tell(after=2 * HOUR)) == [managers["HT"]]


def test_a_country_that_goes_and_comes_back_is_told_each_time(managers, small, finished, countries):
    finished("HT", 2)
    publish(small, managers["TN"], change="minor", countries=[countries["TN"]])
    assert "is offered in your country no more" in letter_to_haiti(managers)
    assert PublishedNews.objects.get().people == 2

    PublishedNews.objects.update(told_at=timezone.now())
    publish(small, managers["TN"], change="minor", countries=list(countries.values()))
    last = PublishedNews.objects.latest("pk")
    assert (last.country_id, last.kind, last.by) == ("HT", "offered", str(managers["TN"].public_id))


def letter_to_haiti(managers):
    """Return the letter to Haiti's manager in English."""
    User.objects.filter(pk=managers["HT"].pk).update(language="en")
    return tell()[managers["HT"]]


def test_a_course_that_goes_off_the_site_and_comes_back_is_told_in_each_country(managers, small):
    Course.objects.get(pk=small.pk).unpublish(user=managers["TN"])
    gone = {row.country_id: row.kind for row in PublishedNews.objects.all()}
    assert gone == {"HT": "gone", "TN": "gone"}
    assert list(tell()) == [managers["HT"]]

    publish(small, managers["TN"], change="minor")
    assert {row.country_id for row in PublishedNews.objects.filter(kind="offered")} == {"HT", "TN"}


def test_back_on_the_site_it_is_told_once_and_not_with_each_edition_after(managers, small, lesson):
    fresh(small).unpublish(user=managers["TN"])
    publish(small, managers["TN"], change="minor")
    offered = PublishedNews.objects.filter(kind="offered").count()

    publish(lesson, managers["TN"], change="minor", aim_en="Another aim.")

    assert CourseVersion.objects.filter(course=small, country="HT").latest("number").published_by == str(
        managers["TN"].public_id
    )
    assert (offered, PublishedNews.objects.filter(kind="offered").count()) == (2, 2)


def test_a_country_that_came_is_not_told_again_with_the_next_edition(managers, small, lesson, countries):
    publish(small, managers["TN"], change="minor", countries=[countries["TN"]])
    publish(small, managers["TN"], change="minor", countries=list(countries.values()))

    publish(lesson, managers["TN"], change="minor", aim_en="Another aim.")

    assert [row.kind for row in PublishedNews.objects.order_by("at", "pk")] == ["taken_off", "offered"]


@pytest.mark.parametrize("codes", [["HT", "TN"], ["TN"]], ids=["one comes", "one leaves"])
def test_a_first_draft_whose_countries_changed_tells_each_of_its_countries_once(
    managers, front, countries, tmp_path, at, codes
):
    course = actions.load_course(small_course(tmp_path / "other"), front, by="test", at=at)
    CourseVersion.objects.filter(course=course).delete()
    Course.objects.filter(pk=course.pk).update(live=False, first_published_at=None)
    course = Course.objects.get(pk=course.pk)
    course.countries = [countries["HT"]]
    course.save()

    publish(course, managers["TN"], change="minor", countries=[countries[code] for code in codes])

    assert sorted(PublishedNews.objects.values_list("country", "kind")) == [(code, "offered") for code in codes]
    assert {row.by for row in PublishedNews.objects.all()} == {str(managers["TN"].public_id)}


def test_what_a_command_loads_or_does_tells_nobody(small, lesson, finished, at):
    finished("HT")
    Lesson.objects.filter(pk=lesson.pk).update(aim_en="Another aim.")
    actions.publish_version(small, by="demo", at=at, material={str(lesson.translation_key)})

    assert not PublishedNews.objects.exists()


def test_a_manager_without_an_address_reads_it_on_the_page(sign_in, managers, lesson, finished):
    finished("TN")
    User.objects.filter(pk=managers["TN"].pk).update(email="")
    publish(lesson, managers["HT"], aim_en="Another aim.")

    assert tell() == {}
    assert "A small course" in page_of(sign_in(managers["TN"])).split('id="published"')[1]


@pytest.mark.parametrize("role", ["manager", "administrator"])
def test_what_reached_another_country_stands_on_no_other_page(
    sign_in, person, countries, managers, lesson, finished, role
):
    finished("TN")
    publish(lesson, managers["HT"], aim_en="Another aim.")

    other = person(role, country=countries["HT"] if role == "manager" else None)
    assert 'id="published"' not in page_of(sign_in(other))


def test_the_page_of_the_lesson_tells_of_the_edition_that_was_just_made(sign_in, managers, lesson, finished):
    finished("TN", 2)
    publish(lesson, managers["HT"], aim_en="Another aim.")

    page = page_of(sign_in(managers["TN"]), "training:publishing", "lesson", lesson.pk)

    assert "The last edition of the course, number 2" in page
    assert "Tunisia" in page
    assert "2 officials who had finished were asked for a refresher." in page
    assert "Haiti" not in page.split("The last edition")[1].split("</section>")[0]


def fresh_lesson(lesson):
    return Lesson.objects.get(pk=lesson.pk)


def test_a_required_lesson_that_is_taken_off_is_told_in_the_other_country_by_its_name(sign_in, managers, lesson):
    fresh_lesson(lesson).unpublish(user=managers["HT"])

    page = page_of(sign_in(managers["TN"])).split('id="published"')[1]
    told = f"A small course, {lesson.heading_en}: was taken off for readers in every country, by a person in Haiti."
    assert told in page.replace("\u2068", "").replace("\u2069", "")
    assert list(tell()) == [managers["TN"]]


def test_a_lesson_whose_planned_time_was_over_is_told_with_who_planned_it(sign_in, managers, lesson):
    ends = timezone.now() + dt.timedelta(minutes=1)
    publish(lesson, managers["HT"], change="minor", expire_at=ends)

    with time_machine.travel(ends + dt.timedelta(minutes=1)):
        planned.publish_planned(timezone.now())
        planned.take_off_planned(timezone.now())

    assert {(one.country_id, one.by) for one in PublishedNews.objects.filter(kind="part_off")} == {
        (code, str(managers["HT"].public_id)) for code in ("HT", "TN")
    }
    assert "by a person in" in page_of(sign_in(managers["TN"]))


def test_what_is_not_asked_goes_without_news_and_a_module_with_its_lessons_is_one(managers, lesson):
    module = lesson.get_parent().specific
    asked = Lesson.objects.live().child_of(module).filter(required=True)
    keys = {str(one.translation_key) for one in asked}

    module.unpublish(user=managers["HT"])
    fresh_lesson(lesson).unpublish(user=managers["HT"])

    assert [set(one.parts) for one in PublishedNews.objects.filter(kind="part_off")] == [keys, keys]


def test_a_lesson_that_only_those_read_who_want_to_is_taken_off_without_news(managers, lesson):
    Lesson.objects.filter(pk=lesson.pk).update(required=False)

    fresh_lesson(lesson).unpublish(user=managers["HT"])

    assert not PublishedNews.objects.filter(kind="part_off").exists()


def test_two_changes_of_one_day_are_told_apart_by_their_lessons(sign_in, managers, small, lesson, finished):
    finished("TN", 3)
    other = Lesson.objects.live().filter(path__startswith=small.path).exclude(pk=lesson.pk).first()
    publish(lesson, managers["HT"], aim_en="Another aim.")
    publish(other, managers["HT"], aim_en="Another aim.")

    page = page_of(sign_in(managers["TN"])).replace("\u2068", "").replace("\u2069", "")

    for one in (lesson, other):
        assert f"A small course, {one.heading_en}: a change of law, procedure or right answer." in page
