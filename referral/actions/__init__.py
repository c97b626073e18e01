"""Writes of the map. Each is one transaction and records itself."""

from referral.actions.runs import (
    Advanced,
    CaseAlreadyClosed,
    CaseMovedOn,
    FactDoesNotFit,
    NoPathwayForCountry,
    TooEarly,
    advance,
    answer,
    decide,
    elapse,
    finish,
    note_event,
    open_case,
    recall_run,
    wish,
    withdraw_all,
)

__all__ = [
    "Advanced",
    "CaseAlreadyClosed",
    "CaseMovedOn",
    "FactDoesNotFit",
    "NoPathwayForCountry",
    "TooEarly",
    "advance",
    "answer",
    "decide",
    "elapse",
    "finish",
    "note_event",
    "open_case",
    "recall_run",
    "wish",
    "withdraw_all",
]
