"""Course folders become pages and translations; what changes in the source ages what is translated."""

import pytest
from wagtail.models import Page, Revision

from languages import actions as language_actions
from languages import queries as language_queries
from languages.models import Unit
from tests.training.small import CONTENT, small
from training import actions, exchange, progress, queries
from training.models import Compiled, CourseVersion, Lesson, Overlay, Question

FOLDERS = sorted(path for path in CONTENT.iterdir() if path.is_dir())


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize("path", FOLDERS, ids=lambda path: path.name)
def test_every_translated_string_of_a_folder_fits_its_source(path):
    read = exchange.read_course(path)
    words = [exchange.course_words(read), exchange.curriculum_words(read)]
    words += [exchange.module_words(module) for module in read.course["modules"]]
    words += [exchange.lesson_words(read.key, lesson) for lesson in read.lessons.values()]
    words += [exchange.item_words(read.key, item) for item in read.items]
    words += [exchange.overlay_words(entry) for entry in read.course.get("overlays", [])]
    words += [exchange.scenario_words(read.key, read.scenario)] if read.scenario else []
    sources = {context: source for thing in words for context, _path, source in thing.lines}

    assert len(read.lessons) >= 4
    assert len(read.items) >= 6
    for language, texts in read.languages.items():
        unknown = set(texts) - set(sources)
        stale = [context for context, found in texts.items() if found.source.split() != sources[context].split()]
        assert (language, unknown, stale) == (language, set(), [])


def test_loading_again_changes_nothing(course, front, folder, at):
    before = (Page.objects.count(), Revision.objects.count(), CourseVersion.objects.count(), Unit.objects.count())
    bodies = list(Compiled.objects.order_by("pk").values_list("body", "built_at"))

    actions.load_course(folder, front, by="test", at=at)

    after = (Page.objects.count(), Revision.objects.count(), CourseVersion.objects.count(), Unit.objects.count())
    assert after == before
    assert list(Compiled.objects.order_by("pk").values_list("body", "built_at")) == bodies


def test_block_ids_are_the_same_on_every_installation(lessons):
    first = lessons[0].body_en[0]

    assert first.id == str(exchange.stable_id("judicial", "a1-1", "three-questions"))
    assert str(lessons[0].translation_key) == str(exchange.stable_id("judicial", "a1-1"))


def test_translations_await_a_native_reader(lessons):
    status = language_queries.status_of(lessons[0], "fr")

    assert status.code == "published"
    assert status.awaiting_native == status.total


def test_the_page_of_a_course_counts_the_lessons_in_each_language(course, lessons, client):
    html = client.get(f"/en/{course.url_path.split('/', 2)[2]}").content.decode()

    assert f"{len(lessons)} of {len(lessons)} lessons in this language" in html


def test_changed_source_puts_translations_out_of_date_and_says_so(lessons, front, folder, at, client):
    edit(folder / "a1-1.toml", "One of them is enough.", "One of them suffices.")

    actions.load_course(folder, front, by="test", at=at)

    assert language_queries.status_of(lessons[0], "fr").code == "out_of_date"
    assert language_queries.status_of(lessons[1], "fr").code == "published"
    html = client.get(f"/fr/{lessons[0].url_path.split('/', 2)[2]}").content.decode()
    fresh = client.get(f"/fr/{lessons[1].url_path.split('/', 2)[2]}").content.decode()
    assert "data-stale" in html
    assert "data-stale" not in fresh


def test_a_new_edition_is_made_only_where_something_changed(course, lessons, front, folder, at):
    before = {version.country_id: version.number for version in CourseVersion.objects.filter(course=course)}
    edit(
        folder / "course.toml", "Reported in 2022: at least 20 years in prison.", "Reported in 2022: 20 years or more."
    )
    edit(folder / "course.toml", "CL/2014-0010 of 30 April 2014", "CL/2014-0010 of the 30th of April 2014")

    actions.load_course(folder, front, by="test", at=at)

    latest = {}
    for version in CourseVersion.objects.filter(course=course).order_by("number"):
        latest[version.country_id] = version.number
    assert before == {None: 1, "HT": 1, "TN": 1}
    assert latest == {None: 1, "HT": 2, "TN": 1}


def test_a_persons_translation_is_left_alone(lessons, front, folder, person, at):
    translator = person("translator")
    segment, unit = next(
        (segment, unit) for segment, unit in language_queries.units_in(lessons[0], "fr") if segment.path == "heading"
    )
    who = str(translator.public_id)
    language_actions.save_target(
        segment=segment, language="fr", text="Les trois éléments", version=unit.version, by=who, at=at
    )

    actions.load_course(folder, front, by="test", at=at)

    unit.refresh_from_db()
    assert unit.draft == "Les trois éléments"


def test_version_is_canonical_json_with_keys_and_stored_texts(course):
    version = CourseVersion.objects.get(course=course, country=None)
    body = progress.read(version.body)

    assert progress.canonical(body) == version.body
    assert progress.digest(version.body) == version.sha256
    test = next(test for test in body["tests"] if test["form"] == 2)
    assert body["pass"] == {"minimum": course.pass_minimum, "attempts": None, "wait_hours": 0}
    assert sum(count for _objective, count in test["blueprint"]) >= course.pass_minimum
    assert {"a-q2", "a-q6"} <= {item["key"] for item in test["items"] if item["critical"]}


def test_publishing_a_lesson_in_the_editor_makes_an_edition_and_raises_material_only_when_said(
    course, lessons, person, append_only_triggers
):
    manager, lesson = person("manager"), lessons[0]

    lesson.aim_en = "After this lesson you can name act, means and purpose."
    lesson.change = "minor"
    lesson.save_revision(user=manager).publish()
    lesson = Lesson.objects.get(pk=lesson.pk)
    lesson.aim_en = "After this lesson you find act, means and purpose in any file."
    lesson.change = "material"
    lesson.save_revision(user=manager).publish()

    numbers = []
    for version in CourseVersion.objects.filter(course=course, country=None).order_by("number"):
        numbers.append([activity.material for activity in progress.version_of("", version.body).lessons])
    assert numbers == [[1, 1, 1, 1], [1, 1, 1, 1], [2, 1, 1, 1]]


def test_a_changed_right_answer_reaches_every_language(course, at):
    question = Question.objects.get(key="a-q1")
    raw = question.body_en.get_prep_value()
    for option in raw[0]["value"]["options"]:
        option["value"]["right"] = not option["value"]["right"] and option["id"] == raw[0]["value"]["options"][0]["id"]
    question.body_en = Question._meta.get_field("body_en").to_python(raw)
    question.save_revision().publish()

    question = Question.objects.get(pk=question.pk)
    rights = {
        language: [option["right"] for option in getattr(question, f"body_{language}")[0].value["options"]]
        for language in ("en", "fr", "ar", "ht")
    }

    assert rights == dict.fromkeys(("en", "fr", "ar", "ht"), [True, False, False, False])
    for row in Compiled.objects.filter(page=course.pk, part="test"):
        parts = progress.read(row.body)["items"][raw[0]["id"]]["parts"]
        assert [part["right"] for part in parts] == [True, False, False, False]


def test_country_entry_edited_by_a_manager_shows_at_once(course, lessons, person, at, client):
    manager = person("manager")
    entry = Overlay.objects.get(country="TN", slot="definition")
    entry.text_en = "The final text was read."
    entry.confirmed, entry.checked_at = True, at.date()
    entry.save()

    actions.overlay_changed(overlay=entry, by=manager, at=at)

    html = client.get(f"/en/{lessons[0].url_path.split('/', 2)[2]}?country=TN").content.decode()
    assert "The final text was read." in html
    assert "25 November 2026" in html


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("course.toml", 'slug = "what-must-be-proved"\nheading', "heading", "slug missing"),
        ("a1-1.toml", 'key = "act"', 'key = "means"', "two screens have the key"),
        ("a1-2.toml", 'aim = "', "aim = ", "cannot be read"),
        ("quiz.toml", 'type = "single"', 'type = "essay"', "unknown type"),
    ],
)
def test_a_broken_folder_is_refused_by_name_and_nothing_is_loaded(front, folder, at, name, old, new, told):
    edit(folder / name, old, new)

    with pytest.raises(exchange.BadCourse, match=told) as refused:
        actions.load_course(folder, front, by="test", at=at)

    assert name in str(refused.value)
    assert CourseVersion.objects.count() == 3


def test_a_missing_lesson_file_is_named(front, folder, at):
    (folder / "a1-3.toml").unlink()

    with pytest.raises(exchange.BadCourse, match=r"a1-3\.toml is missing"):
        actions.load_course(folder, front, by="test", at=at)


@pytest.mark.parametrize(("country", "language", "first"), [("", "bn", "safe-migration"), ("", "ht", "judicial"),
                                                            ("TN", "bn", "judicial")])  # fmt: skip
def test_courses_of_the_country_come_first_then_those_in_the_readers_language(
    front, tmp_path, at, country, language, first
):
    actions.load_course(small("safe-migration", tmp_path), front, by="test", at=at)

    assert [card.key for card in queries.catalogue(country, language, at=at)][0] == first
