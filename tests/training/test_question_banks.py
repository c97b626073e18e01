"""The banks of the shipped courses: no answer can be guessed by its length, and a second try asks other questions."""

from functools import cache

import pytest

from tests.training.small import CONTENT
from training import exchange, progress
from training.demo import tries

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


def edition(course):
    """Return as much of an edition as a paper is drawn from."""
    read = folder(course)
    items = [
        {"id": item["key"], "critical": item.get("critical", False)}
        | {"objective": item.get("objective", ""), "tracks": item.get("tracks", [])}
        for item in read.items
        if item["form"] == progress.POST
    ]
    plan = [[row["objective"], row["count"]] for row in read.course["blueprint"] if row["form"] == progress.POST]
    test = {"id": "test", "form": progress.POST, "items": items, "blueprint": plan}
    return progress.canonical({"course": course, "tests": [test], "pass": {"minimum": read.course["pass_minimum"]}})


@pytest.mark.parametrize("course", COURSES)
@pytest.mark.parametrize("seed", ["one", "two", "three"])
def test_a_third_of_a_second_try_is_new_for_each_group_of_readers(course, seed):
    body = edition(course)
    for track in ("", *folder(course).course.get("tracks", [])):
        first = [item["id"] for item in progress.draw(body, seed, track=track)["items"]]
        second = [item["id"] for item in progress.draw(body, f"{seed}, again", track=track, asked=first)["items"]]

        assert (len(first), len(second)) == (15, 15)
        assert 3 * len(set(second) - set(first)) >= len(second), track


def test_the_question_that_the_demo_corrects_is_on_every_paper():
    body = edition("judicial")
    papers = [progress.draw(body, f"seed {number}")["items"] for number in range(40)]

    assert [tries.MISTAKEN in {item["id"] for item in paper} for paper in papers] == [True] * 40
