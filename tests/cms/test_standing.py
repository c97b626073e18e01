"""The words of the standing pages: every translation is of the sentence that stands in the source."""

import tomllib

import pytest

from cms import standing
from languages import exchange

FILES = sorted(standing.CONTENT.glob("*.po"))


def sources():
    """Return the source texts by msgctxt."""
    source = tomllib.loads((standing.CONTENT / "pages.toml").read_text("utf-8"))
    texts = {"front heading": source["front"]["heading"], "front summary": source["front"]["summary"]}
    texts["home heading"] = source["home"]["heading"]
    for page in source["pages"]:
        texts |= {f"{page['slug']} {name}": page[name] for name in ("heading", "summary")}
        for section in page["sections"]:
            texts |= {f"{page['slug']} {section['key']} {name}": section[name] for name in ("heading", "html")}
    return texts


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_translation_stands_beside_its_source(path):
    found = {context: source for context, (source, _) in exchange.texts_of(path.read_text("utf-8")).items()}

    assert found == sources()


def test_nothing_promises_an_office_that_no_page_names():
    assert not [text for text in sources().values() if "office named" in text]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_leaving_quickly_needs_is_said_in_each_language(path):
    found = exchange.texts_of(path.read_text("utf-8"))

    for words in found["privacy leaving html"]:
        conditional, closing = words.split("</p>")[0].split("JavaScript", 1)
        assert "Shift" not in conditional  # what needs scripts is promised behind the condition
        assert closing.count("Shift") + closing.count("Maj") + closing.count("Mayús") >= 2
