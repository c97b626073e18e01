"""The call flow of a line as its managers keep it: versions of its plan, and the numbers it may be forwarded to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hotline.models.versions import Version, constraints_of


class FlowVersion(Version):
    """One version of a line's flow: a draft that nobody hears, the one that callers hear, or one that they heard before.

    `body` is the plan (hotline.ivr.plan). A call keeps the version with which it began, so none is ever deleted.
    """

    line = models.ForeignKey("hotline.Line", on_delete=models.PROTECT, related_name="flows")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["line", "-number"]
        verbose_name = _("call flow")
        verbose_name_plural = _("call flows")
        constraints = constraints_of(
            "line", number="one_flow_a_number", live="one_live_flow_a_line", draft="one_draft_a_line",
            published="flow_published_or_draft",
        )  # fmt: skip

    def __str__(self):
        return f"{self.line} {self.number}"


class ForwardNumber(models.Model):
    """A number that calls of a line may be forwarded to, once a second person has called it and knows who answers."""

    line = models.ForeignKey("hotline.Line", on_delete=models.CASCADE, related_name="forward_numbers")
    number = models.CharField(_("number"), max_length=20)
    name = models.CharField(_("who answers"), max_length=60)
    added_by = models.CharField(max_length=40)
    added_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=40, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "number"], condition=models.Q(removed_at=None), name="forward_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None) | ~models.Q(confirmed_by=models.F("added_by")),
                name="forward_number_confirmed_by_another",
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.number}"
