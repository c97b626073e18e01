"""The banks of the shipped courses: no answer can be guessed by its length."""

from functools import cache

import pytest

from tests.training.small import CONTENT
from training import exchange

COURSES = sorted(path.name for path in CONTENT.iterdir() if path.is_dir())
MOST = 0.45  # of four answers chance gives a quarter, and no reader counts letters


@cache
def folder(course):
    return exchange.read_course(CONTENT / course)


def said(course, item, language):
    """Return what the reader of a language sees of a question's answers, and which of them is right."""
    read = folder(course)
    texts = {path: source for _context, path, source in exchange.item_words(read.key, item).lines}
    texts |= exchange.item_words(read.key, item).in_language(read.languages.get(language, {}))
    block = exchange.block_of(item, item["type"], (read.key, "quiz", item["key"]))
    answers = [(one["id"], one["value"]["right"]) for one in block["value"]["options"]]
    return [(texts[f"body.{block['id']}.options.{key}.text"], right) for key, right in answers]


def gives_itself_away(answers):
    right = max(len(text) for text, is_right in answers if is_right)
    return right > max(len(text) for text, is_right in answers if not is_right)


@pytest.mark.parametrize("course", COURSES)
def test_in_no_language_is_the_right_answer_often_the_longest(course):
    asked = [item for item in folder(course).items if item["type"] == "single"]
    told = {}
    for language in ("en", *folder(course).languages):
        longest = [item["key"] for item in asked if gives_itself_away(said(course, item, language))]
        if len(longest) > MOST * len(asked):
            told[language] = longest

    assert len(asked) >= 20
    assert told == {}
