"""Saying which thing, or which things, a query is about."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q


@dataclass(frozen=True)
class ThingKey:
    """A thing without loading it."""

    content_type_id: int
    object_id: int


def place_of(thing: models.Model) -> dict:
    """Return the columns that say to which thing a segment or unit belongs."""
    return {"content_type": ContentType.objects.get_for_model(thing), "object_id": thing.pk}


def key_of(thing: models.Model) -> ThingKey:
    """Return the key of a thing in hand."""
    return ThingKey(ContentType.objects.get_for_model(thing).pk, thing.pk)


def any_of(things: Iterable[models.Model]) -> Q:
    """Return the condition that a segment or unit belongs to one of some things."""
    wanted: dict[int, list[int]] = {}
    for key in map(key_of, things):
        wanted.setdefault(key.content_type_id, []).append(key.object_id)
    found = [Q(content_type=kind, object_id__in=pks) for kind, pks in wanted.items()]
    return reduce(or_, found) if found else Q(pk__in=())
