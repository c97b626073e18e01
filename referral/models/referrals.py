"""Referrals: one row for each agency asked, and the one-time links by which agencies answer."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.fields import SealedField
from accounts.models import Country
from referral.choices import PLACED_REFERRAL_STATES, Basis, DeclineReason, LinkPurpose, Need, ReferralState
from referral.choices.happenings import LIST_ENDED, LIST_ENDED_CHIP, NO_PLACE, NO_PLACE_CHIP, REFERRAL_CHIPS
from referral.models.cases import Case, StepRun
from referral.models.directory import AgencyContact, Organisation, Service
from referral.models.sealing import SealedWithCase


class Referral(SealedWithCase, models.Model):
    """One request to one agency for one step. Moves only as choices.REFERRAL_MOVES says."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="referrals")
    run = models.ForeignKey(StepRun, on_delete=models.CASCADE, related_name="referrals")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="referrals")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="referrals")
    need = models.CharField(_("need"), max_length=30, choices=Need)
    position = models.PositiveSmallIntegerField(_("how manieth asked"), default=1)
    state = models.CharField(_("state"), max_length=20, choices=ReferralState, default=ReferralState.DRAFT)
    urgency = models.CharField(
        _("urgency"), max_length=10, default="normal", choices=[("normal", _("Normal")), ("urgent", _("Urgent"))]
    )
    without_consent_basis = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=40)
    requested_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    basis = models.CharField(max_length=10, choices=Basis, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=40, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(_("reason"), max_length=20, choices=DeclineReason, blank=True)
    decline_note = SealedField()
    free_from = models.DateField(_("free again from"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    deletion_asked_at = models.DateTimeField(null=True, blank=True)
    deletion_confirmed_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        constraints = [
            models.UniqueConstraint(
                fields=["run"],
                condition=Q(state__in=sorted(PLACED_REFERRAL_STATES)),
                name="one_accepted_agency_a_step",
            ),
            models.UniqueConstraint(fields=["run", "position"], name="one_referral_a_position"),
            models.CheckConstraint(
                condition=~Q(state=ReferralState.REJECTED) | ~Q(decline_reason=""), name="decline_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(decline_reason=DeclineReason.OTHER) | Q(decline_note__isnull=False),
                name="other_reason_has_text",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReferralState.REQUESTED) | Q(requested_at__isnull=False, due_at__isnull=False),
                name="request_has_due_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["deletion_asked_at"],
                condition=Q(deletion_asked_at__isnull=False, deletion_confirmed_at=None),
                name="deletions_not_confirmed",
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=[ReferralState.REQUESTED, ReferralState.ON_HOLD]),
                name="offers_to_end",
            ),
        ]

    def __str__(self):
        return f"{self.need} {self.position}"

    @property
    def state_words(self) -> str:
        """Return where it stands in words: an agency that put the person on its waiting list did answer."""
        if self.had_no_place:
            return str(LIST_ENDED if self.ended_at else NO_PLACE)
        return str(self.get_state_display())

    @property
    def chip(self) -> tuple[str, str]:
        """Return shape and kind of the chip of its state."""
        if self.had_no_place:
            return LIST_ENDED_CHIP if self.ended_at else NO_PLACE_CHIP
        return REFERRAL_CHIPS[self.state]

    @property
    def had_no_place(self) -> bool:
        """Tell whether its time ended while the agency had the person on its waiting list."""
        return self.state == ReferralState.NO_ANSWER and self.held_at is not None

    @property
    def awaits_deletion(self) -> bool:
        """Tell whether its agency was asked to delete what it was shown, and has not confirmed it."""
        return self.deletion_asked_at is not None and self.deletion_confirmed_at is None


class AgencyLink(models.Model):
    """A one-time link for one agency, one referral, one purpose. Only hashes are kept."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="links")
    contact = models.ForeignKey(AgencyContact, on_delete=models.PROTECT, null=True, blank=True, related_name="links")
    purpose = models.CharField(max_length=10, choices=LinkPurpose, default=LinkPurpose.ANSWER)
    token_digest = models.CharField(max_length=64, unique=True)
    code_digest = models.CharField(max_length=64)
    channel = models.CharField(
        max_length=10, default="email", choices=[("email", _("e-mail")), ("sms", _("text")), ("voice", _("read out"))]
    )
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    redeemed_at = models.DateTimeField(null=True, blank=True)
    session_digest = models.CharField(max_length=64, blank=True)
    open_until = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(condition=Q(tries__lte=5), name="link_tries_limited"),
            models.CheckConstraint(
                condition=Q(redeemed_at=None, session_digest="", open_until=None)
                | (Q(redeemed_at__isnull=False, open_until__isnull=False) & ~Q(session_digest="")),
                name="link_redeemed_whole",
            ),
        ]

    def __str__(self):
        return f"{self.purpose} {self.public_id}"
