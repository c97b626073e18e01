"""What gathers while one question of a file is read: its words, and what is told of them."""

from collections.abc import Iterable

from training.question_files.tongues import apart
from training.question_files.values import Finding, Said
from training.question_files.wording import taken_out, worded

LONGEST_DETAIL = 200


class Telling:
    """Reads the words of one question; notes what is left out of them."""

    def __init__(self):
        self.notes: list[Finding] = []
        self.lost: set[str] = set()

    def in_words(self, text: str, form: str) -> Said:
        """Return a text by language, as plain words."""
        said, unknown = apart(text)
        self.notes += [Finding("unknown_language", code) for code in unknown]
        self.lost.update(*(taken_out(words, form) for words in said.values()))
        return {code: worded(words, form) for code, words in said.items()}

    def told(self, more: Iterable[Finding]) -> tuple[Finding, ...]:
        """Return what is told of the question, each thing once; the markup that is left out comes last."""
        names = ", ".join(sorted(self.lost))[:LONGEST_DETAIL]
        return tuple(dict.fromkeys([*self.notes, *more, *([Finding("markup_left_out", names)] if names else [])]))
