"""Which English words a misspelt one can stand for. Pure.

A word that the dictionary knows is that word and no other, and so is one that is made of a word it knows by the usual
beginnings and endings, as they are joined: no dictionary holds every *overstayer*. So are the few of the field that it
lacks (`_OURS`). Of the rest, each word within a single slip can be meant that is in use and not far rarer than another: a
letter too many, too few or another one; where two neighbours changed places, that alone, as all its letters stand. The
dictionary is American; a British word that it does not know is one of two that are spelt differently and mean the same, or
is no slip of any.
"""

import re
from collections.abc import Iterator
from functools import cache

from spellchecker import SpellChecker

SHORTEST = 5  # letters that a slip has at least: "yrs" is one of no word
LONGEST = 40  # letters that a word may have
RARER = 100  # times as often another word is used beside which one is not meant
_IN_USE = 100  # times that a word is used at least which is meant: *kamala* is in the dictionary, and nobody's slip
_AFFIXES = 3  # that a word may have beside its stem
_STEM = 3  # letters of it at least
_USED = 500  # times that it is used at least: "lour" is a word, and "colour" none that is made of it
_OURS = """admin app asylee dox femicide hawala intro kafala mentee sext sextort sextortion vlog webcam"""
_BEFORE = """anti auto bi co counter cross de dis down em en ex extra fore hyper il im in inter intra ir mal mega micro mid
mini mis mono multi non off on out over para post pre pro re self semi sub super tele trans tri ultra un under up
vice"""
_AFTER = """able ably ability ed ee ees er ers es est ful fully hood ible ibly ing ingly ings ish ism ist ists less lessly like ly
man men ment ments ness or ors s ship ward wards wise women woman"""
_CHANGED = re.compile(r"[^eo]e$|c$|[^aeou]y$")  # what no ending is joined to as it is: write, traffic, carry
_SHORT = re.compile(r"[^aeiou]*[aeiouy][^aeiouwxy]$|[^aeiou]*qu[aeiou][^aeiouwxy]$")  # doubles its end: stop, stopped


def meant(word: str) -> set[str]:
    """Return the words that may be meant by a word in small letters: itself where it is one; none of what is far from all.

    What holds an apostrophe, a hyphen or a digit stands for itself: "we're" is no slip of "were".
    """
    if not word.isalpha() or len(word) > LONGEST or _is_word(word):
        return {word}
    swapped = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
    likely = _likely(swapped) or _likely(_english().edit_distance_1(word))
    return likely if any(_english()[one] >= _IN_USE for one in likely) else set()


def _likely(words: set[str]) -> set[str]:
    """Return which of some words the dictionary knows, without those that are far rarer than another of them."""
    known = {word: _english()[word] for word in _english().known(words)}
    often = max(known.values(), default=0)
    return {word for word, count in known.items() if count * RARER >= often}


def _is_word(word: str, affixes: int = _AFFIXES) -> bool:
    """Tell whether the dictionary knows a word, or that of which it is made."""
    if word in _OURS.split() or _english()[word] >= (1 if affixes == _AFFIXES else _USED):
        return True
    return affixes > 0 and any(len(stem) >= _STEM and _is_word(stem, affixes - 1) for stem in _stems(word))


def _stems(word: str) -> Iterator[str]:
    """Yield what is left of a word without a beginning or an ending, as it is spelt alone."""
    yield from (word.removeprefix(part) for part in _BEFORE.split() if word.startswith(part))
    for part in _AFTER.split():
        if word.endswith(part):
            yield from _unjoined(word.removesuffix(part), part)


def _unjoined(stem: str, ending: str) -> Iterator[str]:
    """Yield how a stem is spelt without its ending: carri-ed, writ-ing, stopp-ed, traffick-ing."""
    if ending[0] not in "aeiouy":
        yield from (stem, f"{stem[:-1]}y") if stem.endswith("i") else (stem,)
        return
    if stem.endswith("i"):
        yield f"{stem[:-1]}y"
    yield f"{stem}e"
    if stem[-2:-1] == stem[-1:] or stem.endswith("ck"):
        yield stem[:-1]
    if not _SHORT.match(stem) and not _CHANGED.search(stem):
        yield stem


@cache
def _english() -> SpellChecker:
    return SpellChecker(language="en", distance=1)
