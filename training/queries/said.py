"""What a lesson, story or country entry says and of whom it is asked, as editions compare it.

It says the words in the source and the blocks, without their keys.
"""

from collections.abc import Mapping

from training import changing, progress
from training.choices import Track
from training.models import Lesson, Overlay, Scenario


def said_by(thing: Lesson | Scenario | Overlay) -> dict:
    """Return what of a lesson, story or country entry is read or played."""
    if isinstance(thing, Overlay):
        return {"text": thing.text_en, "source": thing.source_en, "article": thing.article}
    if isinstance(thing, Scenario):
        told = {name: getattr(thing, f"{name}_en") for name in ("heading", "intro", "note")}
        return told | {"start": thing.start, "nodes": thing.nodes_en.get_prep_value()}
    return {"heading": thing.heading_en, "aim": thing.aim_en, "body": thing.body_en.get_prep_value()}


def kept_text(said) -> tuple[str, str]:
    """Return the hash under which something that is said is kept, and its text."""
    body = changing.without_block_keys(progress.canonical(said))
    return progress.digest(body), body


def newly_asked(before: Mapping, after: Mapping) -> tuple[str, ...]:
    """Return the groups of readers of whom something is asked and was not, as editions have it; "": who chose none.

    What rested before editions said of whom it had been asked counts as asked of the same.
    """
    groups = ("", *Track.values) if "required" in before else ()
    return tuple(one for one in groups if is_asked(after, one) and not is_asked(before, one))


def is_asked(entry: Mapping, group: str) -> bool:
    """Tell whether something is asked of a group of readers, as editions have it."""
    tracks = entry.get("tracks", ())
    return entry["required"] and (not group or not tracks or group in tracks)
