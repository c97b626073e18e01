"""Captions as WebVTT: read, refused with the line, and translated without moving a time."""

import pytest

from languages.text import CaptionsRefused, Cue, cues_of, faults_of, same_times
from tests.training.recordings import CAPTIONS

MORE = """WEBVTT - a title

NOTE Not shown.

1
01:00:00.000 --> 01:00:02.500 align:start
One line
and another

STYLE
::cue {}

01:00:02.500 --> 01:00:03.000
End"""
BAD = {
    "no head": ("00:00.000 --> 00:01.000\nWords", "head", 1),
    "nothing below the head": ("WEBVTT\n\n", "none", 1),
    "no empty line below the head": ("WEBVTT\n00:00.000 --> 00:01.000\nWords", "head", 2),
    "a comma before the thousandths": ("WEBVTT\n\n00:00,000 --> 00:01,000\nWords", "times", 3),
    "no times": ("WEBVTT\n\n1\nWords", "times", 4),
    "a name alone": ("WEBVTT\n\n1", "times", 3),
    "an end before the begin": ("WEBVTT\n\n00:02.000 --> 00:01.000\nWords", "order", 3),
    "a begin before the one above": (f"{CAPTIONS}\n00:01.000 --> 00:09.000\nWords", "order", 9),
    "no words": ("WEBVTT\n\n00:00.000 --> 00:01.000\n\n00:01.000 --> 00:02.000\nWords", "words", 3),
    "times among the words": ("WEBVTT\n\n00:00.000 --> 00:01.000\nWords\n00:01.000 --> 00:02.000\nMore", "words", 3),
    "minutes past the hour": ("WEBVTT\n\n61:00.000 --> 61:01.000\nWords", "times", 3),
}


def test_cues_are_read_in_order_past_comments_names_and_settings():
    assert cues_of(MORE) == (
        Cue(3_600_000, 3_602_500, "One line\nand another"),
        Cue(3_602_500, 3_603_000, "End"),
    )
    assert cues_of(CAPTIONS.replace("\n", "\r\n")) == cues_of(CAPTIONS)
    assert cues_of(f"\ufeff{CAPTIONS}") == cues_of(CAPTIONS)


@pytest.mark.parametrize("name", BAD)
def test_a_fault_is_told_with_its_line(name):
    text, code, line = BAD[name]

    with pytest.raises(CaptionsRefused) as told:
        cues_of(text)

    assert (told.value.code, told.value.line) == (code, line)


def test_a_translation_keeps_every_caption_at_its_times():
    french = CAPTIONS.replace("Where are your papers?", "Où sont vos papiers ?").replace(
        "My boss has them.", "Le patron."
    )
    moved, broken = french.replace("00:02.500", "00:02.600"), french.replace(" --> ", " -> ")

    assert faults_of(CAPTIONS, french) == []
    assert [(one.code, one.stops) for one in faults_of(CAPTIONS, moved)][0] == ("captions_times", True)
    assert [(one.code, one.what) for one in faults_of(CAPTIONS, broken)][0] == ("captions_broken", "4")
    assert same_times(CAPTIONS, french)
    assert not same_times(CAPTIONS, moved)
    assert not same_times(CAPTIONS, "")
    assert faults_of("Words of a lesson", "Des mots") == []
