"""Files of questions: what is refused and named, by its line, and takes nothing else with it; odd bytes and slow texts."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.quizzes import answer, en, one, question, quiz, refused, rows
from training import question_files
from training.question_files import FileRefused

# codecs that fail in ways of their own, take ever longer, or are none that anybody writes letters in
NOT_LETTERS = (
    "undefined",
    "punycode",
    "idna",
    "utf-7",
    "unicode_escape",
    "raw_unicode_escape",
    "rot13",
    "hex",
    "aliases",
    "nobody",
)


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
        ("How many?{#1e9999999..5}", "not_a_number"),
        ("How many?{#5..1e9999999}", "not_a_number"),
        ("How many?{#-1e9999999..-1e9999999}", "not_a_number"),
        ("How many?{#1e9999999:1}", "not_a_number"),
        ("How many?{#1:1e9999999}", "not_a_number"),
        ("How many?{#=3 =5}", "several_numbers"),
        ("How many?{#=3 ~7#no =5}", "several_numbers"),
        ("How many?{#=3 ~%50%7#no}", "partial_weights"),
        ("How many?{#5:-1}", "negative_tolerance"),
        ("How many?{#5:-0.001}", "negative_tolerance"),
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
        ("multichoice", answer(100, "A") + answer("nan", "B"), "Who?", "not_a_number"),
        ("multichoice", answer("1e400", "A") + answer(0, "B"), "Who?", "not_a_number"),
        ("numerical", answer(100, "1e9999999"), "How many?", "not_a_number"),
        (
            "numerical",
            '<answer fraction="100"><text>5</text><tolerance>-1</tolerance></answer>',
            "How many?",
            "negative_tolerance",
        ),
    ],
)
def test_moodle_types_without_counterpart_are_refused_with_their_line(kind, inner, text, code):
    row = one(quiz(question(kind, inner, text)))

    assert (row.line, row.refusal.code) == (3, code)


def test_the_second_question_of_one_idnumber_is_refused():
    text = "// [id:a]\nOne{=A ~B}\n\n// [id:a]\nTwo{=A ~B}\n\n// [id:two words]\nThree{=A ~B}\n"

    assert refused(text) == [(5, "double_key")]
    assert rows(text)[2].key == ""


SOUND = quiz(question("multichoice", answer(100, "A") + answer(0, "B"))).partition("?>")[2]
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
        (f"<!DOCTYPE quiz>{SOUND}".encode(), "entities", ""),
        (f"<!DOCTYPE quiz [<!ELEMENT quiz ANY>]>{SOUND}".encode(), "entities", ""),
        (b"<rss><item/></rss>", "not_questions", ""),
        *((f'<?xml version="1.0" encoding="{one}"?><quiz/>'.encode(), "unknown_encoding", "") for one in NOT_LETTERS),
        (b"<quiz></quiz>", "not_questions", ""),
        (b"<quiz>" + b"<a>" * 40 + b"</a>" * 40 + b"</quiz>", "too_deep", "1"),
        (("Who?{=A ~B}\n\n" * 1001).encode(), "too_many", ""),
        (("<quiz>" + "<question type='essay'></question>" * 1001 + "</quiz>").encode(), "too_many", ""),
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
        (
            quiz(question("multichoice", answer(100, "Là") + answer(0, "Ici"), "Où ?"))
            .replace('"1.0"', '"1.0" encoding="UTF-16"')
            .encode("utf-16"),
            "utf-16",
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


def test_a_number_beyond_all_measure_takes_no_sound_question_with_it():
    text = "One?{=A ~B}\n\nHow many?{#1e9999999..5}\n\nTwo?{=A ~B}\n"

    assert refused(text) == [(3, "not_a_number")]
    assert [row.line for row in rows(text) if row.item] == [1, 5]
