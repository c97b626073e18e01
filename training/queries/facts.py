"""What holds of a course, a lesson, a question or a story beside its texts, and what an edit changes of it, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from languages import table
from languages.columns import translated_columns, translated_fields
from languages.text import beside, listed
from training.choices import Form, Objective, Track
from training.models import Blueprint, Course, Lesson, Question, Scenario

FACTS = {
    Course: (
        "countries", "tracks", "is_open", "without_account", "pass_minimum", "test_attempts", "test_wait_hours",
        "certificate_months",
    ),
    Lesson: ("minutes", "required", "tracks", "objectives"),
    Question: ("course", "form", "objective", "critical", "tracks", "position"),
    Scenario: ("course", "start", "minutes", "required", "position"),
}  # fmt: skip
# What nobody meets who reads, or what is told elsewhere: the kind of the edit, its schedule, what the editor keeps for itself.
UNTOLD = {
    "activity", "alias_of", "change", "content_type", "depth", "draft_title", "expire_at", "expired", "first_published_at",
    "go_live_at", "has_unpublished_changes", "id", "last_published_at", "latest_revision", "latest_revision_created_at",
    "live", "live_revision", "locale", "locked", "locked_at", "locked_by", "lowered_because", "numchild", "owner",
    "page_ptr", "path", "title", "translation_key", "url_path",
}  # fmt: skip
ORDER_ONLY = {"position"}  # told, and no kind is asked for it: the same is asked of everybody
NOTHING = "–"


@dataclass(frozen=True)
class Fact:
    """One thing that holds beside the texts and changes: what it is called, what holds now and what would."""

    name: str
    before: str
    after: str


def facts_of(thing: models.Model) -> dict[str, object]:
    """Return what holds of a thing, by the names of its fields, so that two of them can be compared."""
    return {name: _value(thing, name) for name in FACTS.get(type(thing), ())}


def facts_changed(live: models.Model, draft: models.Model) -> tuple[Fact, ...]:
    """Return each fact that an edit changes, old and new in words; of the plan of the tests, each row."""
    before, after = facts_of(live), facts_of(draft)
    before, after = before | _others(live), after | _others(draft)
    found = [_fact(live, draft, name) for name in after if before[name] != after[name]]
    return (*found, *(_rows(live, draft) if isinstance(draft, Course) else ()))


def _others(thing: models.Model) -> dict[str, object]:
    """Return whatever else a thing has by itself, its texts aside: a field that nobody thought of here is told as well."""
    texts = {*translated_fields(type(thing)), *translated_columns(type(thing))}
    texts |= {build_localized_fieldname(name, table.SOURCE) for name in translated_fields(type(thing))}
    left_out = {*texts, *UNTOLD, *FACTS.get(type(thing), ())}
    return {one.name: _value(thing, one.name) for one in thing._meta.concrete_fields if one.name not in left_out}


def countries_of(course: Course) -> list[str]:
    """Return the codes of the countries of a course, as it is in hand."""
    return sorted(country.pk for country in course.countries.all())


def _value(thing: models.Model, name: str) -> object:
    if name == "countries":
        return countries_of(thing)
    if name in {"tracks", "objectives"}:
        return sorted(getattr(thing, name) or [])
    return getattr(thing, thing._meta.get_field(name).attname)


def _fact(live: models.Model, draft: models.Model, name: str) -> Fact:
    label = capfirst(str(draft._meta.get_field(name).verbose_name))
    return Fact(label, _said(live, name), _said(draft, name))


def _said(thing: models.Model, name: str) -> str:
    """Return what a fact of a thing is, in words."""
    value = getattr(thing, name)
    if name in _WORDS:
        return _WORDS[name](value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in {"form", "objective"}:
        return str(getattr(thing, f"get_{name}_display")()) or NOTHING
    return str(value) if value not in ("", None) else NOTHING


def _countries(value) -> str:
    return _listed(country.name for country in sorted(value.all(), key=lambda one: one.name))


def _tracks(value: list[str]) -> str:
    return _listed(str(one.label) for one in Track if one in value) if value else _("everybody")


def _objectives(value: list[str]) -> str:
    return _listed(str(one.label) for one in Objective if one in value)


def _listed(parts) -> str:
    return listed(parts, get_language()) or NOTHING


def _months(value: int | None) -> str:
    if not value:
        return _("until the course changes in law, procedure or right answer")
    return ngettext("%(number)s month", "%(number)s months", value) % {"number": value}


def _tries(value: int | None) -> str:
    return str(value) if value else _("as often as one likes")


def _hours(value: int) -> str:
    return ngettext("%(number)s hour", "%(number)s hours", value) % {"number": value} if value else _("none")


_WORDS = {
    "countries": _countries,
    "tracks": _tracks,
    "objectives": _objectives,
    "certificate_months": _months,
    "test_attempts": _tries,
    "test_wait_hours": _hours,
    "course": lambda course: course.heading_en,
}


def _rows(live: Course, draft: Course) -> Iterator[Fact]:
    """Yield each row of the plan that comes, goes or draws another number."""
    before, after = (
        {(form, objective): count for form, objective, count in course.plan()} for course in (live, draft)
    )
    plan = capfirst(str(Blueprint._meta.verbose_name))
    for form, objective in sorted(before.keys() | after.keys()):
        old, new = before.get((form, objective)), after.get((form, objective))
        if old != new:
            what = Objective(objective).label if objective else _("any objective")
            yield Fact(
                beside(plan, f"{Form(form).label}, {what}", get_language()), str(old or NOTHING), str(new or NOTHING)
            )
