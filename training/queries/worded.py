"""Questions in the words that they had in an edition, and what of that was corrected since."""

from collections.abc import Iterable, Mapping
from functools import reduce
from itertools import islice
from operator import or_

from django.db.models import Q

from training import grading, progress
from training.models import Content

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


def corrections(pairs: Mapping[int, tuple[progress.Version, progress.Version]]) -> dict[int, dict[str, grading.Item]]:
    """Return the corrected keys of each pair of an older edition and a newer one, of those in which something was."""
    changed = {pk: progress.changed(old, new) for pk, (old, new) in pairs.items()}
    said = blocks_of_versions(item.version for found in changed.values() for pair in found for item in pair)
    keys = {pk: progress.corrected(found, said) for pk, found in changed.items()}
    return {pk: found for pk, found in keys.items() if found}
