"""Reads of the translation desk."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils.text import Truncator, capfirst

from accounts.rules import allowed
from cms.desk import bundles, marks
from cms.desk.names import Name, reader
from cms.rules import RULES
from languages import queries, table
from languages.choices import State
from languages.columns import translated_fields
from languages.models import Segment, Unit
from languages.queries import ThingKey
from languages.text import plain


def may_translate(user, language: str) -> bool:
    """Tell whether a person may write texts of a language."""
    return language in table.BY_CODE and language != table.SOURCE and allowed(user, RULES, "translate", language)


def thing_of(model: str, pk: int) -> models.Model | None:
    """Return a translated thing by "app.model" and key; None when there is none, or it is not translated."""
    try:
        found = apps.get_model(model)
    except (LookupError, ValueError):
        return None
    if not translated_fields(found):
        return None
    return models.QuerySet(found).filter(pk=pk).first()


def name_of(thing: models.Model) -> Name:
    """Return how a thing is called at the desk: its first text."""
    key = ThingKey(ContentType.objects.get_for_model(thing).pk, thing.pk)
    return names_of([key]).get(key) or Name(thing)


def thing_address(name: str, thing: models.Model, language: str, **query) -> str:
    """Return the address of a screen of the desk about a thing in a language."""
    url = reverse(f"desk:{name}", args=[thing._meta.label_lower, thing.pk, language])
    return f"{url}?{urlencode(query)}" if query else url


def names_of(keys: list[ThingKey]) -> dict[ThingKey, Name]:
    """Return the first text of each thing, shortened, as readers of the language being written see it; two queries."""
    types = {key.content_type_id for key in keys}
    wanted = set(keys)
    rows = Segment.objects.filter(content_type__in=types, retired_at=None).order_by("-position")
    first: dict[ThingKey, tuple[int, str]] = {}
    for segment, type_id, pk, text in rows.values_list("pk", "content_type", "object_id", "text"):
        if ThingKey(type_id, pk) in wanted:
            first[ThingKey(type_id, pk)] = (segment, text)
    own = _live_words(first)
    return {key: _name(text, own.get(segment, "")) for key, (segment, text) in first.items()}


def _live_words(first: dict[ThingKey, tuple[int, str]]) -> dict[int, str]:
    """Return what is live of first texts in the reader's language, by segment; nothing is asked in the source."""
    if reader() == table.SOURCE:
        return {}
    live = Unit.objects.filter(content_type__in={key.content_type_id for key in first}, language=reader())
    segments = {segment for segment, _text in first.values()}
    rows = live.filter(is_retired=False, segment__retired_at=None).exclude(live="").values_list("segment", "live")
    return {segment: words for segment, words in rows if segment in segments}


def _name(text: str, own: str) -> Name:
    source = Truncator(plain(text)).chars(90)
    return Name.of(Truncator(plain(own)).chars(90), reader(), source) if own else Name.of(source, table.SOURCE, source)


def next_place(user, language: str = "", bundle: str = "") -> tuple[models.Model, str, Segment] | None:
    """Return the next text for a person: gravest out of date, then sent back or begun, then nothing yet.

    Only where the text is wanted in the language, unless a row of the matrix was asked for.
    """
    own = [language] if language else user.speaks
    languages = [code for code in own if may_translate(user, code)]
    placed = _placed()
    for search in (_stale, _begun, _missing):
        for code in languages:
            segment = search(code, _wanted(placed, code, bundle))
            thing = thing_of_key(ThingKey(segment.content_type_id, segment.object_id)) if segment else None
            if thing is not None:
                return thing, code, segment
    return None


def first_of(bundle: str) -> models.Model | None:
    """Return the first thing of a row, for when nothing is left to do in it."""
    keys = sorted((key for key, place in _placed().items() if place.key == bundle), key=lambda key: key.object_id)
    return thing_of_key(keys[0]) if keys else None


def thing_of_key(key: ThingKey) -> models.Model | None:
    """Return a thing by its key."""
    kind = ContentType.objects.get_for_id(key.content_type_id)
    return thing_of(f"{kind.app_label}.{kind.model}", key.object_id)


def _placed() -> dict[ThingKey, bundles.Place]:
    pairs = Segment.objects.filter(retired_at=None).order_by().values_list("content_type", "object_id").distinct()
    return bundles.places(ThingKey(*pair) for pair in pairs)


def _wanted(placed: dict[ThingKey, bundles.Place], language: str, bundle: str) -> models.Q:
    """Return the condition for things of a row, or of all rows that are wanted in a language."""
    by_type: dict[int, list[int]] = {}
    for key, place in placed.items():
        is_wanted = place.key == bundle if bundle else place.languages is None or language in place.languages
        if is_wanted:
            by_type.setdefault(key.content_type_id, []).append(key.object_id)
    wanted = models.Q(pk__in=[])
    for type_id, ids in by_type.items():
        wanted |= models.Q(content_type=type_id, object_id__in=ids)
    return wanted


def _stale(language: str, wanted: models.Q) -> Segment | None:
    unit = queries.stale_units([language]).filter(wanted, state=State.PUBLISHED).first()
    return unit.segment if unit else None


def _begun(language: str, wanted: models.Q) -> Segment | None:
    drafts = Unit.objects.filter(wanted, language=language, state=State.DRAFT, is_retired=False)
    unit = drafts.select_related("segment").order_by("content_type", "object_id", "segment__position").first()
    return unit.segment if unit else None


def _missing(language: str, wanted: models.Q) -> Segment | None:
    written = Unit.objects.filter(language=language).exclude(state=State.MISSING).values("segment")
    return Segment.objects.filter(wanted, retired_at=None).exclude(pk__in=written).first()


@dataclass(frozen=True)
class Where:
    """Of what a text is a part: the thing's sort and name, and the row of the matrix it stands in, unless of its name."""

    sort: str
    name: Name
    row: str


def where(units: list[Unit]) -> dict[ThingKey, Where]:
    """Return of what some texts are a part, by thing; a few queries, whatever their number."""
    keys = [ThingKey(unit.content_type_id, unit.object_id) for unit in units]
    names, placed = names_of(keys), bundles.places(keys)
    found = {}
    for key in keys:
        model = ContentType.objects.get_for_id(key.content_type_id).model_class()
        name, row = names.get(key, Name()), placed[key].name if key in placed else ""
        found[key] = Where(str(capfirst(model._meta.verbose_name)), name, "" if row == name else row)
    return found


def in_review(language: str):
    """Return what waits for review in a language, longest waiting first."""
    found = Unit.objects.filter(language=language, state=State.IN_REVIEW, is_retired=False)
    return found.select_related("segment", "content_type").order_by("submitted_at", "pk")


def reviews_for(user) -> list[tuple[str, int]]:
    """Return the languages a person works in, with how many texts wait for review in each; one query."""
    mine = [code for code in user.speaks if may_translate(user, code)]
    waiting = Unit.objects.filter(language__in=mine, state=State.IN_REVIEW, is_retired=False)
    counted = dict(waiting.order_by().values_list("language").annotate(models.Count("pk")))
    return [(code, counted.get(code, 0)) for code in mine]


def approved_things(language: str) -> list[tuple[models.Model, list[Unit], str]]:
    """Return things with approved texts that are not yet before readers, with these texts and their mark."""
    approved: dict[ThingKey, list[Unit]] = {}
    rows = Unit.objects.filter(language=language, state=State.APPROVED, is_retired=False).select_related("segment")
    for unit in rows.order_by("content_type", "object_id", "pk"):
        approved.setdefault(ThingKey(unit.content_type_id, unit.object_id), []).append(unit)
    found = [(thing_of_key(key), units, marks.of_whole("publish", units)) for key, units in approved.items()]
    return [row for row in found if row[0] is not None]
