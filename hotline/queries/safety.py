"""Reads of a contact's safety state: how the console and the log show it, and whether a text may leave now."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.chain import actor_id
from accounts.models import User
from accounts.queries import names_of
from hotline.callers import Caller
from hotline.choices import EVENTS, START_EARLY, Answer, CallerClass, Channel, ContactKind
from hotline.dialling import JUST_CALLED, JUST_WROTE, PARTS, STANDS, UNNAMED, is_safe_hour, named_hours
from hotline.loosening import READ_BY, others_read
from hotline.models import Contact, ContactEvent
from hotline.queries.lines import line_by_id
from hotline.queries.one_number import (
    CALLS,
    TEXTS,
    agreed_among,
    answer_here,
    has_newer_no_to_messages,
    said_at,
    text_no_at,
    told_of,
)
from hotline.queries.stopping import is_start_early, stopped_at
from hotline.queries.whatsapp import has_sender, may_leave, written_at
from languages.text import isolate

# Why no text may leave to a person now: code -> words.
TEXT_BARS: dict[str, str] = {
    "erased": _("This contact was erased."),
    "no_number": _("No text message can reach this sender: there is no phone number."),
    "other_number": _(
        "No text message can be sent: this person gave another number for calling back. Call that number."
    ),
    "other_channel": _(
        "No answer can be sent: this person wrote by WhatsApp, and this line has no sender there. A text message may be seen by somebody else."
    ),
    "window": _(
        "No answer can be sent: the last message of this person is older than 24 hours, and no ready-made words are approved for WhatsApp in this language."
    ),
    "not_safe": _("No text message can be sent: the safety state does not say that we may text this person."),
    "too_old": _("No text message can be sent: the safety state is older than 30 days. Ask again."),
    "stopped": _("No text message can be sent: this person asked us to stop writing."),
    "not_now": _("No text message can be sent now: it is outside the hours that are safe for this person."),
}
NEWER_NO = _(
    "No text message can be sent: this person said yes here, but with this number it was said later that it is not safe. Ask the person again."
)
NO_ELSEWHERE = _(
    "No text message can be sent: with this number it was said later that it is not safe. Only who heard the person after that can write that it is."
)
# What another safety state may lift; STOP is lifted by the person alone.
LIFTED_HERE = frozenset({"not_safe", "too_old", "not_now"})
START_ONLY = _("Only START, written by this person to the line, undoes it.")


@dataclass(frozen=True)
class SafetyRow:
    """One line of the safety panel: what, in words, shape, whether it forbids, whether the person's own STOP says so."""

    label: str
    words: str
    shape: str
    forbids: bool
    is_stop: bool = False


TEXT_LABEL = _("May text")
BARRED = _("Yes, but this telephone is not safe now")  # a no of another contact of the number
# What is kept of a person's safety, apart from the code word and from when the answers were given.
STATE = ("may_call", "may_text", "may_voicemail", "shared_phone", "who_may_answer", "safe_from", "safe_until", "cover")
CHANGES = ("safety_changed", "callback_agreed", "callback_refused")
NO_BREAK = "\u2060"
NONE = "none"  # how a record says that nobody named hours, who may pick up or a cover, or that there is no code word
SET, ANOTHER = "set", "another"  # and what became of a code word, which it never holds
_SHAPES = {Answer.YES: "tick", Answer.NO: "x", Answer.UNKNOWN: "half", Answer.NOT_ASKED: "ring"}
_WORDS = {
    Answer.YES: _("Yes"),
    Answer.NO: _("No"),
    Answer.UNKNOWN: _("Not known, so no"),
    Answer.NOT_ASKED: _("Not asked, so no"),
}


def safety_rows(contact: Contact) -> list[SafetyRow]:
    """Return the safety state as it is shown. Unknown means no, and a yes is none that the number's newest no bars."""
    barred = barred_here(contact)
    rows = [
        _call_row(contact, barred),
        _text_row(contact, barred),
        _voicemail_row(contact),
        _shared_row(contact),
        hours_row(contact),
    ]
    word = bool(contact.code_word)
    rows.append(
        SafetyRow(
            _("Code word"),
            _("Set, sealed") if word else pgettext_lazy("code word", "None"),
            "tick" if word else "ring",
            False,
        )
    )
    return rows


def _answer_row(label: str, answer: str, words: str = "") -> SafetyRow:
    return SafetyRow(label, words or _WORDS[answer], _SHAPES[answer], answer != Answer.YES)


def barred_here(contact: Contact) -> set[str]:
    """Return which yes of a contact ("may_call", "may_text") does not stand beside the newest no of its number."""
    barred = set()
    if contact.may_call == Answer.YES:
        no_at = told_of([contact])[contact.pk].no_at
        barred |= {"may_call"} if answer_here(Answer.YES, said_at(contact, CALLS), no_at) == Answer.NO else set()
    return barred | ({"may_text"} if contact.may_text == Answer.YES and not _may_text_here(contact) else set())


def _may_text_here(contact: Contact) -> bool:
    """Tell whether the person said yes to texts, and nobody a newer no with the same telephone."""
    is_yes = contact.may_text == Answer.YES
    return is_yes and answer_here(Answer.YES, said_at(contact, TEXTS), text_no_at(contact)) == Answer.YES


def is_message_barred(contact: Contact) -> bool:
    """Tell whether a yes to a message in the mailbox does not stand: others hear what comes there, or said a newer no."""
    others = others_read({name: getattr(contact, name) for name in READ_BY})
    return others or has_newer_no_to_messages(contact)


def _voicemail_row(contact: Contact) -> SafetyRow:
    if contact.may_voicemail == Answer.YES and is_message_barred(contact):
        return _barred_row(_("Voicemail"))
    return _answer_row(_("Voicemail"), contact.may_voicemail)


def _barred_row(label: str) -> SafetyRow:
    return SafetyRow(label, str(BARRED), _SHAPES[Answer.NO], True)


def _call_row(contact: Contact, barred: set[str]) -> SafetyRow:
    """Return whether we may call. The yes of who gave another number is for that one, not for the one called from."""
    if "may_call" in barred:
        return _barred_row(_("May call"))
    is_other = contact.may_call == Answer.YES and has_callback_number(contact)
    words = _("Yes, on the number given") if is_other else ""
    return _answer_row(_("May call"), contact.may_call, words)


def _text_row(contact: Contact, barred: set[str]) -> SafetyRow:
    """Return whether we may text; after STOP, or where another number was given, the answer of before is none."""
    stopped, answer = stopped_at(contact), contact.may_text
    if stopped is not None:
        return SafetyRow(TEXT_LABEL, _stop_words(stopped), _SHAPES[Answer.NO], True, is_stop=True)
    if answer == Answer.YES and has_callback_number(contact):
        return _answer_row(TEXT_LABEL, Answer.NO, _("No: another number was given"))
    if "may_text" in barred:
        return _barred_row(TEXT_LABEL)
    return _answer_row(TEXT_LABEL, answer, _by_key(_WORDS[answer]) if is_text_by_key(contact) else "")


def _shared_row(contact: Contact) -> SafetyRow:
    """Return whether somebody else uses the phone: here a yes is the danger, so it bears the mark of caution."""
    answer = Answer(contact.shared_phone)
    return SafetyRow(_("Phone is shared"), answer.label, "tri" if answer == Answer.YES else _SHAPES[answer], False)


def hours_row(contact: Contact, agreed: set[int] | None = None) -> SafetyRow:
    """Return when it is safe: the hours that were agreed, else what the person said by key about calling back, with the
    hours that this means where the call is made.

    Who agreed to be called back and said nothing about when did not say "at any time". Where nobody asked, the hours stand that
    hold then. `agreed`: the contacts of which it is known that she agreed so by key, where many are read at once.
    """
    label = _("Safe hours")
    if contact.safe_from is not None and contact.safe_until is not None:
        return SafetyRow(label, _span(contact.safe_from, contact.safe_until), "tick", False)
    if contact.callback_time:
        words = _by_key(contact.get_callback_time_display())
        return SafetyRow(label, _with_times(words, PARTS[contact.callback_time]), "tick", False)
    if contact.pk in (agreed_among([contact]) if agreed is None else agreed):
        return SafetyRow(label, Answer.UNKNOWN.label, _SHAPES[Answer.UNKNOWN], True)
    return SafetyRow(label, _with_times(Answer.NOT_ASKED.label, UNNAMED), _SHAPES[Answer.NOT_ASKED], False)


def _with_times(words: str, hours: tuple[dt.time, dt.time]) -> str:
    return f"{words} ({_span(*hours)})"


def _span(since: dt.time, until: dt.time) -> str:
    """Return from when until when, in one direction and on one line: no line breaks behind the dash."""
    return isolate(f"{since:%H:%M}–{NO_BREAK}{until:%H:%M}")


def hours_told(first: dt.time | None, last: dt.time | None, part: str) -> str:
    """Return hours as records keep them: "17:00-21:00", and "none" where the person named none."""
    hours = named_hours(first, last, part)
    return NONE if None in hours else f"{hours[0]:%H:%M}-{hours[1]:%H:%M}"


def has_named_hours(contact: Contact) -> bool:
    """Tell whether the person named the hours at which it is safe, to an operator or by key."""
    return None not in (contact.safe_from, contact.safe_until) or bool(contact.callback_time)


def with_hours(contacts: Iterable[Contact]) -> list[Contact]:
    """Return contacts, each with when it is safe as its `hours`; None where nobody was asked."""
    rows = list(contacts)
    agreed = agreed_among(row for row in rows if not has_named_hours(row))
    for row in rows:
        told = hours_row(row, agreed)
        row.hours = None if told.shape == _SHAPES[Answer.NOT_ASKED] else told
    return rows


def has_callback_number(contact: Contact) -> bool:
    """Tell whether the person gave another number for calling back than the one she or he called from."""
    return contact.gave_other


def _by_key(words: str) -> str:
    return gettext("%(answer)s, by key") % {"answer": words}


def safety_version(contact: Contact) -> str:
    """Return a mark of the safety state as it is kept now: another mark says that somebody changed it."""
    values = [str(getattr(contact, name)) for name in (*STATE, "safety_at", "text_said_at")]
    values.append(str(Contact._meta.get_field("code_word").get_prep_value(contact.code_word)))
    return hashlib.sha256(repr(values).encode()).hexdigest()[:32]


def safety_changed_by(contact: Contact) -> str:
    """Return who changed the safety state last, by name; "" when it was the caller, by key."""
    by = _changes(contact).order_by("-at", "-id").values_list("by", flat=True).first() or ""
    return names_of([by]).get(by, "")


def answered(contact: Contact) -> set[str]:
    """Return which of "May we call?" and "May we text?" was answered with yes or no, by the names of the columns."""
    return {name for name in ("may_call", "may_text") if getattr(contact, name) in (Answer.YES, Answer.NO)}


def given_by_others(contact: Contact, by: User) -> set[str]:
    """Return what stands of when and how the person may be reached that she did not tell this person, by the names of the columns.

    She told it by key, or to somebody else; where nothing says to whom, it was not this person.
    """
    stands = answered(contact)
    stands |= {"safe_from", "safe_until"} if has_named_hours(contact) else set()
    if not stands:
        return set()
    changed_by = set(_changes(contact).order_by().values_list("by", flat=True))
    return set() if changed_by == {actor_id(by)} else stands


def _changes(contact: Contact) -> QuerySet[ContactEvent]:
    by_key = Q(kind="question_answered", detail__question="may_text")
    return contact.events.filter(by_key | Q(kind__in=CHANGES))


def is_text_by_key(contact: Contact) -> bool:
    """Tell whether the answer to "May we text?" is the caller's own, by key: nobody was told another since."""
    if contact.may_text == Answer.NOT_ASKED:
        return False
    return contact.key_answers.filter(question="may_text", at=said_at(contact, TEXTS)).exists()


def _stop_words(at: dt.datetime) -> str:
    when = formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
    return gettext("No: they wrote STOP on %(time)s") % {"time": when}


def text_bar(contact: Contact, at: dt.datetime) -> str:
    """Return why no text may leave to a contact at this instant (a code of TEXT_BARS), or "": unknown means no."""
    if contact.erased_at:
        return "erased"
    if has_callback_number(contact):
        return "other_number"
    if not Caller(contact.caller_class).can_text:
        return "no_number"
    is_whatsapp = contact.channel == Channel.WHATSAPP or contact.caller_class == CallerClass.BSUID
    if is_whatsapp and not has_sender(contact):
        return "other_channel"
    if stopped_at(contact) is not None:
        return "stopped"
    if not _may_text_here(contact):
        return "not_safe"
    if at - said_at(contact, TEXTS) > STANDS:
        return "too_old"
    if not _in_safe_hours(contact, at):
        return "not_now"
    return "window" if is_whatsapp and not may_leave(contact, at) else ""


def is_answerable(bar: str) -> bool:
    """Tell whether a conversation with this bar can be answered: now, or as soon as the hours come that are safe."""
    return bar in ("", "not_now")


def bar_words(contact: Contact, bar: str) -> str:
    """Return in words why no text may leave, and who alone can undo it where that is not us; "" where one may."""
    if bar == "not_safe" and contact.may_text == Answer.YES:
        return str(NEWER_NO)
    if bar == "not_safe" and _is_unknown_by_text(contact) and _is_no_since_she_wrote(contact):
        return str(NO_ELSEWHERE)
    return f"{TEXT_BARS[bar]} {undone_by(contact)}" if bar == "stopped" else str(TEXT_BARS.get(bar, ""))


def undone_by(contact: Contact) -> str:
    """Return in words what undoes a STOP, and why the START that came right after it did not."""
    return f"{START_ONLY} {EVENTS[START_EARLY]}" if is_start_early(contact) else str(START_ONLY)


def is_unasked(contact: Contact, bar: str) -> bool:
    """Tell whether no text may leave only because nobody knows whether that is safe, to a person who wrote to us."""
    return bar == "not_safe" and _is_unknown_by_text(contact) and not _is_no_since_she_wrote(contact)


def _is_unknown_by_text(contact: Contact) -> bool:
    return contact.kind == ContactKind.MESSAGE and contact.may_text not in (Answer.YES, Answer.NO)


def _is_no_since_she_wrote(contact: Contact) -> bool:
    """Tell whether another contact of the number refused texts after the last words that stand in this conversation."""
    no_at = text_no_at(contact)
    wrote = written_at(contact)
    return None not in (no_at, wrote) and no_at > wrote


def _in_safe_hours(contact: Contact, at: dt.datetime) -> bool:
    line = line_by_id(contact.line_id)
    local = at.astimezone(line.hours.zone if line else ZoneInfo("UTC")).time()
    hours = named_hours(contact.safe_from, contact.safe_until, contact.callback_time)
    if is_safe_hour(local, *hours, was_just_here=False):
        return True
    return is_safe_hour(local, *hours, was_just_here=was_just_on_line(contact, at) or _wrote_just_now(contact, at))


def was_just_on_line(contact: Contact, at: dt.datetime) -> bool:
    """Tell whether the person is on the line, or was a moment ago, with the telephone on which we reach her or him."""
    if contact.kind != ContactKind.CALL or has_callback_number(contact):
        return False
    return contact.ended_at is None or _is_moment_ago(contact.ended_at, at, JUST_CALLED)


def _wrote_just_now(contact: Contact, at: dt.datetime) -> bool:
    written = written_at(contact)
    return written is not None and _is_moment_ago(written, at, JUST_WROTE)


def _is_moment_ago(then: dt.datetime, at: dt.datetime, moment: dt.timedelta) -> bool:
    return dt.timedelta(0) <= at - then <= moment
