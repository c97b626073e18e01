"""Fixed words of the hotline. Codes outlive their labels."""

from hotline.choices.contacts import (
    QUEUE_STATES,
    TALK_STATES,
    Answer,
    CallbackTime,
    CallerClass,
    Closing,
    ContactKind,
    Cover,
    ErasingReason,
    Outcome,
    State,
    Topic,
    WhoMayAnswer,
)
from hotline.choices.lines import (
    LANGUAGE_KEYS,
    QUESTIONS,
    SOUND_FAULTS,
    Duty,
    LegRole,
    Mode,
    Presence,
)
from hotline.choices.marks import EVENTS, FLAGS
from hotline.choices.post import START_WORDS, STOP_WORDS, TEXT_FAULTS, TEXTS, CommandKind, Direction, MessageState
from hotline.choices.simulation import ActKind, HeardKind, PhoneState

__all__ = [
    "ActKind",
    "Answer",
    "CallbackTime",
    "CallerClass",
    "Closing",
    "CommandKind",
    "ContactKind",
    "Cover",
    "Direction",
    "ErasingReason",
    "Duty",
    "EVENTS",
    "FLAGS",
    "HeardKind",
    "LANGUAGE_KEYS",
    "LegRole",
    "MessageState",
    "Mode",
    "Outcome",
    "PhoneState",
    "Presence",
    "QUESTIONS",
    "QUEUE_STATES",
    "SOUND_FAULTS",
    "START_WORDS",
    "STOP_WORDS",
    "State",
    "TALK_STATES",
    "TEXTS",
    "TEXT_FAULTS",
    "Topic",
    "WhoMayAnswer",
]
