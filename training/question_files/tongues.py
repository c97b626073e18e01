"""Language tags inside a text, as Moodle's filters write them: `{mlang fr}…{mlang}` and `<span lang="fr">`.

What stands outside the tags belongs to every language.
"""

import re
from dataclasses import dataclass

from languages import table
from languages.text import clean
from training.question_files.values import RowRefused, Said

MLANG = re.compile(r"\{ ?mlang(?: ([\w, -]{1,80}))? ?\}", re.IGNORECASE)
TAG = re.compile(r"<(/?)(span|lang)\b([^<>]*)>", re.IGNORECASE)
LANG = re.compile(r"\blang\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
OTHER = "other"
CODE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*+|other")
LEFT_OPEN = re.compile(r"\{\s*+mlang\b[^{}\n]{0,40}+\}?", re.IGNORECASE)  # what no pair of tags has taken up
LONGEST_TAG = 60


def refuse_tags(words: str) -> None:
    """Refuse words in which a tag of language is left: one that is not closed, closes nothing or names no language."""
    if found := LEFT_OPEN.search(words):
        raise RowRefused("language_tag", clean(found[0])[:LONGEST_TAG])


def untagged(text: str) -> str:
    """Return the source's words of a text; all of them where its tags are broken or leave the source out."""
    try:
        said, _unknown = apart(text)
    except RowRefused:
        said = {}
    return said.get(table.SOURCE) or LEFT_OPEN.sub("", text)


def apart(text: str) -> tuple[Said, tuple[str, ...]]:
    """Return a text by language, and the languages in it that the house does not have; untagged it is the source's.

    Raise RowRefused, with the tag, where tags are left over.
    """
    pieces = _pieces(text)
    for _codes_of_piece, words in pieces:
        refuse_tags(words)
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
    found = _marked(text) or _spans(text)
    pieces, end = [], 0
    for one in found:
        if between := text[end : one.start]:
            pieces.append(((), between))
        pieces.append((one.codes, one.words))
        end = one.end
    if rest := text[end:]:
        pieces.append(((), rest))
    return [piece for piece in pieces if piece[0] or piece[1].strip() or not found]


@dataclass(frozen=True)
class _Span:
    """A passage between two tags; `is_plain` when nothing but its language says that it is one of several."""

    start: int
    end: int
    codes: tuple[str, ...]
    words: str
    is_plain: bool = False


def _marked(text: str) -> list[_Span]:
    """Return what stands between `{mlang xx}` and the next `{mlang}`; each tag is looked at once, however many there are."""
    found, opened = [], None
    for tag in MLANG.finditer(text):
        if opened is None and tag[1] and all(map(CODE.fullmatch, _codes(tag[1]))):
            opened = tag
        elif opened is not None and not tag[1]:
            found.append(_Span(opened.start(), tag.end(), _codes(opened[1]), text[opened.end() : tag.start()]))
            opened = None
    return found


def _spans(text: str) -> list[_Span]:
    """Return the spans that say the same in several languages: marked so, or side by side; not a foreign word alone."""
    spans, opened = _tagged(text)
    if opened and (not _is_plain(opened) or spans and not text[spans[-1].end : opened.start()].strip()):
        raise RowRefused("language_tag", clean(opened[0])[:LONGEST_TAG])
    if any(not span.is_plain for span in spans):
        return [span for span in spans if not span.is_plain]
    return [
        span
        for place, span in enumerate(spans)
        if _touches(text, spans[place - 1 : place], span) or _touches(text, [span], *spans[place + 1 : place + 2])
    ]


def _tagged(text: str) -> tuple[list[_Span], re.Match | None]:
    """Return what stands between a tag with a language and the next end of such a tag, and the tag that has no end."""
    found, opened, language = [], None, None
    for tag in TAG.finditer(text):
        if opened is None:
            language = LANG.search(tag[3])
            opened = tag if language and not tag[1] else None
        elif tag[1] and tag[2].lower() == opened[2].lower():
            words = text[opened.end() : tag.start()]
            found.append(_Span(opened.start(), tag.end(), (_code(language[1]),), words, _is_plain(opened)))
            opened = None
    return found, opened


def _is_plain(tag: re.Match) -> bool:
    return tag[2].lower() == "span" and "multilang" not in tag[3]


def _touches(text: str, before: list[_Span], after: _Span | None = None) -> bool:
    return bool(before) and after is not None and not text[before[0].end : after.start].strip()


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
