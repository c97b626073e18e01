"""A number or a word that is typed on a phone is read there as the server reads it."""

import pytest
from django.conf import settings

from training import grading
from training import written as written_in

pytestmark = pytest.mark.browser


def test_the_phone_reads_numbers_and_words_as_the_server_does(visit):
    written = [
        "480,000",
        "480.000",
        "1,50,000",
        "0.125",
        "1234,567",
        "٤٨٠٬٠٠٠",
        "٠٫٥",
        "১,৫০,০০০",
        "-3",
        " 12 500 ",
        "1.000.000,5",
        "2e1",
        "1_000",
        "x",
        "0x10",
        "Infinity",
        "1e1000000",
        "1e-1000000",
        "0e201",
        "\u200b",
    ]
    words = ["  Palermo  PROTOCOL ", "E\u0301TAT"]
    units = ["\u09a6\u09bf\u09a8", "days"]
    typed = [
        *written,
        "12.5 days",
        "12,5DAYS ",
        "\u09e7\u09e8.\u09eb \u09a6\u09bf\u09a8",
        "12.5 weeks",
        "days",
        "12 d\u00e9j\u00e0",
        "1e5days",
    ]
    script = (settings.BASE_DIR / "training" / "static" / "training" / "numbers.js").read_text("utf-8")
    engine = script[script.index("  const digits =") : script.index("  /* What a field of such")]
    page = visit()

    read = page.evaluate(
        "([code, numbers, texts]) => new Function('a', 'b', `${code}; return [a.map(number), b.map(folded)]`)(numbers, texts)",
        [engine, written, words],
    )
    bare = page.evaluate(
        "([code, typed, units]) => new Function('a', 'b', `${code}; return a.map((one) => bare(one, b))`)(typed, units)",
        [engine, typed, units],
    )

    wanted = [grading.number(text) for text in written]
    assert [None if one is None or one != one else one for one in read[0]] == [
        None if one is None else float(one) for one in wanted
    ]
    assert read[1] == [grading.as_compared(text) for text in words]
    assert bare == [written_in.bare(text, units) for text in typed]
