"""Loading the courses once more: what people edited, took off or deleted stays; what nobody touched follows its file."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from accounts.models import Country
from cms import editors
from languages import queries as language_queries
from tests.training.pressing import press_again, save_entry
from training import actions
from training.exchange import read_course
from training.models import Course, CourseVersion, Lesson, Overlay, Question, Shipped


@pytest.fixture
def load(front, folder, at):
    """A function that loads the folder once more and returns the news."""

    def again():
        news = actions.News()
        actions.load_course(folder, front, by="test", at=at, news=news)
        return news

    return again


@pytest.fixture
def offer(folder, at):
    """A function that offers the loaded courses in a country and returns the news."""

    def in_country(country):
        news = actions.News()
        actions.offer_courses(country=country, by="test", at=at, folders=[folder], news=news)
        return news

    return in_country


@pytest.fixture
def administrator(person, sign_in):
    """A client of an administrator who may enter the editor."""
    editors.grant()
    user = person("administrator", is_staff=True, is_superuser=True)
    user.groups.add(Group.objects.get(name="administrator"))
    return sign_in(user)


@pytest.fixture
def liberia(school, db):
    """A country that was not open when the courses were loaded."""
    return Country.objects.create(code="LR", name_en="Liberia", slug="liberia", language_codes="en")


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def send_course(client, course, countries, button="action-publish"):
    """Send the form of a course as the editor does."""
    form = {name: getattr(course, name) for name in ("title", "slug", "key", "heading_en", "summary_en", "audience_en",
                                                     "disclaimer_en", "pass_minimum", "test_wait_hours")}  # fmt: skip
    form |= {"is_open": "on", "change": "material", "aide_en": streamfield([])}
    rows = [
        {"id": row.pk, "form": row.form, "objective": row.objective, "count": row.count}
        for row in course.blueprint.all()
    ]
    form |= {"blueprint": inline_formset(rows, initial=len(rows))}
    form |= {"glossary_en": streamfield([]), "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", button: "1"}
    answer = client.post(
        reverse("wagtailadmin_pages:edit", args=[course.pk]), nested_form_data(form) | {"countries": countries}
    )
    answer = press_again(client, answer)
    assert answer.status_code == 302, answer.context["form"].errors


def test_what_nobody_touched_is_silent(load):
    news = load()

    assert (news.made, news.left) == ([], [])


def test_module_edited_in_the_editor_stays_and_is_named(load, course, administrator):
    module = Page.objects.get(pk=course.get_children().first().pk).specific
    form = {
        "title": module.title,
        "slug": module.slug,
        "heading_en": "Our heading",
        "summary_en": "",
        "change": "minor",
    }
    form |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "action-publish": "1"}
    press_again(administrator, administrator.post(reverse("wagtailadmin_pages:edit", args=[module.pk]), form))

    news = load()

    assert fresh(module).heading_en == "Our heading"
    assert news.left == [f"Module “Our heading”: edited here; compare in the editor, /admin/pages/{module.pk}/edit/"]
    assert news.made == []


def test_lesson_published_by_a_manager_stays(load, lessons, folder, person):
    lesson = lessons[0]
    lesson.heading_en, lesson.minutes = "Our heading", 25
    lesson.save_revision(user=person("manager")).publish()
    edit(folder / "a1-1.toml", "One of them is enough.", "One of them suffices.")
    versions = CourseVersion.objects.count()

    news = load()

    stands = fresh(lesson)
    assert (stands.heading_en, stands.minutes) == ("Our heading", 25)
    assert "suffices" not in str(stands.body_en)
    assert [line.partition(":")[0] for line in news.left] == ["Lesson “Our heading”"]
    assert CourseVersion.objects.count() == versions


def test_a_publish_that_names_nobody_is_an_edit_too(load, lessons):
    lessons[0].minutes = 25
    lessons[0].save_revision().publish()

    assert len(load().left) == 1
    assert fresh(lessons[0]).minutes == 25


def test_translations_of_an_edited_lesson_are_not_seeded_over_its_new_words(load, lessons, person):
    lesson = lessons[0]
    lesson.aim_en = "Something else altogether."
    lesson.save_revision(user=person("manager")).publish()
    assert language_queries.status_of(lesson, "fr").code == "out_of_date"

    load()

    assert language_queries.status_of(lesson, "fr").code == "out_of_date"


def test_lesson_nobody_edited_follows_its_file_and_its_translations_age(load, lessons, folder):
    edit(folder / "a1-1.toml", "One of them is enough.", "One of them suffices.")

    news = load()

    assert "suffices" in str(fresh(lessons[0]).body_en)
    assert news.made == [f"Lesson “{lessons[0].heading_en}”, brought up to date"]
    assert language_queries.status_of(lessons[0], "fr").code == "out_of_date"
    assert load().made == []


def test_draft_that_waits_is_not_published_over(load, lessons, folder, person):
    lesson = lessons[0]
    lesson.heading_en = "A draft"
    draft = lesson.save_revision(user=person("manager"))
    edit(folder / "a1-1.toml", "One of them is enough.", "One of them suffices.")

    news = load()

    assert len(news.left) == 1
    assert fresh(lesson).latest_revision_id == draft.pk


def test_lesson_taken_off_the_site_is_not_put_back(load, lessons, folder):
    lessons[0].unpublish()
    edit(folder / "a1-1.toml", "One of them is enough.", "One of them suffices.")

    news = load()

    assert not fresh(lessons[0]).live
    assert len(news.left) == 1


def test_question_edited_stays_and_a_deleted_one_is_not_put_back(load, person):
    first, second = Question.objects.order_by("position")[:2]
    first.critical = not first.critical
    first.save_revision(user=person("manager")).publish()
    second.delete()

    news = load()

    assert fresh(first).critical == first.critical
    assert not Question.objects.filter(key=second.key).exists()
    assert news.left == [
        f"Question {first.key}: edited here; compare in the editor, "
        f"/admin/snippets/training/question/edit/{first.pk}/",
        f"Question {second.key}: deleted here; it is not put back.",
    ]


def test_entry_edited_confirmed_or_deleted_stays(load, folder, administrator, at):
    edited, gone = (
        Overlay.objects.get(country="TN", slot="definition"),
        Overlay.objects.get(country="TN", slot="penalty"),
    )
    sworn = Overlay.objects.get(country="HT", slot="penalty")
    form = {"country": "TN", "curriculum": edited.curriculum_id, "slot": edited.slot, "text_en": "Our text.",
            "source_kind": "statute", "source_en": "The law", "article": "1", "change": "material"}  # fmt: skip
    address = reverse("wagtailsnippets_training_overlay:edit", args=[edited.pk])
    assert save_entry(administrator, address, form).status_code == 302
    gone.delete()
    Overlay.objects.filter(pk=sworn.pk).update(confirmed=True, checked_at=at.date())
    edit(folder / "course.toml", sworn.text_en, "Another text of the file.")

    news = load()

    assert fresh(edited).text_en == "Our text."
    assert fresh(sworn).text_en == sworn.text_en
    assert not Overlay.objects.filter(country="TN", slot="penalty").exists()
    assert sorted(line.partition(":")[0] for line in news.left) == [
        "National entry HT, penalty", "National entry TN, definition", "National entry TN, penalty",
    ]  # fmt: skip


def test_confirmed_entry_whose_file_says_the_same_is_no_news(load, at):
    Overlay.objects.filter(country="TN").update(confirmed=True, checked_at=at.date())

    assert load().left == []


def test_countries_that_an_editor_took_off_or_put_on_stay_so(load, course, liberia, administrator):
    Country.objects.create(code="MW", name_en="Malawi", slug="malawi", language_codes="en")
    send_course(administrator, course, ["TN", "MW"])

    news = load()

    assert set(course.countries.values_list("pk", flat=True)) == {"TN", "MW", "LR"}
    assert any("taken off for Haiti here" in line for line in news.left)
    assert any(line.endswith("offered in Liberia") for line in news.made)


def test_country_opened_later_is_offered_the_course_with_its_entries(offer, folder, course, liberia, lessons, person):
    lessons[0].minutes = 25
    lessons[0].save_revision(user=person("manager")).publish()

    news = offer(liberia)

    entries = Overlay.objects.filter(country="LR")
    assert set(course.countries.values_list("pk", flat=True)) == {"HT", "TN", "LR"}
    of_liberia = [entry for entry in read_course(folder).course["overlays"] if entry["country"] == "LR"]
    assert entries.count() == len(of_liberia) > 0
    assert not entries.filter(confirmed=True).exists()
    assert CourseVersion.objects.filter(course=course, country="LR").count() == 1
    assert fresh(lessons[0]).minutes == 25
    assert f"Course “{course.heading_en}”, offered in Liberia" in news.made
    assert offer(liberia).made == []


def test_country_that_was_taken_off_is_not_put_back_by_opening_it_again(offer, course, liberia, administrator):
    offer(liberia)
    send_course(administrator, fresh(course), ["HT", "TN"])

    news = offer(liberia)

    assert set(course.countries.values_list("pk", flat=True)) == {"HT", "TN"}
    assert "taken off for Liberia here" in news.left[0]
    assert news.made == []


def test_course_edited_before_is_offered_and_keeps_its_words(offer, course, liberia, administrator):
    course.heading_en = "Our heading"
    send_course(administrator, course, ["HT", "TN"])

    offer(liberia)

    stands = fresh(course)
    assert (stands.heading_en, stands.countries.count()) == ("Our heading", 3)


def test_draft_of_a_course_stays_a_draft_and_takes_no_country_off_when_it_is_published(
    offer, course, liberia, administrator
):
    course.heading_en = "A draft"
    send_course(administrator, course, ["HT", "TN"], button="action-save")

    offer(liberia)

    stands = fresh(course)
    assert stands.heading_en != "A draft"
    assert stands.countries.count() == 3
    stands.latest_revision.publish()
    stands = fresh(course)
    assert (stands.heading_en, stands.countries.count()) == ("A draft", 3)


def test_publish_at_a_set_time_keeps_its_time_and_takes_no_country_off(offer, course, liberia, at):
    planned = course.save_revision()
    planned.approved_go_live_at = at
    planned.save()
    Course.objects.filter(pk=course.pk).update(has_unpublished_changes=True)

    offer(liberia)

    planned.refresh_from_db()
    assert planned.approved_go_live_at == at
    planned.publish()
    assert fresh(course).countries.count() == 3


def test_thing_of_which_no_mark_is_left_counts_as_edited(load, lessons):
    Shipped.objects.all().delete()
    Lesson.objects.filter(pk=lessons[0].pk).update(minutes=25)

    assert len(load().left) == 1
    assert Shipped.objects.filter(thing=str(lessons[1].translation_key)).exists()
