"""A certificate bears a name and a title as they are, however long one word is: smaller, at last broken, never cut off."""

import re

import pytest

from tests.training.sheets import pages_of, picture_of, text_of
from training import drawing

PAPER, MARGIN, FRAME = 210, 29, 14  # millimetres
MALAGASY = "Andriantsimitoviaminandriandrazaka"
TITLE = {"en": "Protecting migrant workers", "th": "การคุ้มครองแรงงานข้ามชาติ", "ar": "حماية العمال المهاجرين"}
SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'


def data(name, language="en", title=""):
    """Return what a certificate shows, of a name and the title of a course."""
    words = {
        "language": language, "under": "Training", "kind": "Certificate of achievement", "did": "has passed the course",
        "course": {"text": title or TITLE[language], "language": language},
        "rows": [["Country", "Madagascar"], ["Passed on", "25 November 2026"]],
        "check": "To check", "how": "Scan this code", "says": "The page says how it stands.", "offline": "The badge",
    }  # fmt: skip
    return {
        "title": "Certificate", "date": "2026-11-25", "mark": "Fanal", "issuer": "Fanal", "name": name, "first": words,
        "others": [], "code": "AAAAA-BBBBB-CCCCC", "address": "https://fanal.example/verify/x/",
        "shown_address": "fanal.example/verify/", "qr": SQUARE, "badge": "",
    }  # fmt: skip


def stays_within_the_margins(told, language):
    """Tell whether nothing is seen between what is written and the frame, at both sides."""
    seen = picture_of("certificate", told, language)
    side = seen.width / PAPER
    strips = [(FRAME, MARGIN - 0.5), (PAPER - MARGIN + 0.5, PAPER - FRAME)]
    heights = (20 * side, seen.height - 20 * side)
    boxes = [(round(left * side), round(heights[0]), round(right * side), round(heights[1])) for left, right in strips]
    return all(seen.crop(box).getextrema()[0] > 250 for box in boxes)


@pytest.mark.parametrize(
    ("name", "language"),
    [
        (MALAGASY, "en"),
        (f"{MALAGASY} Rasoanaivo", "en"),
        (MALAGASY.upper(), "th"),
        ("W" * 60, "en"),
        ("Mary " + "ab" * 72, "en"),
        ("\u0e01" * 120, "th"),
        ("สมชายใจดีรักบ้านเกิดเมืองนอน" * 4, "th"),
        ("عبدالرحمنالمحمدالاحمدي" * 5, "ar"),
        (MALAGASY * 3, "ar"),
    ],
)
def test_a_name_of_one_long_word_stays_on_the_paper(name, language):
    told = data(name, language)

    assert stays_within_the_margins(told, language)
    assert pages_of(drawing.draw("certificate", told, language)) == 1


@pytest.mark.parametrize(("title", "language"), [("Verwaltungsgerichtsbarkeit" * 4, "en"), ("\u0e01" * 120, "th")])
def test_a_title_of_one_long_word_stays_on_the_paper(title, language):
    assert stays_within_the_margins(data("Marie Example", language, title), language)


@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("Marie-Josephine Example", 32),
        (MALAGASY, 24),
        (f"{MALAGASY} Rasoanaivo", 17),
        ("Anna Maria Josephina Theresia Elisabetha Carolina Wilhelmina of a Long Family Name", 17),
        (MALAGASY[:-5] * 2, 13),
        (MALAGASY * 4, 12),
    ],
)
def test_a_name_is_as_large_as_its_longest_word_allows(name, points):
    sizes = re.findall(rb"/\w+ ([\d.]+) Tf", text_of(drawing.draw("certificate", data(name), "en")))

    assert float(sizes[3]) == points  # behind the house, what it does, and the kind of the certificate
