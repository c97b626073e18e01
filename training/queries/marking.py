"""What of a lesson changed since somebody read it: its text by what was kept of each edition, its law by the entries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from training import changing, progress
from training.models import Content, CourseVersion, Lesson
from training.queries.block_words import Part, part_of

ABOVE = ("heading", "aim")
_SCREENS = Lesson._meta.get_field("body").stream_block.child_blocks


@dataclass(frozen=True)
class Changes:
    """What of a lesson is new in an edition, or says something else than in an older one.

    `screens` are its screens, `words` what stands above them ("heading", "aim"); `gone`: the screens that were taken out.
    """

    screens: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    gone: tuple[Part, ...] = ()

    @property
    def marked(self) -> int:
        """Return how many parts are marked: the screens, and the heading and the aim where they say something else."""
        return len(self.screens) + len(self.words)


def changes_in(lesson: str, old: str, new: str) -> Changes:
    """Return what of a lesson changed from an edition to a newer one; two queries."""
    bodies = CourseVersion.objects.filter(public_id__in=[old, new]).values_list("public_id", "body")
    editions = {str(key): progress.read(body) for key, body in bodies}
    if len(editions) < 2:
        return Changes()
    entries = {key: _entry(lesson, edition) for key, edition in editions.items()}
    texts = dict(
        Content.objects.filter(pk__in=[entry["content"] for entry in entries.values()]).values_list("pk", "body")
    )
    said, says = (
        progress.read(changing.without_block_keys(texts.get(entries[key]["content"], "{}"))) for key in (old, new)
    )
    before, after = _blocks(said), says.get("body", ())
    known = changing.as_known([*before.values()], after)
    kept = {block["id"] for block in known}
    slots = _slots(editions[old], editions[new])
    return Changes(
        screens=frozenset(
            here["id"]
            for here, block in zip(after, known, strict=True)
            if before.get(block["id"]) != block or (block["type"] == "law" and block["value"]["slot"] in slots)
        ),
        words=tuple(name for name in ABOVE if said.get(name) != says.get(name)),
        gone=tuple(_named(block) for key, block in before.items() if key not in kept),
    )


def _entry(lesson: str, edition: Mapping) -> Mapping:
    found = (one for module in edition["modules"] for one in module["lessons"] if one["id"] == lesson)
    return next(found, {"content": ""})


def _named(block: Mapping) -> Part:
    """Return how a screen is called, by its kind and its words in the source."""
    return part_of(_SCREENS.get(block["type"]), block["value"], {}, block["type"])


def _blocks(said: Mapping) -> dict[str, dict]:
    return {block["id"]: block for block in said.get("body", ())}


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
