"""The post: what came in (inbox), what goes out (outbox and commands), who asked us not to write, sweep marks."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.fields import SealedField
from hotline.attachments import is_picture, is_played
from hotline.choices import TEXT_FAULTS, TEXTS, Channel, CommandKind, Direction, MessageState
from hotline.models.sealing import SealedWithContact
from languages import table


class WebhookEvent(models.Model):
    """One verified request of the provider, under its unique key, with the TwiML it was answered with.

    The payload is sealed under the monthly key of the country, and so is each number that the document rings; the digest,
    which tells a repeat, is made with that key. All are emptied after thirty days (`hotline.actions.inbox`).
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=180, unique=True)
    kind = models.CharField(max_length=14)
    account = models.CharField(max_length=34)
    leg = models.ForeignKey(
        "hotline.Leg", on_delete=models.CASCADE, null=True, blank=True, related_name="inbox", db_index=False
    )
    contact = models.ForeignKey(
        "hotline.Contact", on_delete=models.CASCADE, null=True, blank=True, related_name="inbox", db_index=False
    )
    step = models.CharField(max_length=20, blank=True)
    turn = models.BigIntegerField(default=0)
    received_at = models.DateTimeField()
    seal_key = models.UUIDField(null=True)
    scope = models.CharField(max_length=2)
    payload = SealedField()
    digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    reply = models.TextField(blank=True)
    flags = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["leg", "turn"]),
            models.Index(fields=["contact", "received_at"]),
            models.Index(fields=["received_at"], condition=models.Q(payload__isnull=False), name="inbox_with_payload"),
        ]

    def __str__(self):
        return f"{self.kind} {self.step} {self.turn}"

    @property
    def seal_owner(self):
        """Return whose data key seals the payload: the country's key of that month."""
        return self.seal_key

    @property
    def seal_scope(self) -> str:
        """Return the country under whose key that data key is wrapped."""
        return self.scope


class Message(SealedWithContact, models.Model):
    """One text message, in or out. Outgoing rows are the outbox: the worker sends each key once."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=120, unique=True)
    line = models.ForeignKey(
        "hotline.Line", on_delete=models.PROTECT, null=True, related_name="messages", db_index=False
    )
    contact = models.ForeignKey("hotline.Contact", on_delete=models.CASCADE, related_name="messages", db_index=False)
    account = models.CharField(max_length=34)
    direction = models.CharField(max_length=3, choices=Direction)
    sid = models.CharField(max_length=34, null=True, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=table.LANGUAGES, blank=True)
    text_key = models.CharField(max_length=20, blank=True)
    body = SealedField()
    state = models.CharField(_("state"), max_length=18, choices=MessageState)
    error_code = models.CharField(max_length=10, blank=True)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    redacted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["made_at", "id"]
        verbose_name = _("text message")
        verbose_name_plural = _("text messages")
        constraints = [models.UniqueConstraint(fields=["account", "sid"], name="message_once_an_account")]
        indexes = [
            models.Index(fields=["state", "claimed_until"]),
            models.Index(fields=["contact", "made_at"]),
            models.Index(
                fields=["contact"], condition=models.Q(direction=Direction.IN, read_at=None), name="message_unread"
            ),
        ]

    def __str__(self):
        return f"{self.direction} {self.state}"

    @property
    def fault(self) -> str:
        """Return why a text could not be sent: in words, else the carrier's code; "" where nothing is wrong."""
        return str(TEXT_FAULTS.get(self.error_code, self.error_code))

    @property
    def country_id(self):
        """Return the country of the contact, for rules that ask."""
        return self.contact.country_id


class Attachment(SealedWithContact, models.Model):
    """A picture, sound or other file that came with a message. Our copy is sealed; the provider's goes once it is.

    `lost_at`: when fetching it was given up, `fault` why.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact = models.ForeignKey("hotline.Contact", on_delete=models.CASCADE, related_name="attachments")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    account = models.CharField(max_length=34)
    sid = models.CharField(max_length=34)
    message_sid = models.CharField(max_length=34)
    content = SealedField()
    content_type = models.CharField(max_length=30, blank=True)
    size = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True, blank=True)
    lost_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=40, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    receipt = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["account", "sid"], name="attachment_once_an_account")]

    def __str__(self):
        return f"{self.contact} {self.sid[-6:]}"

    @property
    def is_picture(self) -> bool:
        """Tell whether a browser may show it."""
        return is_picture(self.content_type)

    @property
    def is_played(self) -> bool:
        """Tell whether a browser may play it."""
        return is_played(self.content_type)


class Opposition(models.Model):
    """A number that told a line to stop writing by a channel; deleted when it says START there."""

    line = models.ForeignKey("hotline.Line", on_delete=models.CASCADE, related_name="oppositions")
    number_index = models.CharField(max_length=64)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.SMS, db_default=Channel.SMS)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "number_index", "channel"], name="one_opposition_a_channel")
        ]

    def __str__(self):
        return f"{self.line} {self.at:%Y-%m-%d}"


class Template(models.Model):
    """A ready text that WhatsApp approved for an account in one language: it alone may leave outside the 24 hours.

    Its words at the provider are those of the ready text; only its name there is kept.
    """

    account = models.CharField(max_length=34)
    key = models.CharField(_("ready-made words"), max_length=20, choices=TEXTS)
    language = models.CharField(_("language"), max_length=5, choices=table.LANGUAGES)
    content_sid = models.CharField(_("name at the provider"), max_length=34)
    approved_at = models.DateTimeField(_("approved on"))

    class Meta:
        ordering = ["key", "language"]
        constraints = [models.UniqueConstraint(fields=["account", "key", "language"], name="one_template_a_language")]

    def __str__(self):
        return f"{self.key} {self.language}"


class Command(models.Model):
    """One call of the provider's REST interface that the worker makes: one row a key.

    One that was not answered in time is sent again, so the provider may carry it out twice. What that does to a telephone
    that is rung: `hotline.actions.second_calls`.
    """

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=18, choices=CommandKind)
    account = models.CharField(max_length=34)
    contact = models.ForeignKey(
        "hotline.Contact", on_delete=models.CASCADE, null=True, blank=True, related_name="commands", db_index=False
    )
    leg = models.ForeignKey(
        "hotline.Leg", on_delete=models.CASCADE, null=True, blank=True, related_name="commands", db_index=False
    )
    arguments = models.JSONField(default=dict, blank=True)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["done_at", "failed_at", "due_at"]),
            models.Index(fields=["contact", "kind"]),
            models.Index(fields=["leg", "kind"]),
        ]

    def __str__(self):
        return f"{self.kind} {self.key}"


class SweepMark(models.Model):
    """Up to when the provider's list of one kind was compared with ours."""

    account = models.CharField(max_length=34)
    kind = models.CharField(max_length=12)
    mark_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0, db_default=0)  # in a row, of an account that does not answer

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "kind"], name="one_mark_a_kind")]

    def __str__(self):
        return f"{self.kind} {self.mark_at:%Y-%m-%d %H:%M}"
