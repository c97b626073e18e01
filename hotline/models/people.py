"""The people on duty: shifts of the roster, and what each operator is doing now."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.fields import SealedField
from hotline.choices import Duty, Presence


class Shift(models.Model):
    """One person on one line from an instant to an instant; it may cross midnight."""

    line = models.ForeignKey("hotline.Line", on_delete=models.CASCADE, related_name="shifts")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="shifts")
    duty = models.CharField(_("duty"), max_length=12, choices=Duty, default=Duty.OPERATOR)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    class Meta:
        ordering = ["starts_at", "line", "user"]
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="shift_ends_after_start"
            ),
            models.UniqueConstraint(fields=["user", "starts_at"], name="shift_once"),
        ]
        indexes = [models.Index(fields=["line", "starts_at", "ends_at"])]

    def __str__(self):
        return f"{self.user} {self.starts_at:%Y-%m-%d %H:%M}"


class OperatorState(models.Model):
    """What an operator is doing. `token` is the opaque softphone identity `op_<hex>`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField("accounts.User", on_delete=models.CASCADE, related_name="operator_state")
    state = models.CharField(max_length=8, choices=Presence, default=Presence.OFF)
    since = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    contact = models.ForeignKey("hotline.Contact", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    token = models.CharField(max_length=32, unique=True)
    phone = SealedField()
    phone_verified_at = models.DateTimeField(null=True, blank=True)
    uses_phone = models.BooleanField(default=False)
    missed_offers = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["off", "ready", "break", "debrief"], contact__isnull=True)
                | models.Q(state__in=["offered", "on_call", "wrap_up"]),
                name="operator_without_call_has_no_contact",
            )
        ]

    def __str__(self):
        return f"{self.user} {self.state}"

    @property
    def seal_owner(self):
        """Return whose data key seals the operator's own number."""
        return self.public_id

    @property
    def seal_scope(self) -> str:
        """Return the country under whose key that data key is wrapped."""
        return self.user.country_id or "*"
