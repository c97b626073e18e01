"""What the compiled rows hold: a lesson, a test, a course in one language, as JSON that pages and tests read."""

from modeltranslation.utils import build_localized_fieldname
from wagtail.images import get_image_model
from wagtail.rich_text import expand_db_html

from languages.choices import Freshness
from training.actions import behind
from training.actions.attaching import attached
from training.actions.trees import Tree, Words
from training.blocks import CHECK_TYPES, PLAYED
from training.choices import Form, Track
from training.models import Lesson, Module, Question, Scenario
from training.queries import id_of_test
from training.queries.questions import check_of


def _path(page) -> str:
    """Return a page's path below the site's root, as in addresses."""
    return page.url_path.split("/", 2)[2]


def lesson_body(tree: Tree, lesson: Lesson, language: str) -> dict:
    words = tree.words(lesson, language)
    sources = {block["id"]: block for block in lesson.body_en.get_prep_value()}
    blocks = _accepting(lesson.body.get_prep_value(), lesson, tree.languages)
    return {
        "id": str(lesson.translation_key),
        "heading": words.field("heading"),
        "aim": words.field("aim"),
        "minutes": lesson.minutes,
        "path": _path(lesson),
        "course": str(tree.course.translation_key),
        "screens": [_screen(block, sources[block["id"]], words, language) for block in blocks],
        "state": words.state(language),
        "languages": _language_states(tree, lesson),
        **behind.fields(words, ("heading", "aim")),
    }


def _accepting(blocks: list[dict], lesson: Lesson, languages: list[str]) -> list[dict]:
    """Return blocks in which each short text accepts what is accepted in any language: a switch turns no answer wrong."""
    if not any(block["type"] == "short" for block in blocks):
        return blocks
    lists: dict[str, list[str]] = {}
    for code in languages:
        for block in getattr(lesson, build_localized_fieldname("body", code)).get_prep_value():
            if block["type"] == "short":
                lists.setdefault(block["id"], []).extend(block["value"]["answers"].splitlines())
    return [_with_answers(block, lists) if block["type"] == "short" else block for block in blocks]


def _with_answers(block: dict, lists: dict[str, list[str]]) -> dict:
    answers = dict.fromkeys([*block["value"]["answers"].splitlines(), *lists[block["id"]]])
    return block | {"value": block["value"] | {"answers": "\n".join(answers)}}


def _language_states(tree: Tree, lesson: Lesson) -> list[dict]:
    found = ((code, tree.statuses[lesson.pk][code]) for code in tree.languages)
    return [{"code": code, "state": str(status.code)} for code, status in found if status.done]


def _screen(block: dict, source: dict, words: Words, language: str) -> dict:
    """Return a screen; since when it is out of date is a day by UTC, as readers of every country share the row."""
    value, kind = block["value"], block["type"]
    path = f"body.{block['id']}"
    screen = {"id": block["id"], "kind": kind, "lang": words.block_language(path)}
    shown = words.shown.get(path)
    if shown and shown.freshness >= Freshness.MATERIAL and shown.date:
        screen |= {"stale": shown.date.date().isoformat(), "source": _said_in_source(source["value"] or {})}
    screen |= behind.block(shown, source, is_beside=bool(screen.get("source", {}).keys() & {"text", "html"}))
    if kind in CHECK_TYPES:
        return screen | check_of(block, source)
    if kind == "image":
        return screen | _image(value)
    if kind in PLAYED or kind == "download":
        return screen | attached(block, source, language)
    screen |= {name: text for name, text in (value or {}).items() if name != "html"}
    if kind == "text":
        screen["html"] = expand_db_html(value["html"])
    return screen


def _said_in_source(value: dict) -> dict:
    """Return what a screen says in the source: beside a translation whose law or procedure has changed, both are shown."""
    said = {name: value[name] for name in ("heading", "text") if value.get(name)}
    return said | ({"html": expand_db_html(value["html"])} if value.get("html") else {})


def _image(value: dict) -> dict:
    """Return the rendition of a drawing, made once here, with its size so that the page does not jump."""
    image = get_image_model().objects.filter(pk=value["image"]).first()
    if image is None:
        return {"url": ""}
    drawn = image.get_rendition("max-800x600|format-webp")
    told = {name: value.get(name) or "" for name in ("alt", "caption")}
    return told | {"url": drawn.url, "width": drawn.width, "height": drawn.height}


def test_body(tree: Tree, language: str) -> dict:
    entries = (question_body(tree, question, language) for question in tree.questions)
    return {"items": {entry["id"]: entry for entry in entries}}


def question_body(tree: Tree, question: Question, language: str) -> dict:
    """Return a question of the bank as the compiled row of its course's tests holds it."""
    block, source = question.body.get_prep_value()[0], question.body_en.get_prep_value()[0]
    words = tree.words(question, language)
    return {
        "id": block["id"],
        "kind": block["type"],
        "lang": words.block_language(f"body.{block['id']}"),
        "state": words.state(language),
        "source": _source_if_stale(question, words, language),
    } | check_of(block, source)


def _source_if_stale(question: Question, words: Words, language: str) -> dict | None:
    """Return the source's question when its law, procedure or number changed since: both texts are then shown."""
    if words.state(language)["stale"] < Freshness.MATERIAL:
        return None
    source = question.body_en.get_prep_value()[0]
    return check_of(source, source)


def course_body(tree: Tree, language: str) -> dict:
    words, curriculum = tree.words(tree.course, language), tree.words(tree.curriculum, language)
    course = tree.course
    return {
        "id": str(course.translation_key),
        "key": course.key,
        "path": _path(course),
        "curriculum": curriculum.field("heading") | {"path": _path(tree.curriculum)},
        **{name: words.field(name) for name in ("heading", "summary", "audience", "disclaimer")},
        "countries": sorted(course.countries.values_list("code", flat=True)),
        "tests": _tests(tree),
        "tracks": [track for track in Track.values if track in course.tracks],
        "without_account": course.without_account,
        "modules": [_module(tree, module, language) for module in tree.modules],
        "aide": [
            {"kind": block["type"], "text": block["value"], "lang": words.block_language(f"aide.{block['id']}")}
            for block in course.aide.get_prep_value()
        ],
        "glossary": [
            {"lang": words.block_language(f"glossary.{block['id']}")} | block["value"]
            for block in course.glossary.get_prep_value()
        ],
        "languages": _course_languages(tree),
        "state": words.state(language),
        "overlays": _overlays(tree, language),
        "country_names": {country.pk: country.name for country in tree.countries},
        "versions": tree.editions,
        "scenarios": [_scenario(tree, one, language) for one in tree.scenarios],
    }


def _tests(tree: Tree) -> list[dict]:
    """Return each test that can be taken: its form, how many questions it asks and how many must be right."""
    plan, found = tree.course.plan(), []
    for form in Form:
        questions = [question for question in tree.questions if question.form == form]
        asked = min(sum(count for of_form, _objective, count in plan if of_form == form), len(questions))
        if asked:
            entry = {"form": int(form), "id": id_of_test(tree.course, form), "count": asked}
            if form != Form.PRE:
                entry |= {"attempts": tree.course.test_attempts, "wait_hours": tree.course.test_wait_hours}
            minimum = {Form.PRE: 0, Form.CHECKUP: asked - 1}.get(form, min(tree.course.pass_minimum, asked))
            critical = form != Form.PRE and any(question.critical for question in questions)
            found.append(entry | {"minimum": minimum, "critical": critical})
    return found


def _module(tree: Tree, module: Module, language: str) -> dict:
    words = tree.words(module, language)
    lessons = [lesson for lesson in tree.lessons if tree.module_of(lesson) is module]
    return {
        "heading": words.field("heading"),
        "summary": words.field("summary"),
        "state": words.state(language),
        "lessons": [
            {
                "id": str(lesson.translation_key),
                "heading": tree.words(lesson, language).field("heading"),
                "path": _path(lesson),
                "minutes": lesson.minutes,
                "required": lesson.required,
                "tracks": sorted(lesson.tracks),
                "objectives": sorted(lesson.objectives),
            }
            for lesson in lessons
        ],
    }


def _scenario(tree: Tree, scenario: Scenario, language: str) -> dict:
    """Return how a scenario stands in lists: a course's page, a lesson."""
    return {
        "id": str(scenario.activity),
        "pk": scenario.pk,
        "key": scenario.key,
        "heading": tree.words(scenario, language).field("heading"),
        "minutes": scenario.minutes,
        "required": scenario.required,
    }


def _course_languages(tree: Tree) -> list[dict]:
    """Return each language with how many lessons are whole in it, and how it stands."""
    rows = []
    for code in tree.languages:
        statuses = [tree.statuses[lesson.pk][code] for lesson in tree.lessons]
        whole = sum(1 for status in statuses if status.total and status.done == status.total)
        rows.append(
            {
                "code": code,
                "whole": whole,
                "stale": sum(1 for status in statuses if status.stale),
                "awaiting": any(status.awaiting_native for status in statuses),
            }
        )
    return rows


def _overlays(tree: Tree, language: str) -> dict:
    """Return country → slot → entry, as readers of the course see them."""
    found: dict[str, dict] = {}
    for entry in tree.overlays:
        words = tree.words(entry, language)
        source = words.field("source")
        found.setdefault(entry.country_id, {})[entry.slot] = (
            words.field("text")
            | {
                "source_kind": entry.source_kind,
                "source": source["text"],
                "source_lang": source["lang"],
                "article": entry.article,
                "checked_at": entry.checked_at.isoformat() if entry.checked_at else "",
                "review_at": entry.review_at.isoformat() if entry.review_at else "",
                "confirmed": entry.confirmed,
            }
            | behind.entry(words)
        )
    return found
