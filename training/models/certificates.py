"""Certificates: what was true when each was issued, what its holder allows, what was withdrawn, who signs."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.fields import SealedField
from languages import table
from training.choices import TOLD_THE_HOLDER, CertificateKind, WithdrawalReason


class IssuerKey(models.Model):
    """A key with which this house signs credentials: published at once, in first place from `first_at` on."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=40, unique=True)
    public = models.CharField(max_length=64)
    secret = SealedField()
    made_at = models.DateTimeField()
    first_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    seal_scope = "*"

    class Meta:
        ordering = ["-first_at", "-pk"]

    def __str__(self):
        return self.name

    @property
    def seal_owner(self) -> uuid.UUID:
        """Return whose data key seals the secret: its own."""
        return self.public_id


class StatusList(models.Model):
    """Which credentials were withdrawn, signed and ready to be served; signed anew at each withdrawal and each day.

    `padding`: the places that are set for nobody, packed as in the list itself. They are chosen once, when the list
    begins, so that none of them ever moves onto a place that was given out.
    """

    number = models.PositiveIntegerField(unique=True)
    padding = models.TextField()
    signed = models.TextField()
    signed_at = models.DateTimeField()
    key = models.ForeignKey(IssuerKey, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]

    def __str__(self):
        return str(self.number)


class Certificate(models.Model):
    """What somebody finished, as it was when it was issued. Append-only: what comes later stands in rows of its own.

    `copy` is above 1 where one of the same edition and kind stood before: its name was wrong, or it was earned anew.
    """

    append_only = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=15, unique=True)
    learner = models.ForeignKey("training.Learner", on_delete=models.PROTECT, related_name="certificates")
    enrolment = models.ForeignKey("training.Enrolment", on_delete=models.PROTECT, related_name="certificates")
    version = models.ForeignKey("training.CourseVersion", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=11, choices=CertificateKind)
    copy = models.PositiveSmallIntegerField(default=1)
    country = models.ForeignKey("accounts.Country", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=5, choices=table.LANGUAGES)
    heading = models.CharField(max_length=120)
    heading_language = models.CharField(max_length=5, choices=table.LANGUAGES)
    heading_source = models.CharField(max_length=120)
    printed_name = SealedField()
    issuer = models.CharField(max_length=120)
    attained_at = models.DateTimeField()
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    key = models.ForeignKey(IssuerKey, on_delete=models.PROTECT, related_name="+")
    list_number = models.PositiveIntegerField()
    place = models.PositiveIntegerField()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "version", "kind", "copy"], name="one_certificate_a_version_and_kind"
            ),
            models.UniqueConstraint(fields=["list_number", "place"], name="one_certificate_a_place"),
        ]

    def __str__(self):
        return str(self.public_id)

    @property
    def seal_owner(self) -> uuid.UUID:
        """Return whose data key seals the printed name: the holder's."""
        return self.learner.public_id

    @property
    def seal_scope(self) -> str:
        """Return under which key of the installation that data key lies: her country's."""
        return self.country_id or "*"

    @property
    def zone(self) -> str | None:
        """Return the time zone in which its days are told, wherever it is looked at: its country's, else the server's."""
        return self.country.time_zone if self.country else None


class AwaitedCertificate(models.Model):
    """Something was earned while its certificate could not be sealed: the worker looks what is due, until it is issued."""

    enrolment = models.OneToOneField(
        "training.Enrolment", on_delete=models.CASCADE, primary_key=True, related_name="awaited_certificate"
    )
    since = models.DateTimeField()

    def __str__(self):
        return str(self.enrolment_id)


class NameIndex(models.Model):
    """By what the name on a certificate is compared, without opening it; made anew when the key of indexes rotates.

    `key` is the mark of the key that made it (empty: made before marks were kept). `failed_at`: the name could not be
    opened to make it anew.
    """

    certificate = models.OneToOneField(
        Certificate, on_delete=models.PROTECT, primary_key=True, related_name="indexed_name"
    )
    value = models.CharField(max_length=64)
    key = models.CharField(max_length=16, blank=True, db_index=True)
    failed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return str(self.certificate_id)


class ShownName(models.Model):
    """The holder allows that the page of her certificate says her name; the row goes when she takes it back."""

    certificate = models.OneToOneField(
        Certificate, on_delete=models.CASCADE, primary_key=True, related_name="shown_name"
    )
    name = models.CharField(max_length=150)
    since = models.DateTimeField()

    def __str__(self):
        return str(self.certificate_id)


class Withdrawal(models.Model):
    """A certificate was withdrawn, by a named person, for a reason. Append-only."""

    append_only = True

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="withdrawal")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=12, choices=WithdrawalReason)
    words = models.CharField(max_length=300, blank=True)

    def __str__(self):
        return str(self.certificate_id)

    @property
    def reason_told(self) -> str:
        """Return the reason as the holder of the certificate is told it."""
        return str(TOLD_THE_HOLDER.get(self.reason, self.get_reason_display()))
