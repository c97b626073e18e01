"""The inbox: every verified request is kept, sealed, under a unique key, with what it was answered.

The document is kept in plain but for the numbers that it rings: those are telephones of people, and are sealed in it.
"""

import hashlib
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts import actions as accounts
from accounts import queries as people
from accounts import sealing
from hotline.callers import call_mark
from hotline.models import Contact, Leg, WebhookEvent
from hotline.models.rows import insert

KEPT = frozenset(
    {"CallSid", "AccountSid", "From", "To", "CallStatus", "Direction", "ForwardedFrom", "StirVerstat", "SipDomain",
     "Digits", "DialCallStatus", "DialCallSid", "DialCallDuration", "CallDuration", "RecordingSid", "RecordingDuration", "RecordingStatus",
     "SequenceNumber", "Timestamp", "CallbackSource", "ParentCallSid", "ErrorCode", "ConferenceSid", "FriendlyName",
     "StatusCallbackEvent", "ParticipantLabel", "EndConferenceOnExit", "ReasonParticipantLeft",
     "ReasonConferenceEnded", "Hold", "MessageSid", "AnsweredBy", "Body", "NumMedia", "ButtonText",
     "ButtonPayload", "ExternalUserId", "ProfileName", "MessageStatus"}
)  # fmt: skip
KEYED, DIGEST_SIGNS = "k1.", 40  # a digest without it was made without a key, by the release before
INBOX = uuid.UUID("6f0f4d0e-29c1-4a0c-8a39-0e6b2d2f7a51")
LONGEST_STEP = WebhookEvent._meta.get_field("step").max_length  # a longer one is none of ours: kept cut and marked
DAY_SECONDS = 24 * 60 * 60
PAYLOAD_PLACE, NUMBER_PLACE = "hotline_webhookevent.payload", "hotline_webhookevent.reply"
DIGEST_PLACE, KEY_PLACE = "hotline_webhookevent.digest", "hotline_webhookevent.key"
WORDED, WORD_SIGNS = "=", 24  # how a digest of words begins in a key, and how many signs it has after that
KEY_LENGTH = WebhookEvent._meta.get_field("key").max_length
RUNG = re.compile(r"(?<=>)[^<>]+(?=</Number>)")
_month_keys: dict[tuple[str, int, int], tuple[uuid.UUID, sealing.Key]] = {}


@dataclass(frozen=True)
class Hook:
    """One verified request, as a value: what kind, which step and turn, its fields, when it came.

    `found_at`: when it was found in the provider's list, of one that never came; `at` is then when it was made.
    `taken_at`: when it was taken in, of one that was kept for later; `at` is then when it came, as of any other.
    """

    kind: str
    account: str
    fields: Mapping[str, Sequence[str]]
    at: datetime
    step: str = ""
    turn: int = 0
    token: str = ""
    cleaned: bool = False
    found_at: datetime | None = None
    taken_at: datetime | None = None

    @property
    def written_at(self) -> datetime:
        """Return when it is written down: what a page that is open has not seen counts from then."""
        return self.found_at or self.taken_at or self.at

    def value(self, name: str, limit: int | None = 200) -> str:
        """Return the first value of a field, or "", cut at so many signs; whole with None: a request is bounded as a whole."""
        values = self.fields.get(name)
        return values[0][:limit] if values else ""

    def whole(self, name: str) -> int | None:
        """Return a field that is a whole number of at most eight plain digits, or None: `²` is a digit to some."""
        text = self.value(name, 9)
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else None

    @property
    def sound_seconds(self) -> int | None:
        """Return how long a recorded message is told to be, at most a day, or None."""
        seconds = self.whole("RecordingDuration")
        return None if seconds is None else min(seconds, DAY_SECONDS)

    @property
    def call_sid(self) -> str:
        """Return the SID of the call."""
        return self.value("CallSid", 34)

    @property
    def call_mark(self) -> str:
        """Return what stands for the call in keys: it outlives erasing, and nobody finds the SID from it."""
        return call_mark(self.call_sid)

    @property
    def flags(self) -> tuple[str, ...]:
        """Return the marks that the wire gave."""
        return ("odd_text",) if self.cleaned else ()

    def payload(self) -> str:
        """Return the fields that are read, as canonical JSON; the rest of what the provider sends is dropped."""
        kept = {
            name: list(values)
            for name, values in self.fields.items()
            if name in KEPT or name.startswith(("SipHeader_X-", "MediaUrl"))
        }
        return json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def month_owner(scope: str, at: datetime) -> uuid.UUID:
    """Return as whose the key of a country's month is kept."""
    return uuid.uuid5(INBOX, f"{scope}|{at:%Y%m}")


def month_key(scope: str, at: datetime) -> tuple[uuid.UUID, sealing.Key]:
    """Return the country's key of the month and its owner id, kept in memory once it is committed."""
    month = (scope, at.year, at.month)
    known = _month_keys.get(month)
    if known is None:
        owner = month_owner(scope, at)
        known = found = (owner, accounts.data_key(owner, scope))
        transaction.on_commit(lambda: _month_keys.__setitem__(month, found))
    return known


def forget_month_keys() -> None:
    """Forget the keys in memory, after some were destroyed."""
    _month_keys.clear()


def inbox_row(
    hook: Hook,
    key: str,
    *,
    scope: str,
    contact: Contact | None,
    leg: Leg | None,
    reply: str,
    flags: tuple[str, ...] = (),
) -> WebhookEvent:
    """Return the inbox row of a request, sealed, not yet inserted."""
    payload = hook.payload()
    owner, secret = month_key(scope or "*", hook.at)
    row = WebhookEvent(
        public_id=uuid.uuid4(), key=key[:KEY_LENGTH], kind=hook.kind, account=hook.account, step=hook.step, turn=hook.turn,
        leg_id=leg.pk if leg else None, contact_id=contact.pk if contact else None, received_at=hook.at,
        seal_key=owner, scope=(scope or "*")[:2], digest="",
        flags=" ".join((*hook.flags, *flags))[:80],
    )  # fmt: skip
    row.reply = _without_numbers(reply, secret, row)
    if contact is None or contact.erased_at is None:
        row.payload = sealing.seal(payload, secret, PAYLOAD_PLACE, str(row.public_id))
        row.digest = _digest(payload, secret)
    return row


def _digest(payload: str, secret: sealing.Key) -> str:
    """Return what tells a repeat of a request: made with the key of its month, for a number is found in any other by trial."""
    return f"{KEYED}{sealing.keyed_digest(payload, secret, DIGEST_PLACE)[:DIGEST_SIGNS]}"


def _without_numbers(reply: str, secret: sealing.Key, row: WebhookEvent) -> str:
    """Return a document with each number that it rings sealed under the key of the payload."""
    if "</Number>" not in reply:
        return reply
    return RUNG.sub(lambda found: sealing.seal(found[0], secret, NUMBER_PLACE, str(row.public_id)), reply)


def said(row: WebhookEvent) -> str:
    """Return the document with which a request was answered, to be said again; "" where none is kept, or none any more."""
    if "</Number>" not in row.reply:
        return row.reply
    row_id = str(row.public_id)
    try:
        _owner, secret = month_key(row.scope, row.received_at)
        return RUNG.sub(lambda found: sealing.open_sealed(found[0], [secret], NUMBER_PLACE, row_id), row.reply)
    except (sealing.SealError, sealing.NoSealKey):
        return ""


def opened(row: WebhookEvent) -> dict[str, list[str]]:
    """Return the fields of a kept request; raise SealError or NoSealKey where the key of its month is gone."""
    _owner, secret = month_key(row.scope, row.received_at)
    return json.loads(sealing.open_sealed(row.payload.raw, [secret], PAYLOAD_PLACE, str(row.public_id)))


def said_to(key: str) -> str:
    """Return the document with which the request of a key was answered, "" where none was."""
    row = WebhookEvent.objects.only("public_id", "scope", "received_at", "reply").filter(key=key).first()
    return said(row) if row else ""


def says_same(hook: Hook, row: WebhookEvent) -> bool | None:
    """Tell whether a request says what the one of a row said; None where that is forgotten, and the key alone is known."""
    if not row.digest:
        return None
    payload = hook.payload()
    if not row.digest.startswith(KEYED):  # the release before wrote it in these minutes; within the hour it is emptied
        return row.digest == hashlib.sha256(payload.encode()).hexdigest()
    try:
        _owner, secret = month_key(row.scope, row.received_at)
    except (sealing.SealError, sealing.NoSealKey):
        return None
    return row.digest == _digest(payload, secret)


def keep(hook: Hook, key: str, **values) -> WebhookEvent | None:
    """Insert a request's inbox row; None when the key is there already."""
    row = inbox_row(hook, key, **values)
    return row if insert(row, once=("key",)) else None


def keep_second(hook: Hook, first: WebhookEvent, **values) -> None:
    """Keep a request that carries the key of another but not its words, flagged, without effect.

    Where the first one's words are forgotten, whatever carries its key is a repeat.
    """
    if says_same(hook, first) is False:
        key = worded_key(hook, f"{first.key[:150]}#", scope=values["scope"], contact=values["contact"])
        keep(hook, key, reply=said(first), flags=("second_answer",), **values)


def worded_key(hook: Hook, before: str, after: str = "", *, scope: str, contact: Contact | None = None) -> str:
    """Return the key of a request that only its words tell from others: a keyed digest of them stands in its middle.

    It is made with the key of the month, and goes with the words (`forget_words`). On the first day of a month a repeat of
    what was kept the day before is found. Of an erased contact nothing of the words is kept, so its key is without them.
    """
    if contact is not None and contact.erased_at is not None:
        return f"{before}{WORDED}{after}"
    key = f"{before}{_words(hook, scope, hook.at)}{after}"
    before_this = hook.at - timedelta(days=1)
    if before_this.month == hook.at.month or not people.owners_with_keys([month_owner(scope, before_this)]):
        return key
    earlier = f"{before}{_words(hook, scope, before_this)}{after}"
    return earlier if WebhookEvent.objects.filter(key=earlier[:KEY_LENGTH]).exists() else key


def _words(hook: Hook, scope: str, at: datetime) -> str:
    _owner, secret = month_key(scope or "*", at)
    words = f"{hook.value('IdempotencyToken', 60)} {hook.payload()}"
    return f"{WORDED}{sealing.keyed_digest(words, secret, KEY_PLACE)[:WORD_SIGNS]}"
