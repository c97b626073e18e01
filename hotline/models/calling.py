"""Calling a person back: one row a try, with the telephone of the operator and the person's."""

import secrets
import uuid

from django.db import models

from hotline.choices.calling import CallBackState, SelfResult
from hotline.dialling import MOST_TRIES

CALL_BACK_TOKENS = range(2**59, 2**60)  # below those of verification calls: an address tells what it speaks of

SELF_TOKENS = range(2**58, 2**59)


def self_token() -> int:
    """Return an unguessable number that names the calling end of a line's call to itself."""
    return SELF_TOKENS.start + secrets.randbelow(len(SELF_TOKENS))


def call_back_token() -> int:
    """Return an unguessable number that names one telephone of a call back in our own addresses."""
    return CALL_BACK_TOKENS.start + secrets.randbelow(len(CALL_BACK_TOKENS))


class CallBack(models.Model):
    """One call back of a contact: the operator's telephone is rung first, then the person's.

    It is no leg of the contact's own call, which stays as it ended. `nth` counts the rings of the person's telephone
    since it was reached last. The number stands with the contact only.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact = models.ForeignKey("hotline.Contact", on_delete=models.CASCADE, related_name="call_backs")
    by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    before = models.CharField(max_length=8, blank=True)
    account = models.CharField(max_length=34)
    state = models.CharField(max_length=12, choices=CallBackState, default=CallBackState.OPERATOR)
    blocked_by = models.CharField(max_length=12, blank=True)
    nth = models.PositiveSmallIntegerField(null=True, blank=True)
    made_at = models.DateTimeField()
    dialled_at = models.DateTimeField(null=True, blank=True)
    picked_up_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    own_token = models.BigIntegerField(unique=True, default=call_back_token)
    own_sid = models.CharField(max_length=34, blank=True)
    own_status = models.CharField(max_length=12, blank=True)
    person_token = models.BigIntegerField(unique=True, default=call_back_token)
    person_sid = models.CharField(max_length=34, blank=True)
    person_status = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], condition=models.Q(ended_at=None), name="one_open_call_back_a_contact"
            ),
            models.UniqueConstraint(
                fields=["by"], condition=models.Q(ended_at=None), name="one_open_call_back_a_person"
            ),
            models.CheckConstraint(
                condition=models.Q(nth=None) | models.Q(nth__gte=1, nth__lte=MOST_TRIES), name="call_back_tries"
            ),
        ]
        indexes = [models.Index(fields=["made_at"], condition=models.Q(ended_at=None), name="open_call_backs")]

    def __str__(self):
        return f"{self.contact} {self.state}"

    @property
    def room_name(self) -> str:
        """Return the name of its conference: random, never a name or a number."""
        return self.public_id.hex


class SelfCall(models.Model):
    """One call of a line to itself: when its own number was answered, and when its own key was heard."""

    line = models.ForeignKey("hotline.Line", on_delete=models.CASCADE, related_name="self_calls")
    account = models.CharField(max_length=34)
    token = models.BigIntegerField(unique=True, default=self_token)
    call_sid = models.CharField(max_length=34, blank=True)
    inbound_sid = models.CharField(max_length=34, blank=True, db_index=True)
    made_at = models.DateTimeField(db_index=True)
    began_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=8, choices=SelfResult, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["line"], condition=models.Q(result=""), name="one_open_self_call_a_line")
        ]

    def __str__(self):
        return f"{self.line} {self.result}"
