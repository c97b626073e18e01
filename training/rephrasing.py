"""How far an edit of a source text goes: a repair, another way to say it, or another thing said. Pure.

Readers of other languages are told nothing of a repair. So nothing counts as one that could carry a rule: a sentence,
a number, a time, a word of duty, law or denial; nor does a word for which quite another one stands. Who only repaired may
say so; who said nothing is taken at the worse.
"""

import difflib
import html
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import zip_longest

A_WORD_OR_TWO = 2
ALIKE, MISSPELT = 0.6, 0.8  # how much of the letters a repair leaves; of one word
_DUTY = """must not never no none nobody nothing neither nor nowhere may might shall should ought need needs required require
requires only cannot can could unless without except always every all any each both if before after until within least most
than mandatory optional forbidden allowed prohibited obliged immediately more fewer less under over above below
refuse refuses refused accept accepts accepted agree agrees agreed"""
_NUMBERS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion dozen half quarter
double twice thrice once first second third fourth fifth sixth seventh eighth ninth tenth last ii iii iv v vi vii viii ix x
xi xii xiii xiv xv"""
_LAW = """right duty law crime offence misdemeanour felony sentence fine prison lawful legal liable entitled consent police
court judge prosecutor victim witness suspect child adult minor employer worker embassy"""
_MEASURES = """second minute hour day week month year decade today tomorrow yesterday tonight now later daily weekly monthly
yearly annual percent cent dollar euro franc gourde taka metre kilometre"""
CARRIES_A_RULE = frozenset(f"{_DUTY} {_NUMBERS}".split())
WEIGHS = frozenset(
    f"{_LAW} {_MEASURES}".split()
)  # one of them for another, or for none; not the singular for the plural
_LINKS = frozenset({"a", "an", "the", "for", "of", "to", "that", "and", "it", "its", "is", "are", "as"})
_DENYING = ("un", "in", "il", "im", "ir", "dis", "non", "non-")
_OPPOSITE_ENDS = (("ful", "less"),)
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
    is_short = sum(max(map(len, both)) for both in changed) <= A_WORD_OR_TWO
    return Extent.REPAIR if is_short and all(_is_alike(*stretch) for stretch in changed) else Extent.REPHRASED


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


def _is_alike(one: Sentence, other: Sentence) -> bool:
    """Tell whether words are the same ones misspelt, or a word more or less that only links."""
    return _LINKS.issuperset((*one, *other)) or _likeness(" ".join(one), " ".join(other)) >= ALIKE


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


def _carries_a_rule(one: Sentence, other: Sentence) -> bool:
    if any(map(_is_heavy, (*one, *other))) or _is_weightier(one, other) or _is_weightier(other, one):
        return True
    return any(_denies(a, b) or _denies(b, a) for a in one for b in other)


def _is_weightier(one: Sentence, other: Sentence) -> bool:
    """Tell whether some words have one of law, of time or of money that others lack, and do not only spell wrongly."""
    plain = [word for word in other if not _weights((word,))]
    return any(all(_likeness(weight, word) < MISSPELT for word in plain) for weight in _weights(one) - _weights(other))


def _weights(words: Sentence) -> set[str]:
    """Return what of some words is a word of law, of time or of money, the plural as the singular."""
    return {found for word in words for found in (word, word.removesuffix("s")) if found in WEIGHS}


def _is_heavy(word: str) -> bool:
    return word in CARRIES_A_RULE or word.endswith("n't") or any(sign.isdigit() for sign in word)


def _denies(word: str, denied: str) -> bool:
    is_turned = any(word == f"{denied.removesuffix(b)}{a}" != denied for a, b in _OPPOSITE_ENDS if denied.endswith(b))
    return is_turned or any(denied == start + word for start in _DENYING)
