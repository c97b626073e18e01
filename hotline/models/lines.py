"""Lines: number, country, languages with their keys, hours, mode; and the words that a line speaks."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from hotline.choices import Mode, OffReason
from hotline.ivr.plan import LANGUAGE_KEYS
from languages import table


def check_keys(value: str) -> None:
    """Refuse languages on keys that mean something else, a key used twice, and unknown languages."""
    pairs = [pair.partition(":") for pair in value.split()]
    keys, codes = [pair[0] for pair in pairs], [pair[2] for pair in pairs]
    if not pairs:
        raise ValidationError(_("A line needs at least one language."))
    if any(key not in LANGUAGE_KEYS for key in keys):
        raise ValidationError(
            _(
                "Languages sit on the keys 1 2 3 4 6 7 8, further ones on the same keys after 0: 0, 5 and 9 mean the same in every menu."
            )
        )
    if len(set(keys)) < len(keys) or len(set(codes)) < len(codes):
        raise ValidationError(_("Each key and each language may be used once."))
    if unknown := [code for code in codes if code not in table.BY_CODE]:
        raise ValidationError(_("Unknown language: %(codes)s."), params={"codes": ", ".join(unknown)})


class Line(models.Model):
    """One public number of one country. The title is neutral: a caller's bill may show it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    country = models.ForeignKey("accounts.Country", on_delete=models.PROTECT, related_name="lines")
    name = models.CharField(_("name"), max_length=60)
    number = models.CharField(_("number as people dial it"), max_length=20)
    numbers = models.CharField(
        _("numbers it answers"), max_length=120, help_text=_("As the network writes them, separated by spaces.")
    )
    account = models.CharField(_("account at the provider"), max_length=34)
    language_keys = models.CharField(
        _("languages and their keys"), max_length=160, validators=[check_keys], help_text=_("For example 1:en 2:fr")
    )
    mode = models.CharField(_("mode"), max_length=8, choices=Mode, default=Mode.NORMAL)
    mode_number = models.CharField(max_length=20, blank=True, db_default="")
    mode_by = models.CharField(max_length=40, blank=True)
    mode_at = models.DateTimeField(null=True, blank=True)
    duty_phone = models.CharField(_("duty phone"), max_length=20, help_text=_("Rings when nobody else can answer."))
    other_number = models.CharField(_("other number named at the end"), max_length=20, blank=True)
    police_number = models.CharField(_("local police number"), max_length=20, blank=True)
    sender = models.CharField(_("sender of text messages"), max_length=20, blank=True)
    whatsapp = models.CharField(_("sender of WhatsApp messages"), max_length=20, blank=True)
    is_free = models.BooleanField(_("free to call"), default=False)
    opens_on_holidays = models.BooleanField(_("open on holidays"), default=False)
    says_position = models.BooleanField(_("says the place in the queue"), default=True)
    wait_minutes = models.PositiveSmallIntegerField(_("longest wait in minutes"), default=10)
    is_practice = models.BooleanField(_("practice line"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    off_at = models.DateTimeField(null=True, blank=True, editable=False)
    off_by = models.CharField(max_length=40, blank=True, editable=False)
    off_reason = models.CharField(max_length=8, blank=True, choices=OffReason, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    changed_by = models.CharField(max_length=40, blank=True, editable=False)
    changed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["country", "name"]
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        constraints = [
            models.CheckConstraint(condition=~models.Q(duty_phone=""), name="line_has_a_duty_phone"),
            models.CheckConstraint(
                condition=~models.Q(other_number="") | models.Q(is_practice=True), name="live_line_has_an_other_number"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Return (key, language code) in the order in which they are said."""
        return [(pair.partition(":")[0], pair.partition(":")[2]) for pair in self.language_keys.split()]

    @property
    def mode_shown(self) -> str:
        """Return the mode as the form that sets it names it: with the number that it is forwarded to."""
        return f"{self.mode}:{self.mode_number}" if self.mode_number else self.mode

    @property
    def language_codes(self) -> list[str]:
        """Return the languages of the line in order."""
        return [code for _key, code in self.languages]


class OpeningHours(models.Model):
    """From when until when a line is open on a weekday; until 00:00 is the end of the day."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"), help_text=_("0 is Monday."))
    opens = models.TimeField(_("opens at"))
    closes = models.TimeField(_("closes at"))

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="hours_on_a_weekday"),
            models.UniqueConstraint(fields=["line", "weekday", "opens"], name="hours_once"),
        ]

    def __str__(self):
        return f"{self.weekday} {self.opens:%H:%M}-{self.closes:%H:%M}"


class DayException(models.Model):
    """A day that differs from the week: closed (no times), or open at other hours."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="exceptions")
    day = models.DateField(_("day"))
    opens = models.TimeField(_("opens at"), null=True, blank=True)
    closes = models.TimeField(_("closes at"), null=True, blank=True)
    note = models.CharField(_("why"), max_length=100, blank=True)

    class Meta:
        ordering = ["day", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens__isnull=True, closes__isnull=True)
                | models.Q(opens__isnull=False, closes__isnull=False),
                name="exception_closed_or_with_both_times",
            )
        ]

    def __str__(self):
        return str(self.day)


class Prompt(models.Model):
    """One thing the line says. Its words are translated like any row; each language may have a recording."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(_("key"), max_length=30, unique=True)
    text = models.CharField(_("words"), max_length=400, help_text=_("Values such as {number} are filled in."))
    note = models.CharField(_("when it is heard"), max_length=200, blank=True)

    class Meta:
        ordering = ["key"]
        verbose_name = _("prompt")
        verbose_name_plural = _("prompts")

    def __str__(self):
        return self.key


class PromptRecording(models.Model):
    """A recording of a prompt in one language, for one line or (without a line) for every line that has no own one.

    It waits until another person has heard it; then it takes the place of the one before, which is retired and kept,
    because a call may have been given its address. `source_digest` tells of which words it is: a line may have one for the
    words that callers hear, and one for those of its draft.
    """

    line = models.ForeignKey(Line, on_delete=models.CASCADE, null=True, blank=True, related_name="recordings")
    prompt = models.ForeignKey(Prompt, on_delete=models.CASCADE, related_name="recordings")
    language = models.CharField(max_length=5, choices=table.LANGUAGES)
    content_hash = models.CharField(max_length=64)
    content_type = models.CharField(max_length=20)
    audio = models.BinaryField(editable=False)
    seconds = models.DecimalField(max_digits=5, decimal_places=1)
    source_digest = models.CharField(max_length=64)
    recorded_by = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()
    uploaded_by = models.CharField(max_length=40, blank=True)
    heard_by = models.CharField(max_length=40, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["prompt", "language"], name="one_shared_recording_a_cell",
                condition=models.Q(line__isnull=True, retired_at__isnull=True, heard_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["line", "prompt", "language", "source_digest"], name="one_recording_a_cell_of_a_line",
                condition=models.Q(retired_at__isnull=True, heard_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["line", "prompt", "language", "source_digest"], name="one_waiting_recording_a_cell",
                condition=models.Q(retired_at__isnull=True, heard_at__isnull=True),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.prompt} {self.language}"
