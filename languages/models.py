"""Languages as switches; source strings; their translations, draft and live apart; what happened to each.

`by` is always the public id of a person as text: this room knows no people.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

from languages import table
from languages.choices import Freshness, Kind, Origin, State, Switch, Verb

# Sent when the translated columns of a thing were written, inside that transaction, with `thing`, and whether that is
# so because it `is_published` in the source just now: who hears of that anyway need not hear it twice.
reapplied = Signal()

WHO = {"max_length": 40, "blank": True, "default": ""}
DAY = {"null": True, "blank": True}


class Language(models.Model):
    """Whether a language is offered, everywhere (country "") or in one country. A row is never deleted."""

    code = models.CharField(_("language"), max_length=5, choices=table.LANGUAGES)
    country = models.CharField(_("country"), max_length=2, blank=True, default="")
    state = models.CharField(_("state"), max_length=6, choices=Switch, default=Switch.PUBLIC)
    needs_second_person = models.BooleanField(_("a second person approves"), default=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    changed_at = models.DateTimeField(**DAY)
    changed_by = models.CharField(**WHO)

    class Meta:
        ordering = ["country", "code"]
        verbose_name = _("language switch")
        verbose_name_plural = _("language switches")
        constraints = [
            models.UniqueConstraint(fields=["code", "country"], name="one_switch_a_language_and_country"),
            models.CheckConstraint(
                condition=~Q(code=table.SOURCE, country="") | Q(state=Switch.PUBLIC), name="source_stays_public"
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.country}".strip()


class Segment(models.Model):
    """One source string of one thing, as the public sees it now."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    path = models.CharField(max_length=255)
    position = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=8, choices=Kind)
    text = models.TextField()
    digest = models.CharField(max_length=64, db_index=True)
    tags = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    minor_version = models.PositiveIntegerField(default=1)
    material_version = models.PositiveIntegerField(default=1)
    max_length = models.PositiveIntegerField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField()
    retired_at = models.DateTimeField(**DAY)

    class Meta:
        ordering = ["content_type", "object_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "path"], name="one_segment_a_path"),
            models.CheckConstraint(
                condition=Q(material_version__gte=1)
                & Q(minor_version__gte=F("material_version"))
                & Q(version__gte=F("minor_version")),
                name="segment_versions_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.content_type_id}:{self.object_id} {self.path}"


class SourceText(models.Model):
    """What a segment said at an earlier version: what a translator compares with. Append-only."""

    append_only = True

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="earlier")
    version = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    until = models.DateTimeField()
    change = models.CharField(max_length=10)
    by = models.CharField(**WHO)

    class Meta:
        ordering = ["segment", "version"]
        constraints = [models.UniqueConstraint(fields=["segment", "version"], name="one_source_text_a_version")]

    def __str__(self):
        return f"{self.segment_id} v{self.version}"


class Unit(models.Model):
    """One string in one language. What is being written and what is live stand apart."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="units")
    language = models.CharField(max_length=5, choices=table.LANGUAGES)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.MISSING)
    draft = models.TextField(blank=True, default="")
    draft_version = models.PositiveIntegerField(default=0)
    draft_tags = models.JSONField(default=dict, blank=True)
    live = models.TextField(blank=True, default="")
    live_version = models.PositiveIntegerField(default=0)
    live_digest = models.CharField(max_length=64, blank=True, default="")
    live_tags = models.JSONField(default=dict, blank=True)
    freshness = models.PositiveSmallIntegerField(choices=Freshness, default=Freshness.NOT_LIVE)
    is_retired = models.BooleanField(default=False)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.PERSON)
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField(**DAY)
    written_by = models.CharField(**WHO)
    submitted_at = models.DateTimeField(**DAY)
    submitted_by = models.CharField(**WHO)
    approved_at = models.DateTimeField(**DAY)
    approved_by = models.CharField(**WHO)
    published_at = models.DateTimeField(**DAY)
    published_by = models.CharField(**WHO)
    native_read_at = models.DateTimeField(**DAY)
    native_read_by = models.CharField(**WHO)

    class Meta:
        ordering = ["segment", "language"]
        indexes = [
            models.Index(
                # Covers the counts of the matrix: 123 ms instead of 227 for 315,000 units (measured).
                fields=["content_type", "object_id", "language", "is_retired", "freshness", "state", "native_read_at"],
                name="unit_matrix",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["segment", "language"], name="one_unit_a_language"),
            models.CheckConstraint(
                condition=Q(state=State.MISSING, draft="") | (~Q(state=State.MISSING) & ~Q(draft="")),
                name="unit_missing_means_no_draft",
            ),
            models.CheckConstraint(
                condition=Q(live="", live_version=0, freshness=0)
                | (~Q(live="") & Q(live_version__gte=1) & Q(freshness__gte=1)),
                name="unit_live_text_has_a_version",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.APPROVED, State.PUBLISHED]) | ~Q(approved_by=""),
                name="unit_approved_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(language=table.SOURCE), name="unit_is_no_source"),
        ]

    def __str__(self):
        return f"{self.segment_id} {self.language} {self.state}"


class UnitChange(models.Model):
    """One act on a unit. Append-only."""

    append_only = True

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    by = models.CharField(**WHO)
    verb = models.CharField(max_length=12, choices=Verb)
    text = models.TextField(blank=True)
    source_version = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["unit", "id"]
        indexes = [models.Index(fields=["at"])]

    def __str__(self):
        return f"{self.unit_id} {self.verb}"
