"""Strings, units and states of things; which languages are on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import models
from django.db.models import Count, Exists, Max, OuterRef, Q

from languages import table
from languages.choices import Freshness, Public, State, Switch
from languages.exchange import DIGEST, Current, File, Line
from languages.models import Language, Segment, SourceText, Unit
from languages.queries.keys import ThingKey, any_of, key_of, place_of
from languages.revisions import Change

SWITCHES_KEY = "languages.switches"
KEPT_SECONDS = 20


@dataclass(frozen=True)
class Status:
    """What the public sees of a thing in a language, and what is left to do; `worst` is the gravest freshness of a text."""

    code: str
    done: int
    total: int
    awaiting_native: int = 0
    stale: int = 0
    in_review: int = 0
    approved: int = 0
    drafts: int = 0
    worst: int = Freshness.NOT_LIVE


def segments_of(thing: models.Model, *, retired: bool = False):
    """Return the source strings of a thing in reading order."""
    found = Segment.objects.filter(**place_of(thing))
    return found if retired else found.filter(retired_at=None)


def segments_by_thing(things: Sequence[models.Model], *, retired: bool = True) -> dict[ThingKey, dict[str, Segment]]:
    """Return the source strings of several things by thing and path, in reading order; one query."""
    found: dict[ThingKey, dict[str, Segment]] = {key_of(thing): {} for thing in things}
    rows = Segment.objects.filter(any_of(things))
    for segment in rows if retired else rows.filter(retired_at=None):
        found[ThingKey(segment.content_type_id, segment.object_id)][segment.path] = segment
    return found


def live_units_of(*things: models.Model):
    """Return what is live for some things in every language, with what is needed to write it."""
    return Unit.objects.filter(any_of(things), is_retired=False, live_version__gte=1).order_by().values(
        "content_type", "object_id", "language", "live", "live_digest", "live_tags", "segment__path",
        "segment__kind", "segment__digest", "segment__tags",
    )  # fmt: skip


def source_text(segment: Segment, version: int) -> str:
    """Return what a segment said at a version; "" for a version that never was."""
    if version == segment.version:
        return segment.text
    earlier = SourceText.objects.filter(segment=segment, version=version).first()
    return earlier.text if earlier else ""


_COUNTS = {
    "live": Count("pk", filter=Q(freshness__gte=Freshness.FRESH)),
    "stale": Count("pk", filter=Q(freshness__gte=Freshness.MINOR)),
    "awaiting": Count("pk", filter=Q(freshness__gte=Freshness.FRESH, native_read_at=None)),
    "in_review": Count("pk", filter=Q(state=State.IN_REVIEW)),
    "approved": Count("pk", filter=Q(state=State.APPROVED)),
    "drafts": Count("pk", filter=Q(state=State.DRAFT)),
    "worst": Max("freshness"),
}


def public_state(live: int, stale: int, total: int) -> Public:
    """Return what the public sees where so many of all texts are live and so many of those out of date."""
    if not live:
        return Public.MISSING
    if stale:
        return Public.OUT_OF_DATE
    return Public.PARTIAL if live < total else Public.PUBLISHED


def _status(total: int, counts: dict) -> Status:
    live, stale = counts.get("live", 0), counts.get("stale", 0)
    code = public_state(live, stale, total)
    rest = {name: counts.get(name, 0) for name in ("in_review", "approved", "drafts")}
    rest["worst"] = counts.get("worst") or Freshness.NOT_LIVE
    return Status(code, live, total, counts.get("awaiting", 0), stale, **rest)


def status_of(thing: models.Model, language: str) -> Status:
    """Return what the public sees of a thing in a language."""
    total = segments_of(thing).count()
    if language == table.SOURCE:
        return Status(Public.PUBLISHED, total, total)
    return _status(
        total, Unit.objects.filter(**place_of(thing), language=language, is_retired=False).aggregate(**_COUNTS)
    )


def live_languages(thing: models.Model) -> list[str]:
    """Return the languages in which something of a thing is live, in table order; one query."""
    live = Unit.objects.filter(**place_of(thing), is_retired=False, freshness__gte=Freshness.FRESH)
    found = set(live.order_by().values_list("language", flat=True).distinct())
    return [code for code in table.CODES if code == table.SOURCE or code in found]


def coverage(content_types: Iterable[int] | None = None) -> dict[ThingKey, dict[str, Status]]:
    """Return the status of every thing in every language, in two queries."""
    return _coverage(Q() if content_types is None else Q(content_type__in=list(content_types)))


def coverage_of(things: Iterable[models.Model]) -> dict[ThingKey, dict[str, Status]]:
    """Return the status of some things in every language, in two queries."""
    things = list(things)
    return _coverage(any_of(things), map(key_of, things))


def _coverage(which: Q, keys: Iterable[ThingKey] = ()) -> dict[ThingKey, dict[str, Status]]:
    segments, units = Segment.objects.filter(which, retired_at=None), Unit.objects.filter(which, is_retired=False)
    totals = dict.fromkeys(keys, 0) | {
        ThingKey(kind, pk): total
        for kind, pk, total in segments.order_by().values_list("content_type", "object_id").annotate(Count("pk"))
    }
    counted: dict[tuple[ThingKey, str], dict] = {}
    for row in units.order_by().values("content_type", "object_id", "language").annotate(**_COUNTS):
        counted[ThingKey(row["content_type"], row["object_id"]), row["language"]] = row
    return {
        key: {
            code: Status(Public.PUBLISHED, total, total)
            if code == table.SOURCE
            else _status(total, counted.get((key, code), {}))
            for code in table.CODES
        }
        for key, total in totals.items()
    }


def languages_on(country: str = "", *, states: tuple[str, ...] = (Switch.PUBLIC,)) -> list[str]:
    """Return the languages that are on, in table order; a country's own switch beats the general one."""
    switched: dict[str, str] = {}
    for code, place, state in _switches():
        if place in {"", country}:
            switched[code] = state
    return [code for code in table.CODES if code == table.SOURCE or switched.get(code, Switch.PUBLIC) in states]


def languages_for(user) -> list[str]:
    """Return the languages that are on for a reader; people of the desk also work in those being translated."""
    if user is None or not user.is_authenticated:
        return languages_on()
    works = user.has_role("translator", "manager", "administrator")
    return languages_on(user.country_id or "", states=(Switch.PUBLIC, Switch.DESK) if works else (Switch.PUBLIC,))


def _switches() -> list[tuple[str, str, str]]:
    """Return all switches, the general ones first; kept for a moment, since every page asks."""
    found = cache.get(SWITCHES_KEY)
    if found is None:
        found = list(Language.objects.order_by("country").values_list("code", "country", "state"))
        cache.set(SWITCHES_KEY, found, KEPT_SECONDS)
    return found


def needs_second_person(language: str, country: str = "") -> bool:
    """Tell whether a translation into a language is approved by somebody else than its writer."""
    rows = list(Language.objects.filter(code=language, country__in={"", country}).order_by("-country"))
    return rows[0].needs_second_person if rows else False


def put_out_of_date(thing: models.Model, since: datetime) -> dict[str, int]:
    """Return how many live texts of a thing went out of date by what was published since then, by language.

    A text that was behind its source already is none of them.
    """
    earlier = SourceText.objects.filter(segment=OuterRef("segment"))
    replaced = earlier.filter(version=OuterRef("segment__version") - 1)
    graver = earlier.filter(change__in=[Change.MINOR, Change.MATERIAL])
    was_behind = Exists(
        graver.filter(version__gte=OuterRef("live_version"), version__lt=OuterRef("segment__version") - 1)
    ) & ~Exists(replaced.filter(digest=OuterRef("live_digest")))
    changed = Unit.objects.filter(
        Exists(graver.filter(version=OuterRef("segment__version") - 1)),
        **place_of(thing),
        is_retired=False,
        freshness__gte=Freshness.MINOR,
        segment__changed_at__gte=since,
    ).exclude(was_behind)
    counted = dict(changed.order_by().values_list("language").annotate(Count("pk")))
    return {code: counted[code] for code in table.CODES if code in counted}


def left_untranslated(thing: models.Model, since: datetime) -> dict[str, int]:
    """Return how many texts that stand in a thing since then have no live translation, by language in which it has others."""
    codes = [code for code in live_languages(thing) if code != table.SOURCE]
    new = Segment.objects.filter(**place_of(thing), version=1, changed_at__gte=since, retired_at=None).exclude(text="")
    many = new.count() if codes else 0
    live = Unit.objects.filter(segment__in=new, language__in=codes, is_retired=False, live_version__gte=1)
    known = dict(live.order_by().values_list("language").annotate(Count("pk"))) if many else {}
    return {code: many - known.get(code, 0) for code in codes if many > known.get(code, 0)}


def stale_units(languages: Iterable[str] | None = None):
    """Return live texts whose source changed in more than wording, gravest and longest waiting first."""
    found = Unit.objects.filter(is_retired=False, freshness__gte=Freshness.MINOR)
    if languages is not None:
        found = found.filter(language__in=list(languages))
    return found.select_related("segment").order_by("-freshness", "segment__changed_at", "pk")


def units_in(thing: models.Model, language: str) -> list[tuple[Segment, Unit | None]]:
    """Return each string of a thing with its unit in a language, in reading order; two queries."""
    units = {unit.segment_id: unit for unit in Unit.objects.filter(**place_of(thing), language=language)}
    return [(segment, units.get(segment.pk)) for segment in segments_of(thing)]


def awaiting_native(language: str) -> int:
    """Return how many live texts of a language no native reader has read."""
    return Unit.objects.filter(language=language, is_retired=False, live_version__gte=1, native_read_at=None).count()


def unread_of(model: type[models.Model], language: str) -> frozenset[int]:
    """Return the keys of the rows of a model of whose live texts in a language no native reader has read one."""
    return unread_in(model, [language])[language]


def unread_in(model: type[models.Model], languages: Iterable[str]) -> dict[str, frozenset[int]]:
    """Return the same for each of several languages; one query."""
    kind, codes = ContentType.objects.get_for_model(model), list(languages)
    unread = Unit.objects.filter(
        content_type=kind, language__in=codes, is_retired=False, live_version__gte=1, native_read_at=None
    )
    rows = list(unread.values_list("language", "object_id"))
    return {code: frozenset(key for language, key in rows if language == code) for code in codes}


def thing_name(thing: models.Model) -> str:
    """Return how a thing is called in exchange files."""
    return f"{thing._meta.label_lower}:{thing.pk}"


def current_lines(thing: models.Model, language: str) -> dict[str, Current]:
    """Return what stands now for each path of a thing in a language, for comparing with a file."""
    return {
        segment.path: Current(
            source=segment.text,
            digest=segment.digest,
            draft=unit.draft if unit else "",
            unit_version=unit.version if unit else 0,
            kind=segment.kind,
            max_length=segment.max_length,
            tags=segment.tags,
        )
        for segment, unit in units_in(thing, language)
    }


def exchange_file(thing: models.Model, language: str) -> File:
    """Return the strings of a thing in a language as they travel; overtaken ones carry their older source."""
    lines = []
    for segment, unit in units_in(thing, language):
        is_overtaken = unit is not None and unit.state != State.MISSING and unit.draft_version < segment.version
        lines.append(
            Line(
                path=segment.path,
                source=segment.text,
                target=unit.draft if unit else "",
                digest=segment.digest[:DIGEST],
                unit_version=unit.version if unit else 0,
                kind=segment.kind,
                max_length=segment.max_length,
                note=" ".join(segment.note.split()),
                previous=source_text(segment, unit.draft_version) if is_overtaken else "",
            )
        )
    return File(thing_name(thing), language, tuple(lines))
