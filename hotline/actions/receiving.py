"""Texts that come in: each kept once, sealed, in its thread; STOP and START count when they are the whole message."""

import hashlib
import unicodedata
from datetime import timedelta

from django.db import connection, transaction

from accounts import actions as accounts
from hotline import callers
from hotline.actions import arrivals, inbox
from hotline.actions.attachments import note_attachments
from hotline.actions.delivery import oppose
from hotline.actions.inbox import Hook
from hotline.actions.reopening import opened
from hotline.actions.timeline import add_events, with_flags
from hotline.callstate import follow_up_by
from hotline.choices import START_EARLY, START_WORDS, STOP_WORDS, STOPS_IN, Channel, Direction, MessageState
from hotline.models import Contact, Message, Opposition
from hotline.models.rows import RowExists
from hotline.queries.lines import LineFacts, line_of_contact
from hotline.rules import waits_for_answer
from hotline.telephony import twiml
from languages.text import fold

THREAD = timedelta(days=3)
UNORDERED = timedelta(minutes=1)  # of two texts that arrive sooner after each other nothing says which was sent first


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
    scope, flags = contact.country_id or "*", () if sid else ("no_sid",)
    key = f"{hook.account}:{sid}:in" if sid else inbox.worded_key(hook, f"{hook.account}:", ":in", scope=scope)
    row = inbox.keep(hook, key, scope=scope, contact=contact, leg=None, reply=twiml.EMPTY, flags=flags)
    if row is None:
        raise RowExists
    words = hook.value("ButtonText", None) or hook.value("Body", None)  # never cut: the provider's copy is deleted
    message = Message(
        key=f"{hook.account}:{sid or row.public_id.hex}:in", line_id=contact.line_id, contact=contact, account=hook.account, direction=Direction.IN, sid=sid or None,
        language=contact.language, state=MessageState.RECEIVED, made_by="sender", made_at=hook.at,
    )  # fmt: skip
    accounts.seal(message, "body", words)
    waited = waits_for_answer(contact)
    message.save()
    _note_words(contact, hook, words, waited)
    note_attachments(message, hook)
    return twiml.EMPTY


def _thread(hook: Hook, line: LineFacts | None) -> Contact:
    """Return the open thread of this number on this line and channel, or a new contact.

    Senders that are withheld or name nobody never share one.
    """
    caller = callers.caller_from(hook.value("From"), line.country if line else "")
    channel = _channel(hook)
    if line is not None and (index := arrivals.current_index(caller, line.id)):
        _one_at_a_time(f"{line.id}:{channel}:{index}")
        rows = Contact.objects.select_for_update(no_key=True).filter(
            line_id=line.id, kind="message", channel=channel, number_index=index, erased_at=None
        )
        if known := rows.filter(closed_at__isnull=True, changed_at__gte=hook.at - THREAD).first():
            return known
    flags = () if line else ("unknown_number",)
    return arrivals.new_contact(
        hook, line, kind="message", channel=channel, state="ended", step="message", outcome="message",
        ended_at=hook.at, is_missed=True, due_at=follow_up_by(hook.at, is_pressing=False), flags=flags,
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


def bare(words: str) -> str:
    """Return words without the signs, spaces and pictures before and after them: "¡ALTO!" and "বন্ধ।" say what the word says."""
    letters = [place for place, sign in enumerate(words) if not _is_no_word(sign)]
    return words[letters[0] : letters[-1] + 1] if letters else ""


def _said(words: str) -> str:
    """Return what a text says as a whole, folded; a word that is written over and over says it once."""
    said = [one for word in fold(words).split() if (one := bare(word))]
    return said[0] if len(set(said)) == 1 else " ".join(said)


def _is_stop(contact: Contact, said: str) -> bool:
    """Tell whether a text is a STOP; a word that says something else in a language of the line is none, but from who speaks its own."""
    own, other = STOPS_IN.get(said, ("", ""))
    line = line_of_contact(contact) if other and contact.language != own else None
    return said in STOP_WORDS and (
        line is None or other not in {contact.language, *(code for _key, code in line.languages)}
    )


def _is_no_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "PSZC" or sign == "\ufe0f"  # that one only asks for a coloured picture


def _note_words(contact: Contact, hook: Hook, words: str, waited: bool) -> None:
    """Note what a text says by itself, and open the follow-up; one in which something waited keeps its time.

    A START undoes a STOP that came a minute before it or earlier: one that is nearer may have been sent after it, and stands.
    Of a START that is found at the provider the time of sending is known, so there each STOP before that is undone. A STOP
    opposes whenever it is taken in, also when a START that was sent later was taken in before it: that fails to the safe side.
    """
    of_line = contact.line_id is not None
    events = [("text_received", {} if of_line else {"called": callers.called_number(hook.value("To"))})]
    flags = list(hook.flags)
    said = _said(words)
    if _is_stop(contact, said):
        oppose(contact, hook.at, hook.account)
        events.append(("text_stopped", {}))
    elif of_line and said in START_WORDS:
        stops = Opposition.objects.filter(
            line_id=contact.line_id, number_index=contact.number_index, channel=contact.texted_by
        )
        stops.filter(at__lt=hook.at if hook.found_at else hook.at - UNORDERED).delete()
        if not stops.exists():
            events.append(("text_started", {}))
        elif not hook.found_at and stops.filter(at__lte=hook.at).exists():
            events.append((START_EARLY, {}))
    if not words.strip():
        flags.append("empty_message")
    if hook.value("NumMedia", 4) not in {"", "0"}:
        flags.append("has_media")
    contact.flags = with_flags(contact.flags, *flags)
    values = opened(contact, hook.at) | ({"due_at": contact.due_at} if waited else {})
    Contact.objects.filter(pk=contact.pk).update(flags=contact.flags, changed_at=hook.written_at, **values)
    add_events(contact, events, by="sender", at=hook.at)
