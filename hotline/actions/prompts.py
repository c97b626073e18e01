"""Loading the line's words from the files that come with the product."""

import tomllib
from datetime import datetime
from pathlib import Path

from django.db import transaction

from hotline.models import Line, Prompt
from hotline.queries.lines import forget_lines
from languages import actions as languages
from languages import table
from languages.exchange import texts_of

FOLDER = Path(__file__).resolve().parent.parent / "prompts"


@transaction.atomic
def load_prompts(*, by: str, at: datetime) -> int:
    """Write every prompt of the source file and the translations beside it; what people wrote since is left alone."""
    source = tomllib.loads((FOLDER / "prompts.toml").read_text(encoding="utf-8"))
    rows = [(f"prompt {one['key']}", one["key"], one) for one in source["prompts"]]
    rows += [(f"text {one['key']}", f"text_{one['key']}", one) for one in source["texts"]]
    translations = {code: _translations(code) for code in table.CODES if code != table.SOURCE}
    prompts = _sources({key: entry for _context, key, entry in rows}, by, at)
    pairs = []
    for context, key, entry in rows:
        words = {code: texts.get((context, entry["text"]), "") for code, texts in translations.items()}
        pairs.append((prompts[key], {code: {"text": text} for code, text in words.items() if text}))
    languages.seed_many(pairs, by=by, at=at)
    forget_lines()
    return len(rows)


def load_missing_prompts(*, by: str, at: datetime) -> int:
    """Load the prompts that a newer release brought, where lines are kept; return how many were missing."""
    if not Line.objects.exists():
        return 0
    source = tomllib.loads((FOLDER / "prompts.toml").read_text(encoding="utf-8"))
    wanted = {one["key"] for one in source["prompts"]} | {f"text_{one['key']}" for one in source["texts"]}
    missing = wanted - set(Prompt.objects.values_list("key", flat=True))
    if missing:
        load_prompts(by=by, at=at)
    return len(missing)


def _sources(entries: dict[str, dict], by: str, at: datetime) -> dict[str, Prompt]:
    """Return the prompts by key; those that are not there yet are made from their entries."""
    known = {prompt.key: prompt for prompt in Prompt.objects.filter(key__in=entries)}
    born = Prompt.objects.bulk_create(
        Prompt(key=key, text_en=entry["text"], note=entry.get("note", ""))
        for key, entry in entries.items()
        if key not in known
    )
    languages.refresh_many(born, by=by, at=at)
    return known | {prompt.key: prompt for prompt in born}


def _translations(code: str) -> dict[tuple[str, str], str]:
    path = FOLDER / f"{table.BY_CODE[code].folder}.po"
    if not path.exists():
        return {}
    return {
        (context, source): words for context, (source, words) in texts_of(path.read_text(encoding="utf-8")).items()
    }
