"""What a lesson or story says, as editions compare it: the words in the source and the blocks, without their keys."""

from training import changing, progress
from training.models import Lesson, Scenario


def said_by(thing: Lesson | Scenario) -> dict:
    """Return what of a lesson or story is read or played."""
    if isinstance(thing, Scenario):
        told = {name: getattr(thing, f"{name}_en") for name in ("heading", "intro", "note")}
        return told | {"start": thing.start, "nodes": thing.nodes_en.get_prep_value()}
    return {"heading": thing.heading_en, "aim": thing.aim_en, "body": thing.body_en.get_prep_value()}


def kept_text(said) -> tuple[str, str]:
    """Return the hash under which something that is said is kept, and its text."""
    body = changing.without_block_keys(progress.canonical(said))
    return progress.digest(body), body
