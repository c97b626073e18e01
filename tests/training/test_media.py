"""Which sounds and films are taken, by what is in them; what recorders wrote beside them is gone."""

import struct

import pytest

from tests.training.recordings import PLACE, box, mp3, mp4, wav
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
    "a wav of no speed": (wav()[:24] + bytes(4) + wav()[28:], "broken"),
    "a wav faster than can be written": (wav()[:24] + b"\xff" * 4 + wav()[28:], "broken"),
    "a wav whose samples have no width": (wav()[:34] + bytes(2) + wav()[36:], "broken"),
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


def film_with(*inside, handler=b"vide", beside=b""):
    """A film whose notes stand where the arguments say: beside moov, or inside its track's mdia."""
    mdia = box(b"mdia", box(b"hdlr", bytes(8), handler), box(b"stsd", b"avc1vide"), *inside)
    return box(b"ftyp", b"isom") + beside + box(b"moov", box(b"trak", mdia)) + box(b"mdat", bytes(64))


@pytest.mark.parametrize("kind", [b"meta", b"uuid", b"udta", b"free", b"skip", b"gps "])
def test_notes_are_gone_wherever_they_stand(kind):
    note = box(kind, bytes(16), PLACE)
    film = film_with(note, box(b"minf", note), beside=note + box(b"moof", box(b"traf", note)))

    found = media.bare(film).content

    assert film.count(PLACE) == 4
    assert PLACE not in found
    assert len(found) == len(film)
    assert found.count(b"free") == 4


@pytest.mark.parametrize("handler", [b"meta", b"camm", b"gpmd", b"sbtl", b"text"])
def test_a_track_that_tells_where_the_camera_went_is_refused(handler):
    track = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), handler)))

    with pytest.raises(media.MediaRefused) as told:
        media.bare(film_with() + box(b"moov", track))

    assert told.value.code == "codec"


def nested(depth):
    inside = b""
    for _level in range(depth):
        inside = box(b"trak", inside)
    return inside


@pytest.mark.parametrize("odd", [nested(9), nested(3000), box(b"odd ") * 10_001, box(b"moov", box(b"odd ") * 10_001)])
def test_boxes_too_deep_or_too_many_are_no_film(odd):
    with pytest.raises(media.MediaRefused) as told:
        media.bare(film_with(beside=odd))

    assert told.value.code == "broken"


def ape(*, head=True):
    """Return a tag APEv2 that names somebody."""
    items = b"Somebody! "
    told = b"APETAGEX" + struct.pack("<III", 2000, len(items) + 32, 1)
    return (told + bytes(12) if head else b"") + items + told + bytes(12)


V1, PLUS = b"TAG" + b"Somebody!".ljust(125), b"TAG+" + b"Somebody!".ljust(223)


@pytest.mark.parametrize(
    "behind",
    [ape(), ape(head=False), ape() + V1, ape() + PLUS + V1, PLUS + V1 + ape(head=False), V1 + ape() + ape()],
    ids=["ape", "ape without head", "ape, v1", "ape, plus, v1", "plus, v1, ape", "v1, ape, ape"],
)
def test_every_tag_of_a_sound_is_gone(behind):
    assert media.bare(mp3() + behind).content == mp3()


def test_tags_before_a_sound_are_gone_too():
    head = mp3(tag=True)[:20]

    assert media.bare(head + ape() + head + mp3()).content == mp3()


def test_a_tag_that_says_it_is_longer_than_the_file_is_broken():
    foot = b"APETAGEX" + struct.pack("<III", 2000, 1 << 30, 1) + bytes(12)

    with pytest.raises(media.MediaRefused) as told:
        media.bare(mp3() + foot)

    assert told.value.code == "broken"
