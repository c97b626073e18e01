"""Quality reviews of contacts: asked for by an operator or a supervisor, given by a supervisor, seen by the operator."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.fields import SealedField
from hotline.choices.reviews import ReviewReason, ReviewState
from hotline.models.sealing import SealedWithContact


class Review(SealedWithContact, models.Model):
    """One look at how a contact was handled by one operator; nothing was recorded, so it is of the record, not of words.

    `marks` holds {criterion: mark} (hotline.choices.reviews). What was asked, the comment and the operator's answer are
    sealed by the contact's key; the row goes when the contact is erased.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact = models.ForeignKey("hotline.Contact", on_delete=models.CASCADE, related_name="reviews")
    operator = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=ReviewState, default=ReviewState.ASKED)
    reason = models.CharField(_("reason"), max_length=10, choices=ReviewReason)
    question = SealedField()
    asked_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField()
    marks = models.JSONField(default=dict, blank=True)
    comment = SealedField()
    reviewed_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    answer = SealedField()
    seen_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "operator"], condition=Q(state="asked"), name="review_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", reviewed_at=None, seen_at=None, withdrawn_at=None)
                | Q(state="reviewed", reviewed_at__isnull=False, seen_at=None, withdrawn_at=None)
                | Q(state="seen", reviewed_at__isnull=False, seen_at__isnull=False, withdrawn_at=None)
                | Q(state="withdrawn", reviewed_at=None, seen_at=None, withdrawn_at__isnull=False),
                name="review_state_has_its_instants",
            ),
        ]

    def __str__(self):
        return f"{self.contact} {self.state}"
