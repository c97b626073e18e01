"""Which sounds and films are taken, by what is in them; what recorders wrote beside them is gone."""

import pytest

from tests.training.recordings import PLACE, mp3, mp4, wav
from training import media

GOOD = {
    "mp3": (mp3(), "audio", "audio/mpeg"),
    "mp3 with tags": (mp3(tag=True), "audio", "audio/mpeg"),
    "wav": (wav(), "audio", "audio/wav"),
    "m4a": (mp4(b"soun", b"mp4a"), "audio", "audio/mp4"),
    "mp4": (mp4(), "video", "video/mp4"),
}
BAD = {
    "nothing": (b"", "empty"),
    "a program": (b"MZ\x90\x00" + bytes(500), "unknown"),
    "a page": (b"<html><script>alert(1)</script></html>", "unknown"),
    "one frame and a program": (mp3()[:417] + b"MZ" + bytes(3000), "unknown"),
    "a tag and no sound": (b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(300), "broken"),
    "ogg": (b"OggS" + bytes(300), "unknown"),
    "half a wav": (wav()[:300], "broken"),
    "a head of a wav": (b"RIFF\x00\x00\x00\x00WAVEfmt ", "broken"),
    "half a film": (mp4()[:-100], "broken"),
    "a film that tells of no track": (mp4(moov=False), "broken"),
    "a film in H.265": (mp4(codec=b"hvc1"), "codec"),
    "a sound in another codec": (mp4(b"soun", b"alac"), "codec"),
    "boxes of no size": (b"\x00\x00\x00\x04ftypisom", "broken"),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_phones_play_is_taken_as_what_it_is(name):
    content, kind, content_type = GOOD[name]

    found = media.bare(content)

    assert (found.kind, found.content_type) == (kind, content_type)
    assert media.bare(found.content) == found


@pytest.mark.parametrize("name", BAD)
def test_what_is_none_is_refused_with_its_reason(name):
    content, code = BAD[name]

    with pytest.raises(media.MediaRefused) as told:
        media.bare(content)

    assert told.value.code == code


def test_places_and_names_are_gone_and_the_film_is_as_long_as_before():
    film = media.bare(mp4()).content

    assert PLACE in mp4()
    assert PLACE not in film
    assert b"udta" not in film
    assert len(film) == len(mp4())
    assert media.bare(mp3(tag=True)).content == mp3()


@pytest.mark.parametrize(("content", "most"), [(wav(), "audio"), (mp4(), "video")])
def test_what_is_too_large_for_its_kind_is_refused(monkeypatch, content, most):
    monkeypatch.setitem(media.MOST_BYTES, most, 1000)

    with pytest.raises(media.MediaRefused) as told:
        media.bare(content)

    assert told.value.code == "large"
