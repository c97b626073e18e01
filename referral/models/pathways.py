"""Pathways: what is one, and who edited its working copy."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Country
from languages import table


class Pathway(models.Model):
    """A referral pathway of a country: the working copy that managers edit. Without a country it is a model to copy."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.SlugField(_("key"), max_length=64, unique=True)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, null=True, blank=True, related_name="pathways")
    title = models.CharField(_("title"), max_length=200)
    language_codes = models.CharField(_("required languages"), max_length=100, default="en")
    notes = models.TextField(_("notes for editors"), max_length=4000, blank=True)
    sources = models.TextField(_("public sources, one address a line"), max_length=6000, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    is_example = models.BooleanField(_("example, not the official mechanism"), default=True)
    is_main = models.BooleanField(_("new cases of the country start here"), default=True)
    edit_number = models.PositiveIntegerField(default=0, editable=False)
    edited_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["country__name", "key"]
        verbose_name = _("referral pathway")
        verbose_name_plural = _("referral pathways")

    def __str__(self):
        return self.title or self.key

    @property
    def languages(self) -> list[str]:
        """Return the codes of the languages in which every text must stand."""
        return self.language_codes.split()

    @property
    def wanted_languages(self) -> list[str]:
        """Return the codes of the languages in which its texts are work: the required ones and those its staff read."""
        read = self.country.languages if self.country else []
        return list(dict.fromkeys([table.SOURCE, *self.languages, *read]))


class PathwayEdit(models.Model):
    """Who edited the working copy since the last version; one of the two signers must not be among them."""

    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE, related_name="edits")
    edit_number = models.PositiveIntegerField()
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    thing = models.CharField(max_length=80)
    fields = models.CharField(max_length=200, blank=True)
    version_number = models.PositiveIntegerField(help_text=_("The version this edit goes into."))

    class Meta:
        ordering = ["-edit_number"]
        constraints = [models.UniqueConstraint(fields=["pathway", "edit_number"], name="one_edit_a_number")]

    def __str__(self):
        return f"{self.edit_number} {self.thing}"
