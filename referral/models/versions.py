"""Published versions: the frozen text that cases run on, its signatures, and its end for new cases."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Country
from referral.choices import VersionState
from referral.models.pathways import Pathway


class VersionIsFrozen(Exception):
    """Raised when somebody tries to change or delete a published version; edit the pathway and publish a new one."""


class FrozenRows(models.QuerySet):
    """Rows that are written once: neither update nor delete."""

    def update(self, **kwargs):
        """Refuse."""
        raise VersionIsFrozen("A published version is frozen. Edit the pathway and publish a new version.")

    def delete(self):
        """Refuse."""
        raise VersionIsFrozen("A published version is frozen and cannot be deleted; retire it.")


class PathwayVersion(models.Model):
    """One published version: the compiled text as signed, its hash, and the hash without words. Frozen."""

    append_only = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="versions")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="pathway_versions")
    number = models.PositiveIntegerField(_("version"))
    text = models.TextField()
    digest = models.CharField(max_length=64)
    shape_digest = models.CharField(max_length=64)
    gaps = models.TextField(blank=True, help_text=_("Gaps that the signers accepted, as canonical JSON."))
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=40)

    objects = FrozenRows.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["pathway", "number"], name="one_version_a_number")]

    def __str__(self):
        return f"{self.pathway_id} {self.number}"

    def save(self, *args, **kwargs):
        """Write the row once."""
        if not self._state.adding:
            raise VersionIsFrozen("A published version is frozen. Edit the pathway and publish a new version.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Refuse."""
        raise VersionIsFrozen("A published version is frozen and cannot be deleted; retire it.")

    @property
    def state(self) -> str:
        """Return whether new cases may start (needs `retirement` selected)."""
        return VersionState.RETIRED if hasattr(self, "retirement") else VersionState.PUBLISHED


class Retirement(models.Model):
    """The end of a version for new cases; running cases stay on it."""

    append_only = True

    version = models.OneToOneField(PathwayVersion, on_delete=models.PROTECT, related_name="retirement")
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=300)

    def __str__(self):
        return f"{self.version_id} {self.at}"


class Signature(models.Model):
    """A manager's signature under the hash of the working copy; any edit voids it."""

    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE, related_name="signatures")
    version_number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    gaps_digest = models.CharField(max_length=64)
    by = models.CharField(max_length=40)
    name = models.CharField(max_length=150)
    has_edited = models.BooleanField()
    at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["pathway", "by"], condition=Q(voided_at=None), name="one_live_signature_a_manager"
            ),
        ]

    def __str__(self):
        return f"{self.pathway_id} {self.version_number} {self.name}"
