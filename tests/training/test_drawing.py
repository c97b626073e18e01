"""Sheets: every script drawn with its own face or refused; nothing with empty boxes, nothing read as markup."""

import datetime as dt

import pytest
from django.urls import reverse

from languages import table
from tests.training.sheets import pages_of, text_of
from training import drawing, printing, queries
from training.drawing import faces, sheet

DAY = dt.date(2026, 11, 25)


@pytest.fixture
def no_fonts(monkeypatch, tmp_path):
    """A machine on which nobody installed a typeface."""
    monkeypatch.setattr(faces, "FOLDERS", (tmp_path,))
    faces.faces_here.cache_clear()
    yield
    faces.faces_here.cache_clear()


def data(**words):
    line = {"text": "Do this.", "language": "en"}
    return {
        "title": "A sheet",
        "date": "2026-11-25",
        "over": line,
        "lead": {"text": "A course", "language": "en"},
        "columns": [{"heading": "Do", "sign": "tick", "lines": [line]}],
        "call": {"heading": "Who", "none": "Nobody", "numbers": []},
        "own": "Mine",
        "foot": [line],
    } | words


def test_sheet_has_the_same_bytes_again_and_is_tagged_for_screen_readers():
    first = drawing.draw("aide", data(), "en")

    assert first == drawing.draw("aide", data(), "en")
    assert b"pdfuaid:part" in text_of(first)
    assert b"/StructTreeRoot" in text_of(first)


@pytest.mark.parametrize("text", ['#read("/etc/passwd")', "#panic()", "$x$ *b* @ref <l> = h \\", '"}]'])
def test_sheet_prints_what_looks_like_markup(text):
    pdf = drawing.draw("aide", data(own=text), "en")

    assert pages_of(pdf) == 1


def test_sheet_names_the_letters_that_no_typeface_has():
    with pytest.raises(drawing.LetterMissing) as refusal:
        drawing.draw("aide", data(own="李 and 王 and 李"), "fr")

    assert refusal.value.letters == "李王"


@pytest.mark.parametrize(
    ("language", "text", "families"),
    [
        ("ar", "", ("Noto Sans Arabic",)),
        ("bn", "", ("Noto Sans Bengali",)),
        ("th", "", ("Noto Sans Thai",)),
        ("fr", "সাবিনা", ("Noto Sans Bengali",)),
    ],
)
def test_sheet_is_refused_where_its_typeface_is_missing(no_fonts, language, text, families):
    with pytest.raises(drawing.FontsMissing) as refusal:
        drawing.draw("aide", data(own=text), language)

    assert refusal.value.families == families
    assert drawing.missing() == list(faces.NOTO.values())


@pytest.mark.parametrize("language", [row.code for row in table.TABLE if row.script == "Latn"])
def test_latin_sheets_need_no_typeface_of_the_machine(no_fonts, language):
    assert drawing.draw("aide", data(own="Ŋ ŵ ë ɓ ñ ḍ Ọ̀"), language)


def test_family_that_is_absent_is_an_error_and_no_page_without_text(monkeypatch):
    monkeypatch.setattr(sheet, "LATIN", "No such face")

    with pytest.raises(drawing.DrawingFailed, match="unknown font family"):
        drawing.draw("aide", data(), "en")


def test_half_a_family_is_missing(tmp_path):
    folder = next(one for one in faces.FOLDERS if (one / "NotoSansThai-Regular.ttf").exists())
    (tmp_path / "NotoSansThai-Regular.ttf").symlink_to(folder / "NotoSansThai-Regular.ttf")

    assert drawing.Faces([tmp_path]).missing(["Thai", "Latn"]) == ["Noto Sans Thai"]


@pytest.mark.either
@pytest.mark.parametrize("language", ["en", "fr", "ht", "ar"])
@pytest.mark.parametrize("country", ["HT", ""])
def test_aide_is_one_page_in_each_language_of_the_course(course, language, country):
    row, around = queries.aide_of("judicial", language, country)

    pdf = printing.aide_sheet(row, around, language=language, on=DAY)

    assert pages_of(pdf) == 1


def test_course_page_leads_to_the_aide_which_comes_as_a_file(course, client, django_assert_max_num_queries):
    address = reverse("training:aide", kwargs={"key": "judicial"})
    page = client.get(course.url, {"country": "HT"}).content.decode()

    with django_assert_max_num_queries(8):
        response = client.get(address, {"country": "HT"})

    assert f'href="{address}?country=HT"' in page
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'attachment; filename="judicial-en.pdf"'
    assert response.content.startswith(b"%PDF")


def test_aide_of_an_unknown_course_is_not_found(course, client):
    assert client.get(reverse("training:aide", kwargs={"key": "nothing"})).status_code == 404


@pytest.mark.either
def test_aide_in_arabic_names_the_country_after_an_arabic_comma(course):
    row, around = queries.aide_of("judicial", "ar", "HT")

    outline = text_of(printing.aide_sheet(row, around, language="ar", on=DAY))

    assert f"، {around.country_name}".encode("utf-16-be").hex().upper().encode() in outline


@pytest.mark.either
def test_aide_without_typefaces_says_what_is_missing(course, client, no_fonts):
    response = client.get("/ar/courses/judicial/aide.pdf")

    assert response.status_code == 503
    assert "Noto Sans Arabic" in response.content.decode()
