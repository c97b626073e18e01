"""What a copy in the editor begins with, whose entries a person may copy, and what may not leave its course."""

from django.db import models
from wagtail.models import Page

from accounts import rules
from training.blocks import renewed
from training.models import Lesson, Module, Overlay, Question, Scenario

COPIED = {
    Question: ("course_id", "objective", "critical", "form", "tracks", "position"),
    Scenario: ("course_id", "heading_en", "intro_en", "note_en", "start", "minutes", "required", "position"),
    Overlay: ("country_id", "curriculum_id", "slot", "text_en", "source_kind", "source_en", "article"),
}
STREAMS = {Question: "body_en", Scenario: "nodes_en"}


def entries_visible_to(user) -> models.QuerySet[Overlay]:
    """Return the country entries that a person may change: of her own country; of all for administrators."""
    if user.is_superuser or rules.is_administrator(user, None):
        return Overlay.objects.all()
    return Overlay.objects.filter(country=user.country_id)


def copy_of(thing: models.Model) -> models.Model:
    """Return a new thing, not stored, that says what another one said last: without its key, under ids of its own.

    Nobody has checked a country entry for the place that it is copied for: it is neither confirmed nor dated.
    """
    drafted = thing if isinstance(thing, Overlay) else thing.get_latest_revision_as_object()
    copy = type(thing)(**{name: getattr(drafted, name) for name in COPIED[type(thing)]})
    if column := STREAMS.get(type(thing)):
        setattr(copy, column, renewed(getattr(drafted, column).get_prep_value(), {}))
        copy.live = False
    return copy


def leaves_its_course(page: Page, destination: Page) -> bool:
    """Tell whether a move would take a lesson, or a module with lessons, out of the course in which it was published."""
    depth = {Module: 1, Lesson: 2}.get(page.specific_class)
    if depth is None or destination.path.startswith(page.path[: len(page.path) - depth * page.steplen]):
        return False
    inside = Page.objects.descendant_of(page, inclusive=True)
    return inside.filter(models.Q(live=True) | models.Q(first_published_at__isnull=False)).exists()
