"""What was said and done in a contact: answers by key, recordings, the sheet, the timeline."""

import uuid

from django.db import models

from accounts.fields import SealedField
from hotline.choices import Answer
from hotline.models.sealing import SealedWithContact


class KeyAnswer(models.Model):
    """What a caller answered by key: 1 is no, 2 is yes, empty is no answer."""

    contact = models.ForeignKey(
        "hotline.Contact", on_delete=models.CASCADE, related_name="key_answers", db_index=False
    )
    question = models.CharField(max_length=20)
    answer = models.CharField(max_length=10, choices=Answer)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["contact", "question"], name="one_key_answer_a_question")]

    def __str__(self):
        return f"{self.question}: {self.answer}"


class Recording(SealedWithContact, models.Model):
    """A message that a caller recorded. Our copy is sealed; the provider's copy goes once it is.

    `lost_at`: when fetching it was given up.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact = models.ForeignKey("hotline.Contact", on_delete=models.CASCADE, related_name="recordings")
    account = models.CharField(max_length=34)
    sid = models.CharField(max_length=34)
    status = models.CharField(max_length=12, blank=True)
    seconds = models.PositiveIntegerField(null=True, blank=True)
    audio = SealedField()
    content_type = models.CharField(max_length=30, blank=True)
    made_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True, blank=True)
    lost_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    receipt = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["account", "sid"], name="recording_once_an_account")]
        indexes = [
            models.Index(fields=["lost_at", "made_at"], condition=models.Q(fetched_at=None), name="sounds_not_fetched")
        ]

    def __str__(self):
        return f"{self.contact} {self.sid[-6:]}"


class ContactEvent(models.Model):
    """One line of a contact's timeline: codes and ids only. Rows are added, never changed."""

    append_only = True

    contact = models.ForeignKey(
        "hotline.Contact", on_delete=models.DO_NOTHING, related_name="events", db_constraint=False, db_index=False
    )
    at = models.DateTimeField()
    kind = models.CharField(max_length=24)
    by = models.CharField(max_length=40, blank=True)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["contact", "at"])]

    def __str__(self):
        return self.kind


class Sheet(SealedWithContact, models.Model):
    """One saved version of a contact's triage sheet.

    `answers` holds {question key: "yes" | "no" | "unknown" | "not_asked" or a code of the question's list};
    the sheet of a contact is its newest version. It is asked and shown by the form with which it began: the country's
    `form`, else the one of the house with the number `house`. The note is at most 300 characters, no quotations, sealed.
    `page` names the opened page on which it was written: one page never finds its own note to be another's.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact = models.ForeignKey("hotline.Contact", on_delete=models.CASCADE, related_name="sheets")
    version = models.PositiveIntegerField()
    form = models.ForeignKey(
        "hotline.SheetForm", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    house = models.PositiveSmallIntegerField(default=1, db_default=1)
    answers = models.JSONField(default=dict)
    note = SealedField()
    page = models.CharField(max_length=32, blank=True, default="", db_default="")
    saved_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["contact", "version"]
        constraints = [models.UniqueConstraint(fields=["contact", "version"], name="sheet_version_once")]
        indexes = [models.Index(fields=["saved_at"], name="sheet_saved_at")]

    def __str__(self):
        return f"{self.contact} {self.version}"
