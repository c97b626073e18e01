"""The style sheets: sources joined into one file for the public and one for staff, and their own rules.

Run as `python -m cms.styles TARGET` before collectstatic; pure, so it needs no settings.
"""

import re
import sys
from pathlib import Path

SOURCES = Path(__file__).parent / "static" / "css"
BUNDLES = {
    "public.css": ("tokens", "base", "layout", "components", "public"),
    "staff.css": ("tokens", "base", "layout", "components", "public", "console"),
}
RAW_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(")
PHYSICAL = re.compile(
    r"(?<![\w-])(?:margin|padding|border)-(?:left|right)|(?<![\w-])(?:left|right)\s*:|text-align\s*:\s*(?:left|right)|float\s*:"
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def build(target: Path) -> list[Path]:
    """Write the joined sheets into `target`; return their paths."""
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for name, parts in BUNDLES.items():
        text = "\n".join((SOURCES / f"{part}.css").read_text(encoding="utf-8") for part in parts)
        path = target / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def faults() -> list[str]:
    """Return each raw colour outside tokens.css, and each physical direction, as "file:line: what"."""
    found = []
    for sheet in sorted(SOURCES.glob("*.css")):
        text = COMMENT.sub(lambda match: "\n" * match.group().count("\n"), sheet.read_text(encoding="utf-8"))
        for number, line in enumerate(text.splitlines(), 1):
            if sheet.stem != "tokens" and RAW_COLOUR.search(line):
                found.append(f"{sheet.name}:{number}: a raw colour; use a token")
            if PHYSICAL.search(line):
                found.append(f"{sheet.name}:{number}: a physical direction; use a logical property")
    return found


if __name__ == "__main__":
    build(Path(sys.argv[1]))
