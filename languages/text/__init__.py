"""Text as the house keeps it: cleaned, tagged, folded, measured. Pure: no database, no web."""

from languages.text.captions import CaptionsRefused, Cue, cues_of, same_times
from languages.text.checks import LONGEST, Fault, faults_of, placeholders
from languages.text.cleaning import (
    OddText,
    TooManyMarks,
    check_input,
    check_shown,
    clean,
    code_of,
    isolate,
    latin_digits,
    pictures_in,
    removed_from,
    safe_cell,
    signs_apart,
    whole,
)
from languages.text.folding import fold
from languages.text.joining import ENDS, beside, colon, ended, listed
from languages.text.sms import SmsParts, sms_parts
from languages.text.tags import (
    NUMBERED_TAG,
    BrokenTags,
    clean_html,
    from_tags,
    paragraphs,
    plain,
    retag,
    same_tags,
    to_tags,
)
from languages.text.telephones import dialled_in, e164

__all__ = [
    "ENDS",
    "LONGEST",
    "NUMBERED_TAG",
    "BrokenTags",
    "CaptionsRefused",
    "Cue",
    "Fault",
    "OddText",
    "TooManyMarks",
    "SmsParts",
    "beside",
    "check_input",
    "check_shown",
    "clean",
    "clean_html",
    "code_of",
    "colon",
    "cues_of",
    "dialled_in",
    "e164",
    "faults_of",
    "fold",
    "from_tags",
    "isolate",
    "ended",
    "listed",
    "latin_digits",
    "placeholders",
    "paragraphs",
    "pictures_in",
    "plain",
    "removed_from",
    "retag",
    "safe_cell",
    "same_tags",
    "same_times",
    "signs_apart",
    "sms_parts",
    "to_tags",
    "whole",
]
