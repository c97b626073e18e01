"""Codes of a contact's timeline, told in words; what has none stays a code."""

from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hotline import triage
from hotline.choices import (
    QUESTIONS,
    SOUND_LOST,
    TEXT_FAULTS,
    TEXTS,
    After,
    Answer,
    AnswersAs,
    Closing,
    Cover,
    ErasingReason,
    JoinMode,
    JoinReason,
    LegRole,
    MessageState,
    NotSame,
    Outcome,
    SafetyReason,
    Topic,
    WhoMayAnswer,
)
from hotline.choices.blocks import BlockReason
from hotline.choices.calling import CallBackState
from hotline.choices.wire import CALL_REPORTS, DUTY_REASONS, RECORDING_REPORTS, ROOM_REPORTS, SETTLED_BY
from hotline.models import Contact, WebhookEvent
from hotline.queries.safety import ANOTHER, NONE, SET
from languages import table
from languages.text import ENDS, beside, isolate
from referral.choices.cases import WritingReason
from referral.choices.holds import HoldReason, LiftReason

HIDDEN = frozenset({"owner", "version", "label", "untold", "less"})
NUMBERS = frozenset({"count"})
ANSWERS = ("may_call", "may_text", "may_voicemail", "shared_phone")
LABELS = {
    "cover": _("What we say we are when somebody else picks up"),
    "who_may_answer": _("Who may pick up?"),
    "code_word": _("Code word"),
}
HOURS = {"hours": _("Safe hours: %(hours)s"), "hours_before": _("safe hours before: %(hours)s")}
TOGETHER = (
    "case",
    "consent",
    "opening",
    "question",
    "answer",
    "mode",
    "why",
    *ANSWERS,
    "hours",
    "hours_before",
    "who_may_answer",
    "cover",
    "code_word",
)  # what one line tells, in this order
WORDS = {
    "outcome": dict(Outcome.choices),
    "topic": dict(Topic.choices),
    "closing": dict(Closing.choices),
    "after": dict([*After.choices, *Closing.choices]),
    "block": dict(BlockReason.choices),
    "erasing": dict(ErasingReason.choices),
    "call_back": dict(CallBackState.choices),
    "hold": dict([*HoldReason.choices, *LiftReason.choices]),
    "answer": dict(Answer.choices),
    "code": TEXT_FAULTS | SOUND_LOST | dict(MessageState.choices),
    "reason": DUTY_REASONS,
    "unlinked": dict(NotSame.choices),
    "opening": dict(WritingReason.choices),
    "by": SETTLED_BY,
    "who": dict(AnswersAs.choices),
    "mode": dict(JoinMode.choices),
    "why": dict(JoinReason.choices),
    "because": dict(SafetyReason.choices),
    "cover": {NONE: _("Not agreed")} | dict(Cover.choices),
    "code_word": {NONE: pgettext_lazy("code word", "None"), SET: _("Set, sealed"), ANOTHER: _("Another one, sealed")},
    "who_may_answer": {NONE: _("Not asked")} | dict(WhoMayAnswer.choices),
    "role": dict(LegRole.choices),
    "text": TEXTS | {"own words": _("In own words")},
}


def told(detail: dict) -> tuple[list[str], list[str]]:
    """Return what an event says beside its kind: words, and codes that have none.

    A database may keep the names of a JSON value in an order of its own, so the order is made here.
    """
    kept = {key: detail[key] for key in sorted(detail, key=_place) if key not in HIDDEN}
    kept = {key: value for key, value in kept.items() if value not in ("", False)}
    words = _answered({key: in_words(key, str(value)) for key, value in kept.items()})
    return [said for said in words.values() if said], [str(kept[key]) for key, said in words.items() if not said]


def _answered(words: dict[str, str]) -> dict[str, str]:
    """Return the parts of a line with the answer right after its question: a question mark is followed by no comma."""
    asked, answer = words.get("question", ""), words.get("answer", "")
    if not asked or not answer:
        return words
    both = _beside(asked, answer)
    return {key: both if key == "question" else said for key, said in words.items() if key != "answer"}


def _beside(asked: str, answer: str) -> str:
    return f"{asked} {answer}" if asked.endswith(ENDS) else beside(asked, answer, get_language())


def _place(key: str) -> tuple[int, str]:
    return (TOGETHER.index(key) if key in TOGETHER else len(TOGETHER)), key


def in_words(key: str, text: str) -> str:
    """Return one detail of an event in words, or "" where it is a code without."""
    if key == "language":
        return table.BY_CODE[text].own if text in table.BY_CODE else ""
    if key == "question":
        return _question(text)
    if key == "refused":
        return gettext("Refused recording")
    if key == "key":
        return gettext("Key %(keys)s") % {"keys": text}
    if key == "called":
        return gettext("Number called: %(number)s") % {"number": f"\u2066{text}\u2069"}
    if key == "seconds" and text.isdecimal():
        return ngettext("%(count)s second", "%(count)s seconds", int(text)) % {"count": text}
    if key == "consent":
        return beside(triage.HOUSE.by_key["consent_case"].label, dict(Answer.choices).get(text, text), get_language())
    if key in HOURS:
        hours = Answer.NOT_ASKED.label if text == NONE else isolate(text.replace("-", "–\u2060"))
        return HOURS[key] % {"hours": hours}
    if key in LABELS:
        return _beside(str(LABELS[key]), str(WORDS[key].get(text, text)))
    if key in ANSWERS:
        return beside(
            capfirst(Contact._meta.get_field(key).verbose_name), dict(Answer.choices).get(text, text), get_language()
        )
    return text if key in NUMBERS else str(WORDS.get(key, {}).get(text, ""))


def _question(key: str) -> str:
    """Return a question of the sheet in its house's words; one that a country added only as such."""
    if key in triage.HOUSE.by_key:
        return str(triage.HOUSE.by_key[key].label)
    return gettext("A question of this country") if key.startswith(triage.OWN) else str(QUESTIONS.get(key, _("Note")))


def reported(kind: str, state: str, *, of_recording: bool = False) -> str:
    """Return what the network reports in words, or "" where it is a code without; `kind` is the inbox row's."""
    if kind in ("message_status", "message-status"):
        return str(dict(MessageState.choices).get(state, ""))
    words = RECORDING_REPORTS if of_recording else CALL_REPORTS | ROOM_REPORTS
    return str(words.get(state, ""))


def state_reported(row: WebhookEvent) -> tuple[str, str]:
    """Return the state that a kept report tells, as code and in words; both "" for a request of another kind."""
    if row.kind not in ("status", "message_status", "message-status"):
        return "", ""
    _account, thing, state = (*row.key.split(":"), "", "", "")[:3]
    return state, reported(row.kind, state, of_recording=thing.startswith("RE"))
