"""Files of questions: what goes out comes in again as it was."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.quizzes import en
from training import exchange, grading, question_files
from training.question_files import Item, Outgoing, Part, block_of, item_of, texts_of

CONTENT = Path(exchange.__file__).parent / "content"
COURSES = sorted(path.name for path in CONTENT.iterdir() if path.is_dir())


def shipped(key):
    """Every question of a course folder, the checks of its lessons too, with its translations."""
    folder = exchange.read_course(CONTENT / key)
    found = [(item, (key, "quiz", item["key"]), exchange.item_words(key, item)) for item in folder.items]
    for lesson in folder.lessons.values():
        words = exchange.lesson_words(key, lesson)
        checks = [screen for screen in lesson["screens"] if screen["kind"] == "check"]
        found += [(screen, (key, lesson["key"], screen["key"]), words) for screen in checks]
    out = []
    for number, (entry, place, words) in enumerate(found):
        block = exchange.block_of(entry, entry["type"], place)
        texts = {code: words.in_language(told) for code, told in folder.languages.items()}
        facts = {"objective": entry.get("objective", ""), "critical": "yes" if entry.get("critical") else "no"}
        out.append(Outgoing(f"q-{number}", item_of(block, texts), f"{key}/form 2", facts))
    return out


@pytest.mark.parametrize("form", ["gift", "moodle_xml"])
@pytest.mark.parametrize("course", COURSES)
def test_the_shipped_banks_come_in_as_they_went_out(course, form):
    out = shipped(course)

    reading = question_files.read(question_files.WRITERS[form](out).encode())

    assert [row.refusal for row in reading.rows] == [None] * len(out)
    assert [row.item for row in reading.rows] == [one.item for one in out]
    assert [row.key for row in reading.rows] == [one.key for one in out]
    assert [row.facts.get("objective", "") for row in reading.rows] == [one.facts["objective"] for one in out]


WORDS = st.text(
    alphabet=st.one_of(st.sampled_from("~=#{}:\\%[]/->*'\"<>&éß€ب\n "), st.characters(codec="ascii", categories=("L", "N"))),
    min_size=1,
    max_size=30,
).map(lambda text: question_files.item_of(_short(text)).answers.get("en", "")).filter(bool)  # fmt: skip
LINES = WORDS.map(lambda text: " ".join(text.split())).filter(bool)


def _short(text):
    told = {"question": "?", "answers": text, "right_feedback": "", "wrong_feedback": ""}
    return {"type": "short", "id": "x", "value": told}


def _said(words):
    return words.map(en)


PART = st.builds(Part, _said(LINES), _said(WORDS), st.booleans())
PAIR = st.builds(
    lambda left, right, feedback: Part(left, feedback, match=right), _said(LINES), _said(LINES), _said(WORDS)
)
STEP = st.builds(lambda text, feedback: Part(text, feedback), _said(LINES), _said(WORDS))
NUMBER = st.decimals(-1000, 1000, places=2).map(lambda value: format(value.normalize(), "f"))


def _told_apart(part, least, most):
    """Answers that a reader can tell apart: others are refused."""
    kept = st.lists(part, min_size=least, max_size=most, unique_by=lambda one: grading.as_compared(one.text["en"]))
    return kept.filter(lambda parts: not grading.doubled(one.text["en"] for one in parts))


LAST = Part(en("z"), en("z"), True)
ITEM = st.one_of(
    st.builds(lambda q, p: Item("single", q, tuple(Part(x.text, x.feedback, n == 0) for n, x in enumerate(p))),
              _said(WORDS), _told_apart(PART, 2, 8)),
    st.builds(lambda q, p: Item("multiple", q, (*(one for one in p if not grading.doubled([one.text["en"], "z"])), LAST)),
              _said(WORDS), _told_apart(PART, 2, 11)),
    st.builds(lambda q, p: Item("match", q, tuple(p)), _said(WORDS), _told_apart(PAIR, 2, 12)),
    st.builds(lambda q, p: Item("order", q, tuple(p)), _said(WORDS), _told_apart(STEP, 2, 10)),
    st.builds(lambda q, a, t, u, r, w: Item("number", q, answer="0" if a == "-0" else a, tolerance=t.lstrip("-") or "0",
                                            unit=u, right_feedback=r, wrong_feedback=w),
              _said(WORDS), NUMBER, NUMBER, _said(LINES), _said(WORDS), _said(WORDS)),
)  # fmt: skip


@given(ITEM)
def test_any_item_comes_in_by_moodle_xml_as_it_went_out(item):
    (row,) = question_files.read(question_files.WRITERS["moodle_xml"]([Outgoing("k", item)]).encode()).rows

    assert (row.refusal, row.item) == (None, item)


def _is_beyond_gift(item):
    texts = [part.text["en"] for part in item.parts]
    return any("->" in text for text in texts) or any(text.startswith(("//", "$CATEGORY")) for text in texts)


@given(ITEM)
def test_any_item_comes_in_by_gift_as_it_went_out_or_is_named(item):
    try:
        text = question_files.WRITERS["gift"]([Outgoing("k", item)])
    except question_files.CannotBeWritten:
        assert _is_beyond_gift(item)
        return
    (row,) = question_files.read(text.encode()).rows

    assert (row.refusal, row.item) == (None, item)


@pytest.mark.parametrize("name", ["answers", "right_feedback", "wrong_feedback"])
def test_a_short_text_with_an_arrow_is_named_since_gift_would_read_pairs(name):
    item = Item(
        "short", en("Where to?"), **{"answers": en("Home"), "right_feedback": en("Yes"), name: en("Here -> home")}
    )

    with pytest.raises(question_files.CannotBeWritten):
        question_files.WRITERS["gift"]([Outgoing("k", item)])
    (row,) = question_files.read(question_files.WRITERS["moodle_xml"]([Outgoing("k", item)]).encode()).rows

    assert row.item == item


@given(ITEM)
def test_an_item_is_the_same_as_a_block_of_the_bank_and_back(item):
    block = block_of(item, "k")

    assert item_of(block) == item
    assert texts_of(item, block) == {}


def test_a_reading_is_the_same_as_json_and_back():
    reading = question_files.read(b"$CATEGORY: x\n\n// [tag:critical]\nWho?{=A ~B}\n\nEssay{}\n")

    assert question_files.reading_of(json.loads(json.dumps(reading.plain()))) == reading


def test_a_changed_question_keeps_the_ids_of_what_it_says_still():
    before = block_of(Item("single", en("Who?"), (Part(en("A"), right=True), Part(en("B")), Part(en("C")))), "k")
    ids = [option["id"] for option in before["value"]["options"]]

    reworded = block_of(
        Item("single", en("Who?"), (Part(en("C")), Part(en("A"), right=True), Part(en("New")))), "k", before
    )
    longer = block_of(Item("single", en("?"), tuple(Part(en(t), right=t == "A") for t in "DABE")), "k", before)

    assert [option["id"] for option in reworded["value"]["options"]] == [ids[2], ids[0], ids[1]]
    kept = [option["id"] for option in longer["value"]["options"]]
    assert kept[1:3] == ids[:2]
    assert not {kept[0], kept[3]} & set(ids)
    assert reworded["id"] == before["id"]


def asked(kind, *words):
    """A question of a kind whose parts say these words; right is what ends in a point."""
    parts = [Part(en(text), {}, text.endswith("."), match=en(f"{text}!")) for text in words]
    return Item(kind, en("How long?"), parts=parts)


@pytest.mark.parametrize("kind", grading.PARTS)
def test_old_words_that_come_back_beside_their_rewording_make_a_part_of_its_own(kind):
    plural = grading.PARTS[kind]
    first = block_of(asked(kind, "30 days", "60 days."), "k", None)
    reworded = block_of(asked(kind, "45 days", "60 days."), "k", first)

    block = block_of(asked(kind, "30 days", "45 days", "60 days."), "k", reworded)

    of_first, of_reworded, ids = ([part["id"] for part in one["value"][plural]] for one in (first, reworded, block))
    assert of_reworded == of_first == ids[1:]
    assert len(set(ids)) == 3
