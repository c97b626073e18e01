"""Questions in the words that they had in an edition, and what of that was corrected since."""

from collections.abc import Iterable, Mapping
from functools import reduce
from itertools import chain, islice
from operator import or_

from django.db.models import Q

from training import changing, grading, progress
from training.models import Content

Editions = tuple[progress.Version, progress.Version]
_KNOWN: dict[str, dict] = {}  # a version is named by what it says, so what was read once is true in every request
_MOST_KNOWN = 2048
AT_ONCE = 100


def blocks_of_versions(versions: Iterable[str]) -> dict[str, dict]:
    """Return the raw source blocks of questions by the versions that editions and papers name; a query for each hundred
    that are not in memory."""
    wanted = {version for version in versions if version}
    missing = [version for version in sorted(wanted) if version not in _KNOWN]
    if len(_KNOWN) + len(missing) > _MOST_KNOWN:
        _KNOWN.clear()
        missing = sorted(wanted)
    rest = iter(missing)
    while some := list(islice(rest, AT_ONCE)):
        named = reduce(or_, (Q(sha256__gte=version, sha256__lt=f"{version}g") for version in some))
        rows = Content.objects.filter(named).values_list("sha256", "body")
        _KNOWN.update((sha256[:12], progress.read(body)) for sha256, body in rows)
    return {version: _KNOWN[version] for version in wanted if version in _KNOWN}


def corrections(pairs: Mapping[int, Editions]) -> dict[int, dict[str, grading.Item]]:
    """Return the corrected keys of each pair of an older edition and a newer one, of those in which something was."""
    kept = {pk: progress.kept(old, new) for pk, (old, new) in pairs.items()}
    changed = {pk: [both for both in one.both if progress.says_another_thing(*both)] for pk, one in kept.items()}
    wanted = (item for some in changed.values() for both in some for item in both)
    said = blocks_of_versions(item.version for item in chain(wanted, *map(_told_by_words, kept.values())))
    keys = {pk: progress.corrected([*changed[pk], *_anew(kept[pk], said)], said) for pk in pairs}
    return {pk: found for pk, found in keys.items() if found}


def heirs(old: progress.Version, new: progress.Version) -> dict[str, grading.Item]:
    """Return which question of a newer edition each of an older one is: that of its id, else that of its words.

    One query where some are gone and others came, and they are not in memory.
    """
    kept = progress.kept(old, new)
    said = blocks_of_versions(item.version for item in _told_by_words(kept))
    return {was.id: item for was, item in (*kept.both, *_anew(kept, said))}


def _told_by_words(kept: progress.Kept) -> list[grading.Item]:
    return [*kept.gone, *kept.come] if kept.gone and kept.come else []


def _anew(kept: progress.Kept, said: Mapping[str, dict]) -> list[progress.Pair]:
    """Return the questions that are gone beside those that were put in anew in their words."""
    gone, come = ({item.id: item for item in some if item.version in said} for some in (kept.gone, kept.come))
    blocks = ([said[item.version] for item in some.values()] for some in (gone, come))
    return [(gone[old["id"]], come[new["id"]]) for old, new in changing.questions_anew(*blocks)]
