"""What gathers while one question of a file is read: its words, and what is told of them."""

from collections.abc import Iterable

from training.question_files.tongues import apart, refuse_tags, untagged
from training.question_files.values import Finding, Said
from training.question_files.wording import lines, seen, taken_out, unseen_in, without_markup

LONGEST_DETAIL = 200
LONGEST_NAME = 80


def name_of(text: str) -> str:
    """Return the name of a question as it is shown: the source's, in one line, without signs that nobody sees."""
    return " ".join(seen(untagged(text)).split())[:LONGEST_NAME]


class Telling:
    """Reads the words of one question; notes what is left out of them."""

    def __init__(self):
        self.notes: list[Finding] = []
        self.lost: set[str] = set()
        self.unseen: set[str] = set()

    def in_words(self, text: str, form: str) -> Said:
        """Return a text by language, as plain words."""
        said, unknown = apart(text)
        self.notes += [Finding("unknown_language", code) for code in unknown]
        self.lost.update(*(taken_out(words, form) for words in said.values()))
        return {code: self._plain(words, form) for code, words in said.items()}

    def _plain(self, words: str, form: str) -> str:
        plain = without_markup(words, form)
        self.unseen |= unseen_in(plain)
        cleaned = lines(plain)
        refuse_tags(cleaned)
        return cleaned

    def told(self, more: Iterable[Finding]) -> tuple[Finding, ...]:
        """Return what is told of the question, each thing once; markup and signs that are left out come last."""
        left_out = {"markup_left_out": self.lost, "signs_left_out": self.unseen}
        last = [Finding(code, ", ".join(sorted(names))[:LONGEST_DETAIL]) for code, names in left_out.items() if names]
        return tuple(dict.fromkeys([*self.notes, *more, *last]))
