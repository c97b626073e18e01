"""Which languages await words of a triage form, since its English was changed or a question is new; what is read there until then."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import translation

from hotline import triage
from hotline.queries.sheet_form_words import Said, name_of
from languages import table
from languages.queries import in_language
from languages.text import isolate

OTHERS = tuple(row.code for row in table.TABLE if row.code != triage.SOURCE)


@dataclass(frozen=True)
class Awaited:
    """One question of a draft and the languages in which it is not said; `instead` of each names the one that is read there."""

    key: str
    label: str
    languages: list[Said]


def catalogue_words(source: str, code: str) -> str:
    """Return what the house's catalogue says for English words in exactly one language; "" where it has none."""
    if not source:
        return ""
    with translation.override(code):
        said = translation.gettext(source)
    return said if said != source else ""


def awaiting(entry: Mapping) -> list[Said]:
    """Return the languages of a question that have words for an earlier English only."""
    told = [(entry[part], entry.get(triage.EARLIER, {}).get(part, {})) for part in triage.PARTS]
    told += [(one["label"], one.get(triage.EARLIER, {})) for one in entry.get("choices", ())]
    missing = {
        code: words
        for words, earlier in told
        for code in earlier
        if words.get(triage.SOURCE) and not catalogue_words(words[triage.SOURCE], code)
    }
    return [_said(code, missing[code]) for code in OTHERS if code in missing]


def awaited_by(draft: Mapping, live: Mapping, codes: Iterable[str]) -> list[Awaited]:
    """Return what nobody could say any more, or yet, if a draft took the place of the form of now.

    Of a question that stands, every language in which it was said for words that are changed; of a new one, those of
    the country's lines, `codes`.
    """
    before, lines = {entry["key"]: entry for entry in live["questions"]}, [code for code in codes if code in OTHERS]
    rows = []
    for entry in draft["questions"]:
        old = before.get(entry["key"])
        missing = _new(entry, lines) if old is None else _lost(old, entry)
        if missing:
            said = [_said(code, missing[code]) for code in OTHERS if code in missing]
            rows.append(Awaited(entry["key"], name_of(entry), said))
    return rows


def _new(entry: Mapping, codes: Iterable[str]) -> dict[str, Mapping]:
    """Return in which of some languages a new question is not said, with the words that are missing."""
    told = [entry["ask"], *(one["label"] for one in entry.get("choices", ()))]
    return {
        code: words for words in told for code in codes if triage.awaited({}, words, {code: 1}, code, catalogue_words)
    }


def _lost(old: Mapping, entry: Mapping) -> dict[str, Mapping]:
    """Return in which languages words of a question are not said that were before they were changed."""
    earlier = entry.get(triage.EARLIER, {})
    told = [(old[part], entry[part], earlier.get(part, {})) for part in triage.PARTS]
    was = {one["code"]: one for one in old.get("choices", ())}
    told += [
        (was.get(one["code"], {"label": {}})["label"], one["label"], one.get(triage.EARLIER, {}))
        for one in entry.get("choices", ())
    ]
    return {
        code: after
        for before, after, kept in told
        for code in OTHERS
        if triage.awaited(before, after, kept, code, catalogue_words)
    }


def _said(code: str, words: Mapping) -> Said:
    return Said(code, table.BY_CODE[code].own, in_language(triage.Words(words).shown, code).own)


def earlier_words(earlier: Mapping, code: str) -> str:
    """Return what was said in a language for an earlier English, as a sentence beside the field; "" where nothing was."""
    one = earlier.get(code)
    if one is None:
        return ""
    words = translation.gettext("Out of date: “%(said)s” was said for the earlier words “%(source)s”.")
    return words % {"said": isolate(one["said"]), "source": isolate(one["en"])}
