"""Recordings from a folder: kept and played, known a second time, refused with a reason."""

import io
import wave
from io import StringIO

import pytest
from django.core.management import call_command

from hotline import queries, sounds
from hotline.models import Prompt, PromptRecording

pytestmark = pytest.mark.django_db


def sound(seconds=1, sign=b"\x01"):
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(sign * 2 * 8000 * seconds)
    return held.getvalue()


@pytest.fixture
def load(tmp_path):
    """A factory of runs over a folder with the files given; the greeting has words in Creole."""
    Prompt.objects.create(key="greeting", text_en="Hello.", text_ht="Bonjou.")
    queries.forget_lines()

    def run(files, heard_by="Second"):
        for name, content in files.items():
            (tmp_path / name).write_bytes(content)
        out, wrong, code = StringIO(), StringIO(), 0
        try:
            call_command(
                "load_recordings", "ht", str(tmp_path), "--recorded-by", "First", "--heard-by", heard_by, stdout=out,
                stderr=wrong,
            )  # fmt: skip
        except SystemExit as ended:
            code = ended.code
        return code, out.getvalue(), wrong.getvalue()

    yield run
    queries.forget_lines()


def test_recording_closes_the_gap_and_is_served(load, client):
    assert queries.unheard(["ht"], is_reachable=True) == [("greeting", "ht")]

    code, said, _wrong = load({"greeting.wav": sound()})

    row = PromptRecording.objects.get()
    assert (code, said.strip(), row.seconds, row.heard_by) == (0, "kept  greeting.wav", 1, "Second")
    assert queries.unheard(["ht"], is_reachable=True) == []
    answer = client.get(f"/hotline/audio/ht/greeting/{row.content_hash}/")
    assert (answer.headers["Content-Type"], answer.content) == ("audio/wav", sounds.read(sound()).audio)


def test_second_run_knows_it_and_another_sound_replaces_it(load):
    load({"greeting.wav": sound()})
    assert load({})[1].strip() == "known  greeting.wav"

    load({"greeting.wav": sound(2, b"\x02")})

    assert PromptRecording.objects.get(retired_at=None).seconds == 2


@pytest.mark.parametrize(
    ("files", "heard_by", "words"),
    [
        ({"greeting.wav": b"RIFF no sound"}, "Second", "greeting.wav: The file is no WAV or MP3 sound"),
        ({"greeting.wav": sound(61)}, "Second", "greeting.wav: The sound lasts 61.0 s"),
        ({"welcome.wav": sound()}, "Second", "welcome.wav: There is no prompt “welcome” with words in ht."),
        ({"greeting.wav": sound()}, "first ", "greeting.wav: Somebody else than the speaker"),
        ({}, "Second", "0 of 0 files were refused."),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_reason(load, files, heard_by, words):
    code, _said, wrong = load(files, heard_by)

    assert code == 2
    assert words in wrong
    assert not PromptRecording.objects.exists()
