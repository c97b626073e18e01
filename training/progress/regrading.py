"""A right answer that was corrected: which answers it marks otherwise, and what that makes of a test. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from training import grading
from training.progress.values import Paper, Version, canonical, digest


@dataclass(frozen=True)
class Remark:
    """One answer that a corrected key marks otherwise: points by the key of its paper, and by the corrected one."""

    item: str
    key: str
    before: int
    after: int


def key_of(item: grading.Item) -> str:
    """Return the name of a key: the same as long as the same answers are right, in whatever order they are listed."""
    ordered = item.kind == "order"
    right = list(item.right) if ordered else sorted(item.right)
    groups = sorted([left, group] for left, group in item.groups)
    return digest(canonical([item.kind, right, groups, grading.as_key(item).answer, item.tolerance]))[:12]


def corrected(old: Version, new: Version) -> dict[str, grading.Item]:
    """Return the questions of tests whose right answer is another one in a newer edition, as that has them."""
    found = {}
    for test in old.activities:
        there = new.activity(test.id) if test.kind == "test" else None
        before = {item.id: item for item in test.items}
        for item in there.items if there else ():
            old = before.get(item.id, item)
            if old != item and key_of(old) != key_of(item):
                found[item.id] = item
    return found


def remarks(paper: Paper, answers: Mapping[str, object], keys: Mapping[str, grading.Item]) -> list[Remark]:
    """Return the answers of a paper that corrected keys mark otherwise; one that does not fit the new key stays."""
    found = []
    for item in paper.items:
        new, response = keys.get(item.id), answers.get(item.id)
        if new is None or key_of(new) == key_of(item) or not grading.fits(new, response):
            continue
        before, after = grading.grade(item, response).points, grading.grade(new, response).points
        if before != after:
            found.append(Remark(item.id, key_of(new), before, after))
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
