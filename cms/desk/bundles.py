"""What stands as one row in the matrix: a course with its lessons, a pathway with its steps, the prompts together."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from accounts.models import Country
from cms.desk.names import Name, columns, name_in
from languages import table
from languages.queries import ThingKey
from referral.models import Fact, FactChoice, Pathway, PathwayRole, Service, Step
from training.models import Course, Overlay, Question, Scenario

GROUPS = {
    "pages": _("Pages"),
    "courses": _("Courses"),
    "facts": _("National law and facts"),
    "prompts": _("Hotline prompts"),
    "pathways": _("Referral pathways"),
    "services": _("Services"),
    "other": _("Other texts"),
}


@dataclass(frozen=True)
class Place:
    """To which row a thing belongs: group, key and name of the row, and the languages it is wanted in (None: all)."""

    group: str
    key: str
    name: str
    languages: tuple[str, ...] | None = None


class Memory:
    """What several placers ask, read once."""

    @cached_property
    def courses(self) -> dict[int, tuple[str, Place]]:
        """Return each course's tree path and row; it is wanted in the languages of its countries."""
        rows = {}
        fields = ("pk", "path", "key", *columns("heading"))
        for course in Course.objects.only(*fields).prefetch_related("countries"):
            wanted = {code for country in course.countries.all() for code in country.languages}
            languages = tuple(code for code in table.CODES if code in wanted | {table.SOURCE}) if wanted else None
            rows[course.pk] = (
                course.path,
                Place("courses", f"course-{course.pk}", name_in(course, "heading"), languages),
            )
        return rows

    @cached_property
    def pathways(self) -> dict[int, Place]:
        """Return the row of each pathway; it is wanted in the languages it asks for and those of its country."""
        return {
            pathway.pk: Place(
                "pathways", f"pathway-{pathway.pk}", _pathway_name(pathway), tuple(pathway.wanted_languages)
            )
            for pathway in Pathway.objects.select_related("country")
        }


Placer = Callable[[set[int], Memory], dict[int, Place]]


def places(keys: Iterable[ThingKey]) -> dict[ThingKey, Place]:
    """Return the row of each thing; a few queries, whatever the number of things.

    Sorts with the same placer are asked together: pages of all sorts share their numbers.
    """
    memory, placers, by_placer = Memory(), {}, {}
    for key in keys:
        if key.content_type_id not in placers:
            placers[key.content_type_id] = _placer_of(key.content_type_id)
        by_placer.setdefault(placers[key.content_type_id], []).append(key)
    found: dict[ThingKey, Place] = {}
    for placer, of_placer in by_placer.items():
        placed = placer({key.object_id for key in of_placer}, memory)
        found |= {key: placed[key.object_id] for key in of_placer if key.object_id in placed}
    return found


def _placer_of(type_id: int) -> Placer:
    kind = ContentType.objects.get_for_id(type_id)
    return _PLACERS.get(f"{kind.app_label}.{kind.model}") or _by_model(kind)


def _country_languages(country: Country | None) -> tuple[str, ...] | None:
    return tuple(dict.fromkeys([table.SOURCE, *country.languages])) if country else None


def _by_model(kind: ContentType) -> Placer:
    def place(ids: set[int], memory: Memory) -> dict[int, Place]:
        name = capfirst(kind.model_class()._meta.verbose_name_plural) if kind.model_class() else kind.model
        return dict.fromkeys(ids, Place("other", f"{kind.app_label}.{kind.model}", str(name)))

    return place


def _one_row(group: str, key: str, name) -> Placer:
    def place(ids: set[int], memory: Memory) -> dict[int, Place]:
        return dict.fromkeys(ids, Place(group, key, str(name)))

    return place


def _course_pages(ids: set[int], memory: Memory) -> dict[int, Place]:
    courses = list(memory.courses.values())
    rest = Place("courses", "curricula", str(_("Curricula")))
    paths = Page.objects.filter(pk__in=ids).values_list("pk", "path")
    return {
        pk: next((place for course_path, place in courses if path.startswith(course_path)), rest) for pk, path in paths
    }


def _of_course(model) -> Placer:
    def place(ids: set[int], memory: Memory) -> dict[int, Place]:
        owners = model.objects.filter(pk__in=ids).values_list("pk", "course_id")
        return {pk: memory.courses[owner][1] for pk, owner in owners if owner in memory.courses}

    return place


def _overlays(ids: set[int], memory: Memory) -> dict[int, Place]:
    return {
        row.pk: Place("facts", f"facts-{row.country_id}", row.country.name, _country_languages(row.country))
        for row in Overlay.objects.filter(pk__in=ids).only("pk", "country").select_related("country")
    }


def _services(ids: set[int], memory: Memory) -> dict[int, Place]:
    rows = (
        Service.objects.filter(pk__in=ids).only("pk", "organisation__country").select_related("organisation__country")
    )
    found = {}
    for row in rows:
        country = row.organisation.country
        found[row.pk] = Place("services", f"services-{country.pk}", country.name, _country_languages(country))
    return found


def _pathway_name(pathway: Pathway) -> Name:
    """Return the title of a pathway with its country: countries that copied one model keep its title."""
    title = name_in(pathway, "title") or Name(pathway.key)
    country = pathway.country.name if pathway.country else _("Model, no country")
    return title if str(country) in title else Name.of(f"{title} ({country})", title.language, title.source)


def _pathways(ids: set[int], memory: Memory) -> dict[int, Place]:
    return {pk: place for pk, place in memory.pathways.items() if pk in ids}


def _pathway_parts(model, column: str = "pathway_id", **only: object) -> Placer:
    def place(ids: set[int], memory: Memory) -> dict[int, Place]:
        owners = model.objects.filter(pk__in=ids, **only).values_list("pk", column)
        return {pk: memory.pathways[owner] for pk, owner in owners if owner in memory.pathways}

    return place


_STANDING = _one_row("pages", "standing", _("Front page, standing pages and banner"))
_PLACERS: dict[str, Placer] = {
    "cms.frontpage": _STANDING,
    "cms.standardpage": _STANDING,
    "cms.safetysettings": _STANDING,
    "cms.homepage": _one_row("pages", "homes", _("Home pages of the countries")),
    "training.curriculum": _course_pages,
    "training.course": _course_pages,
    "training.module": _course_pages,
    "training.lesson": _course_pages,
    "training.question": _of_course(Question),
    "training.scenario": _of_course(Scenario),
    "training.overlay": _overlays,
    "hotline.prompt": _one_row("prompts", "prompts", _("What the line says")),
    "referral.pathway": _pathways,
    "referral.step": _pathway_parts(Step),
    "referral.pathwayrole": _pathway_parts(PathwayRole, is_proper_name=False),
    "referral.fact": _pathway_parts(Fact),
    "referral.factchoice": _pathway_parts(FactChoice, "fact__pathway_id"),
    "referral.service": _services,
}
