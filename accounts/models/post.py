"""Letters that wait or left, and counts of attempts."""

import uuid

from django.db import models

from accounts.fields import SealedField
from accounts.models.places import Country

# Letters that could not leave and to which nobody has seen yet: few rows, with an index of their own.
GIVEN_UP = models.Q(failed_at__isnull=False, settled_at__isnull=True)


class RateCount(models.Model):
    """How often a key was used in a window; keys are HMACs and go after the window."""

    key = models.CharField(max_length=64)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="one_count_a_window")]

    def __str__(self):
        return f"{self.key[:8]} {self.count}"


class Letter(models.Model):
    """One e-mail to be sent: the outbox. Rendered in its reader's language when queued.

    Address and text may hold a link that still works: they are sealed while they wait and emptied once sent. What stays
    is that it was sent, when, and to whom by id. `settled_at`: somebody saw to a letter that was given up, or nothing
    hangs on it any more.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=120, unique=True)
    receiver = models.CharField(max_length=80, blank=True)
    country = models.ForeignKey(Country, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    to = SealedField()
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=120)
    text = SealedField()
    queued_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=80, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-queued_at", "-id"]
        indexes = [
            models.Index(fields=["sent_at", "claimed_until"]),
            models.Index(fields=["failed_at"], name="letters_given_up", condition=GIVEN_UP),
        ]

    def __str__(self):
        return f"{self.key} {self.language}"
