"""The triage form as a country keeps it: versions of its questions and words."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hotline.models.versions import Version, constraints_of


class SheetForm(Version):
    """One version of a country's triage form: a draft, the one with which sheets begin, or an earlier one.

    `body` holds its questions (hotline.triage.bodies). A sheet keeps the version with which it began, so none that was
    published is ever changed or deleted. A country without one works with the form of the house.
    """

    country = models.ForeignKey(
        "accounts.Country", on_delete=models.PROTECT, related_name="sheet_forms", db_index=False
    )

    class Meta:
        ordering = ["country", "-number"]
        verbose_name = _("triage form")
        verbose_name_plural = _("triage forms")
        constraints = constraints_of(
            "country", number="one_form_a_number", live="one_live_form", draft="one_draft_form",
            published="form_published_or_draft",
        )  # fmt: skip

    def __str__(self):
        return f"{self.country_id} {self.number}"
