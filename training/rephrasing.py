"""How far an edit of a source text goes: a repair, another way to say it, or another thing said. Pure.

Readers of other languages are told nothing of a repair. So nothing counts as one that could carry a rule: a sentence,
a number, a word of duty or denial. Who only repaired may say so; who said nothing is taken at the worse.
"""

import difflib
import html
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import zip_longest

A_WORD_OR_TWO = 2
_DUTY = """must not never no none nobody nothing neither nor nowhere may might shall should ought need needs required require
requires only cannot can could unless without except always every all any each both if before after until within least most
than mandatory optional forbidden allowed prohibited obliged immediately"""
_NUMBERS = """zero one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty
ninety hundred thousand million half twice once"""
CARRIES_A_RULE = frozenset(_DUTY.split()) | frozenset(_NUMBERS.split())
_DENYING = ("un", "in", "il", "im", "ir", "dis", "non", "non-")
_ENDS = re.compile(r"</(?:p|li|h[1-6]|blockquote|td|th|tr)>|<br[^<>]*>|<hr[^<>]*>|\n+")
_TAG = re.compile(r"<[^<>]+>")
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[^\s\w]*[A-Z])")
_WORD = re.compile(r"\w+(?:['.,:/-]\w+)*")

Sentence = tuple[str, ...]


class Extent(Enum):
    """How far an edit goes."""

    NONE = "none"
    REPAIR = "repair"
    REPHRASED = "rephrased"
    ADDED = "added"
    RULE = "rule"


def extent(before: Iterable[str], after: Iterable[str]) -> Extent:
    """Return how far the texts of a thing, rich or plain, moved; capitals, spaces and punctuation count for nothing."""
    old, new = sentences(before), sentences(after)
    if sum(old, ()) == sum(new, ()):
        return Extent.NONE
    if Counter(old) == Counter(new):
        return Extent.REPHRASED  # the same sentences in another order
    pairs = list(_pairs(old, new))
    if any(not one for one, _other in pairs):
        return Extent.ADDED
    changed = [stretch for one, other in pairs for stretch in _stretches(one, other)]
    if any(not other for _one, other in pairs) or any(_carries_a_rule(*stretch) for stretch in changed):
        return Extent.RULE
    return Extent.REPAIR if sum(max(map(len, both)) for both in changed) <= A_WORD_OR_TWO else Extent.REPHRASED


def sentences(texts: Iterable[str]) -> list[Sentence]:
    """Return the words of each sentence, list item and heading, as they compare."""
    lines = (html.unescape(_TAG.sub("", line)).replace("’", "'") for text in texts for line in _ENDS.split(text))
    found = (tuple(_WORD.findall(part.casefold())) for line in lines for part in _SENTENCE.split(line))
    return [words for words in found if words]


def _pairs(old: Sequence[Sentence], new: Sequence[Sentence]):
    """Yield each sentence that changed beside what it was; () stands where there was or is none."""
    for kind, from_old, to_old, from_new, to_new in _opcodes(old, new):
        if kind != "equal":
            yield from zip_longest(old[from_old:to_old], new[from_new:to_new], fillvalue=())


def _stretches(one: Sentence, other: Sentence):
    """Yield the words of two sentences that differ, side by side."""
    for kind, from_one, to_one, from_other, to_other in _opcodes(one, other):
        if kind != "equal":
            yield one[from_one:to_one], other[from_other:to_other]


def _opcodes(one: Sequence, other: Sequence):
    return difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes()


def _carries_a_rule(one: Sentence, other: Sentence) -> bool:
    return any(map(_is_heavy, (*one, *other))) or any(_denies(a, b) or _denies(b, a) for a in one for b in other)


def _is_heavy(word: str) -> bool:
    return word in CARRIES_A_RULE or word.endswith("n't") or any(sign.isdigit() for sign in word)


def _denies(word: str, denied: str) -> bool:
    return any(denied == start + word for start in _DENYING)
