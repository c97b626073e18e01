"""A right answer that was corrected: which answers it marks otherwise, and what that makes of a test. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from training import grading, rewording
from training.progress.values import Paper, Version, canonical, digest

Pair = tuple[grading.Item, grading.Item]


@dataclass(frozen=True)
class Remark:
    """One answer that a corrected key marks otherwise: points by the key of its paper, and by the corrected one.

    `version` names the words in which its question was asked.
    """

    item: str
    key: str
    before: int
    after: int
    version: str = ""


def key_of(item: grading.Item) -> str:
    """Return the name of a key: the same as long as the same answers are right, in whatever order they are listed."""
    return digest(canonical(grading.right_in(item)))[:12]


@dataclass(frozen=True)
class Kept:
    """The questions of tests in an older edition beside those of a newer one: which are in both, are gone, or came."""

    both: tuple[Pair, ...]
    gone: tuple[grading.Item, ...]
    come: tuple[grading.Item, ...]


def kept(old: Version, new: Version) -> Kept:
    """Return which questions of tests two editions share, by their ids."""
    had, gets = _tested(old), _tested(new)
    both = tuple((item, gets[key]) for key, item in had.items() if key in gets)
    gone = tuple(item for key, item in had.items() if key not in gets)
    return Kept(both, gone, tuple(item for key, item in gets.items() if key not in had))


def _tested(version: Version) -> dict[str, grading.Item]:
    return {item.id: item for test in version.activities if test.kind == "test" for item in test.items}


def says_another_thing(old: grading.Item, new: grading.Item) -> bool:
    """Tell whether a question has other words or another key than it had."""
    return old != new or old.version != new.version


def corrected(pairs: Iterable[Pair], said: Mapping[str, dict]) -> dict[str, grading.Item]:
    """Return the keys of the questions among some whose right answer is another one now, in the ids of the older edition.

    `said` are the raw blocks of each version of the words.
    """
    found = ((old, as_answered(old, new, said)) for old, new in pairs)
    return {old.id: key for old, key in found if key is not None}


def as_answered(old: grading.Item, new: grading.Item, said: Mapping[str, dict]) -> grading.Item | None:
    """Return a corrected key in the ids of the question as it was answered; None where the same answer is right.

    Whether it is the same is told by ids and by words, so that words which were exchanged, and neither ids nor marks, are
    a correction, and other words for the same answer are none. Of a corrected question an answer is the same one where
    its words are, else by its id where they were merely repaired; an answer of which neither is so is a new one, and one
    that is there no more fits no key.
    """
    before, after = said.get(old.version), said.get(new.version)
    if before is None or after is None:
        return new if key_of(old) != key_of(new) else None
    return rewording.by_words(before, after, rewording.is_repaired) if rewording.is_other(before, after) else None


def remarks(paper: Paper, answers: Mapping[str, object], keys: Mapping[str, grading.Item]) -> list[Remark]:
    """Return the answers of a paper that corrected keys mark otherwise; one that does not fit the new key stays."""
    found = []
    for item in paper.items:
        new, response = keys.get(item.id), answers.get(item.id)
        if new is None or key_of(new) == key_of(item) or not grading.fits(new, response):
            continue
        before, after = grading.grade(item, response).points, grading.grade(new, response).points
        if before != after:
            found.append(Remark(item.id, key_of(new), before, after, item.version))
    return found


def remarked(points: Mapping[str, int], found: Iterable[Remark]) -> dict[str, int]:
    """Return the points of a test with answers marked anew: they rise, they never fall."""
    new = dict(points)
    for one in found:
        new[one.item] = max(new.get(one.item, 0), one.after)
    return new


def passes_anew(points: Mapping[str, int], found: Iterable[Remark], rule: grading.PassRule) -> bool:
    """Tell whether a test of these points is a pass once answers are marked anew, as the fold will have it."""
    return grading.passes(remarked(points, found), rule)
