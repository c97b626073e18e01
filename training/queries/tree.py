"""Finding pages: by address, and which course a thing belongs to."""

from functools import cache, partial

from django.db import models
from wagtail.models import ReferenceIndex

from languages.statements import Prepared
from training.choices import Form
from training.exchange import stable_id
from training.models import Course, Curriculum, Lesson, Module, Overlay, Question, Scenario
from training.queries.off import stands_off

BY_DEPTH = (Curriculum, Course, Module, Lesson)
COLUMNS = (
    "id", "title", "slug", "path", "depth", "numchild", "url_path", "live", "locale_id", "content_type_id",
    "translation_key", "draft_title", "latest_revision_id", "alias_of_id", "page_ptr_id",
)  # fmt: skip


def _page_rows(model: type[models.Model], url_path: str):
    rows = models.QuerySet(model).filter(url_path=url_path, live=True)
    rows = rows.exclude(stands_off()) if model is Lesson else rows
    return rows.order_by("pk").values_list(*_names(model))[:1]


@cache
def _names(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields if field.attname in COLUMNS)


_PAGES = {model: Prepared(partial(_page_rows, model), "address of a page") for model in BY_DEPTH}


def page_at(root_url_path: str, components: list[str]):
    """Return the live school page at an address below the site's root, without its words, or None; one query.

    A lesson goes with its module and its course: where one of them was taken off, it is not there either.
    """
    if not 1 <= len(components) <= len(BY_DEPTH):
        return None
    model = BY_DEPTH[len(components) - 1]
    row = next(iter(_PAGES[model].rows(f"{root_url_path}{'/'.join(components)}/")), None)
    if row is None:
        return None
    return model.from_db("default", _names(model), row)


def moved_lesson(root_url_path: str, components: list[str]) -> str:
    """Return where a lesson stands that left the module of this address, below the site's root; "" where none does."""
    if len(components) != len(BY_DEPTH):
        return ""
    curriculum, course, _module, slug = components
    below = f"{root_url_path}{curriculum}/{course}/"
    rows = models.QuerySet(Lesson).filter(live=True, slug=slug, url_path__startswith=below).exclude(stands_off())
    found = list(rows.values_list("url_path", flat=True)[:2])
    return found[0].removeprefix(root_url_path) if len(found) == 1 else ""


def belongs_to_school(thing: models.Model) -> bool:
    """Tell whether a translated thing is a part of some course."""
    return isinstance(thing, (*BY_DEPTH, Question, Scenario, Overlay))


def courses_of(thing: models.Model):
    """Return the live courses in which a page, a question, a scenario or a country entry appears."""
    return homes_of(thing).filter(live=True)


def homes_of(thing: models.Model):
    """Return the courses in which a thing stands, also those that are off."""
    courses = models.QuerySet(Course).all()
    if isinstance(thing, Question | Scenario):
        return courses.filter(pk=thing.course_id)
    if isinstance(thing, Overlay):
        return courses.filter(path__startswith=thing.curriculum.path) if thing.curriculum_id else courses
    if isinstance(thing, Curriculum):
        return courses.filter(path__startswith=thing.path)
    depth = {Course: 0, Module: 1, Lesson: 2}[type(thing)]
    return courses.filter(path=thing.path[: len(thing.path) - depth * thing.steplen])


def courses_with(file: models.Model):
    """Return the courses of which a lesson holds a recording or document."""
    used = ReferenceIndex.get_references_to(file).filter(base_content_type__app_label="wagtailcore")
    pages = [int(pk) for pk in used.values_list("object_id", flat=True).distinct()]
    paths = models.QuerySet(Lesson).filter(pk__in=pages).values_list("path", flat=True)
    roots = {path[: -2 * Lesson.steplen] for path in paths}
    return models.QuerySet(Course).filter(live=True, path__in=roots)


def activity_of(thing: models.Model) -> str:
    """Return the activity id of a lesson or scenario, or of the test that a question or pass rule belongs to; "" for others."""
    if isinstance(thing, Scenario):
        return str(thing.activity)
    if isinstance(thing, Lesson):
        return str(thing.translation_key)
    if isinstance(thing, Question):
        return id_of_test(thing.course, thing.form)
    return id_of_test(thing) if isinstance(thing, Course) else ""


def id_of_test(course: Course, form: int = Form.POST) -> str:
    """Return the activity id of a course's test of a form."""
    of_form = () if form == Form.POST else (str(int(form)),)
    return str(stable_id("test", str(course.translation_key), *of_form))
