"""Text messages in and out. Nothing is sent to somebody of whom it is not known that it is safe."""

import hashlib
import re
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q

from accounts import actions as accounts
from accounts.sealing import NoSealKey, SealError
from hotline import callers
from hotline.actions import arrivals, inbox
from hotline.actions.answering import check_answerer, claim_answer
from hotline.actions.commands import ANSWERS, KILLED, UNREADABLE
from hotline.actions.delivery import STOPPED_CODE, handed_since, oppose, order_copy_deleted
from hotline.actions.desks import read_texts
from hotline.actions.given_up import give_up
from hotline.actions.inbox import Hook
from hotline.actions.orders import order
from hotline.actions.reopening import opened
from hotline.actions.sent_once import OtherWords, says
from hotline.actions.timeline import add_events, note, with_flags
from hotline.callstate import follow_up_by
from hotline.choices import NOT_GONE, START_WORDS, STOP_WORDS, TEXTS, Channel, CommandKind, Direction, MessageState
from hotline.models import Contact, Message, Opposition
from hotline.models.rows import RowExists
from hotline.queries.answering import conversation_version, may_promise_call, seen_until
from hotline.queries.lines import LineFacts, line_by_id
from hotline.queries.safety import text_bar
from hotline.queries.spoken import spoken_cell
from hotline.rules import waits_for_answer
from hotline.telephony import twiml
from hotline.telephony.base import ProviderDown, ProviderRefused
from hotline.telephony.providers import NoSuchProvider, provider
from languages.text import check_input, fold, sms_parts

CLAIM = timedelta(seconds=30)
RETRIES = 5
KILLS = 20  # tries that were heard of no more: the database may have been away in some, which is no word on the text
UNOPENED = "unopened"
THROUGH = (*ANSWERS, SealError, NoSealKey)  # handled by itself: a key that is away is waited for
# A text whose key is away waits for it without a try; after a day what it says is no longer so, and people are told.
KEY_PAUSE, KEY_WAIT = timedelta(minutes=10), timedelta(days=1)
MAX_PARTS = 2
PROMISES = frozenset({"call_back_soon"})  # ready words that say that we will call
THREAD = timedelta(days=3)
LONG_NUMBER = re.compile(r"(?:\d[\s().-]?){7,}")
FORBIDDEN = ("traffick", "traite des", "tráfico de pess", "trata de pers", "الاتجار")


class TextRefused(ValueError):
    """Raised when a text may not be sent as it is; `code` says why: empty, unknown, too_long, number, subject, no_call or erased."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class ConversationMoved(Exception):
    """Raised when something was sent or received, or the conversation was closed, since the form was shown; look first."""


def words_of(text_key: str, language: str, line: LineFacts | None) -> str:
    """Return a ready text in a language, with the line's number in it."""
    if text_key not in TEXTS:
        raise TextRefused("unknown")
    number = line.number if line else ""
    return spoken_cell(f"text_{text_key}", language).text.replace("{number}", number)


def check_text(text: str, line: LineFacts | None) -> str:
    """Return a free text that may be sent: short, with no foreign number and no word that says what the line is for."""
    check_input(text)
    plain = text.strip()
    if not plain:
        raise TextRefused("empty")
    if sms_parts(plain).parts > MAX_PARTS:
        raise TextRefused("too_long")
    known = {
        re.sub(r"\D", "", number) for number in ((line.number, line.other_number, line.police_number) if line else ())
    }
    if any(re.sub(r"\D", "", found) not in known for found in LONG_NUMBER.findall(plain)):
        raise TextRefused("number")
    if any(word in plain.lower() for word in FORBIDDEN):
        raise TextRefused("subject")
    return plain


@transaction.atomic
def queue_message(
    *, contact: Contact, by, at: datetime, key: str, text_key: str = "", text: str = "", seen: str | None = None
) -> Message:
    """Put a text into the outbox, in the person's language; the same words with the same key again are the first row.

    Other words with a key that was used are not sent: OtherWords, or ConversationMoved where the first did not leave.
    `seen` is the mark of the conversation as the form showed it (hotline.queries.answering); without it nobody looked.
    Only its answerer writes; whoever sends in one that nobody answers is its answerer from then on.
    """
    rows = Contact.objects.select_for_update(of=("self",), no_key=True).select_related("claimed_by")
    row = rows.get(pk=contact.pk)
    known = Message.objects.filter(key=key).first()
    if known and says(known, text_key, text, by=by, at=at):
        return known
    if row.erased_at is not None:
        raise TextRefused("erased")
    if known:
        raise (ConversationMoved if known.state in NOT_GONE else OtherWords)(row.code)
    _check_turn(row, by, at, seen)
    if text_key in PROMISES and not may_promise_call(row, at):
        raise TextRefused("no_call")
    line = line_by_id(row.line_id)
    language = row.language or (line.first_language if line else "en")
    words = words_of(text_key, language, line) if text_key else check_text(text, line)
    safe = not text_bar(row, at)
    message = Message(
        key=key, line_id=row.line_id, contact=row, account=line.account if line else "", direction=Direction.OUT,
        language=language, text_key=text_key, state=MessageState.OUTBOX if safe else MessageState.BLOCKED,
        made_by=accounts.actor_id(by), made_at=at,
    )  # fmt: skip
    accounts.seal(message, "body", words)
    message.save()
    note(row, "text_queued" if safe else "text_blocked", by=by, at=at, text=text_key or "own words")
    if seen is not None:
        _keep_turn(row, by, at, seen)
    return message


def _check_turn(row: Contact, by, at: datetime, seen: str | None) -> None:
    """Refuse to write past a colleague who answers, or past what the writer has not seen."""
    if seen is None:
        return
    check_answerer(row, by, at)
    if seen != conversation_version(row):
        raise ConversationMoved(row.code)


def _keep_turn(row: Contact, by, at: datetime, seen: str) -> None:
    """Make the writer the answerer; what she saw before she wrote is read."""
    claim_answer(contact=row, by=by, at=at)
    read_texts(row, by=by, at=at, until=seen_until(seen))


def claim_message(key: int, *, at: datetime) -> Message | None:
    """Take one outgoing message for thirty seconds; None when somebody else has it or it is sent."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=at)
    rows = Message.objects.filter(free, pk=key, state=MessageState.OUTBOX, direction=Direction.OUT)
    if not rows.update(claimed_until=at + CLAIM, tries=F("tries") + 1):
        return None
    return Message.objects.select_related("contact", "line").get(pk=key)


def send_message(message: Message, *, at: datetime) -> bool:
    """Send one claimed message, if it is safe; whatever it meets, it has five tries, and what lacks only its key waits.

    The try is counted at the claim: a message that kills its worker again and again is given up without another.
    """
    if message.tries > KILLS:
        return _give_up(message, KILLED, at)
    try:
        with accounts.alone("message_not_sent", known=UNREADABLE, through=THROUGH, subject=message.pk) as met:
            return _send_if_safe(message, at)
    except ProviderDown as error:
        return _try_again(message, str(error), at)
    except (ProviderRefused, NoSuchProvider) as error:
        return _give_up(message, getattr(error, "code", "") or type(error).__name__, at)
    except (SealError, NoSealKey) as error:
        return _not_opened(message, error, at)
    return _try_again(message, type(met.error).__name__, at)


def _send_if_safe(message: Message, at: datetime) -> bool:
    """Send a message; the safety state is read under the lock of the contact."""
    with transaction.atomic():
        contact = Contact.objects.select_for_update(no_key=True).get(pk=message.contact_id)
        if text_bar(contact, at):
            Message.objects.filter(pk=message.pk).update(state=MessageState.BLOCKED, claimed_until=None)
            note(contact, "text_blocked", by="worker", at=at)
            return False
        to = accounts.reveal(contact, "number", by="worker", at=at, reason="send text")
        body = accounts.reveal(message, "body", by="worker", at=at, reason="send text")
    sid = _sent_before(message, to, body) or _send(message, to, body)
    _note_sent(message.pk, sid, at)
    return True


@transaction.atomic
def _note_sent(key: int, sid: str, at: datetime) -> None:
    """Note that a text was handed over. The contact may have been erased meanwhile: then the copy there goes at once."""
    contact = Contact.objects.select_for_update(no_key=True).get(messages=key)
    rows = Message.objects.filter(pk=key)
    rows.filter(state=MessageState.OUTBOX).update(state=MessageState.ACCEPTED)
    rows.update(sid=sid, sent_at=at, claimed_until=None)
    note(contact, "text_sent", by="worker", at=at)
    order_copy_deleted(rows.get(), contact, at=at)


def _send(message: Message, to: str, body: str) -> str:
    status = f"{settings.PUBLIC_URL}/hotline/twilio/message-status/?t={message.pk}{twiml.STATUS_FRAGMENT}"
    sender = message.line.sender or message.line.number
    return provider(message.account).send_message(to=to, from_=sender, body=body, status_url=status)


def _sent_before(message: Message, to: str, body: str) -> str:
    """Return the SID of a message that an earlier try handed over before it could say so: each is sent once."""
    if message.tries < 2:
        return ""
    ours = set(Message.objects.filter(account=message.account, sid__isnull=False).values_list("sid", flat=True))
    handed = handed_since(provider(message.account), message.made_at)
    return next((one.sid for one in handed if one.to == to and one.body == body and one.sid not in ours), "")


def _try_again(message: Message, fault: str, at: datetime) -> bool:
    if message.tries >= RETRIES:
        return _give_up(message, fault, at)
    Message.objects.filter(pk=message.pk).update(claimed_until=at + timedelta(seconds=5 * 3**message.tries))
    return False


def _not_opened(message: Message, error: Exception, at: datetime) -> bool:
    """Count a try of what is damaged; put back, uncounted, what only lacks its key."""
    if not accounts.is_key_away(error):
        accounts.record_unopened(error, by="worker", at=at)
        return _try_again(message, UNOPENED, at)
    if at - message.made_at >= KEY_WAIT:
        return _give_up(message, UNOPENED, at)
    Message.objects.filter(pk=message.pk).update(claimed_until=at + KEY_PAUSE, tries=F("tries") - 1)
    return False


def _give_up(message: Message, code: str, at: datetime) -> bool:
    give_up(message, code=str(code), at=at)
    if code == STOPPED_CODE:
        oppose(message.contact, at)
    return False


def receive_message(*, hook: Hook) -> str:
    """Keep a text message in its thread; of a repeat nothing stays, not even the key of a contact begun for it."""
    try:
        with transaction.atomic():
            return _receive(hook)
    except RowExists:
        return twiml.EMPTY


def _receive(hook: Hook) -> str:
    """Keep a new text; raise RowExists when it was kept before. STOP and START count when they are the whole message."""
    sid = hook.value("MessageSid", 34)
    line = arrivals.line_of_hook(hook)
    contact = _thread(hook, line)
    key, flags = f"{hook.account}:{sid or arrivals.own_words(hook)}:in", () if sid else ("no_sid",)
    scope = contact.country_id or "*"
    if inbox.keep(hook, key, scope=scope, contact=contact, leg=None, reply=twiml.EMPTY, flags=flags) is None:
        raise RowExists
    words = hook.value("ButtonText", 1600) or hook.value("Body", 1600)
    message = Message(
        key=key, line_id=contact.line_id, contact=contact, account=hook.account, direction=Direction.IN, sid=sid or None,
        language=contact.language, state=MessageState.RECEIVED, made_by="sender", made_at=hook.at,
    )  # fmt: skip
    accounts.seal(message, "body", words)
    waited = waits_for_answer(contact)
    message.save()
    _note_words(contact, hook, words, waited)
    if sid and (not settings.SIMULATOR or hook.account != "AC" + "0" * 32):
        order(
            CommandKind.DELETE_MESSAGE, key=f"delete:{sid}", at=hook.at, delay=60, account=hook.account,
            contact=contact.pk, message=message.pk,
        )  # fmt: skip
    return twiml.EMPTY


def _thread(hook: Hook, line: LineFacts | None) -> Contact:
    """Return the open thread of this number on this line and channel, or a new contact; withheld senders never share one."""
    caller = callers.caller_from(hook.value("From"), line.country if line else "")
    channel = _channel(hook)
    if line is not None and caller.can_link:
        index = arrivals.current_index(caller)
        _one_at_a_time(f"{line.id}:{channel}:{index}")
        rows = Contact.objects.select_for_update(no_key=True).filter(
            line_id=line.id, kind="message", channel=channel, number_index=index
        )
        if known := rows.filter(closed_at__isnull=True, changed_at__gte=hook.at - THREAD).first():
            return known
    language = line.first_language if line else ""
    flags = () if line else ("unknown_number",)
    return arrivals.new_contact(
        hook, line, kind="message", channel=channel, state="ended", step="message", language=language, outcome="message",
        ended_at=hook.at, is_missed=True, due_at=follow_up_by(hook.at, is_danger=False), flags=flags,
    )  # fmt: skip


def _channel(hook: Hook) -> Channel:
    told = (hook.value("From"), hook.value("To"), hook.value("ExternalUserId"))
    return Channel.WHATSAPP if callers.is_whatsapp(*told) else Channel.SMS


def _one_at_a_time(number: str) -> None:
    """Let one text of a number at a time look for its thread, until its transaction ends; SQLite writes so anyway."""
    if connection.vendor == "postgresql":
        key = int.from_bytes(hashlib.sha256(number.encode()).digest()[:8], signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _note_words(contact: Contact, hook: Hook, words: str, waited: bool) -> None:
    """Note what a text says by itself, and open the follow-up; one in which something waited keeps its time."""
    of_line = contact.line_id is not None
    events = [("text_received", {} if of_line else {"called": callers.called_number(hook.value("To"))})]
    flags = list(hook.flags)
    folded = fold(words).strip(" .!").lower()
    raw = words.strip().lower()
    if {folded, raw} & STOP_WORDS:
        oppose(contact, hook.at, hook.account)
        events.append(("text_stopped", {}))
    elif of_line and {folded, raw} & START_WORDS:
        Opposition.objects.filter(line_id=contact.line_id, number_index=contact.number_index).delete()
        events.append(("text_started", {}))
    if not words.strip():
        flags.append("empty_message")
    if hook.value("NumMedia", 4) not in {"", "0"}:
        flags.append("has_media")
    contact.flags = with_flags(contact.flags, *flags)
    values = opened(contact, hook.at) | ({"due_at": contact.due_at} if waited else {})
    Contact.objects.filter(pk=contact.pk).update(flags=contact.flags, changed_at=hook.at, **values)
    add_events(contact, events, by="sender", at=hook.at)
