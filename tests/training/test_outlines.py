"""The outline of a course: moved by buttons and without script, as one edition, recorded, and never on an old view."""

import uuid

import pytest
from bs4 import BeautifulSoup

from accounts.models import AuditEntry
from tests.growth import statements
from training import actions, progress, queries
from training.models import Course, CourseVersion, Lesson, Module

URL = "/en/school/judicial/outline/"


@pytest.fixture
def second(course):
    """A second published module, without lessons."""
    module = Module(title="Second", slug="second", heading_en="Second")
    module.go_live(below=Course.objects.get(pk=course.pk))
    return module


@pytest.fixture
def boss(client, sign_in, manager):
    """A client signed in as the manager of Haiti."""
    return sign_in(manager)


def order(course):
    return [lesson.slug for lesson in Lesson.objects.filter(path__startswith=course.path).order_by("path")]


def editions(course):
    return CourseVersion.objects.filter(course=course, country=None).order_by("number")


def taught(course):
    body = progress.read(editions(course).last().body)
    return [lesson["id"] for module in body["modules"] for lesson in module["lessons"]]


def send(client, part, act, **more):
    seen = queries.outline_of("judicial").mark
    return client.post(URL, {"part": part.pk, "act": act, "seen": seen} | more)


def test_a_lesson_goes_up_and_down_as_one_edition_that_is_recorded(boss, manager, course, lessons):
    before, slugs = editions(course).count(), order(course)

    answer = send(boss, lessons[1], "up")

    assert answer.status_code == 302
    assert order(course) == [slugs[1], slugs[0], *slugs[2:]]
    assert editions(course).count() == before + 1
    assert editions(course).last().published_by == str(manager.public_id)
    assert taught(course)[:2] == [str(lessons[1].translation_key), str(lessons[0].translation_key)]
    entry = AuditEntry.objects.get(verb="training.outline_changed")
    assert f'"part":{lessons[1].pk}' in entry.body
    page = BeautifulSoup(boss.get(answer["Location"]).content, "html.parser")
    assert f"“{lessons[1].heading_en}” was moved. Readers see the new order." in page.get_text()
    assert page.select_one("[autofocus]")["value"] == "down"
    send(boss, lessons[1], "down")
    assert order(course) == slugs


def test_what_a_learner_has_done_stays_done(boss, enrolment, course, lessons, official, at):
    version = queries.versions.newest(course.pk, "HT")
    end = actions.Arrival(
        id=uuid.uuid4(), verb="reached", activity=str(lessons[0].translation_key),
        version=str(version.public_id), language="fr", occurred_at=at, payload={"screen": "end"},
    )  # fmt: skip
    actions.record_events(learner=enrolment.learner, arrivals=[end], source="web", at=at)
    before = progress_of(enrolment)

    send(boss, lessons[0], "down")

    assert before[0] == 1
    assert progress_of(enrolment) == before


def progress_of(enrolment):
    enrolment.progress.refresh_from_db()
    return enrolment.progress.done, enrolment.progress.of


def test_a_lesson_goes_into_another_module_and_its_page_follows(boss, client, course, lessons, second):
    old = lessons[0].url_path.split("/", 2)[2]

    answer = send(boss, lessons[0], "into", into=second.pk)

    moved = Lesson.objects.get(pk=lessons[0].pk)
    assert answer.status_code == 302
    assert moved.get_parent().pk == second.pk
    assert order(course)[-1] == moved.slug
    new = f"/en/{moved.url_path.split('/', 2)[2]}"
    assert client.get(new).status_code == 200
    assert client.get(f"/en/{old}?screen=x")["Location"] == f"{new}?screen=x"
    assert client.get(f"/en/{old.replace(moved.slug, 'none')}").status_code == 404
    assert taught(course)[-1] == str(moved.translation_key)


def test_modules_change_places_and_a_dragged_part_goes_where_it_was_dropped(boss, course, lessons, second):
    home = lessons[0].get_parent().pk
    send(boss, second, "up")
    modules = [module.pk for module in queries.outline_of("judicial").modules]
    send(boss, lessons[-1], "place", into=home, place=0)
    send(boss, lessons[0], "place", into=second.pk, place=0)

    outline = queries.outline_of("judicial")
    assert modules[0] == second.pk
    assert [lesson.pk for lesson in outline.modules[0].lessons] == [lessons[0].pk]
    assert outline.modules[1].lessons[0].pk == lessons[-1].pk


def test_who_moves_on_an_old_view_is_shown_the_outline_as_it_stands(boss, course, lessons):
    seen = queries.outline_of("judicial").mark
    first = boss.post(URL, {"part": lessons[0].pk, "act": "down", "seen": seen})
    stands, before = order(course), editions(course).count()

    twice = boss.post(URL, {"part": lessons[0].pk, "act": "down", "seen": seen})

    assert first.status_code == 302
    assert twice.status_code == 409
    assert "the outline has changed since you opened it" in twice.content.decode()
    assert (order(course), editions(course).count()) == (stands, before)


def test_what_goes_nowhere_writes_nothing(boss, course, lessons):
    before = editions(course).count()

    answers = [
        send(boss, lessons[0], "up"),
        send(boss, lessons[-1], "down"),
        send(boss, lessons[0], "into"),
        send(boss, lessons[0], "into", into=999_999),
        send(boss, lessons[0], "place", into=course.pk, place=1),
        send(boss, lessons[0], "sideways"),
        send(boss, course, "up"),
        boss.post(URL, {"part": "9" * 30, "act": "up", "seen": "x"}),
    ]

    assert [answer.status_code for answer in answers] == [302, 302, 422, 422, 422, 422, 422, 422]
    assert editions(course).count() == before
    assert not AuditEntry.objects.filter(verb="training.outline_changed").exists()


def test_a_lesson_is_not_lost_in_a_module_without_readers_nor_hides_another(boss, course, lessons, second):
    twin = Lesson(title="Twin", slug=lessons[0].slug, heading_en="Twin", aim_en="Aim", body_en=[])
    second.add_child(instance=twin)
    taken = send(boss, lessons[0], "into", into=second.pk)
    second.refresh_from_db()
    second.unpublish()
    hidden = send(boss, lessons[1], "into", into=second.pk)

    assert (taken.status_code, hidden.status_code) == (422, 422)
    assert "a lesson of the same address" in taken.content.decode()
    assert "the other module is not published" in hidden.content.decode()
    assert Lesson.objects.get(pk=lessons[1].pk).path == lessons[1].path


def test_the_page_costs_the_same_for_many_lessons_and_works_without_script(boss, course, second):
    before = statements(boss, URL)
    for number in range(4):
        lesson = Lesson(
            title=f"L{number}", slug=f"l{number}", heading_en=f"L{number}", aim_en="Aim", body_en=[], live=False
        )
        second.add_child(instance=lesson)
        second.refresh_from_db()

    assert statements(boss, URL) == before
    page = BeautifulSoup(boss.get(URL).content, "html.parser")
    buttons = page.select("form.part-acts button[type=submit]")
    assert {button["value"] for button in buttons} == {"up", "down", "into"}
    assert len({button.get_text(strip=True) for button in buttons}) == len(buttons)
    assert "not published" in page.get_text()
    assert not page.select("[draggable]")


@pytest.mark.parametrize("role", ["learner", "trainer", "translator", "supervisor"])
def test_the_outline_is_for_managers_and_administrators(client, sign_in, person, countries, role):
    sign_in(person(role, country=countries["HT"]))

    assert client.get(URL).status_code in {302, 403, 404}
    assert client.get("/en/school/none/outline/").status_code in {302, 403, 404}


def test_a_course_that_only_other_countries_have_keeps_its_order(boss, course, lessons):
    before = order(course)
    course.countries.set(["TN"])
    course.save()

    read = boss.get(URL).content.decode()
    answer = send(boss, lessons[1], "up")

    assert "Your country does not have this course. It is offered in" in read
    assert 'name="act"' not in read
    assert answer.status_code == 403
    assert "your country does not have this course" in answer.content.decode()
    assert order(course) == before
