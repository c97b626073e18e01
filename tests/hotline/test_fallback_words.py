"""What a call hears that no line is known for: words of a voice that callers hear, in a language that is not one line's."""

import pytest

from hotline.models import Line
from hotline.queries.lines import forget_lines, memory
from hotline.queries.spoken import duty_words

pytestmark = pytest.mark.django_db


def real_line(line, number, keys):
    """Make a line that callers reach; the fixture's is one to practise on."""
    return Line.objects.create(
        country=line.country, name=number, number=number, numbers=number, account="AC" + "1" * 32, language_keys=keys,
        duty_phone=line.duty_phone, other_number=line.other_number, police_number="911", is_free=True,
    )  # fmt: skip


def said():
    """Return the words of a call to nowhere, once the lines were read."""
    forget_lines()
    memory()
    words, _phone = duty_words(None)
    return words


def test_a_line_to_practise_on_lends_neither_its_language_nor_its_voice(line):
    Line.objects.filter(pk=line.pk).update(language_keys="1:bn 2:en")

    assert 'voice="Polly.Amy"' in said()


@pytest.mark.parametrize(
    ("keys", "voice"),
    [
        (["1:fr 2:en"], "Polly.Celine"),
        (["1:fr 2:en", "1:fr 2:ar"], "Polly.Celine"),
        (["1:fr 2:en", "1:ar 2:fr"], "Polly.Amy"),
        (["1:ht 2:en"], "Polly.Celine"),
    ],
)
def test_lines_that_begin_in_one_language_lend_it_and_others_none(line, keys, voice):
    for place, one in enumerate(keys):
        real_line(line, f"+2312000{place}", one)

    assert f'voice="{voice}"' in said()
