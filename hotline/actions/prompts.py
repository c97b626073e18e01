"""Loading the line's words from the files that come with the product."""

import tomllib
from datetime import datetime
from pathlib import Path

from django.db import transaction

from hotline.models import Prompt
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
    for context, key, entry in rows:
        prompt = _source(key, entry, by, at)
        words = {code: texts.get((context, entry["text"]), "") for code, texts in translations.items()}
        found = {code: {"text": text} for code, text in words.items() if text}
        languages.seed_languages(prompt, found, by=by, at=at)
    forget_lines()
    return len(rows)


def _source(key: str, entry: dict, by: str, at: datetime) -> Prompt:
    prompt, made = Prompt.objects.get_or_create(
        key=key, defaults={"text_en": entry["text"], "note": entry.get("note", "")}
    )
    if made:
        languages.refresh_segments(prompt, by=by, at=at)
    return prompt


def _translations(code: str) -> dict[tuple[str, str], str]:
    path = FOLDER / f"{table.BY_CODE[code].folder}.po"
    if not path.exists():
        return {}
    return {
        (context, source): words for context, (source, words) in texts_of(path.read_text(encoding="utf-8")).items()
    }
