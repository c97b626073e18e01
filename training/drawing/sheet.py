"""From values to the bytes of a PDF: a sheet of this folder, data as JSON, the language, nothing else."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import typst

from languages import table
from training.drawing.faces import LATIN, NOTO, FontsMissing, NotDrawn, faces_here, scripts_in

SHEETS = Path(__file__).parent / "sheets"
# Tagged for screen readers; and what is measured of it: a letter without a glyph is an error, not an empty box.
STANDARD = "ua-1"
_UNSEEN = re.compile(r'the text `"(?P<letters>.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


class LetterMissing(NotDrawn):
    """Raised when no typeface has a letter of the text; `letters` names them."""

    def __init__(self, letters: str):
        self.letters = letters
        super().__init__(f"No typeface has these letters: {letters}")


class DrawingFailed(NotDrawn):
    """Raised when a sheet and its data do not fit: a fault of ours, with what the library said."""


def draw(sheet: str, data: Mapping, language: str) -> bytes:
    """Return a PDF/UA-1 of one of our sheets in a language; the same values give the same bytes.

    `data` is what the sheet shows, as values of JSON: they are printed as text and never read as markup. Two of them
    every sheet has: `title`, and `date` (YYYY-MM-DD), which the document says of itself.

    Raises FontsMissing, LetterMissing or DrawingFailed, so that nothing with empty boxes leaves the house.
    """
    words = json.dumps(dict(data), ensure_ascii=False)
    scripts = scripts_in(words) | {table.BY_CODE[language].script}
    if absent := faces_here().missing(sorted(scripts)):
        raise FontsMissing(absent)
    inputs = {"data": words, "how": json.dumps(_how(language, scripts))}
    compiler = typst.Compiler(str(SHEETS / f"{sheet}.typ"), root=str(SHEETS), font_paths=faces_here().fonts)
    try:
        drawn, warnings = compiler.compile_with_warnings(format="pdf", sys_inputs=inputs, pdf_standards=STANDARD)
    except typst.TypstError as error:
        raise _refusal(error) from None
    if warnings:  # a family that is absent is only a warning, and a page without text
        raise DrawingFailed(warnings[0].message)
    return drawn


def _how(language: str, scripts: set[str]) -> dict:
    """Return the language, and of each language its direction and the families that are there, its own first."""
    others = [NOTO[script] for script in sorted(scripts & set(NOTO))]
    return {
        "language": language,
        "languages": {
            row.code: {
                "direction": row.direction,
                "families": sorted([LATIN, *others], key=lambda family: family != NOTO.get(row.script, LATIN)),
                "is_latin": row.script not in NOTO,
            }
            for row in table.TABLE
        },
    }


def _refusal(error: typst.TypstError) -> NotDrawn:
    """Return our error for the library's; its own words would repeat what stands on the sheet."""
    found = _UNSEEN.findall(f"{error.message}\n{error.diagnostic}")
    letters = [_ESCAPED.sub(lambda code: chr(int(code[1], 16)), one) for one in found]
    return LetterMissing("".join(dict.fromkeys("".join(letters)))) if letters else DrawingFailed(error.message)
