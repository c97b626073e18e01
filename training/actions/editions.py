"""Editions: each publish that changes what is taught or asked makes a version; versions are never changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.db import models, transaction

from accounts.actions import record
from languages.revisions import Change
from training import grading, progress, scenarios
from training.actions.compiling import compile_course
from training.actions.news import note_editions
from training.actions.numbering import Numbers
from training.actions.unasked import keep_unasked, left_unasked
from training.blocks import CHECK_TYPES, PRACTICE_ONLY
from training.choices import TEST_MINUTES, Form
from training.models import Content, Course, CourseVersion, Lesson, Module, Question, Scenario
from training.queries import entries_seen, id_of_test, unasked_of
from training.queries.said import kept_text, said_by

SCHEMA = "course/2"
_waiting: ContextVar[dict[int, set[str]] | None] = ContextVar("courses_changed", default=None)


@contextmanager
def as_one_edition(*, by, at: datetime) -> Iterator[None]:
    """Put several publishes live as one edition: versions and compiled rows are made once, at the end.

    Whoever opens it names the courses by `course_changed`; single publishes inside it are not followed.
    """
    token = _waiting.set({})
    try:
        yield
        for course in models.QuerySet(Course).filter(pk__in=_waiting.get()).order_by("pk"):
            _settle(course, _waiting.get()[course.pk], by=by, at=at)
    finally:
        _waiting.reset(token)


def is_gathering() -> bool:
    """Tell whether publishes are being gathered into one edition."""
    return _waiting.get() is not None


def lock_courses(courses: models.QuerySet) -> None:
    """Let one transaction at a time change courses, in the order of their keys.

    They are locked before what stands in them, before what is recorded and before any enrolment; who waited sees what
    the other one changed.
    """
    list(courses.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))


@transaction.atomic
def course_changed(course: Course, *, by, at: datetime, material: str = "") -> None:
    """Follow a change of a course, its lessons, questions, country entries or translations.

    `material` names what an editor said is a change of law, procedure or right answer: the id of a lesson or of the
    test, or `country:slot` of a country entry. The course is locked here, also where its edition is made later.
    """
    lock_courses(models.QuerySet(Course).filter(pk=course.pk))
    waiting = _waiting.get()
    named = {material} if material else set()
    if waiting is None:
        _settle(course, named, by=by, at=at)
    else:
        waiting.setdefault(course.pk, set()).update(named)


@transaction.atomic
def course_translated(course: Course) -> None:
    """Follow a translation: it makes no edition, but readers of that language see it."""
    compile_course(course)


def _settle(course: Course, material: set[str], *, by, at: datetime) -> None:
    publish_version(course, by=by, at=at, material=material)
    compile_course(course)


@transaction.atomic
def publish_version(course: Course, *, by, at: datetime, material: set[str] = frozenset()) -> list[CourseVersion]:
    """Make an edition for all countries together and one for each country, where something differs from the last.

    One at a time for a course: the number follows the last one's, and what another transaction has just changed is in it.
    """
    course = models.QuerySet(Course).select_for_update(of=("self",), no_key=True).get(pk=course.pk)
    lessons, contents = _lessons(course), {}
    tests, played = _tests(course, contents), _scenarios(course, contents)
    activities = {page.pk: _lesson_entry(page, contents) for page in lessons}
    made, fresh, waiting, left = [], set(), unasked_of(course), {}
    for country in [None, *course.countries.all()]:
        code = country.pk if country else ""
        overlays, named = _overlays(course, country, contents), material | waiting.get(code, set())
        last = CourseVersion.objects.filter(course=course, country=country).order_by("-number").first()
        numbers = Numbers(last, code, overlays, named, fresh)
        version = _edition(course, country, lessons, activities, played, tests, overlays, numbers)
        left[code] = left_unasked(numbers, overlays, named, code)
        if version is not None:
            version.published_by, version.published_at = _actor(by), at
            made.append(version)
    keep_unasked(course, waiting, left, material, at=at)
    if made:
        _keep_contents(contents)
        CourseVersion.objects.bulk_create(made)
    note_editions(course=course, made=made, by=_actor(by), at=at)
    if made:
        numbers = {version.country_id or "all": version.number for version in made}
        record(by=by, verb="training.version_published", thing=f"training.course:{course.key}", at=at, numbers=numbers)
    return made


def _keep_contents(contents: dict[str, str]) -> None:
    """Insert the texts that do not stand yet: SQLite refuses the others before it could pass them by."""
    standing = set(Content.objects.filter(sha256__in=contents).values_list("sha256", flat=True))
    fresh = [Content(sha256=key, body=body) for key, body in contents.items() if key not in standing]
    Content.objects.bulk_create(fresh, ignore_conflicts=True)


def _actor(by) -> str:
    return by if isinstance(by, str) else str(by.public_id)


def _lessons(course: Course) -> list[Lesson]:
    modules = models.QuerySet(Module).filter(path__startswith=course.path, live=True).values_list("path", flat=True)
    live = tuple(modules)
    pages = models.QuerySet(Lesson).filter(path__startswith=course.path, live=True).order_by("path")
    columns = ("path", "translation_key", "required", "minutes", "tracks", "heading_en", "aim_en", "body_en")
    return [page for page in pages.only(*columns) if page.path.startswith(live)]


def _keep(contents: dict[str, str], thing) -> str:
    """Note a source text under its hash and return the hash."""
    key, body = kept_text(thing)
    contents[key] = body
    return key


def _lesson_entry(page: Lesson, contents: dict[str, str]) -> dict:
    raw = page.body_en.get_prep_value()
    return {
        "id": str(page.translation_key),
        "kind": "lesson",
        "required": page.required,
        "minutes": page.minutes,
        "tracks": sorted(page.tracks),
        "content": _keep(contents, said_by(page)),
        "screens": [block["id"] for block in raw],
        "slots": [block["value"]["slot"] for block in raw if block["type"] == "law"],
        "items": [_item_entry(block, contents) for block in raw if block["type"] in CHECK_TYPES],
    }


def _item_entry(block: dict, contents: dict[str, str], **more) -> dict:
    version = _keep(contents, block)[:12]
    return progress.entry_of(grading.item_of_block(block)) | {"version": version} | more


def _tests(course: Course, contents: dict[str, str]) -> list[dict]:
    """Return the test of each form that the course's plan draws and its bank holds."""
    asked = models.QuerySet(Question).filter(course=course, live=True).order_by("position", "key")
    questions: dict[int, list[Question]] = {}
    for question in asked:
        questions.setdefault(question.form, []).append(question)
    plan = course.plan()
    rows = {form: [[objective, count] for of_form, objective, count in plan if of_form == form] for form in Form}
    return [
        _test(course, form, questions[form], rows[form], contents) for form in Form if rows[form] and form in questions
    ]


def _test(course: Course, form: Form, questions: list[Question], rows: list, contents: dict[str, str]) -> dict:
    items = [
        _item_entry(
            question.body_en.get_prep_value()[0],
            contents,
            key=question.key,
            critical=question.critical,
            objective=question.objective,
            tracks=sorted(question.tracks),
        )
        for question in questions
        if question.body_en[0].block_type not in PRACTICE_ONLY
    ]
    rule = [course.pass_minimum, rows] if form == Form.POST else rows
    return {
        "id": id_of_test(course, form),
        "kind": "test",
        "form": int(form),
        "required": form == Form.POST,
        "minutes": TEST_MINUTES,
        "content": progress.digest(progress.canonical([items, rule])),
        "blueprint": rows,
        "screens": [],
        "slots": [],
        "items": items,
    }


def _scenarios(course: Course, contents: dict[str, str]) -> list[dict]:
    found = models.QuerySet(Scenario).filter(course=course, live=True).order_by("position", "key")
    return [_scenario_entry(one, contents) for one in found]


def _scenario_entry(scenario: Scenario, contents: dict[str, str]) -> dict:
    return {
        "id": str(scenario.activity),
        "kind": "scenario",
        "key": scenario.key,
        "required": scenario.required,
        "minutes": scenario.minutes,
        "content": _keep(contents, said_by(scenario)),
        "screens": [],
        "slots": [],
        "items": [],
        "graph": scenarios.skeleton_of(scenario.graph),
    }


def _overlays(course: Course, country, contents: dict[str, str]) -> list[dict]:
    if country is None:
        return []
    return [
        {
            "slot": entry.slot,
            "content": _keep(contents, said_by(entry)),
            "checked_at": entry.checked_at.isoformat() if entry.checked_at else "",
            "confirmed": entry.confirmed,
        }
        for entry in entries_seen(course, country=country)
    ]


def _edition(course, country, lessons, activities, played, tests, overlays, numbers: Numbers) -> CourseVersion | None:
    last, entries = numbers.last, {key: numbers.of(entry) for key, entry in activities.items()}
    asked, stories = [numbers.of(test) for test in tests], [numbers.of(one) for one in played]
    resting = numbers.resting()
    body = progress.canonical(
        {
            "schema": SCHEMA,
            "course": course.key,
            "country": country.code if country else "",
            "modules": _modules(lessons, entries),
            "tracks": sorted(course.tracks),
            "tests": asked,
            **({"scenarios": stories} if stories else {}),
            **({"resting": resting} if resting else {}),
            "pass": {
                "minimum": course.pass_minimum,
                "attempts": course.test_attempts,
                "wait_hours": course.test_wait_hours,
            },
            "overlays": overlays,
        }
    )
    digest = progress.digest(body)
    if last is not None and last.sha256 == digest:
        return None
    number = last.number + 1 if last else 1
    worst = Change.MATERIAL if numbers.has_risen else Change.MINOR
    return CourseVersion(course=course, country=country, number=number, body=body, sha256=digest, change_class=worst)


def _modules(lessons: list[Lesson], entries: dict) -> list[dict]:
    modules: dict[str, list[dict]] = {}
    for page in lessons:
        modules.setdefault(page.path[: -page.steplen], []).append(entries[page.pk])
    return [{"lessons": of_module} for _path, of_module in sorted(modules.items())]
