"""Third persons who are asked into a call: who asked, which telephone rings now, whether anybody came."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hotline.choices import THIRD_RINGS, LegRole, ThirdState


class ThirdCall(models.Model):
    """One asking of a third person into a call. Telephones ring one after the other; `leg` is the newest of them.

    What the leg reports counts: a state that says less never comes back after one that says more
    (hotline.callstate.third_state). `agency`: whose enrolled number rings; an interpreter's is that of the leg's person.
    `is_cold`: the operator leaves as soon as it may be. `hand_…`: that the operator's leg no longer ends the room, asked for
    and confirmed by the network.
    """

    contact = models.ForeignKey("hotline.Contact", on_delete=models.CASCADE, related_name="thirds")
    role = models.CharField(_("who is asked"), max_length=12, choices=LegRole)
    state = models.CharField(_("state"), max_length=8, choices=ThirdState, default=ThirdState.RINGING)
    leg = models.ForeignKey("hotline.Leg", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    agency = models.ForeignKey(
        "referral.AgencyContact", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_cold = models.BooleanField(default=False)
    hand_asked_at = models.DateTimeField(null=True, blank=True)
    hand_confirmed_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "role"], condition=Q(state__in=[*THIRD_RINGS, ThirdState.JOINED]),
                name="third_once_a_contact",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(state__in=list(THIRD_RINGS)), name="third_that_rings")
        ]

    def __str__(self):
        return f"{self.contact} {self.role}"
