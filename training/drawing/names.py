"""Whether a name can be printed, asked before a sheet bears it."""

from functools import lru_cache

from languages import table
from training.drawing.faces import Faces, faces_here, letters_in
from training.drawing.sheet import LetterMissing, draw

# Below this sign every letter is in the Latin face, which is inside the library: most names need no drawing.
BEYOND_LATIN = "\u0180"
NAMES_KEPT = 2000


def unprintable(name: str) -> str:
    """Return the letters of a name that no typeface of this machine has, each once; nothing where all can be printed."""
    return "" if max(name, default="") < BEYOND_LATIN else _unprintable(faces_here(), name)


@lru_cache(maxsize=NAMES_KEPT)  # pages ask for the same name again; other typefaces are another question
def _unprintable(here: Faces, name: str) -> str:
    if letters := letters_in(name, here.scripts_missing()):
        return letters
    try:
        draw("name", {"title": "Name", "date": "2026-01-01", "name": name}, table.SOURCE)
    except LetterMissing as refusal:
        return refusal.letters
    return ""
