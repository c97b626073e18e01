"""What was live of things at an earlier instant."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import models

from languages.choices import Verb
from languages.models import Unit, UnitChange
from languages.queries.keys import ThingKey, any_of


def live_at(
    things: Sequence[models.Model], languages: Iterable[str], at: datetime
) -> dict[ThingKey, dict[str, dict[str, str]]]:
    """Return thing -> language -> path -> text of what was live at an instant, in some languages; two queries.

    A text that has been live since then is told by its own row, any other by what was published and taken away.
    """
    units = (
        Unit.objects.filter(any_of(things), language__in=list(languages)).order_by() if things else Unit.objects.none()
    )
    columns = ("pk", "content_type", "object_id", "language", "segment__path", "live", "live_version", "published_at")
    rows = list(units.values_list(*columns, named=True))
    changed = [row.pk for row in rows if not _is_since(row, at)]
    acts = UnitChange.objects.filter(unit__in=changed, verb__in=(Verb.PUBLISHED, Verb.WITHDRAWN), at__lte=at)
    earlier = dict(acts.order_by("id").values_list("unit", "text")) if changed else {}
    found: dict[ThingKey, dict[str, dict[str, str]]] = {}
    for row in rows:
        text = row.live if _is_since(row, at) else earlier.get(row.pk, "")
        if text:
            live = found.setdefault(ThingKey(row.content_type, row.object_id), {})
            live.setdefault(row.language, {})[row.segment__path] = text
    return found


def _is_since(row, at: datetime) -> bool:
    return bool(row.live_version and row.published_at and row.published_at <= at)
