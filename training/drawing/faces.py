"""Which typefaces a sheet is drawn with: Latin from the drawing library itself, three scripts from Noto Sans."""

import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import typst

# Inside the library, so they are on every machine.
LATIN = "Libertinus Serif"
# Debian's fonts-noto-core; `./fanal setup` puts these three beside the packages where they are not on the machine.
NOTO = {"Arab": "Noto Sans Arabic", "Beng": "Noto Sans Bengali", "Thai": "Noto Sans Thai"}
WEIGHTS = {400, 700}
OWN_FOLDER = Path(sys.prefix, "share", "fonts", "noto")
FOLDERS = (
    OWN_FOLDER,
    Path("/usr/share/fonts/truetype/noto"),  # Debian, Ubuntu
    Path("/usr/share/fonts/noto"),  # Alpine, Arch
    Path("/usr/share/fonts/google-noto"),  # Fedora
    Path.home() / "Library/Fonts",
)
# The blocks of Unicode in which the letters of each script stand.
BLOCKS = {
    "Arab": ((0x0600, 0x06FF), (0x0750, 0x077F), (0x08A0, 0x08FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC)),
    "Beng": ((0x0980, 0x09FF),),
    "Thai": ((0x0E00, 0x0E7F),),
}


class NotDrawn(RuntimeError):
    """Raised when a sheet cannot be drawn as it should be; nothing is drawn then."""


class FontsMissing(NotDrawn):
    """Raised when a script's typeface is not on this machine; `families` names what is missing."""

    def __init__(self, families: Iterable[str]):
        self.families = tuple(families)
        super().__init__(f"Not on this machine: {', '.join(self.families)}. Install fonts-noto-core.")


class Faces:
    """The typefaces of some folders and of the library, read once; the machine's other ones are not looked at."""

    def __init__(self, folders: Iterable[Path]):
        there = [str(folder) for folder in folders if folder.is_dir()]
        self.fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=there)
        weights: dict[str, set[int]] = {}
        for font in self.fonts.fonts():
            weights.setdefault(font.family, set()).add(font.weight)
        self._whole = {family for family, found in weights.items() if found >= WEIGHTS}

    def missing(self, scripts: Iterable[str] = NOTO) -> list[str]:
        """Return the families of some scripts that are not here, or not in both weights."""
        return [NOTO[script] for script in scripts if script in NOTO and NOTO[script] not in self._whole]

    def scripts_missing(self) -> list[str]:
        """Return the scripts whose families are not here, or not in both weights."""
        return [script for script in NOTO if self.missing([script])]


@lru_cache(maxsize=1)
def faces_here() -> Faces:
    """Return the typefaces of this machine; a family that is put in later is seen after a restart."""
    return Faces(FOLDERS)


def missing() -> list[str]:
    """Return the families that this machine lacks."""
    return faces_here().missing()


def scripts_in(text: str) -> set[str]:
    """Return which of the scripts with a typeface of their own are in a text."""
    return {script for script in BLOCKS if letters_in(text, [script])}


def letters_in(text: str, scripts: Iterable[str]) -> str:
    """Return the letters of a text that belong to scripts with a typeface of their own, each once."""
    blocks = [block for script in scripts for block in BLOCKS[script]]
    return "".join(dict.fromkeys(sign for sign in text if any(first <= ord(sign) <= last for first, last in blocks)))
