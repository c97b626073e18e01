"""Files of questions: what is read, what is refused and named, and that what goes out comes in again as it was."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training import exchange, question_files
from training.question_files import FileRefused, Item, Outgoing, Part, block_of, item_of, texts_of

CONTENT = Path(exchange.__file__).parent / "content"
COURSES = sorted(path.name for path in CONTENT.iterdir() if path.is_dir())


def en(words):
    return {"en": words} if words else {}


def rows(text):
    return question_files.read(text.encode()).rows


def one(text):
    (row,) = rows(text)
    return row


def refused(text):
    return [(row.line, row.refusal.code) for row in rows(text) if row.refusal]


def quiz(*questions):
    return f'<?xml version="1.0"?>\n<quiz>{"".join(questions)}</quiz>'


def question(kind, inner, text="Which?", form="html"):
    return (
        f'\n<question type="{kind}"><name><text>n</text></name>'
        f'<questiontext format="{form}"><text><![CDATA[{text}]]></text></questiontext>{inner}</question>'
    )


def answer(share, text, feedback=""):
    return (
        f'<answer fraction="{share}" format="html"><text>{text}</text><feedback><text>{feedback}</text></feedback>'
        "</answer>"
    )


# What is read


def test_gift_one_answer_with_feedback():
    row = one("::Name::Who?{\n=A#yes\n~B#no\n~%0%C#not\n}")

    assert (row.line, row.name, row.type, row.refusal) == (1, "Name", "multichoice", None)
    parts = (Part(en("A"), en("yes"), True), Part(en("B"), en("no")), Part(en("C"), en("not")))
    assert row.item == Item("single", en("Who?"), parts)


def test_gift_several_answers_by_their_weights():
    item = one("Who?{\n~%50%A#a\n~%50%B#b\n~%-50%C#c\n}").item

    assert (item.kind, [part.right for part in item.parts]) == ("multiple", [True, True, False])


def test_gift_true_or_false():
    item = one("It rains.{FALSE#It does not.#Right, it does not.}").item

    assert [(part.text["en"], part.right) for part in item.parts] == [("True", False), ("False", True)]
    assert [part.feedback["en"] for part in item.parts] == ["It does not.", "Right, it does not."]


def test_gift_pairs_steps_numbers_and_words():
    found = rows(
        "Match{\n=one -> 1\n=two -> 2\n}\n\nOrder{>2 ALL VERTICAL ABSOLUTE_POSITION SHOW none\nfirst\nlast\n}\n\n"
        "How many?{#3:0.5#near}\n\nBetween?{#2.5..3.5}\n\nThe colour is {=grey =gray} here.\n"
    )

    assert [row.item.kind for row in found] == ["match", "order", "number", "number", "short"]
    assert [(part.text["en"], part.match["en"]) for part in found[0].item.parts] == [("one", "1"), ("two", "2")]
    assert [part.text["en"] for part in found[1].item.parts] == ["first", "last"]
    assert [(row.item.answer, row.item.tolerance) for row in found[2:4]] == [("3", "0.5"), ("3", "0.5")]
    assert found[4].item.answers == en("grey\ngray")
    assert found[4].item.question == en("The colour is _____ here.")
    assert "practice_only" in {note.code for note in found[4].notes}


def test_gift_escapes_categories_ids_and_tags():
    text = (
        "$CATEGORY: $course$/top/Law/form 3\n\n"
        "// [id:law-1] [tag:objective: evidence] [tag:critical]\n"
        "::A\\:B::1 \\= 1, \\{x\\} \\~ \\# a\\nb{=yes#\\=ok ~no}\n"
    )

    row = one(text)

    assert (row.line, row.key, row.name) == (4, "law-1", "A:B")
    assert row.facts == {"objective": "evidence", "critical": "yes", "form": "3"}
    assert row.item.question == en("1 = 1, {x} ~ # a\nb")
    assert row.item.parts[0].feedback == en("=ok")
    assert [note.code for note in row.notes] == ["no_feedback"]


def test_general_feedback_fills_what_is_missing_and_is_named_where_nothing_is():
    filled = one("Who?{=A ~B#own ####general}")
    left_out = one("Who?{=A#a ~B#b ####general}")

    assert [part.feedback["en"] for part in filled.item.parts] == ["general", "own"]
    assert [note.code for note in left_out.notes] == ["general_left_out"]


@pytest.mark.parametrize(
    "text",
    [
        "{mlang en}Who?{mlang}{mlang fr}Qui ?{mlang}{=A ~B}",
        "{mlang other}Who?{mlang}{mlang fr}Qui ?{mlang}{=A ~B}",
        "\\{mlang en\\}Who?\\{mlang\\}\\{mlang fr\\}Qui ?\\{mlang\\}{=A ~B}",
        '[html]<span lang\\="en" class\\="multilang">Who?</span> <span lang\\="fr" class\\="multilang">Qui ?</span>{=A ~B}',
        '[html]<span lang\\="en">Who?</span><span lang\\="fr">Qui ?</span>{=A ~B}',
    ],
)
def test_tags_of_language_set_the_languages_apart(text):
    assert one(text).item.question == {"en": "Who?", "fr": "Qui ?"}


def test_a_foreign_word_in_a_sentence_is_no_translation():
    item = one('[html]What is a <span lang\\="ht">restavèk</span> child?{=A ~B}').item

    assert item.question == en("What is a restavèk child?")


def test_a_question_in_gift_may_begin_with_markup():
    reading = question_files.read(b"<p>Who?</p>{=A#a ~B#b}")

    assert (reading.format, reading.rows[0].item.question) == ("gift", en("Who?"))


def test_a_language_that_is_not_used_here_is_named():
    row = one("{mlang en}Who?{mlang}{mlang xx}?{mlang}{=A#a ~B#b}")

    assert [(note.code, note.detail) for note in row.notes] == [("unknown_language", "xx")]


def test_moodle_xml_of_every_type():
    found = rows(
        quiz(
            '<question type="category"><category><text>$course$/top/Law</text></category></question>',
            question("multichoice", f"<single>true</single>{answer(100, 'A', 'yes')}{answer(0, 'B', 'no')}"),
            question("multichoice", f"<single>false</single>{answer(50, 'A')}{answer(50, 'B')}{answer(-100, 'C')}"),
            question("truefalse", answer(0, "true") + answer(100, "false")),
            question(
                "matching",
                "".join(
                    f"<subquestion><text>{left}</text><answer><text>{right}</text></answer></subquestion>"
                    for left, right in (("one", "1"), ("two", "2"))
                ),
            ),
            question("numerical", '<answer fraction="100"><text>3</text><tolerance>0.50</tolerance></answer>'),
            question("shortanswer", answer(100, "grey") + answer(100, "gray") + answer(0, "*", "no")),
            question("ordering", answer(1, "first") + answer(1, "last")),
        )
    )

    assert [row.item.kind for row in found] == ["single", "multiple", "single", "match", "number", "short", "order"]
    assert {row.category for row in found} == {"$course$/top/Law"}
    assert found[1].notes[0].code == "wrong_costs_a_share"
    assert found[5].item.wrong_feedback == en("no")
    assert found[4].item.tolerance == "0.5"


def test_markup_becomes_words_and_scripts_nothing():
    text = "<p>It is <b>not</b> so.</p><p>Why&nbsp;&amp; how?</p><script>alert(1)</script>"

    item = one(quiz(question("multichoice", answer(100, "A") + answer(0, "B"), text))).item

    assert item.question == en("It is not so.\n\nWhy & how?")


# What is refused, by its line, and takes nothing else with it


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n// [id:second]\n"])
def test_questions_are_read_whether_an_empty_line_stands_between_them_or_not(gap):
    first, second = "::One::Who {mlang en}is{mlang}\na child \\{?{\n=A#a\n~B#b\n}", "Two {=C#c ~D#d} words after."

    found = rows(first + gap + second + gap + "::Three::Why?{T}\n")

    assert [row.refusal for row in found] == [None] * 3
    assert [len(row.item.parts) for row in found[:2]] == [2, 2]
    assert [row.line for row in found] == [1, 5 + gap.count("\n"), 5 + 2 * gap.count("\n")]
    assert found[1].key == ("second" if "second" in gap else "")


def test_a_broken_question_is_refused_alone():
    text = (
        "Good?{=A#a ~B#b}\n\nBroken{=A ~B\n\nNo braces at all.\n\nEssay{}\n\n"
        "Part{=A ~%50%B}\n\nTwo{=A ~B} in one{=A ~B}\n\nLast?{=A#a ~B#b}\n"
    )

    assert refused(text) == [
        (3, "broken_braces"), (5, "description"), (7, "essay"), (9, "partial_weights"), (11, "two_in_one"),
    ]  # fmt: skip
    assert [row.line for row in rows(text) if row.item] == [1, 13]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Who?{=A =B ~C}", "not_one_right"),
        ("Who?{~A ~B}", "none_right"),
        ("Who?{~%100%A}", "too_few_answers"),
        ("Who?{=A ~B ~}", "empty_answer"),
        ("{=A ~B}", "no_question"),
        ("{mlang fr}Qui ?{mlang}{=A ~B}", "no_source"),
        ("Who?{=" + "x" * 251 + " ~B}", "too_long"),
        ("Who?{" + "".join(f"~{n} " for n in range(8)) + "=A}", "too_many_answers"),
        ("How many?{#three}", "not_a_number"),
        ("How many?{#=3 =5}", "several_numbers"),
        ("How many?{#=3 =%50%5}", "partial_weights"),
        ("Which?{=wild*}", "wildcard"),
        ("Match{=one -> 1 =two}", "broken_pair"),
        ("Match{=one -> 1 =two -> 2 = -> 3}", "extra_right_sides"),
        ('[html]<img src\\="x.png"> Who?{=A ~B}', "picture"),
        ("[html]<table><tr><td>Who?</td></tr></table>{=A ~B}", "table"),
    ],
)
def test_what_has_no_counterpart_is_refused_and_named(text, code):
    assert one(text).refusal.code == code


@pytest.mark.parametrize(
    ("kind", "inner", "text", "code"),
    [
        ("essay", "", "Write.", "essay"),
        ("cloze", "", "{1:SA:=x}", "cloze"),
        ("calculatedmulti", "", "x", "unknown_type"),
        ("multichoice", answer(100, "A") + answer(50, "B"), "Who?", "partial_weights"),
        ("multichoice", answer(100, "A") + answer(0, "B"), '<img src="@@PLUGINFILE@@/a.png">', "picture"),
        ("multichoice", answer(100, "A") + answer(0, "B"), '<a href="@@PLUGINFILE@@/a.pdf">see</a>', "file_link"),
        ("multichoice", answer(100, "A") + answer(0, "B"), "<video></video>", "media"),
        (
            "numerical",
            '<answer fraction="100"><text>3</text></answer><units><unit/><unit/></units>',
            "?",
            "several_units",
        ),
        ("multichoice", answer("much", "A") + answer(0, "B"), "Who?", "not_a_number"),
    ],
)
def test_moodle_types_without_counterpart_are_refused_with_their_line(kind, inner, text, code):
    row = one(quiz(question(kind, inner, text)))

    assert (row.line, row.refusal.code) == (3, code)


def test_the_second_question_of_one_idnumber_is_refused():
    text = "// [id:a]\nOne{=A ~B}\n\n// [id:a]\nTwo{=A ~B}\n\n// [id:two words]\nThree{=A ~B}\n"

    assert refused(text) == [(5, "double_key")]
    assert rows(text)[2].key == ""


BOMB = '<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><quiz>&b;</quiz>'


@pytest.mark.parametrize(
    ("content", "code", "detail"),
    [
        (b"", "empty", ""),
        (b" \n ", "empty", ""),
        (b"x" * (5 * 1024 * 1024 + 1), "too_large", ""),
        (b"PK\x03\x04rest", "not_text", ""),
        (b"\x89PNG\r\n\x1a\n\x00", "not_text", ""),
        (b"Who?{=A\x00~B}", "not_text", ""),
        (b"<quiz><question>", "broken_xml", "1"),
        (b"<quiz>\n<question type='essay'>\n</quiz>", "broken_xml", "3"),
        (BOMB.encode(), "entities", ""),
        (b'<!DOCTYPE q SYSTEM "file:///etc/passwd"><quiz/>', "entities", ""),
        (b"<rss><item/></rss>", "not_questions", ""),
        (b"<quiz></quiz>", "not_questions", ""),
        (b"<quiz>" + b"<a>" * 40 + b"</a>" * 40 + b"</quiz>", "too_deep", "1"),
        (("Who?{=A ~B}\n\n" * 1001).encode(), "too_many", "1001"),
    ],
)
def test_a_file_that_is_none_is_refused_whole(content, code, detail):
    with pytest.raises(FileRefused) as caught:
        question_files.read(content)

    assert (caught.value.code, caught.value.detail) == (code, detail)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("Où ?{=Là ~Ici}".encode(), "utf-8"),
        ("Où ?{=Là ~Ici}".encode("utf-8-sig"), "utf-8"),
        ("Où ?{=Là ~Ici}".encode("cp1252"), "windows-1252"),
        ("Où ?{=Là ~Ici}".encode("utf-16"), "utf-16"),
        (quiz(question("multichoice", answer(100, "Là") + answer(0, "Ici"), "Où ?")).encode("cp1252"), "windows-1252"),
        (
            quiz(question("multichoice", answer(100, "Là") + answer(0, "Ici"), "Où ?"))
            .replace('"1.0"', '"1.0" encoding="ISO-8859-1"')
            .encode("latin-1"),
            "iso-8859-1",
        ),
    ],
)
def test_letters_are_read_in_the_encoding_that_is_told(content, encoding):
    reading = question_files.read(content)

    assert (reading.encoding, reading.rows[0].item.question) == (encoding, en("Où ?"))


@pytest.mark.parametrize(
    "text",
    ["{mlang en}" * 5000, "{mlang" + " " * 49_000, "<span lang=en " * 3500, "{ mlang " + "a " * 20_000 + "}", "::" * 20_000,
     "\\" * 49_000, "%1" * 20_000 + "{=a}", "{" * 49_000, "<p " * 16_000 + "{=a ~b}"],
)  # fmt: skip
def test_a_text_made_to_be_slow_costs_as_it_is_long(text):
    long, short = cost(text * 8), cost(text)

    assert long <= 40 * max(short, 0.05)  # a reader that goes back over what it read takes 64 times as long


def cost(text):
    """Return the seconds of CPU that a text takes, as GIFT and as a question of Moodle XML."""
    began = time.process_time()
    for content in (text, quiz(question("multichoice", answer(100, "a"), text.replace("]]>", "")))):
        try:
            question_files.read(content.encode())
        except FileRefused as error:
            assert error.code in {"not_questions", "broken_xml", "too_large"}  # noqa: PT017 -- most are no question
    return time.process_time() - began


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(content):
    try:
        reading = question_files.read(content)
    except FileRefused:
        return
    assert all((row.item is None) is (row.refusal is not None) for row in reading.rows)


@given(st.text(alphabet="{}=~#%:>-\\n \nAb1€[]$/", max_size=200))
def test_no_text_breaks_the_reader_and_no_block_is_lost(text):
    try:
        found = rows(text)
    except FileRefused:
        return
    blocks = [part for part in text.split("\n") if part.strip() and not part.lstrip().startswith("//")]

    assert len(found) <= len(blocks)
    assert all((row.item is None) is (row.refusal is not None) for row in found)


# Out and in again


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
ITEM = st.one_of(
    st.builds(lambda q, p: Item("single", q, tuple(Part(x.text, x.feedback, n == 0) for n, x in enumerate(p))),
              _said(WORDS), st.lists(PART, min_size=2, max_size=8)),
    st.builds(lambda q, p: Item("multiple", q, (*p, Part(en("z"), en("z"), True))),
              _said(WORDS), st.lists(PART, min_size=1, max_size=11)),
    st.builds(lambda q, p: Item("match", q, tuple(p)), _said(WORDS), st.lists(PAIR, min_size=2, max_size=12)),
    st.builds(lambda q, p: Item("order", q, tuple(p)), _said(WORDS), st.lists(STEP, min_size=2, max_size=10)),
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
