"""What the bank knows of a question besides its words, as tags of a file: objective, critical, form, track."""

import re
from collections.abc import Iterable, Mapping

NAMES = ("objective", "form", "tracks")
TAG = re.compile(r"\s*+(objective|form|tracks|critical)\s*+(?::\s*+([\w,-][\w ,-]{0,59})?+\s*+)?", re.IGNORECASE)
FORM_OF_CATEGORY = re.compile(r"(?:^|/)\s*form\s*([123])\s*(?:/|$)", re.IGNORECASE)

# As Moodle writes them into GIFT. One that is not closed goes to the end of its line, so that each sign is read once.
IN_COMMENT = re.compile(r"\[(id|tag):((?:\\\]|[^\]\n])++)(\]?)")


def told_in(comments: Iterable[str], category: str) -> tuple[str, dict[str, str]]:
    """Return the idnumber and our facts from the comments before a question of a GIFT file."""
    told = [(kind, words.replace("\\]", "]")) for kind, words, end in IN_COMMENT.findall("\n".join(comments)) if end]
    keys = [words.strip() for kind, words in told if kind == "id"]
    return (keys[0] if keys else ""), facts_of([words for kind, words in told if kind == "tag"], category)


def facts_of(tags: Iterable[str], category: str) -> dict[str, str]:
    """Return our facts from tags; the form also from the last part of a category."""
    facts: dict[str, str] = {}
    if found := FORM_OF_CATEGORY.search(category):
        facts["form"] = found[1]
    for tag in tags:
        if found := TAG.fullmatch(tag):
            name, value = found[1].lower(), (found[2] or "").strip().lower()
            if name == "critical":
                facts["critical"] = "no" if value == "no" else "yes"
            elif value:
                facts[name] = value
    return facts


def tags_of(facts: Mapping[str, str]) -> list[str]:
    """Return facts as tags."""
    tags = [f"{name}: {facts[name]}" for name in NAMES if facts.get(name)]
    return [*tags, "critical"] if facts.get("critical") == "yes" else tags
