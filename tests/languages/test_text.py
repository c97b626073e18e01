"""Cleaning, tags, folding, parts of a message, checks."""

import re
from pathlib import Path

import polib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from languages import text
from languages.text import diffs

WORDS = st.text(st.sampled_from("ab <>&é\u00a0\r\n\u200d\u202eق1"), max_size=6)
NAMES = [
    "p",
    "h2",
    "ul",
    "ol",
    "li",
    "b",
    "i",
    "a",
    "br",
    "strong",
    "em",
    "table",
    "tr",
    "td",
    "div",
    "script",
    "span",
    "style",
]


def _wrapped(inner):
    return st.one_of(
        st.tuples(st.sampled_from(NAMES), inner).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"),
        st.lists(inner, max_size=4).map("".join),
        inner.map(lambda x: f'<a href="/x?a=1&b=2" class="z" onclick="y()" linktype="page" id="3">{x}</a>'),
    )


MARKUP = st.recursive(WORDS, _wrapped, max_leaves=10)


@settings(max_examples=100, deadline=None)
@given(MARKUP)
def test_tags_come_back_as_they_went(source):
    tagged, attributes = text.to_tags(source)

    assert text.from_tags(tagged, attributes) == text.clean_html(source)
    assert text.clean_html(text.clean_html(source)) == text.clean_html(source)


@settings(max_examples=100, deadline=None)
@given(MARKUP)
def test_nothing_dangerous_survives(source):
    cleaned = text.clean_html(source)

    assert "<script" not in cleaned
    assert "onclick" not in cleaned
    assert "class=" not in cleaned


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_cleaning_and_folding_twice_changes_nothing(words):
    assert text.clean(text.clean(words)) == text.clean(words)
    assert text.fold(text.fold(words)) == text.fold(words)


@settings(max_examples=100, deadline=None)
@given(MARKUP)
def test_retagging_the_source_itself_changes_nothing(source):
    tagged, attributes = text.to_tags(source)

    assert text.retag(text.clean_html(source), attributes) == tagged


def test_tags_are_numbered_and_attributes_stay_outside():
    tagged, attributes = text.to_tags('<p data-block-key="x">Call <a href="tel:116">116</a> now<br/>A &amp; B</p>')

    assert tagged == "<1>Call <2>116</2> now<3/>A &amp; B</1>"
    assert attributes == {"1": ["p", {}], "2": ["a", {"href": "tel:116"}], "3": ["br", {}]}


@pytest.mark.parametrize(
    ("tagged", "faults"),
    [
        ("<1>Call</1> <9>x</9>", [("unknown", "9"), ("dropped", "2")]),
        ("<1>Call <2>116</1></2>", [("crossed", "1"), ("crossed", "2")]),
        ("<1>Call <2>116</2>", [("not_closed", "1")]),
    ],
)
def test_broken_tags_are_named(tagged, faults):
    attributes = {"1": ["p", {}], "2": ["a", {"href": "tel:116"}]}

    found = text.faults_of("<1>Call <2>116</2></1>", tagged, kind="rich", tags=attributes)

    assert {(fault.code, fault.what) for fault in found if fault.stops} == {
        (f"tag_{code}", f"<{number}>") for code, number in faults
    }


def test_dropping_bold_is_allowed_and_dropping_a_link_is_not():
    tags = {"1": ["b", {}], "2": ["a", {"href": "/x"}]}

    found = text.faults_of("<1>a</1> <2>b</2>", "a <2>b</2>", kind="rich", tags=tags)

    assert [fault.code for fault in found if fault.stops] == []
    assert [fault.code for fault in text.faults_of("<2>b</2>", "b", kind="rich", tags=tags) if fault.stops] == [
        "tag_dropped"
    ]


def test_words_without_tags_keep_the_spaces_that_bind():
    assert text.plain("<1>personne\u202f?</1>\n  <2>116\u00a0 appels</2>") == "personne\u202f? 116\u00a0 appels"
    assert text.plain("<1>\u00a0</1>") == ""


def test_a_list_or_bold_words_that_are_lost_are_told_and_stop_nothing():
    tags = {"1": ["ul", {}], "2": ["li", {}], "3": ["b", {}], "4": ["br", {}]}
    source = "<1><2>One <3>two</3></2></1><4/>"

    kept, lost = (
        [fault for fault in text.faults_of(source, target, kind="rich", tags=tags) if fault.code == "tag_lost"]
        for target in ("<1><2>Un <3>deux</3></2></1><4/>", "Un <3>deux</3>")
    )

    assert kept == []
    assert [(fault.what, fault.stops) for fault in lost] == [("<1> <2> <4>", False)]


@pytest.mark.parametrize("target", ["<script>alert(1)</script>", "<img src=x>", "&#60;b"])
def test_markup_is_refused_in_rich_text(target):
    assert "unsafe" in {fault.code for fault in text.faults_of("Hello", target, kind="rich")}


@pytest.mark.parametrize(
    ("source", "target", "codes"),
    [
        ("Call {name}", "Appelez {nom}", ["placeholder_missing", "placeholder_unknown"]),
        ("%(count)s days", "jours", ["placeholder_missing"]),
        ("Within 24 hours", "Dans les 48 heures", []),
        ("One line", "Deux\nlignes", ["line_break"]),
        ("Short", "x" * 81, ["too_long"]),
        ("50 % of them", "50 % d’entre eux", []),
    ],
)
def test_faults_that_stop(source, target, codes):
    found = text.faults_of(source, target, kind="line", max_length=80)

    assert [fault.code for fault in found if fault.stops] == codes


def test_numbers_are_compared_across_digits():
    assert text.faults_of("Within 24 hours", "২৪ ঘণ্টার মধ্যে") == []
    assert [fault.code for fault in text.faults_of("Within 24 hours", "২৫ ঘণ্টার মধ্যে")] == ["numbers"]


PILED = ["a" + "\u0335" * 4, "\u0301" * 4, "b" + "\u0301\u200d" * 4, "before: q" + "\u0489" * 50 + " after"]


@pytest.mark.parametrize("odd", ["a\x00b", "a\x0bb", "\u202eabc", "a\u2069", "\ud800", *PILED])
def test_odd_text_is_refused_in_forms(odd):
    with pytest.raises(text.OddText):
        text.check_input(odd)


@pytest.mark.parametrize("fine", [
    "\u2068Ann\u2069 called", "ক\u200dষ", "two\r\nlines\t", "\u200fسلام", "مُحَمَّدٌ", "ที่นี่", "e\u0302\u0301\u0323 Việt", "❤️ 1️⃣",
])  # fmt: skip
def test_ordinary_text_is_accepted(fine):
    text.check_input(fine)


@pytest.mark.parametrize(
    ("words", "encoding", "parts"),
    [
        ("", "GSM-7", 0),
        ("x" * 160, "GSM-7", 1),
        ("x" * 161, "GSM-7", 2),
        ("€" * 80, "GSM-7", 1),
        ("€" * 81, "GSM-7", 2),
        ("x" * 152 + "€" + "x" * 153, "GSM-7", 3),
        ("ç" + "x" * 69, "UCS-2", 1),
        ("ç" + "x" * 70, "UCS-2", 2),
        ("😀" * 34, "UCS-2", 1),
        ("😀" * 36, "UCS-2", 2),
    ],
)
def test_parts_of_a_text_message(words, encoding, parts):
    found = text.sms_parts(words)

    assert (found.encoding, found.parts) == (encoding, parts)


@pytest.mark.parametrize(
    ("words", "most", "room"),
    [
        ("", 2, (0, 306)),
        ("x" * 160, 2, (1, 146)),
        ("x" * 161, 2, (2, 145)),
        ("x" * 307, 2, (3, -1)),
        ("x" * 152 + "€" + "x" * 153, 2, (3, -2)),
        ("ব" * 70, 2, (1, 64)),
        ("س" * 134, 2, (2, 0)),
        ("😀" * 67, 2, (3, -2)),
        ("x" * 160, 1, (1, 0)),
        ("x" * 161, 1, (2, -1)),
    ],
)
def test_room_left_in_a_text_message(words, most, room):
    found = text.sms_room(words, most)

    assert (found.parts, found.left) == room


@given(st.text(st.sampled_from("xx€\n[কس😀"), max_size=340), st.integers(1, 3))
def test_room_is_less_than_nothing_exactly_where_there_are_too_many_parts(words, most):
    assert (text.sms_room(words, most).left < 0) == (text.sms_parts(words).parts > most)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("êtres", "etres"),
        ("Proteção", "protecao"),
        ("ñeel", "neel"),
        ("إِلَى", "الي"),
        ("ضحيّة", "ضحيه"),
        ("ÅNGER", "anger"),
    ],
)
def test_folded_texts_meet(one, other):
    assert text.fold(one) == text.fold(other)


def test_marks_of_thai_and_bengali_stay():
    assert text.fold("น้ำ") != text.fold("นา")
    assert text.fold("পাচার") != text.fold("পচর")


@pytest.mark.parametrize("cell", ["=1+1", "+231", "-5", "@x", "\t=1", " =1", "＝1"])
def test_cells_that_look_like_formulas_become_text(cell):
    assert text.safe_cell(cell).startswith("'")


def test_other_cells_stay():
    assert (text.safe_cell("Ann"), text.safe_cell(None), text.safe_cell(5)) == ("Ann", "", "5")


@pytest.mark.parametrize("written", ["24", "٢٤", "۲۴", "২৪", "२४"])
def test_digits_of_every_script_become_latin_ones(written):
    assert text.latin_digits(f"{written} ans²") == "24 ans²"


@pytest.mark.parametrize(("language", "expected"), [("ar", "1، 2، 3"), ("fr", "1, 2, 3"), (None, "1, 2, 3")])
def test_a_list_takes_the_comma_of_its_language(language, expected):
    assert text.listed([1, 2, 3], language) == expected


@pytest.mark.parametrize(
    ("language", "words", "expected"),
    [
        ("en", "All day and night", "All day and night."),
        ("bn", "সারা দিন ও রাত", "সারা দিন ও রাত।"),
        ("th", "ทุกวัน", "ทุกวัน"),
        ("ar", "ليلا ونهارا", "ليلا ونهارا."),
        ("fr", "De 8 h à 16 h.", "De 8 h à 16 h."),
        ("bn", "কখন?", "কখন?"),
        ("en", "", ""),
        (None, "Words", "Words."),
    ],
)
def test_a_sentence_takes_the_full_stop_of_its_language(language, words, expected):
    assert text.ended(words, language) == expected


@pytest.mark.parametrize(
    ("words", "pictures"),
    [("Ravo 👩‍⚖️ 🙂🙂", "👩⚖\ufe0f🙂"), ("★", "★"), ("漢字 አበበ मीरा ⠁ N° 5", ""), ("D’Arc · ʻokina Ọ̀", "")],
)
def test_pictures_are_told_from_letters(words, pictures):
    assert text.pictures_in(words) == pictures


NAMED_LANGUAGE = ("Shown in %(language)s", "You read it in <bdi>%(language)s</bdi>.", "no words in %(language)s yet")
CATALOGUES = sorted(Path(__file__).resolve().parents[2].glob("locale/*/LC_MESSAGES/django.po"))


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
@pytest.mark.parametrize("words", NAMED_LANGUAGE)
def test_the_own_name_of_a_language_stands_after_a_colon(path, words):
    entry = polib.pofile(path).find(words)

    if path.parts[-3] == "en" or not (entry and entry.msgstr):
        return
    assert re.search(r":\s(<bdi>)?%\(language\)s(</bdi>)?[.।]?$", entry.msgstr), entry.msgstr


@pytest.mark.parametrize(
    ("typed", "country", "number"),
    [
        ("077 000 0301", "LR", "+231770000301"), ("+231 (77) 000-0301", "", "+231770000301"), ("911", "LR", "911"),
        ("٩١١", "LR", "911"), ("1 97", "TN", "197"), ("911", "", ""), ("12345678901234", "LR", ""), ("", "LR", ""),
        ("*123#", "LR", ""), ("911 or 912", "LR", ""),
    ],
)  # fmt: skip
def test_a_number_is_kept_as_it_is_dialled_in_a_country(typed, country, number):
    assert text.dialled_in(typed, country) == number


def test_rich_text_is_told_by_paragraphs_items_and_lines():
    tagged, tags = text.to_tags(
        "<p>A <b>child</b> &amp; her <i>mother</i>.</p><ul><li>One</li><li>Two<br/>more</li></ul>"
    )

    assert text.paragraphs(tagged, tags) == ["A child & her mother.", "One", "Two", "more"]


def test_two_texts_stand_beside_each_other_with_what_goes_and_what_comes():
    left, right = diffs.beside(["Ask her.", "Wait."], ["Ask her first.", "Wait.", "Thank her."])

    assert left == [
        [diffs.Piece("same", "Ask "), diffs.Piece("gone", "her.")],
        [diffs.Piece("same", "Wait.")],
    ]
    assert right == [
        [diffs.Piece("same", "Ask "), diffs.Piece("new", "her first.")],
        [diffs.Piece("same", "Wait.")],
        [diffs.Piece("new", "Thank her.")],
    ]
    assert diffs.beside([], ["New words."]) == ([], [[diffs.Piece("new", "New words.")]])


UNSEEN = [
    "\ufeffAnn called",
    "Ann\ufeff called",
    "Ann\u2028called",
    "Ann\u2029called",
]


@pytest.mark.parametrize("odd", UNSEEN)
def test_what_readers_are_shown_bears_no_sign_that_nobody_sees_and_what_people_send_may(odd):
    text.check_input(odd)
    with pytest.raises(text.OddText):
        text.check_shown(odd)


@pytest.mark.parametrize("odd", ["Ann\U000e0041", "🏴\U000e0067\U000e007f"])
def test_tags_are_taken_from_nobody_and_out_of_what_comes_in(odd):
    for check in (text.check_input, text.check_shown):
        with pytest.raises(text.OddText):
            check(odd)
    assert text.clean(odd) == odd[0:3].rstrip("\U000e0067\U000e007f")
    assert text.removed_from(odd)


def test_what_readers_are_shown_is_judged_as_input_is():
    with pytest.raises(text.OddText):
        text.check_shown("Ann\x07")


@pytest.mark.parametrize(
    "fine", ["\u2068Ann\u2069 called", "ที่\u200bนี่", "ক\u200dষ", "می\u200cروم", "traf\u00adficking", "👩\u200d⚖️ 🇱🇷"]
)
def test_signs_without_width_that_a_writing_needs_are_shown(fine):
    text.check_shown(fine)


def test_signs_that_nobody_sees_stand_apart_as_their_codes_but_those_that_are_let_be():
    words = "a\r\nb\u202ec\U000e0041"

    assert [*text.signs_apart(words, but="\r\n")] == [
        ("a\r\nb", False),
        ("U+202E", True),
        ("c", False),
        ("U+E0041", True),
    ]
    assert [piece for piece, is_sign in text.signs_apart(words) if is_sign] == [
        "U+000D",
        "U+000A",
        "U+202E",
        "U+E0041",
    ]
