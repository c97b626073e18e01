"""Compiled rows: what a course, its test and each lesson show in a language, so that a reader costs one query.

A row exists for the source and for each language in which something of the course is live; a reader of another
language gets the row of the first language of her chain.
"""

import zlib
from datetime import UTC, datetime

from django.db import models, transaction
from django.utils import translation
from wagtail.images import get_image_model
from wagtail.rich_text import expand_db_html

from accounts.models import Country
from languages import queries as language_queries
from languages import table
from languages.choices import Freshness
from training import grading, progress
from training.blocks import CHECK_TYPES
from training.models import Compiled, Course, Curriculum, Lesson, Module, Overlay, Question
from training.queries import id_of_test, versions


@transaction.atomic
def compile_course(course: Course) -> int:
    """Rebuild the rows of a course, its test and its lessons in every language that has something; return how many.

    Readers know a row's content by when it was built (queries.compiled), so the clock is read here: an act's own time
    may be that of an earlier building.
    """
    tree, built_at = _Tree(course), datetime.now(UTC)
    rows = [row for language in tree.languages for row in _rows(tree, language, built_at)]
    _weigh(rows, course.pk)
    pages = [course.pk, *(lesson.pk for lesson in tree.lessons)]
    Compiled.objects.filter(page__in=pages).exclude(language__in=tree.languages).delete()
    Compiled.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["page", "language", "part"], update_fields=["body", "built_at"]
    )
    return len(rows)


def _weigh(rows: list[Compiled], course: int) -> None:
    """Note in each course row how many kilobytes its lessons weigh, compressed."""
    for row in rows:
        if row.page_id == course and not row.part:
            bodies = [other.body for other in rows if other.language == row.language and other.page_id != course]
            weight = sum(len(zlib.compress(body.encode())) for body in bodies)
            row.body = progress.canonical(progress.read(row.body) | {"kilobytes": max(1, weight // 1024)})


class _Tree:
    """A course with everything below it, read once."""

    def __init__(self, course: Course):
        self._words: dict[tuple, _Words] = {}
        below = {"path__startswith": course.path, "live": True}
        self.course = models.QuerySet(Course).get(pk=course.pk)
        self.curriculum = models.QuerySet(Curriculum).get(path=course.path[: -course.steplen])
        self.modules = list(models.QuerySet(Module).filter(**below).order_by("path"))
        live = tuple(module.path for module in self.modules)
        found = models.QuerySet(Lesson).filter(**below).order_by("path")
        self.lessons = [lesson for lesson in found if lesson.path.startswith(live)]
        self.questions = list(models.QuerySet(Question).filter(course=course, live=True).order_by("position", "key"))
        of_curriculum = models.Q(curriculum=None) | models.Q(curriculum=self.curriculum)
        self.overlays = list(models.QuerySet(Overlay).filter(of_curriculum).order_by("country", "slot", "-curriculum"))
        self.countries = list(Country.objects.filter(is_active=True))
        self.editions = versions.newest_by_country(course.pk)
        things = (self.course, *self.lessons, *self.questions)
        live = set(language_queries.live_units_of(*things).values_list("language", flat=True).distinct())
        self.languages = [code for code in table.CODES if code == table.SOURCE or code in live]
        self.readers = language_queries.Readers([*things, self.curriculum, *self.modules, *self.overlays])
        found = language_queries.coverage_of(self.lessons)
        self.statuses = {lesson.pk: found[language_queries.key_of(lesson)] for lesson in self.lessons}

    def words(self, thing, language: str) -> "_Words":
        """Return the words of a thing in a language, read once."""
        key = (type(thing), thing.pk, language)
        if key not in self._words:
            self._words[key] = _Words(thing, self.readers.shown_in(thing, language))
        return self._words[key]

    def module_of(self, lesson: Lesson) -> Module:
        """Return the module in which a lesson stands."""
        return next(module for module in self.modules if lesson.path.startswith(module.path))


def _rows(tree: _Tree, language: str, built_at: datetime) -> list[Compiled]:
    with translation.override(language):
        made = [(tree.course.pk, "", _course(tree, language)), (tree.course.pk, "test", _test(tree, language))]
        made += [(lesson.pk, "", _lesson(tree, lesson, language)) for lesson in tree.lessons]
    return [
        Compiled(page_id=page, part=part, language=language, body=progress.canonical(body), built_at=built_at)
        for page, part, body in made
    ]


class _Words:
    """The words of one thing in one language, each with the language it really is in."""

    def __init__(self, thing, shown: dict[str, language_queries.Shown]):
        self.thing, self.shown = thing, shown

    def field(self, name: str) -> dict:
        """Return a field's text and its language."""
        found = self.shown.get(name)
        return {"text": getattr(self.thing, name) or "", "lang": found.language if found else table.SOURCE}

    def block_language(self, path: str) -> str:
        """Return the language in which a whole block is shown."""
        found = self.shown.get(path)
        return found.language if found else ""

    def state(self, language: str) -> dict:
        """Return how this thing stands for a reader: what fell back, what is stale since when, who has read it."""
        if language == table.SOURCE:
            return {"fallback": False, "stale": 0, "date": "", "native": True}
        units = list(self.shown.values())
        stale = [unit for unit in units if unit.freshness >= Freshness.MINOR]
        dates = [unit.date for unit in stale if unit.date]
        return {
            "fallback": any(unit.language != language for unit in units),
            "stale": max((unit.freshness for unit in stale), default=0),
            "date": min(dates).date().isoformat() if dates else "",
            "native": not any(unit.awaiting_native for unit in units),
        }


def _path(page) -> str:
    """Return a page's path below the site's root, as in addresses."""
    return page.url_path.split("/", 2)[2]


def _lesson(tree: _Tree, lesson: Lesson, language: str) -> dict:
    words = tree.words(lesson, language)
    sources = {block["id"]: block for block in lesson.body_en.get_prep_value()}
    return {
        "id": str(lesson.translation_key),
        "heading": words.field("heading"),
        "aim": words.field("aim"),
        "minutes": lesson.minutes,
        "path": _path(lesson),
        "course": str(tree.course.translation_key),
        "screens": [_screen(block, sources[block["id"]], words) for block in lesson.body.get_prep_value()],
        "state": words.state(language),
        "languages": _language_states(tree, lesson),
    }


def _language_states(tree: _Tree, lesson: Lesson) -> list[dict]:
    found = ((code, tree.statuses[lesson.pk][code]) for code in tree.languages)
    return [{"code": code, "state": str(status.code)} for code, status in found if status.done]


def _screen(block: dict, source: dict, words: _Words) -> dict:
    value, kind = block["value"], block["type"]
    path = f"body.{block['id']}"
    screen = {"id": block["id"], "kind": kind, "lang": words.block_language(path)}
    shown = words.shown.get(path)
    if shown and shown.freshness >= Freshness.MATERIAL and shown.date:
        screen["stale"] = shown.date.date().isoformat()
    if kind in CHECK_TYPES:
        return screen | check_of(block, source)
    if kind == "image":
        return screen | _image(value)
    screen |= {name: text for name, text in (value or {}).items() if name != "html"}
    if kind == "text":
        screen["html"] = expand_db_html(value["html"])
    return screen


def _image(value: dict) -> dict:
    """Return the rendition of a drawing, made once here, with its size so that the page does not jump."""
    image = get_image_model().objects.filter(pk=value["image"]).first()
    if image is None:
        return {"url": ""}
    drawn = image.get_rendition("max-800x600|format-webp")
    told = {name: value.get(name) or "" for name in ("alt", "caption")}
    return told | {"url": drawn.url, "width": drawn.width, "height": drawn.height}


def check_of(block: dict, source: dict) -> dict:
    """Return a question as compiled rows keep it: words beside ids; what belongs together comes from the source."""
    value = block["value"]
    found = {
        name: value.get(name) or "" for name in ("heading", "question", "unit", "right_feedback", "wrong_feedback")
    }
    parts = value.get("options") or value.get("pairs") or value.get("steps") or []
    groups = dict(grading.item_of_block(source).groups)
    found["parts"] = [
        {"id": part["id"]} | ({"group": groups[part["id"]]} if groups else {}) | part["value"] for part in parts
    ]
    found["answer"] = str(value.get("answer", ""))
    found["tolerance"] = str(value.get("tolerance", "0"))
    return found


def _test(tree: _Tree, language: str) -> dict:
    items = {}
    for question in tree.questions:
        block, source = question.body.get_prep_value()[0], question.body_en.get_prep_value()[0]
        words = tree.words(question, language)
        items[block["id"]] = {
            "id": block["id"],
            "kind": block["type"],
            "lang": words.block_language(f"body.{block['id']}"),
            "state": words.state(language),
            "source": _source_if_stale(question, words, language),
        } | check_of(block, source)
    return {"items": items}


def _source_if_stale(question: Question, words: _Words, language: str) -> dict | None:
    """Return the source's question when its law, procedure or number changed since: both texts are then shown."""
    if words.state(language)["stale"] < Freshness.MATERIAL:
        return None
    source = question.body_en.get_prep_value()[0]
    return check_of(source, source)


def _course(tree: _Tree, language: str) -> dict:
    words, curriculum = tree.words(tree.course, language), tree.words(tree.curriculum, language)
    course = tree.course
    return {
        "id": str(course.translation_key),
        "key": course.key,
        "path": _path(course),
        "curriculum": curriculum.field("heading") | {"path": _path(tree.curriculum)},
        **{name: words.field(name) for name in ("heading", "summary", "audience", "disclaimer")},
        "minutes": course.minutes,
        "countries": sorted(course.countries.values_list("pk", flat=True)),
        "draw": min(course.draw, len(tree.questions)),
        "minimum": course.pass_minimum,
        "critical": any(question.critical for question in tree.questions),
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
        "test": id_of_test(course),
    }


def _module(tree: _Tree, module: Module, language: str) -> dict:
    words = tree.words(module, language)
    lessons = [lesson for lesson in tree.lessons if tree.module_of(lesson) is module]
    return {
        "heading": words.field("heading"),
        "summary": words.field("summary"),
        "lessons": [
            {
                "id": str(lesson.translation_key),
                "heading": tree.words(lesson, language).field("heading"),
                "path": _path(lesson),
                "minutes": lesson.minutes,
                "required": lesson.required,
            }
            for lesson in lessons
        ],
    }


def _course_languages(tree: _Tree) -> list[dict]:
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


def _overlays(tree: _Tree, language: str) -> dict:
    """Return country → slot → entry; an entry of this curriculum comes before one for all."""
    found: dict[str, dict] = {}
    for entry in tree.overlays:
        of_country = found.setdefault(entry.country_id, {})
        if entry.slot in of_country and entry.curriculum_id is None:
            continue
        of_country[entry.slot] = tree.words(entry, language).field("text") | {
            "source_kind": entry.source_kind,
            "source": entry.source,
            "article": entry.article,
            "checked_at": entry.checked_at.isoformat() if entry.checked_at else "",
            "review_at": entry.review_at.isoformat() if entry.review_at else "",
            "confirmed": entry.confirmed,
        }
    return found
