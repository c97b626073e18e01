"""What a text says in the source as it stands now, where its translation is of an earlier day.

Whoever reads a lesson again because it changed is shown it below the translation: no refresher ends without the new text.
Law of a country has it below for everybody.
"""

from modeltranslation.utils import build_localized_fieldname
from wagtail.rich_text import expand_db_html

from languages import table
from languages.choices import Freshness
from languages.queries import Shown
from training.actions.trees import Words


def fields(words: Words, names: tuple[str, ...]) -> dict:
    """Return fields of a thing as the source has them, of those that are behind it: "behind", or nothing."""
    late = {name: words.shown[name] for name in names if _is_behind(words.shown.get(name))}
    if not late:
        return {}
    said = {name: getattr(words.thing, build_localized_fieldname(name, table.SOURCE)) for name in late}
    found = {"date": _since(late), "heading": said.get("heading", ""), "text": said.get("aim", said.get("text", ""))}
    return {"behind": found | {name: said[name] for name in ("source",) if name in said}}


def entry(words: Words) -> dict:
    """Return what the source says of a country entry, where its translation is behind: "behind", and "stale" if in law.

    It stands there for every reader, also for one who never read the entry before: the day on which it was checked is
    that of the text in the source.
    """
    names = ("text", "source")
    graver = {name: shown for name in names if _is_behind(shown := words.shown.get(name), Freshness.MATERIAL)}
    return fields(words, names) | ({"stale": _since(graver)} if graver else {})


def block(shown: Shown | None, source: dict, *, is_beside: bool) -> dict:
    """Return a block as the source has it, where its translation is behind and both do not stand there anyway."""
    if is_beside or not _is_behind(shown):
        return {}
    value = source["value"] or {}
    html = value.get("html") or value.get("transcript") or ""
    said = {
        "heading": value.get("heading") or "",
        "text": value.get("question") or value.get("text") or value.get("caption") or value.get("alt") or "",
        "html": expand_db_html(html) if html else "",
        "parts": _parts(value),
    }
    return {"behind": {"date": shown.date.date().isoformat()} | said}


def scene(shown: Shown | None, source: dict) -> dict:
    """Return a scene or an end of a story as the source has it, with its ways on, where its translation is behind."""
    if not _is_behind(shown):
        return {}
    ways = [item["value"] for item in source.get("choices", ())]
    return {
        "behind": {
            "date": shown.date.date().isoformat(),
            "text": source["text"],
            "debrief": source.get("debrief", ""),
            "choices": [{name: way[name] for name in ("key", "text", "feedback")} for way in ways],
        }
    }


def _is_behind(shown: Shown | None, least: Freshness = Freshness.MINOR) -> bool:
    return shown is not None and shown.freshness >= least and shown.date is not None


def _since(late: dict[str, Shown]) -> str:
    return min(shown.date for shown in late.values()).date().isoformat()


def _parts(value: dict) -> list[str]:
    """Return what is to be chosen, put in order or paired; sorted where its own order would tell what is right."""
    pairs = [part["value"] for part in value.get("pairs") or ()]
    return [
        *(part["value"]["text"] for part in value.get("options") or ()),
        *sorted(part["value"]["text"] for part in value.get("steps") or ()),
        *sorted({pair["left"] for pair in pairs}),
        *sorted({pair["right"] for pair in pairs}),
    ]
