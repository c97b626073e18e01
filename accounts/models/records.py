"""The keys of what is sealed, the ledger of what was erased, and the audit log."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DataKey(models.Model):
    """The wrapped data key of one case or one contact; destroying it erases what it sealed."""

    owner = models.UUIDField(unique=True)
    scope = models.CharField(max_length=8)
    wrapped = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"{self.scope} {self.owner}"


class ErasedOwner(models.Model):
    """The erasure ledger: a case, contact, month or progress code that was erased with its key; nothing is ever sealed for it again."""

    append_only = True
    owner = models.UUIDField(unique=True)
    at = models.DateTimeField()

    def __str__(self):
        return str(self.owner)


class AuditHead(models.Model):
    """The one row that is locked at each append: the last number and hash of the chain."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    def __str__(self):
        return f"{self.seq} {self.hash}"


class AuditEntry(models.Model):
    """One act or reading, chained to the one before it; append-only by trigger. No foreign keys, no personal text."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=32)
    body = models.TextField()
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    verb = models.CharField(max_length=60, db_index=True)
    actor = models.CharField(max_length=40, blank=True, db_index=True)
    thing = models.CharField(max_length=80, blank=True, db_index=True)
    country = models.CharField(max_length=2, blank=True)

    append_only = True

    class Meta:
        ordering = ["seq"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")

    def __str__(self):
        return f"{self.seq} {self.verb}"
