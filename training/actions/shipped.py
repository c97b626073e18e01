"""What came with the product and what somebody made of it: the marks of loading, and the news of a run."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.contrib.admin.utils import quote
from django.db import models
from django.urls import reverse
from wagtail.models import Page

from training import progress
from training.models import Blueprint, Course, Overlay, Question, Scenario, Shipped

PLAN = "blueprint"  # the rows of a course's plan, kept and compared as one field


@dataclass
class News:
    """What a run made or brought up to date, and what it left as people here have it; each a line for a person."""

    made: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


class Marks:
    """What was loaded of one course, thing by thing, each under its key."""

    def __init__(self, course_key: str):
        rows = Shipped.objects.filter(course__key=course_key)
        self.known: dict[str, dict[str, str]] = dict(rows.values_list("thing", "digests"))
        self.fresh: dict[str, dict[str, str]] = {}

    def __contains__(self, key: str) -> bool:
        return key in self.known

    def note(self, key: str, values: Mapping) -> None:
        """Note that a thing stands as its file says."""
        digests = {name: _digest(plain(value)) for name, value in values.items()}
        if self.known.get(key) != digests:
            self.fresh[key] = digests

    def keep(self, course: Course) -> None:
        """Write down what was noted."""
        if self.fresh:
            rows = [Shipped(course=course, thing=key, digests=digests) for key, digests in self.fresh.items()]
            Shipped.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["course", "thing"], update_fields=["digests"]
            )

    def is_edited(self, key: str, thing: models.Model) -> bool:
        """Tell whether people have worked on a thing since it was loaded; without a mark nobody can rule it out."""
        mark = self.known.get(key)
        return mark is None or _is_in_hand(thing) or any(_digest(held(thing, name)) != mark[name] for name in mark)


def held(thing: models.Model, name: str):
    """Return what a thing holds in a field, as files say it."""
    if name == PLAN:
        return [list(row) for row in thing.plan()]
    return plain(thing._meta.get_field(name).value_from_object(thing))


def plain(value):
    """Return a value as it is compared and hashed."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, list | tuple) and value and isinstance(value[0], Blueprint):
        return [[row.form, row.objective, row.count] for row in value]
    return value.get_prep_value() if hasattr(value, "get_prep_value") else value


def name_of(thing: models.Model) -> str:
    """Return how a run calls a thing."""
    if isinstance(thing, Overlay):
        return f"National entry {thing.country_id}, {thing.slot}"
    if isinstance(thing, Question | Scenario):
        return f"{type(thing).__name__} {thing.key}"
    return f"{type(thing).__name__} “{thing.heading_en}”"


def editor_of(thing: models.Model) -> str:
    """Return the address of a thing in the editor."""
    if isinstance(thing, Page):
        return reverse("wagtailadmin_pages:edit", args=[thing.pk])
    return reverse(f"wagtailsnippets_training_{thing._meta.model_name}:edit", args=[quote(thing.pk)])


def _digest(value) -> str:
    return progress.digest(progress.canonical(value))[:16]


def _is_in_hand(thing: models.Model) -> bool:
    """Tell whether a draft waits, the thing was taken off the site, or a person vouches for an entry as it stands."""
    if isinstance(thing, Overlay):
        return thing.confirmed or thing.checked_at is not None
    return not thing.live or thing.has_unpublished_changes
