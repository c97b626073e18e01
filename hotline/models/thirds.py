"""Third persons who are asked into a call: who asked, which telephone rings now, whether anybody came."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hotline.choices import THIRD_OPEN, THIRD_RINGS, JoinMode, JoinReason, LegRole, Presence, ThirdState
from hotline.models.legs import Leg


class ThirdCall(models.Model):
    """One asking of a third person into a call. Telephones ring one after the other; `leg` is the newest of them.

    What the leg reports counts: a state that says less never comes back after one that says more
    (hotline.callstate.third_state). `agency`: whose enrolled number rings; an interpreter's is that of the leg's person.
    `person`: the colleague who is to take the call over, or the supervisor; `mode` and `reason` are the supervisor's, `before`
    is what that person did before. `is_help`: the operator asked for a supervisor; while nobody rings, whoever answers it.
    `is_cold`: the operator leaves as soon as it may be. `hand_…`: that the operator's leg no longer ends the room, asked for
    and confirmed by the network; of its reports the one with the highest number counts.
    """

    contact = models.ForeignKey("hotline.Contact", on_delete=models.CASCADE, related_name="thirds")
    role = models.CharField(_("who is asked"), max_length=12, choices=LegRole)
    state = models.CharField(_("state"), max_length=8, choices=ThirdState, default=ThirdState.RINGING)
    leg = models.ForeignKey("hotline.Leg", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    agency = models.ForeignKey(
        "referral.AgencyContact", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    person = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    mode = models.CharField(max_length=8, choices=JoinMode, blank=True)
    reason = models.CharField(max_length=8, choices=JoinReason, blank=True)
    is_help = models.BooleanField(default=False)
    before = models.CharField(max_length=8, choices=Presence, blank=True)
    is_cold = models.BooleanField(default=False)
    hand_asked_at = models.DateTimeField(null=True, blank=True)
    hand_confirmed_at = models.DateTimeField(null=True, blank=True)
    hand_mark = models.CharField(max_length=60, blank=True)
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
                fields=["contact", "role"], condition=Q(state__in=list(THIRD_OPEN)),
                name="third_once_a_contact",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(state__in=[ThirdState.ASKED, *THIRD_RINGS]), name="third_that_waits"
            ),
            models.Index(fields=["person", "state", "ended_at"], name="third_of_a_person"),
        ]

    def __str__(self):
        return f"{self.contact} {self.role}"

    def lets_go(self, operator: Leg) -> bool:
        """Tell whether the network confirmed, since this telephone came into the room, that the room goes on without it."""
        if self.hand_confirmed_at is None or operator.joined_at is None:
            return False
        return self.hand_mark >= f"{operator.joined_at:%Y%m%d%H%M%S}"
