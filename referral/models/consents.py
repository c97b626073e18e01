"""Consent line by line, and each disclosure with the line or the written ground it rests on."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from languages import table
from referral.choices import Assent, ConsentGiver, ConsentPurpose, FieldGroup
from referral.models.cases import Case, StepRun
from referral.models.directory import Organisation
from referral.models.referrals import Referral


class Consent(models.Model):
    """One act of consent: who gave it, how it was read, under which wording, until when."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="consents")
    run = models.ForeignKey(StepRun, on_delete=models.CASCADE, null=True, blank=True, related_name="consents")
    giver = models.CharField(_("given by"), max_length=10, choices=ConsentGiver, default=ConsentGiver.PERSON)
    assent = models.CharField(_("the child itself"), max_length=10, choices=Assent, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=table.LANGUAGES)
    with_interpreter = models.BooleanField(_("with an interpreter"), default=False)
    wording = models.CharField(max_length=64, help_text=_("Hash of the words that were read."))
    given_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=40)
    ends_at = models.DateTimeField(_("ends on"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=40, blank=True)
    over_told_at = models.DateTimeField(null=True, blank=True, help_text="When it was told that it has run out.")

    class Meta:
        ordering = ["-given_at", "-id"]
        indexes = [
            models.Index(
                fields=["ends_at"],
                condition=Q(ends_at__isnull=False, withdrawn_at=None, over_told_at=None),
                name="consents_not_told_over",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by="")),
                name="consent_withdrawn_whole",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("given_at")), name="consent_ends_after_start"
            ),
        ]

    def __str__(self):
        return f"{self.giver} {self.given_at}"


class ConsentLine(models.Model):
    """Yes or no to one agency, one group of fields, one purpose."""

    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="lines")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="consent_lines")
    group = models.CharField(_("what"), max_length=10, choices=FieldGroup)
    purpose = models.CharField(_("for what"), max_length=20, choices=ConsentPurpose)
    is_given = models.BooleanField(_("yes"))
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["consent", "organisation", "group", "purpose"], name="one_line_a_question")
        ]

    def __str__(self):
        return f"{self.organisation_id} {self.group} {self.purpose}"


class Disclosure(models.Model):
    """What one agency was shown of one group, when, on which line or written ground. Append-only."""

    append_only = True

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="disclosures")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="disclosures")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="disclosures")
    line = models.ForeignKey(ConsentLine, on_delete=models.PROTECT, null=True, blank=True, related_name="disclosures")
    ground = models.CharField(max_length=200, blank=True)
    group = models.CharField(max_length=10, choices=FieldGroup)
    stage = models.PositiveSmallIntegerField()
    field_keys = models.CharField(max_length=300)
    payload_digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=40)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(line__isnull=False) | ~Q(ground=""), name="disclosure_has_ground"),
            models.CheckConstraint(condition=Q(stage__in=[1, 2]), name="disclosure_stage"),
        ]

    def __str__(self):
        return f"{self.referral_id} {self.group}"
