"""The roster beside its shifts: who is away, who would take a colleague's shift, and what the last proof found."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hotline.choices import SWAPS_OPEN, SwapState


class Absence(models.Model):
    """A time in which a person does no shift, whatever the roster says. Why, is nobody's business here."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="absences")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "id"]
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="absence_ends_after_start")
        ]
        indexes = [models.Index(fields=["ends_at", "user"])]

    def __str__(self):
        return f"{self.user} {self.starts_at:%Y-%m-%d %H:%M}"


class Swap(models.Model):
    """One asking whether a colleague takes a shift: asked, agreed to, approved; then the shift is hers."""

    shift = models.ForeignKey("hotline.Shift", on_delete=models.CASCADE, related_name="swaps")
    asked_by = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="swaps_asked")
    to = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="swaps_offered")
    state = models.CharField(_("state"), max_length=9, choices=SwapState, default=SwapState.ASKED)
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["asked_at", "id"]
        verbose_name = _("swap of a shift")
        verbose_name_plural = _("swaps of shifts")
        constraints = [
            models.UniqueConstraint(fields=["shift"], condition=Q(state__in=SWAPS_OPEN), name="one_open_swap_a_shift"),
            models.CheckConstraint(condition=~Q(asked_by=models.F("to")), name="swap_with_another"),
        ]

    def __str__(self):
        return f"{self.shift} {self.state}"


class RosterProof(models.Model):
    """What the worker found when it last proved the roster of a line: until when it looked, and the holes.

    `told` are the holes of which its supervisors were told by letter, `told_on` the day of the last letter of a day.
    """

    line = models.OneToOneField("hotline.Line", on_delete=models.CASCADE, related_name="proof")
    checked_at = models.DateTimeField()
    until = models.DateTimeField()
    holes = models.JSONField(default=list)
    told = models.JSONField(default=list)
    told_on = models.DateField(null=True, blank=True)

    def __str__(self):
        return f"{self.line} {self.checked_at:%Y-%m-%d %H:%M}"


class DutyRule(models.Model):
    """Of which course an operator of a country must hold the certificate to be counted on; without a row, of none."""

    country = models.OneToOneField("accounts.Country", on_delete=models.CASCADE, related_name="duty_rule")
    course = models.ForeignKey("training.Course", on_delete=models.CASCADE, related_name="+", db_index=False)
    changed_at = models.DateTimeField()

    def __str__(self):
        return f"{self.country_id}"
