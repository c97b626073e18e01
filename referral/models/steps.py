"""The working copy of a pathway as rows that people edit: roles, questions, steps, deadlines, ways."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from referral.choices import Basis, DeadlineType, EscalationAction, Need, Sensitivity, StepKind, TimeUnit
from referral.models.pathways import Pathway


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
