"""Progress: facts in, a state that only moves up out. Pure."""

from training.progress.certified import lessons_done_at
from training.progress.folding import END, FOLD, FOUR_HOURS, State, empty, fold, join, of_event, summary
from training.progress.values import (
    Activity,
    Fact,
    Paper,
    Summary,
    Version,
    canonical,
    digest,
    entry_of,
    graph_id,
    item_of,
    paper_of,
    read,
    version_of,
)

__all__ = [
    "Activity",
    "END",
    "FOLD",
    "FOUR_HOURS",
    "Fact",
    "Paper",
    "State",
    "Summary",
    "Version",
    "canonical",
    "digest",
    "empty",
    "entry_of",
    "fold",
    "graph_id",
    "item_of",
    "join",
    "lessons_done_at",
    "of_event",
    "paper_of",
    "read",
    "summary",
    "version_of",
]
