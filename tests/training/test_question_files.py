"""Files of questions: what is read of GIFT and Moodle XML."""

import pytest

from tests.training.quizzes import answer, en, one, question, quiz, rows
from training import question_files
from training.question_files import Item, Part
from training.question_words import note_in_words


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

    row = one(quiz(question("multichoice", answer(100, "A") + answer(0, "B"), text)))

    assert row.item.question == en("It is not so.\n\nWhy & how?")
    assert lost(row) == ["b, script"]


def lost(row):
    """Return what is told of the markup of a row."""
    return [note.detail for note in row.notes if note.code == "markup_left_out"]


MARKED = {
    "<p dir='ltr'>Which<br>is <span style='color: red'>it</span>?</p><div>Now&nbsp;&lt;here&gt;.</div>": [],
    "Which?": [],
    "<p>Is it 5 m<sup>2</sup>?</p><ol><li>one</li></ol>": ["li, ol, sup"],
    "<a href='https://example.org'>Which?</a>": ["a"],
    "<p>Which?</p><style>p {color: red}</style>": ["style"],
    "<p onclick='alert(1)'>Which?</p>": ["script"],
    "<p>What of <your name>?</p>": ["your"],
    "<p>Is it below?</p> <five of them": ["five"],
}


@pytest.mark.parametrize("form", ["[html]", "[moodle]", ""])
@pytest.mark.parametrize(("text", "told"), MARKED.items())
def test_markup_that_a_question_cannot_bear_is_named(text, told, form):
    written = "".join(f"\\{sign}" if sign in "~=#{}:" else sign for sign in text)

    in_gift = one(f"::n::{form}{written}{{=A#a ~B#b}}")
    in_xml = one(quiz(question("multichoice", answer(100, "A", "a") + answer(0, "B", "b"), text)))

    assert (lost(in_gift), lost(in_xml)) == (told, told)
    assert in_gift.item.question == in_xml.item.question


def test_markup_of_answers_and_feedback_is_named_once_in_words():
    texts = "<![CDATA[<b>A</b>]]>", "<![CDATA[<b>a</b> <i>c</i>]]>"

    row = one(quiz(question("multichoice", answer(100, *texts) + answer(0, "B", "b"))))

    assert [(note.code, note.detail) for note in row.notes] == [("markup_left_out", "b, i")]
    assert note_in_words("markup_left_out", "b, i").endswith("cannot bear is left out: b, i")


def test_plain_text_keeps_what_looks_like_markup_and_has_no_note():
    row = one("[plain]Is it <b>?{=A#a ~B#b}")

    assert (row.item.question, row.notes) == (en("Is it <b>?"), ())


def test_a_unit_is_cleaned_as_other_words_are_and_a_language_of_it_that_is_not_used_is_named():
    units = "<units><unit><unit_name> {mlang en} kg {mlang}{mlang xx}k{mlang}</unit_name></unit></units>"

    row = one(quiz(question("numerical", f'<answer fraction="100"><text>3</text></answer>{units}')))

    assert row.item.unit == en("kg")
    assert ("unknown_language", "xx") in [(note.code, note.detail) for note in row.notes]


@pytest.mark.parametrize("tolerance", ["0", "-0", "-0.0"])
def test_a_number_without_a_tolerance_is_right_itself(tolerance):
    assert one(f"How many?{{#5:{tolerance}}}").item.tolerance == "0"


@pytest.mark.parametrize(
    ("wrongs", "told", "left_out"),
    [
        ("~#no", "no", None),
        ("~*#no", "no", None),
        ("~#no ~#again", "no", None),
        ("~", "", None),
        ("~7#seven", "", "7"),
        ("~7#seven ~8:1#eight ~#no", "no", "7, 8:1"),
        ("~%0%7#seven", "", "7"),
    ],
)
def test_what_is_said_of_one_wrong_number_is_not_said_of_every_other_and_is_told(wrongs, told, left_out):
    row = one(f"How many?{{#=5#yes {wrongs}}}")

    assert (row.item.answer, row.item.right_feedback, row.item.wrong_feedback) == ("5", en("yes"), en(told))
    assert [note.detail for note in row.notes if note.code == "wrong_numbers_left_out"] == (
        [left_out] if left_out else []
    )


def test_the_words_name_the_numbers_that_are_left_out():
    assert "7, 8:1" in note_in_words("wrong_numbers_left_out", "7, 8:1")
