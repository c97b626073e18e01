"""The triage form as a country keeps it: versions of its questions and words."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hotline.choices import FlowState


class SheetForm(models.Model):
    """One version of a country's triage form: a draft, the one with which sheets begin, or an earlier one.

    `body` holds its questions (hotline.triage.bodies). A sheet keeps the version with which it began, so none that was
    published is ever changed or deleted. A country without one works with the form of the house.
    """

    country = models.ForeignKey(
        "accounts.Country", on_delete=models.PROTECT, related_name="sheet_forms", db_index=False
    )
    number = models.PositiveIntegerField(_("number"))
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=8, choices=FlowState, default=FlowState.DRAFT)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    published_by = models.CharField(max_length=40, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["country", "-number"]
        verbose_name = _("triage form")
        verbose_name_plural = _("triage forms")
        constraints = [
            models.UniqueConstraint(fields=["country", "number"], name="one_form_a_number"),
            models.UniqueConstraint(fields=["country"], condition=models.Q(state="live"), name="one_live_form"),
            models.UniqueConstraint(fields=["country"], condition=models.Q(state="draft"), name="one_draft_form"),
            models.CheckConstraint(
                condition=models.Q(state="draft", published_at=None) | ~models.Q(state="draft") & ~models.Q(published_at=None),
                name="form_published_or_draft",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.country_id} {self.number}"
