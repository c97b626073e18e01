"""The people on duty: shifts of the roster, and what each operator is doing now."""

import secrets
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.fields import SealedField
from hotline.choices import AnswersAs, CheckResult, Duty, Presence, TrialResult

MISSED_OFFERS = 2
CHECK_TOKENS = range(2**60, 2**61)  # below those of legs: an address tells which of the two it speaks of


def check_token() -> int:
    """Return an unguessable number that names a verification call in our own addresses."""
    return CHECK_TOKENS.start + secrets.randbelow(len(CHECK_TOKENS))


class Shift(models.Model):
    """One person on one line from an instant to an instant; it may cross midnight."""

    line = models.ForeignKey("hotline.Line", on_delete=models.CASCADE, related_name="shifts")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="shifts")
    duty = models.CharField(_("duty"), max_length=12, choices=Duty, default=Duty.OPERATOR)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    class Meta:
        ordering = ["starts_at", "line", "user"]
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="shift_ends_after_start"
            ),
            models.UniqueConstraint(fields=["user", "starts_at"], name="shift_once"),
        ]
        indexes = [models.Index(fields=["line", "starts_at", "ends_at"])]

    def __str__(self):
        return f"{self.user} {self.starts_at:%Y-%m-%d %H:%M}"


class OperatorState(models.Model):
    """What an operator is doing. `token` is the opaque softphone identity `op_<hex>`.

    `in_browser`: her calls reach her in the browser; set by a trial that was good, taken back by a bad one or by her.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField("accounts.User", on_delete=models.CASCADE, related_name="operator_state")
    state = models.CharField(max_length=8, choices=Presence, default=Presence.OFF)
    since = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    contact = models.ForeignKey("hotline.Contact", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    token = models.CharField(max_length=32, unique=True)
    phone = SealedField()
    phone_verified_at = models.DateTimeField(null=True, blank=True)
    uses_phone = models.BooleanField(default=False)
    in_browser = models.BooleanField(default=False, db_default=False)
    answers_as = models.CharField(max_length=5, choices=AnswersAs, blank=True, default="", db_default="")
    missed_offers = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["off", "ready", "break", "debrief"], contact__isnull=True)
                | models.Q(state__in=["offered", "on_call", "wrap_up"]),
                name="operator_without_call_has_no_contact",
            )
        ]

    def __str__(self):
        return f"{self.user} {self.state}"

    @property
    def was_set_off(self) -> bool:
        """Tell whether two offers that nobody answered set her or him to off."""
        return self.state == Presence.OFF and self.missed_offers >= MISSED_OFFERS

    @property
    def has_telephone(self) -> bool:
        """Tell whether a telephone of her or his own may ring: entered, verified by a call, and not removed since."""
        return self.phone is not None and self.uses_phone and self.phone_verified_at is not None

    @property
    def seal_owner(self):
        """Return whose data key seals the operator's own number."""
        return self.public_id

    @property
    def seal_scope(self) -> str:
        """Return the country under whose key that data key is wrapped."""
        return self.user.country_id or "*"


class BrowserTrial(models.Model):
    """The last trial of an operator's browser as a telephone: when it was begun, what was measured, what came of it."""

    operator = models.OneToOneField(OperatorState, on_delete=models.CASCADE, related_name="browser_trial")
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=14, choices=TrialResult, blank=True)
    delay = models.PositiveIntegerField(default=0)  # milliseconds there and back
    jitter = models.PositiveIntegerField(default=0)  # milliseconds
    lost = models.PositiveSmallIntegerField(default=0)  # of a thousand packets

    def __str__(self):
        return f"{self.operator} {self.result}"


class TelephonePin(models.Model):
    """The PIN that an operator's own telephone asks for in place of key 1, and the one for when she is forced to answer.

    Both are kept as keyed digests, never as digits; they have as many digits as `length`, so neither is told apart.
    """

    operator = models.OneToOneField(OperatorState, on_delete=models.CASCADE, related_name="pin")
    digest = models.CharField(max_length=64)
    forced_digest = models.CharField(max_length=64, blank=True)
    length = models.PositiveSmallIntegerField()
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(length__gte=4, length__lte=6), name="pin_of_four_to_six_digits")
        ]

    def __str__(self):
        return f"{self.operator}"


class InterpreterProfile(models.Model):
    """What decides whether an interpreter is rung for a caller. Supervisors alone read it: it says who may know whom.

    Without a confidentiality sign-off in date nobody is rung; nor for a caller in a place where people know her.
    """

    user = models.OneToOneField("accounts.User", on_delete=models.CASCADE, related_name="interpreter_profile")
    signed_until = models.DateField(_("confidentiality signed, valid until"), null=True, blank=True)
    known_in = models.ManyToManyField("referral.Area", blank=True, related_name="+")
    group = models.CharField(_("group or community"), max_length=100, blank=True)
    employer = models.CharField(_("employer"), max_length=100, blank=True)
    changed_at = models.DateTimeField()

    def __str__(self):
        return f"{self.user}"


class PhoneCheck(models.Model):
    """One call to the telephone that somebody wants to use on shifts: whoever answers presses 1.

    It is no contact and joins no room. `answer` and `status` are what the network told, in any order; the worker draws
    the result from them. The number stands with the operator only, never here.
    """

    operator = models.ForeignKey(OperatorState, on_delete=models.CASCADE, related_name="checks")
    line = models.ForeignKey("hotline.Line", on_delete=models.CASCADE, related_name="+")
    account = models.CharField(max_length=34)
    token = models.BigIntegerField(unique=True, default=check_token)
    call_sid = models.CharField(max_length=34, blank=True)
    status = models.CharField(max_length=12, blank=True)
    answer = models.CharField(max_length=6, blank=True)
    result = models.CharField(max_length=10, choices=CheckResult, blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator"], condition=models.Q(result=""), name="one_open_check_an_operator"
            )
        ]

    def __str__(self):
        return f"{self.operator} {self.result}"
