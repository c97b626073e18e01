"""Language tags inside a text, as Moodle's filters write them: `{mlang fr}…{mlang}` and `<span lang="fr">`.

What stands outside the tags belongs to every language.
"""

import re
from collections.abc import Iterable

from languages import table
from training.question_files.values import Said

MLANG = re.compile(r"\{ ?mlang ([\w, -]{1,80})\}(.*?)\{ ?mlang ?\}", re.DOTALL | re.IGNORECASE)
SPAN = re.compile(r"<(span|lang)\b([^>]*\blang\s*=\s*[\"']?([\w-]+)[\"']?[^>]*)>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
OTHER = "other"


def apart(text: str) -> tuple[Said, tuple[str, ...]]:
    """Return a text by language, and the languages in it that the house does not have; untagged it is the source's."""
    pieces = _pieces(text)
    named = {code for codes, _words in pieces if codes for code in codes}
    if not named:
        return ({table.SOURCE: text} if text.strip() else {}), ()
    known = [code for code in table.CODES if code in named or (code == table.SOURCE and OTHER in named)]
    unknown = tuple(sorted(named - set(table.CODES) - {OTHER}))
    said = {code: _in(code, pieces, named) for code in known}
    return {code: words for code, words in said.items() if words.strip()}, unknown


def _in(code: str, pieces: list[tuple[tuple[str, ...], str]], named: set[str]) -> str:
    wanted = {code} if code in named else {OTHER}
    return "".join(words for codes, words in pieces if not codes or wanted.intersection(codes))


def _pieces(text: str) -> list[tuple[tuple[str, ...], str]]:
    """Return a text as pieces, each with the languages it is for; none for what is for all."""
    found = [(match.span(), _codes(match[1]), match[2]) for match in MLANG.finditer(text)]
    if not found:
        found = [(match.span(), (_code(match[3]),), match[4]) for match in _spans(text)]
    pieces, end = [], 0
    for (start, stop), codes, words in found:
        if between := text[end:start]:
            pieces.append(((), between))
        pieces.append((codes, words))
        end = stop
    if rest := text[end:]:
        pieces.append(((), rest))
    return [piece for piece in pieces if piece[0] or piece[1].strip() or not found]


def _spans(text: str) -> Iterable[re.Match]:
    """Return the spans that say the same in several languages: marked so, or side by side; not a foreign word alone."""
    spans = list(SPAN.finditer(text))
    if any("multilang" in span[2] or span[1].lower() == "lang" for span in spans):
        return [span for span in spans if "multilang" in span[2] or span[1].lower() == "lang"]
    return [
        span
        for place, span in enumerate(spans)
        if _touches(text, spans[place - 1 : place], span) or _touches(text, [span], *spans[place + 1 : place + 2])
    ]


def _touches(text: str, before: list[re.Match], after: re.Match | None = None) -> bool:
    return bool(before) and after is not None and not text[before[0].end() : after.start()].strip()


def _codes(words: str) -> tuple[str, ...]:
    return tuple(_code(word) for word in re.split(r"[,\s]+", words) if word)


def _code(word: str) -> str:
    return word.strip().lower().replace("_", "-")


def together(said: Said) -> str:
    """Return words of one or several languages as one text; tagged only where there are several."""
    if set(said) <= {table.SOURCE}:
        return said.get(table.SOURCE, "")
    return "".join(
        f"{{mlang {code.replace('-', '_')}}}{said[code]}{{mlang}}" for code in table.CODES if said.get(code)
    )
