"""The pathway engine: compiled text, tokens, time, trial runs. Pure: no rows, no clock, no web.

See docs/algorithms/pathway-engine.md.
"""

from referral.pathways.again import asked_in_vain_before, openable, would_open
from referral.pathways.compiled import (
    AUTOMATIC,
    FORKS,
    HUMAN,
    LIMITS,
    SCHEMA,
    FileFault,
    Pathway,
    canonical,
    digest,
    fits,
    load,
    shape_digest,
    without_words,
    word,
)
from referral.pathways.engine import advance, replay
from referral.pathways.graph import WIDEST, Edge, Graph, Node, drawn
from referral.pathways.labels import short_title
from referral.pathways.states import (
    Event,
    EventRefused,
    NotToBeOpened,
    Reason,
    Run,
    RunEnded,
    State,
    StepIsOpen,
    StepNotOpen,
    TooManySteps,
    UnknownOutcome,
)
from referral.pathways.timing import closes_from, deadlines_of, elapsed, escalations_of
from referral.pathways.trial import Answer, Line, Trial, outcomes_of, tried
from referral.pathways.ways import ahead

__all__ = [
    "AUTOMATIC",
    "FORKS",
    "HUMAN",
    "LIMITS",
    "SCHEMA",
    "WIDEST",
    "Answer",
    "Edge",
    "Event",
    "EventRefused",
    "FileFault",
    "Graph",
    "Line",
    "NotToBeOpened",
    "Node",
    "Pathway",
    "Reason",
    "Run",
    "RunEnded",
    "State",
    "StepIsOpen",
    "StepNotOpen",
    "TooManySteps",
    "Trial",
    "UnknownOutcome",
    "advance",
    "ahead",
    "asked_in_vain_before",
    "canonical",
    "closes_from",
    "deadlines_of",
    "digest",
    "drawn",
    "elapsed",
    "escalations_of",
    "fits",
    "load",
    "openable",
    "outcomes_of",
    "replay",
    "shape_digest",
    "short_title",
    "tried",
    "without_words",
    "word",
    "would_open",
]
