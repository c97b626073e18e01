"""Pathways: the working copy as rows that people edit, and the versions as frozen text that cases run on."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Country
from referral.choices import (
    Basis,
    DeadlineType,
    EscalationAction,
    Need,
    Sensitivity,
    StepKind,
    TimeUnit,
    VersionState,
)


class VersionIsFrozen(Exception):
    """Raised when somebody tries to change or delete a published version; edit the pathway and publish a new one."""


class Pathway(models.Model):
    """A referral pathway of a country: the working copy that managers edit. Without a country it is a model to copy."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.SlugField(_("key"), max_length=64, unique=True)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, null=True, blank=True, related_name="pathways")
    title = models.CharField(_("title"), max_length=200)
    language_codes = models.CharField(_("required languages"), max_length=100, default="en")
    notes = models.TextField(_("notes for editors"), max_length=4000, blank=True)
    sources = models.TextField(_("public sources, one address a line"), max_length=6000, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    is_example = models.BooleanField(_("example, not the official mechanism"), default=True)
    is_main = models.BooleanField(_("new cases of the country start here"), default=True)
    edit_number = models.PositiveIntegerField(default=0, editable=False)
    edited_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["country__name", "key"]
        verbose_name = _("referral pathway")
        verbose_name_plural = _("referral pathways")

    def __str__(self):
        return self.title or self.key

    @property
    def languages(self) -> list[str]:
        """Return the codes of the languages in which every text must stand."""
        return self.language_codes.split()


class PathwayEdit(models.Model):
    """Who edited the working copy since the last version; one of the two signers must not be among them."""

    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE, related_name="edits")
    edit_number = models.PositiveIntegerField()
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    thing = models.CharField(max_length=80)
    fields = models.CharField(max_length=200, blank=True)
    version_number = models.PositiveIntegerField(help_text=_("The version this edit goes into."))

    class Meta:
        ordering = ["-edit_number"]
        constraints = [models.UniqueConstraint(fields=["pathway", "edit_number"], name="one_edit_a_number")]

    def __str__(self):
        return f"{self.edit_number} {self.thing}"


class PathwayPart(models.Model):
    """What every row of a working copy has."""

    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE, related_name="%(class)s_rows")
    key = models.SlugField(_("key"), max_length=64)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True


class PathwayRole(PathwayPart):
    """A role in the pathway; its name in each language, and the public sources that name it."""

    name = models.CharField(_("name"), max_length=300)
    is_proper_name = models.BooleanField(_("a body's own name, same in every language"), default=True)
    cited = models.TextField(_("public sources, one address a line"), max_length=2000, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["pathway", "key"], name="one_pathway_role_a_key")]

    def __str__(self):
        return self.name or self.key


class Fact(PathwayPart):
    """A fact that ways may depend on, with its question."""

    type = models.CharField(
        _("type"),
        max_length=10,
        choices=[
            ("bool", _("yes or no")), ("int", _("whole number")), ("choice", _("one of a list")),
            ("multi", _("several of a list")), ("datetime", _("date and time")),
        ],
    )  # fmt: skip
    label = models.CharField(_("question"), max_length=200)
    cut_points = models.CharField(_("numbers that ways may compare with"), max_length=100, blank=True)
    source = models.CharField(_("where it comes from"), max_length=200, blank=True)
    sensitivity = models.CharField(_("how it is kept"), max_length=10, choices=Sensitivity, default=Sensitivity.PLAIN)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["pathway", "key"], name="one_fact_a_key")]

    def __str__(self):
        return self.label or self.key

    @property
    def cuts(self) -> list[int]:
        """Return the cut points as numbers."""
        return [int(cut) for cut in self.cut_points.split()]


class FactChoice(models.Model):
    """One answer of a fact with a closed list."""

    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="choices")
    key = models.SlugField(_("key"), max_length=64)
    label = models.CharField(_("label"), max_length=100)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["fact", "key"], name="one_choice_a_key")]

    def __str__(self):
        return self.label or self.key


class SharingProfile(PathwayPart):
    """Which fields an agency may get at most, by field key of the register."""

    field_keys = models.TextField(_("fields"), max_length=500, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["pathway", "key"], name="one_profile_a_key")]

    def __str__(self):
        return self.key

    @property
    def fields(self) -> list[str]:
        """Return the field keys."""
        return self.field_keys.split()


class DeadlineColumns(models.Model):
    """A deadline as columns; amount empty means none."""

    amount = models.PositiveIntegerField(_("time"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=2, choices=TimeUnit, default=TimeUnit.HOURS)
    anchor = models.CharField(_("counted from"), max_length=80, default="step_start")
    deadline_type = models.CharField(_("meaning"), max_length=15, choices=DeadlineType, default=DeadlineType.WITHIN)
    basis = models.CharField(_("rests on"), max_length=10, choices=Basis, default=Basis.DEFAULT)
    reference = models.CharField(
        _("reference"), max_length=300, blank=True, help_text=_("Body, date and document of the decision.")
    )

    class Meta:
        abstract = True


class Step(PathwayPart, DeadlineColumns):
    """A step of the pathway with its words, role, deadline and policy."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=StepKind)
    title = models.CharField(_("title"), max_length=200)
    guidance = models.TextField(_("guidance for staff"), max_length=4000, blank=True)
    script = models.TextField(_("words to say"), max_length=2000, blank=True)
    role = models.SlugField(_("role"), max_length=64, blank=True)
    form = models.SlugField(_("form"), max_length=64, blank=True)
    service = models.CharField(_("service asked for"), max_length=30, choices=Need, blank=True)
    sharing_profile = models.SlugField(_("sharing profile"), max_length=64, blank=True)
    without_consent_basis = models.CharField(_("legal ground without consent"), max_length=200, blank=True)
    join = models.SlugField(_("join"), max_length=64, blank=True)
    outcomes = models.CharField(_("outcomes, codes separated by spaces"), max_length=200, blank=True)
    quorum = models.PositiveSmallIntegerField(_("how many ways must arrive"), null=True, blank=True)
    max_visits = models.PositiveSmallIntegerField(_("how often at most"), null=True, blank=True)
    sources = models.TextField(_("public sources, one address a line"), max_length=3000, blank=True)
    anchor_note = models.CharField(_("note on the deadline"), max_length=300, blank=True)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        constraints = [
            models.UniqueConstraint(fields=["pathway", "key"], name="one_step_a_key"),
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gt=0), name="step_time_above_zero"),
        ]

    def __str__(self):
        return self.title or self.key


class StepWindow(DeadlineColumns):
    """A further deadline of a step that counts only under a condition; the earliest counts."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="windows")
    when = models.JSONField(_("condition"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="window_time_above_zero")]

    def __str__(self):
        return f"{self.amount} {self.unit}"


class EscalationRule(models.Model):
    """What happens when a step is late: after which share of its time, to whom, what."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="escalations")
    offset = models.SmallIntegerField(
        _("after the deadline, in percent of the time"),
        default=0,
        help_text=_("0 at the deadline; 50 half the time later; -20 a reminder before it."),
    )
    to = models.SlugField(_("to the role"), max_length=64)
    action = models.CharField(_("what"), max_length=20, choices=EscalationAction, default=EscalationAction.NOTIFY)

    class Meta:
        ordering = ["offset", "id"]
        constraints = [
            models.UniqueConstraint(fields=["step", "offset", "action"], name="one_escalation_a_rule"),
            models.CheckConstraint(condition=Q(offset__gte=-90, offset__lte=500), name="escalation_offset_in_range"),
        ]

    def __str__(self):
        return f"{self.offset} {self.action} {self.to}"


class Transition(models.Model):
    """A way from one step to another; ways are tried in order."""

    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE, related_name="transitions")
    from_step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="ways")
    to_step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="ways_in")
    position = models.PositiveSmallIntegerField(default=0)
    outcome = models.SlugField(_("outcome"), max_length=64, blank=True)
    when = models.JSONField(_("condition"), null=True, blank=True)
    on_unknown = models.BooleanField(_("also when asked and not known"), default=False)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self):
        return f"{self.from_step_id} {self.to_step_id}"


class FrozenRows(models.QuerySet):
    """Rows that are written once: neither update nor delete."""

    def update(self, **kwargs):
        """Refuse."""
        raise VersionIsFrozen("A published version is frozen. Edit the pathway and publish a new version.")

    def delete(self):
        """Refuse."""
        raise VersionIsFrozen("A published version is frozen and cannot be deleted; retire it.")


class PathwayVersion(models.Model):
    """One published version: the compiled text as signed, its hash, and the hash without words. Frozen."""

    append_only = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="versions")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="pathway_versions")
    number = models.PositiveIntegerField(_("version"))
    text = models.TextField()
    digest = models.CharField(max_length=64)
    shape_digest = models.CharField(max_length=64)
    gaps = models.TextField(blank=True, help_text=_("Gaps that the signers accepted, as canonical JSON."))
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=40)

    objects = FrozenRows.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["pathway", "number"], name="one_version_a_number")]

    def __str__(self):
        return f"{self.pathway_id} {self.number}"

    def save(self, *args, **kwargs):
        """Write the row once."""
        if not self._state.adding:
            raise VersionIsFrozen("A published version is frozen. Edit the pathway and publish a new version.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Refuse."""
        raise VersionIsFrozen("A published version is frozen and cannot be deleted; retire it.")

    @property
    def state(self) -> str:
        """Return whether new cases may start (needs `retirement` selected)."""
        return VersionState.RETIRED if hasattr(self, "retirement") else VersionState.PUBLISHED


class Retirement(models.Model):
    """The end of a version for new cases; running cases stay on it."""

    append_only = True

    version = models.OneToOneField(PathwayVersion, on_delete=models.PROTECT, related_name="retirement")
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=300)

    def __str__(self):
        return f"{self.version_id} {self.at}"


class Signature(models.Model):
    """A manager's signature under the hash of the working copy; any edit voids it."""

    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE, related_name="signatures")
    version_number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    gaps_digest = models.CharField(max_length=64)
    by = models.CharField(max_length=40)
    name = models.CharField(max_length=150)
    has_edited = models.BooleanField()
    at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["pathway", "by"], condition=Q(voided_at=None), name="one_live_signature_a_manager"
            ),
        ]

    def __str__(self):
        return f"{self.pathway_id} {self.version_number} {self.name}"
