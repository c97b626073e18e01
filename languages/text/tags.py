"""Rich text as numbered tags: `Call <1>116</1> now<2/>`. Attributes stay out of what translators touch."""

import html
import re
from html.parser import HTMLParser

import nh3

from languages.text.cleaning import clean

Attributes = dict[str, list]  # number -> [tag name, {attribute: value}]

VOID = frozenset({"br", "hr"})
KEPT = frozenset({"p", "h2", "h3", "h4", "ul", "ol", "li", "b", "i", "a"}) | VOID
_WITHIN = frozenset({"b", "i", "a"})  # what stands within a line; all else begins a new one
_SAME = {"strong": "b", "em": "i"}
_ALLOWED = {"a": {"href", "linktype", "id"}}
NUMBERED_TAG = re.compile(r"<(/?)(\d{1,4})(/?)>")
_RUN_OF_TAGS = re.compile(r"(?:</?\d{1,4}/?>)+")
_BEGINS_WORDS = re.compile(r"[\w\u201c\u2018\u00ab(]")
_BLANKS = re.compile(r"[ \t\n\r\f\v]+")  # what may be broken; a space that holds two words together stays
_ROUNDS = 8


class BrokenTags(ValueError):
    """Raised when numbered tags do not match the source's; `faults` are (code, number) pairs. Put the tags back."""

    def __init__(self, faults):
        self.faults = faults
        super().__init__("The numbered tags do not match the source: " + ", ".join(f"{c} <{n}>" for c, n in faults))


class _Reader(HTMLParser):
    """Turns safe HTML into a list of tokens: ("open", name, attributes), ("close", name, None), ("text", words, None)."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tokens: list[tuple] = []

    def handle_starttag(self, tag, attrs):
        """Keep a tag with its attributes in a fixed order."""
        self.tokens.append(("open", _SAME.get(tag, tag), {key: value or "" for key, value in sorted(attrs)}))

    def handle_endtag(self, tag):
        """Keep the end of a tag."""
        if tag not in VOID:
            self.tokens.append(("close", _SAME.get(tag, tag), None))

    def handle_data(self, data):
        """Keep words."""
        self.tokens.append(("text", data, None))


def _tokens(source: str) -> list[tuple]:
    """Return the tokens of a text after everything unsafe or unknown has gone."""
    safe = clean(source)
    for _round in range(_ROUNDS):
        again = clean(
            nh3.clean(
                safe,
                tags=set(KEPT) | set(_SAME),
                attributes=_ALLOWED,
                url_schemes={"http", "https", "mailto", "tel"},
                link_rel=None,
                clean_content_tags={"script", "style"},
            )
        )
        if again == safe:
            break
        safe = again
    reader = _Reader()
    reader.feed(safe)
    reader.close()
    return reader.tokens


def _escape(words: str) -> str:
    return html.escape(words, quote=False)


def _written(name: str, attributes: dict) -> str:
    pairs = [f' {key}="{html.escape(value)}"' for key, value in sorted(attributes.items())]
    return f"<{name}{''.join(pairs)}>"


def _markup(tokens: list[tuple]) -> str:
    parts = []
    for kind, what, attributes in tokens:
        if kind == "open":
            parts.append(_written(what, attributes))
        else:
            parts.append(f"</{what}>" if kind == "close" else _escape(what))
    return "".join(parts)


def clean_html(source: str) -> str:
    """Return rich text with the tags and attributes that are kept, in one fixed spelling."""
    seen, current = None, source
    for _round in range(_ROUNDS):
        if current == seen:
            break
        seen, current = current, _markup(_tokens(current))
    return current


def to_tags(source: str) -> tuple[str, Attributes]:
    """Return rich text as (text with numbered tags, attributes by number)."""
    parts: list[str] = []
    attributes: Attributes = {}
    open_numbers: list[int] = []
    for kind, what, given in _tokens(clean_html(source)):
        if kind == "text":
            parts.append(_escape(what))
        elif kind == "close":
            parts.append(f"</{open_numbers.pop()}>")
        else:
            number = len(attributes) + 1
            attributes[str(number)] = [what, given]
            if what in VOID:
                parts.append(f"<{number}/>")
            else:
                open_numbers.append(number)
                parts.append(f"<{number}>")
    return "".join(parts), attributes


def tag_faults(tagged: str, attributes: Attributes) -> list[tuple[str, str]]:
    """Return what is wrong with numbered tags: unknown, crossed, not_closed, or a link that was dropped."""
    faults, waiting, used = [], [], set()
    for closing, number, alone in NUMBERED_TAG.findall(tagged):
        used.add(number)
        if number not in attributes:
            faults.append(("unknown", number))
        elif (attributes[number][0] in VOID) != bool(alone):
            faults.append(("not_closed", number))
        elif closing and (not waiting or waiting.pop() != number):
            faults.append(("crossed", number))
        elif not closing and not alone:
            waiting.append(number)
    faults += [("not_closed", number) for number in waiting]
    faults += [("dropped", n) for n, (name, _given) in attributes.items() if name == "a" and n not in used]
    return list(dict.fromkeys(faults))


def lost_tags(tagged: str, attributes: Attributes) -> list[str]:
    """Return the numbers of lists, paragraphs, bold words and other tags but links that a text does not have."""
    used = {number for _closing, number, _alone in NUMBERED_TAG.findall(tagged)}
    return [number for number, (name, _given) in attributes.items() if name != "a" and number not in used]


def from_tags(tagged: str, attributes: Attributes) -> str:
    """Return rich text from numbered tags and their attributes; raise BrokenTags when they do not match."""
    faults = [fault for fault in tag_faults(tagged, attributes) if fault[0] != "dropped"]
    if faults:
        raise BrokenTags(faults)
    parts, position = [], 0
    for found in NUMBERED_TAG.finditer(tagged):
        parts.append(_escape(html.unescape(tagged[position : found.start()])))
        closing, number, _alone = found.groups()
        name, given = attributes[number]
        parts.append(f"</{name}>" if closing else _written(name, given))
        position = found.end()
    parts.append(_escape(html.unescape(tagged[position:])))
    return clean_html("".join(parts))


def retag(source: str, attributes: Attributes) -> str:
    """Return translated HTML as numbered text, each tag taking the next unused number of its name in the source.

    A tag that the source has not is left out; one that comes more often reuses its last number.
    """
    free = {name: [n for n, (other, _g) in attributes.items() if other == name] for name in KEPT}
    last: dict[str, str] = {}
    parts: list[str] = []
    waiting: list[str] = []
    for kind, what, _given in _tokens(clean_html(source)):
        if kind == "text":
            parts.append(_escape(what))
        elif kind == "open":
            number = free[what].pop(0) if free[what] else last.get(what, "")
            last[what] = number
            if what not in VOID:
                waiting.append(number)
            parts.append((f"<{number}/>" if what in VOID else f"<{number}>") if number else "")
        else:
            number = waiting.pop()
            parts.append(f"</{number}>" if number else "")
    return "".join(parts)


def same_tags(one: Attributes, other: Attributes) -> bool:
    """Tell whether two sets of tags have the same names under the same numbers."""
    return {n: pair[0] for n, pair in one.items()} == {n: pair[0] for n, pair in other.items()}


def plain(tagged: str) -> str:
    """Return the words of a numbered text; a space stands where tags alone kept two words apart, one that binds stays."""
    return _BLANKS.sub(" ", html.unescape(_RUN_OF_TAGS.sub(_parting, tagged))).strip()


def _parting(run: re.Match) -> str:
    """Return the space that a run of tags leaves between two words, or between a sentence and the next."""
    before = run.string[max(run.start() - 1, 0) : run.start()]
    return " " if before.strip() and _BEGINS_WORDS.match(run.string, run.end()) else ""


def paragraphs(tagged: str, attributes: Attributes) -> list[str]:
    """Return the words of a numbered text as a reader meets them: one string for each paragraph, list item or line."""
    laid = NUMBERED_TAG.sub(lambda tag: "" if attributes.get(tag[2], [""])[0] in _WITHIN else "\n", tagged)
    lines = (_BLANKS.sub(" ", html.unescape(line)).strip() for line in laid.splitlines())
    return [line for line in lines if line]
