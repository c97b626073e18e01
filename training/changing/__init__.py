"""What an edit of a lesson, a question, a story or a course changes, and which kind of change that is. Pure."""

from training.changing.known import as_known, questions_anew
from training.changing.proposals import MATERIAL, MINOR, RANK, WORDING, Proposal, proposal
from training.changing.words import without_block_keys

__all__ = [
    "MATERIAL",
    "MINOR",
    "RANK",
    "WORDING",
    "Proposal",
    "as_known",
    "proposal",
    "questions_anew",
    "without_block_keys",
]
