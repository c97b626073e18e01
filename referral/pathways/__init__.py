"""The pathway engine: compiled text, tokens, time, trial runs. Pure: no rows, no clock, no web.

See docs/algorithms/pathway-engine.md.
"""

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
    Reason,
    Run,
    RunEnded,
    State,
    StepNotOpen,
    TooManySteps,
    UnknownOutcome,
)
from referral.pathways.timing import closes_from, deadlines_of, elapsed, escalations_of
from referral.pathways.trial import Answer, Line, Trial, outcomes_of, tried

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
    "Node",
    "Pathway",
    "Reason",
    "Run",
    "RunEnded",
    "State",
    "StepNotOpen",
    "TooManySteps",
    "Trial",
    "UnknownOutcome",
    "advance",
    "canonical",
    "closes_from",
    "deadlines_of",
    "digest",
    "drawn",
    "elapsed",
    "escalations_of",
    "fits",
    "load",
    "outcomes_of",
    "replay",
    "shape_digest",
    "short_title",
    "tried",
    "without_words",
    "word",
]
