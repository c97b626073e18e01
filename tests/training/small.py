"""A shipped course cut down to its first module and the six questions of its test, so that tests stay quick and plain."""

import re
import shutil
from pathlib import Path

CONTENT = Path(__file__).resolve().parents[2] / "training" / "content"
QUESTIONS, RIGHT = 6, 5


def small(course: str, into: Path) -> Path:
    """Copy a course folder and cut it: its first module, six questions after the course, no plan, no story, no limit of tries."""
    folder = Path(shutil.copytree(CONTENT / course, into / course))
    (folder / "scenario.toml").unlink(missing_ok=True)
    _rewrite(folder / "course.toml", _first_module)
    _rewrite(folder / "quiz.toml", _first_questions)
    return folder


def _rewrite(path: Path, change) -> None:
    path.write_text(change(path.read_text("utf-8")), "utf-8")


def _first_module(text: str) -> str:
    head, *tables = _tables(text)
    modules = [table for table in tables if table.startswith("[[modules]]")]
    kept = [table for table in tables if table not in modules[1:] and not table.startswith("[[blueprint]]")]
    head = re.sub(r"(?m)^test_\w+ = \d+$\n", "", head)
    return re.sub(r"(?m)^pass_minimum = \d+$", f"pass_minimum = {RIGHT}", "".join([head, *kept]))


def _first_questions(text: str) -> str:
    """Return the first questions of the test after the course; parts of a question follow it as tables of their own."""
    items = re.split(r"(?m)^(?=\[\[items\]\]$)", text)
    after = [item for item in items[1:] if not re.search(r"(?m)^form = [13]$", item)]
    return "".join([items[0], *after[:QUESTIONS]])


def _tables(text: str) -> list[str]:
    return re.split(r"(?m)^(?=\[\[\w+\]\]$)", text)
