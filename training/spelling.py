"""Which English words a misspelt one can stand for. Pure.

A word that the dictionary knows is that word and no other. Of what it does not know, each word within a single slip can be
meant that is not far rarer than another: a letter too many, too few or another one; where two neighbours changed places,
that alone, as all its letters stand. The dictionary is American; a British word that it does not know is one of two that
are spelt differently and mean the same, or is no slip of any.
"""

from functools import cache

from spellchecker import SpellChecker

LONGEST = 40  # letters that a word may have
RARER = 100  # times as often another word is used beside which one is not meant


def meant(word: str) -> set[str]:
    """Return the words that may be meant by a word in small letters: itself where it is one; none of what is far from all.

    What holds an apostrophe, a hyphen or a digit stands for itself: "we're" is no slip of "were".
    """
    if not word.isalpha() or len(word) > LONGEST or word in _english():
        return {word}
    swapped = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
    return _likely(swapped) or _likely(_english().edit_distance_1(word))


def _likely(words: set[str]) -> set[str]:
    """Return which of some words the dictionary knows, without those that are far rarer than another of them."""
    known = {word: _english()[word] for word in _english().known(words)}
    often = max(known.values(), default=0)
    return {word for word, count in known.items() if count * RARER >= often}


@cache
def _english() -> SpellChecker:
    return SpellChecker(language="en", distance=1)
