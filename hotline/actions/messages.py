"""Answers by text: what may be written, and by whom. Nothing is queued for somebody of whom it is not known that it is safe."""

import re
from datetime import datetime

from django.db import transaction

from accounts import actions as accounts
from hotline.actions.answering import check_answerer, check_may_write, hold_answer
from hotline.actions.desks import read_texts
from hotline.actions.in_hand import check_in_hand
from hotline.actions.own_rows import locked_for
from hotline.actions.sent_once import OtherWords, says
from hotline.actions.timeline import note
from hotline.betraying import has_address, names_one, says_matter
from hotline.choices import NOT_GONE, TEXTS, Direction, MessageState
from hotline.models import Contact, Message
from hotline.queries.answering import conversation_version, seen_until
from hotline.queries.betraying import is_read_by_others, names_not_told
from hotline.queries.dialling import may_promise_call
from hotline.queries.hours import hours_sentence
from hotline.queries.lines import LineFacts, line_by_id
from hotline.queries.safety import text_bar
from hotline.queries.whatsapp import MAX_PARTS, approved, is_templates_only, ready_text, room_in
from languages.text import check_input, ended, latin_digits, sms_parts

PROMISES = frozenset({"call_back_soon"})  # ready words that say that we will call
ANY_TIME = frozenset({"call_us"})  # ready words that say that one may call at any time
LONG_NUMBER = re.compile(r"(?:\d[\s().-]?){7,}")


class TextRefused(ValueError):
    """Raised when a text may not be sent as it is; `code` says why: empty, unknown, too_long, number, subject, names,
    read_by_others, no_call, window or erased.
    """

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class ConversationMoved(Exception):
    """Raised when something was sent or received, or the conversation was closed, since the form was shown; look first."""


def words_of(text_key: str, language: str, line: LineFacts | None, *, is_approved: bool = False) -> str:
    """Return a ready text in a language, with the line's number in it.

    Words that say "at any time" are followed by the hours of a line that closes, where both fit into a text; not where the
    words leave as they were approved by WhatsApp (`is_approved`).
    """
    if text_key not in TEXTS:
        raise TextRefused("unknown")
    cell = ready_text(text_key, language, line.number if line else "")
    hours = hours_sentence(line.hours, cell.language) if line and text_key in ANY_TIME and not is_approved else ""
    told = f"{ended(cell.text, cell.language)} {hours}"
    return told if hours and sms_parts(told).parts <= MAX_PARTS else cell.text


def check_text(text: str, line: LineFacts | None, channel: str) -> str:
    """Return a free text that may be sent by a channel: not too long for it, with no foreign number, no word that says what the line is for
    (hotline.betraying), and no name or address of a body or place of the directory.
    """
    check_input(text)
    plain = text.strip()
    if not plain:
        raise TextRefused("empty")
    if room_in(plain, channel).left < 0:
        raise TextRefused("too_long")
    known = {
        re.sub(r"\D", "", number) for number in ((line.number, line.other_number, line.police_number) if line else ())
    }
    if any(re.sub(r"\D", "", found) not in known for found in LONG_NUMBER.findall(latin_digits(plain))):
        raise TextRefused("number")
    if says_matter(plain):
        raise TextRefused("subject")
    if has_address(plain) or names_one(plain, names_not_told(line)):
        raise TextRefused("names")
    return plain


@transaction.atomic
def queue_message(
    *, contact: Contact, by, at: datetime, key: str, text_key: str = "", text: str = "", seen: str | None = None
) -> Message:
    """Put a text into the outbox, in the person's language; the same words with the same key again are the first row.

    Other words with a key that was used are not sent: OtherWords, or ConversationMoved where the first did not leave.
    `seen` is the mark of the conversation as the form showed it (hotline.queries.answering); without it nobody looked.
    Only its answerer writes; whoever sends in one that nobody answers is its answerer from then on. To a caller writes who
    has the call, and nobody beside her: InHand. From whom it was hidden since she opened it writes nothing: NamesHer. And where
    somebody looked, nothing is written in what became a colleague's case: CaseOfColleague.
    """
    row = locked_for(contact, by)
    known = Message.objects.filter(key=key).first()
    if known and says(known, text_key, text, by=by, at=at):
        return known
    if row.erased_at is not None:
        raise TextRefused("erased")
    if known:
        raise (ConversationMoved if known.state in NOT_GONE else OtherWords)(row.code)
    check_in_hand(row, by, at)
    _check_turn(row, by, at, seen)
    if text_key in PROMISES and not may_promise_call(row, at):
        raise TextRefused("no_call")
    is_approved = is_templates_only(row, at)
    if is_approved and text_key not in approved(row):
        raise TextRefused("window")
    if not text_key and is_read_by_others(row):
        raise TextRefused("read_by_others")
    line = line_by_id(row.line_id)
    language = row.language or (line.first_language if line else "en")
    words = (
        words_of(text_key, language, line, is_approved=is_approved)
        if text_key
        else check_text(text, line, row.channel)
    )
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
    """Refuse to write in a colleague's case, past a colleague who answers, or past what the writer has not seen."""
    if seen is None:
        return
    check_may_write(row, by, at)
    check_answerer(row, by, at)
    if seen != conversation_version(row):
        raise ConversationMoved(row.code)


def _keep_turn(row: Contact, by, at: datetime, seen: str) -> None:
    """Make the writer the answerer; what she saw before she wrote is read."""
    hold_answer(contact=row, by=by, at=at)
    read_texts(row, by=by, at=at, until=seen_until(seen))
