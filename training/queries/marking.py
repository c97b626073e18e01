"""Which screens of a lesson changed since somebody read it: its text by what was kept of each edition, its law by the entries."""

from collections.abc import Iterable, Mapping

from training import progress
from training.changing import without_block_keys
from training.models import Content, CourseVersion


def changed_screens(lesson: str, old: str, new: str) -> frozenset[str]:
    """Return the screens of a lesson that are new in an edition, or say something else than in an older one; two queries."""
    bodies = CourseVersion.objects.filter(public_id__in=[old, new]).values_list("public_id", "body")
    editions = {str(key): progress.read(body) for key, body in bodies}
    if len(editions) < 2:
        return frozenset()
    entries = {key: _entry(lesson, edition) for key, edition in editions.items()}
    kept = dict(
        Content.objects.filter(pk__in=[entry["content"] for entry in entries.values()]).values_list("pk", "body")
    )
    before, after = (_blocks(kept.get(entries[key]["content"], "{}")) for key in (old, new))
    slots = _slots(editions[old], editions[new])
    return frozenset(
        key
        for key, block in after.items()
        if before.get(key) != block or (block["type"] == "law" and block["value"]["slot"] in slots)
    )


def _entry(lesson: str, edition: Mapping) -> Mapping:
    found = (one for module in edition["modules"] for one in module["lessons"] if one["id"] == lesson)
    return next(found, {"content": ""})


def _blocks(body: str) -> dict[str, dict]:
    return {block["id"]: block for block in progress.read(without_block_keys(body)).get("body", ())}


def _slots(old: Mapping, new: Mapping) -> set[str]:
    """Return the entries of a country that say something else."""

    before, after = _contents(old["overlays"]), _contents(new["overlays"])
    return {slot for slot in before.keys() | after.keys() if not before.get(slot, set()) & after.get(slot, set())}


def _contents(entries: Iterable[Mapping]) -> dict[str, set[str]]:
    """Return what stands in each slot; earlier editions held the entry of the curriculum and the one for all."""
    found: dict[str, set[str]] = {}
    for entry in entries:
        found.setdefault(entry["slot"], set()).add(entry["content"])
    return found
