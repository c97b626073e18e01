"""Words of a file as the bank keeps them: plain, cleaned, without markup. What says more than words is refused."""

import re
from html.parser import HTMLParser

import nh3

from languages.text import clean, code_of, removed_from
from training.question_files.values import RowRefused

BREAKS = frozenset({"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "tr"})
KEPT = set(BREAKS) | {"b", "i", "strong", "em", "u", "span", "sub", "sup", "a"}
PICTURES = {"img", "svg", "picture"}
MEDIA = {"audio", "video", "iframe", "object", "embed"}
PLAIN = frozenset({"p", "div", "br", "span"})  # say where a line ends, or nothing
OTHERS = {"table": "table", "math": "formula", "input": "cloze", "form": "cloze"}
FILE = re.compile(r"@@PLUGINFILE@@", re.IGNORECASE)
LOOKS_MARKED = re.compile(r"<\s*+(?:/\s*+)?[a-zA-Z][^<>]*+>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]{2,31});")
UNFINISHED = re.compile(r"<([a-zA-Z][^\s<>/]*+)[^<>]*+\Z")  # a tag that the text ends in goes with the rest of it
UNSEEN = re.compile(
    "[\u00ad\u034f\u180e\u2060-\u2064]|(?<![\u0e00-\u0e7f])\u200b"
)  # Thai says by it where a line may end
SPACES = re.compile(r"[ \t]+")


class _Reader(HTMLParser):
    """Turns safe markup into words, with a line break where a block ends."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        """Break the line before a block."""
        if tag in BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag):
        """Break the line after a block."""
        if tag in BREAKS:
            self.words.append("\n")

    def handle_data(self, data):
        """Keep words; a line break of the markup is a space."""
        self.words.append(re.sub(r"\s+", " ", data))


class _Inspector(HTMLParser):
    """Notes the tags of a text, and the scripts that stand in them."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: set[str] = set()
        self.has_script = False
        self.feed(text)
        self.tags |= {found[1].lower() for found in UNFINISHED.finditer(text)}

    def handle_starttag(self, tag, attrs):
        """Note a tag."""
        self.tags.add(tag)
        self.has_script |= any(name.startswith("on") for name, _value in attrs)


def worded(text: str, form: str) -> str:
    """Return a text of a file (form: html, moodle, plain, markdown) as plain words; raise RowRefused for what is none."""
    return lines(without_markup(text, form))


def without_markup(text: str, form: str) -> str:
    """Return the words of a text whose form may bear markup, not cleaned yet; raise RowRefused as above."""
    return _unmarked(text) if _is_marked(text, form) else text


def taken_out(text: str, form: str) -> set[str]:
    """Return the names of the markup in a text that plain words cannot bear; paragraphs and entities are no loss."""
    if not _is_marked(text, form):
        return set()
    found = _Inspector(text)
    return found.tags - PLAIN | ({"script"} if found.has_script else set())


def _is_marked(text: str, form: str) -> bool:
    return form == "html" or (form == "moodle" and LOOKS_MARKED.search(text) is not None)


def _unmarked(text: str) -> str:
    _refuse(_Inspector(text).tags, FILE.search(text) is not None)
    reader = _Reader()
    reader.feed(nh3.clean(text, tags=KEPT, attributes={}, link_rel=None, clean_content_tags={"script", "style"}))
    reader.close()
    return "".join(reader.words)


def _refuse(tags: set[str], names_file: bool) -> None:
    if tags & PICTURES:
        raise RowRefused("picture")
    if tags & MEDIA:
        raise RowRefused("media")
    for tag, code in OTHERS.items():
        if tag in tags:
            raise RowRefused(code)
    if names_file:
        raise RowRefused("file_link")


def lines(text: str) -> str:
    """Return cleaned words: single spaces, no empty line at the ends and never two in a row."""
    spaced = [SPACES.sub(" ", line).strip() for line in seen(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(spaced)).strip()


def seen(text: str) -> str:
    """Return cleaned words without the signs that nobody sees."""
    return UNSEEN.sub("", clean(text))


def unseen_in(text: str) -> set[str]:
    """Return the codes of the signs that nobody sees and that are taken out of words."""
    return {*removed_from(text), *map(code_of, UNSEEN.findall(text))}
