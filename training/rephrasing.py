"""How far an edit of a source text, which is English, goes: a repair, another way to say it, or another thing said. Pure.

Readers of other languages are told nothing of a repair. So nothing counts as one that could carry a rule: a sentence,
a number, a time, a word of duty, law or denial, alone or in a compound (two-year), a sign that is no mere punctuation (%,
$, <, a dash before a number or a time). Nor does any word for another one, however alike they look: employee and employer
differ by a letter. What is left is a slip of spelling, told by what stood there being no word (`training/spelling.py`),
and a word of no sense of its own (`_EMPTY`).
Who only repaired may say so; who said nothing is taken at the worse.
"""

import difflib
import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import starmap, zip_longest

from training import spelling

HYPHENS = "-‐‑–"
PAUSES = ".,;:!?…¿¡·•。؟،؛।۔\"'“”„‟‘’‚‹›«»()[]{}—"
QUIET = f"{PAUSES}{HYPHENS}\u00ad\u200b\u2060\ufeff"  # carries no rule
_DUTY = """must not never no none nobody nothing neither nor nowhere may might shall should ought need needs required require
requires only cannot can could unless without except always every all any each both if before after until till since within
least most than mandatory optional forbidden allowed prohibited obliged immediately more fewer less under over above below
exceed exceeds beyond or and/or either refuse refuses refused accept accepts accepted agree agrees agreed some few many much
several whole entire often sometimes usually rarely seldom older younger elder greater smaller larger higher lower longer
shorter earlier sooner almost nearly exactly approximately maximum minimum max minus plus per"""
_NUMBERS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion dozen pair couple
half halves quarter single double triple treble twofold threefold twice thrice once first second third fourth fifth sixth seventh
eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth hundredth thousandth last"""
_LAW = """right duty law crime offence misdemeanour felony sentence fine prison lawful legal liable entitled consent police
court judge prosecutor victim witness suspect child adult minor employer worker embassy"""
_TIMES = """second minute hour day night week fortnight weekend weekday month year decade century hr min sec yr today tomorrow
yesterday tonight now later next ago hourly daily nightly weekly fortnightly monthly yearly annual annually o'clock am pm a.m
p.m dawn morning noon midday afternoon dusk evening midnight spring summer autumn fall winter monday tuesday wednesday thursday
friday saturday sunday mon tue tues wed thu thur fri sat sun january february march april may june july august september
october november december jan feb mar apr jun jul aug sep sept oct nov dec"""
_MEASURES = """percent percentage cent penny pence dollar euro pound franc gourde taka peso rupee rupiah ringgit baht dong kyat
yen yuan rouble ruble lira dinar dirham riyal rial shilling birr naira cedi dalasi leone kwacha metical rand pula krone krona
zloty leu lei lev hryvnia forint lari dram tenge afghani guarani quetzal lempira balboa bolivar reais usd eur gbp chf cfa
millimetre centimetre metre kilometre meter kilometer mile foot feet inch yard gram kilogram kilo tonne litre degree"""
CARRIES_A_RULE = frozenset(f"{_DUTY} {_NUMBERS}".split())
WEIGHS = frozenset(
    f"{_LAW} {_TIMES} {_MEASURES}".split()
)  # one of them for another, or for none; not the singular for the plural
_PLURALS = (("", ""), ("s", ""), ("es", ""), ("ies", "y"), ("children", "child"))
_ROMAN = re.compile(r"(?=..|[vx])m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_LETTER = re.compile(r"[^\W\dai_]")  # of a list: (b), Annex C; a and I are words
_EMPTY = frozenset({"a", "an", "the", "that", "is", "are"})
_DENYING = ("un", "in", "il", "im", "ir", "dis", "non", "non-")
_OPPOSITE_ENDS = (("ful", "less"),)
_ENDS = re.compile(r"</(?:p|li|h[1-6]|blockquote|td|th|tr)>|<br[^<>]*>|<hr[^<>]*>|\n+")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[^\s\w]*[A-Z])")
_DASH = re.compile(rf"(?<=\w)[{HYPHENS}](?=\w)")
_NAMED = "|".join(map(re.escape, f"{_NUMBERS} {_TIMES}".split()))
_FIGURE = (
    rf"(?:[^\W\d]{{1,3}}\s?)?[^\w\s]?\d|(?:(?:{_NAMED})s?|[ivxlc]{{2,}}|{_LETTER.pattern})\b"  # 5, CHF 5, five, May, X
)
_MINUS = re.compile(rf"(?<![^\W\d])[{HYPHENS}—−]\s*(?={_FIGURE})", re.IGNORECASE)
_PART = re.compile(r"['.,:/-]")
_WORD = re.compile(rf"(?:(?<!\w)[.,](?=\d))?\w+(?:['.,:/-]\w+)*|[^\w\s{re.escape(QUIET)}]")

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
    return Extent.REPAIR if all(_is_repaired(*stretch) for stretch in changed) else Extent.REPHRASED


def sentences(texts: Iterable[str]) -> list[Sentence]:
    """Return the words of each sentence, list item and heading, as they compare, and the signs that carry a rule."""
    lines = (html.unescape(_TAG.sub("", line)) for text in texts for line in _ENDS.split(text))
    found = (tuple(words_of(part.casefold())) for line in lines for part in _SENTENCE.split(line))
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


def signed(text: str) -> str:
    """Return a text with a minus for any dash before a number, a time or a letter of a list: a range or a sign, no pause."""
    return _MINUS.sub(" − ", text)


def words_of(text: str) -> list[str]:
    """Return the words of a text without tags, and the signs in it that are no mere punctuation."""
    plain = unicodedata.normalize("NFC", signed(text)).replace("’", "'")
    return _WORD.findall(_DASH.sub("-", plain))


def is_slip(word: str, mended: str) -> bool:
    """Tell whether what was written is no word, and another one, that begins alike, the only one that can have been meant."""
    is_like_one = len(word) >= spelling.SHORTEST and word[0] == mended[0] and word != mended
    return is_like_one and spelling.meant(word) == {mended}


def _is_repaired(one: Sentence, other: Sentence) -> bool:
    """Tell whether words are the same ones misspelt, or words without a sense of their own."""
    if _EMPTY.issuperset((*one, *other)):
        return True
    return len(one) == len(other) and all(starmap(is_slip, zip(one, other, strict=True)))


def _carries_a_rule(one: Sentence, other: Sentence) -> bool:
    if any(map(_is_heavy, (*one, *other))) or _is_weightier(one, other) or _is_weightier(other, one):
        return True
    return any(_denies(a, b) or _denies(b, a) for a in one for b in other)


def _is_weightier(one: Sentence, other: Sentence) -> bool:
    """Tell whether some words have one of law, of time or of money that others lack, and do not only spell wrongly."""
    lacking = _weights(one) - _weights(other)
    return bool(lacking and lacking - _weights([meant for word in other for meant in spelling.meant(word)]))


def _weights(words: Iterable[str]) -> set[str]:
    """Return what of some words is a word of law, of time or of money, the plural as the singular, a genitive beside it."""
    found = ((word, one) for word in words for part in _parts(word) for one in _singulars(part) if one in WEIGHS)
    return {weight for word, one in found for weight in ((one, word) if "'" in word else (one,))}


def _is_heavy(word: str) -> bool:
    if not word[0].isalnum() or word.endswith("n't") or _LETTER.fullmatch(word):
        return True
    return any(map(str.isnumeric, word)) or any(map(_carries, _parts(word)))


def _carries(part: str) -> bool:
    return bool(_ROMAN.fullmatch(part)) or any(one in CARRIES_A_RULE for one in _singulars(part))


def _parts(word: str) -> list[str]:
    """Return a word, and what it is made of: twenty-four is a number."""
    return [word, *(part for part in _PART.split(word)[_PART.search(word) is None :] if part)]


def _singulars(word: str) -> list[str]:
    return [word.removesuffix(plural) + single for plural, single in _PLURALS if word.endswith(plural)]


def _denies(word: str, denied: str) -> bool:
    is_turned = any(word == f"{denied.removesuffix(b)}{a}" != denied for a, b in _OPPOSITE_ENDS if denied.endswith(b))
    return is_turned or any(denied == start + word for start in _DENYING)
