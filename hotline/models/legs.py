"""The telephones of a contact, and what is known of a telephone's second call."""

import secrets

from django.db import models
from django.utils.translation import gettext

from hotline.callstate import CALL_FINAL, ELSEWHERE
from hotline.choices import LegRole


def leg_token() -> int:
    """Return an unguessable number that names a leg in our own addresses, whose queries hold digits only."""
    return secrets.randbelow(2**62) + 2**61


class Leg(models.Model):
    """One telephone in a contact. Keeps the greatest status seen, so the order of callbacks cannot matter.

    Of a caller, who may come back, the room's last leave is kept (`away_at`); of everybody else the first (`left_at`).
    """

    contact = models.ForeignKey("hotline.Contact", on_delete=models.CASCADE, related_name="legs", db_index=False)
    role = models.CharField(max_length=12, choices=LegRole, default=LegRole.CALLER)
    user = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    account = models.CharField(max_length=34)
    call_sid = models.CharField(max_length=34, null=True, blank=True)
    label = models.CharField(max_length=20, default="caller")
    token = models.BigIntegerField(unique=True, default=leg_token)
    status = models.CharField(max_length=12, blank=True)
    seen_statuses = models.CharField(max_length=120, blank=True)
    fetched_status = models.CharField(max_length=12, blank=True)
    room_sid = models.CharField(max_length=34, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    away_at = models.DateTimeField(null=True, blank=True)
    is_held = models.BooleanField(default=False)
    is_muted = models.BooleanField(default=False)
    moves = models.TextField(blank=True, default="", db_default="")  # each coming, going and hold, as told
    hold_mark = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    log_asked_at = models.DateTimeField(null=True, blank=True)
    log_deleted_at = models.DateTimeField(null=True, blank=True)
    log_receipt = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "call_sid"], name="leg_once_an_account"),
            models.UniqueConstraint(fields=["contact", "label"], name="label_once_a_contact"),
        ]
        indexes = [
            models.Index(
                fields=["ended_at"],
                condition=models.Q(log_deleted_at=None, call_sid__isnull=False),
                name="leg_with_record_there",
            ),
            models.Index(
                fields=["made_at"],
                condition=models.Q(call_sid__isnull=False) & ~models.Q(status__in=sorted(CALL_FINAL)),
                name="leg_not_at_its_end",
            ),
        ]

    def __str__(self):
        return f"{self.contact} {self.label}"

    def get_role_display(self) -> str:
        """Return whose telephone it is, in words: that of a forwarded call is the other number, and no duty phone of ours."""
        is_elsewhere = self.label.startswith(ELSEWHERE)
        return gettext("Other number") if is_elsewhere else str(dict(LegRole.choices).get(self.role, self.role))

    @property
    def gone_at(self):
        """Return when this telephone left for good; a caller may leave the room for a menu, so her call's end counts."""
        return self.left_at or self.ended_at


class SecondCall(models.Model):
    """Another call of a leg than the one that has it: a dial that nobody answered in time was made again.

    `mark` names it for good, `call_sid` as long as the provider has a record of it. `status`: the greatest that was told,
    "" while it was only dialled. `room_sid`: where it stands although nobody let it in. Somebody may come by it `until`
    then; `hung_up_at`: when the worker began to hang it up, `ended_at`: when it was told that it is over.
    """

    leg = models.ForeignKey(Leg, on_delete=models.CASCADE, related_name="second_calls", db_index=False)
    mark = models.CharField(max_length=34)
    call_sid = models.CharField(max_length=34, blank=True)
    status = models.CharField(max_length=12, blank=True)
    room_sid = models.CharField(max_length=34, blank=True)
    heard_at = models.DateTimeField()
    until = models.DateTimeField()
    hung_up_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["leg", "mark"], name="second_call_once_a_leg")]

    def __str__(self):
        return f"{self.leg} {self.mark[-6:]}"

    @property
    def is_gone(self) -> bool:
        """Tell whether nobody can come by this call any more: it is over, or is being hung up."""
        return self.hung_up_at is not None or self.ended_at is not None
