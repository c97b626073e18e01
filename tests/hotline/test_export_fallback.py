"""What callers hear while everything of ours is down: the files that are written for other hosting."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from hotline.actions.recordings import keep_recording
from hotline.models import Line, Prompt
from hotline.telephony import grammar
from hotline.telephony.tones import tone

pytestmark = pytest.mark.django_db
SAID = ("other_number", "police_number")
SOUNDS = "https://elsewhere.example/fanal"


@pytest.fixture
def live(line, at):
    """The line with callers, in English and in Haitian Creole, which no voice speaks."""
    Line.objects.update(is_practice=False, account="AC" + "1" * 32, language_keys="1:en 2:ht")
    Prompt.objects.filter(key__startswith="digit_").update(text_ht="Chif")
    Prompt.objects.filter(key__in=SAID).update(text_ht="Nimewo a: {number}")
    for number, key in enumerate([*SAID, *(f"digit_{sign}" for sign in range(10))]):
        keep_recording(
            key=key,
            language="ht",
            audio=tone(0.3, 300.0 + number),
            recorded_by="A speaker",
            heard_by="Another",
            by="tests",
            at=at,
        )
    return line


def export(folder, *arguments):
    out, err = StringIO(), StringIO()
    call_command("export_fallback", str(folder), *arguments, stdout=out, stderr=err)
    return out.getvalue().split(), err.getvalue()


def test_a_live_line_gets_a_document_that_rings_its_duty_phone_and_then_names_numbers_in_each_language(live, tmp_path):
    names, said = export(tmp_path, "--sounds", SOUNDS)

    verbs = grammar.read((tmp_path / "2883.xml").read_text("utf-8"))
    assert [verb.tag for verb in verbs][:3] == ["Say", "Dial", "Say"]
    assert verbs[1][0].text == live.duty_phone
    assert [verb.get("language") for verb in verbs if verb.tag == "Say"] == ["en-GB"] * 4
    played = [verb.text for verb in verbs if verb.tag == "Play"]
    assert len(played) == 1 + len("231770008888") + 1 + len("911")
    assert all(one.startswith(f"{SOUNDS}/") and one.rpartition("/")[2] in names for one in played)
    assert all((tmp_path / one.rpartition("/")[2]).read_bytes()[:4] == b"RIFF" for one in played)
    assert verbs[-1].tag == "Hangup"
    assert "2883.xml" in (tmp_path / "SHA256SUMS").read_text()
    assert said == ""


def test_what_no_voice_of_the_language_says_is_left_out_and_told(live, tmp_path):
    Line.objects.update(language_keys="1:wo 2:en")

    _names, said = export(tmp_path)

    verbs = grammar.read((tmp_path / "2883.xml").read_text("utf-8"))
    assert [verb.tag for verb in verbs] == ["Dial", "Say", "Say", "Hangup"]
    assert "“trouble” cannot be heard in wo" in said
    assert "“other_number” cannot be heard in wo" in said


def test_without_a_live_line_or_a_place_for_the_sounds_nothing_is_written(line, tmp_path):
    with pytest.raises(CommandError, match="No line is live"):
        export(tmp_path / "new")

    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(("arguments", "words"), [((), "--sounds"), (("--sounds", "http://x"), "https://")])
def test_recordings_need_an_https_address_of_the_other_hosting(live, tmp_path, arguments, words):
    with pytest.raises(CommandError, match=words):
        export(tmp_path / "new", *arguments)

    assert not (tmp_path / "new").exists()
