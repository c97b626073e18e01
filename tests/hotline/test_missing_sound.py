"""A recording that is gone: the caller hears another one of the same prompt, line and language, and whoever looks after the server is told."""

import io
import wave

import pytest
from django.urls import reverse
from django.utils import timezone

from cms import chores
from hotline.actions.recordings import keep_recording
from hotline.models import Line, Prompt, PromptRecording, SweepMark
from hotline.queries.lines import forget_lines, memory
from hotline.queries.spoken import LOST
from hotline.telephony.tones import tone

pytestmark = pytest.mark.django_db


def keep(at, key="wait", language="en", pitch=300.0):
    words = {"recorded_by": "A speaker", "heard_by": "Another", "by": "tests", "at": at}
    keep_recording(key=key, language=language, audio=tone(1, pitch), **words)
    return PromptRecording.objects.order_by("-pk").first()


def address(row, line=None):
    place = reverse("hotline_plain:audio", args=[row.language, row.prompt.key.replace("_", "-"), row.content_hash])
    return f"{place}?l={line.pk}" if line else place


def own(line, at, key="wait", language="en", *, pitch=700.0):
    """Keep a recording of one line that another person has heard; return it."""
    row = keep(at, key, language, pitch)
    PromptRecording.objects.filter(pk=row.pk).update(line=line)
    forget_lines()
    return PromptRecording.objects.get(pk=row.pk)


def is_silence(answer):
    with wave.open(io.BytesIO(answer.content)) as sound:
        return not any(sound.readframes(sound.getnframes())) and sound.getnframes() > 0


@pytest.fixture
def other_line(line, haiti):
    return Line.objects.create(
        country=haiti, name="Other", number="511", numbers="511", account=line.account, language_keys="1:fr 2:ht",
        duty_phone="+50937000000", is_practice=True,
    )  # fmt: skip


def test_one_that_was_replaced_and_forgotten_is_played_as_the_newer_one(client, line, at):
    old, new = keep(at), keep(at, pitch=500.0)
    where = address(old)
    old.delete()

    answer = client.get(where)

    assert (answer.status_code, answer.content) == (200, bytes(new.audio))
    assert answer["Cache-Control"] == "no-store"
    assert not SweepMark.objects.filter(kind=LOST).exists()


def test_one_that_a_line_still_plays_is_an_alarm_and_no_other_language_is_heard(client, line, at, monkeypatch):
    Prompt.objects.filter(key="wait").update(text_ht="Tann")
    _english, creole = keep(at), keep(at, language="ht", pitch=500.0)
    forget_lines()
    known = memory()
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 60)
    creole.delete()

    answer = client.get(address(creole, line))

    assert known.recordings
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "audio/wav", "no-store")
    assert is_silence(answer)
    assert SweepMark.objects.filter(kind=LOST).exists()
    assert "sound" in {fault.code for fault in chores.chores()}


def test_an_old_alarm_is_told_no_longer(line, at):
    SweepMark.objects.create(account="", kind=LOST, mark_at=timezone.now() - 2 * chores.LATELY)

    assert "sound" not in {fault.code for fault in chores.chores()}


def test_another_line_s_recording_is_never_played(client, line, other_line, at):
    theirs = own(other_line, at)
    lost = own(line, at, pitch=400.0)
    where = address(lost, line)
    lost.delete()

    answer = client.get(where)

    assert theirs.content_hash != lost.content_hash
    assert (answer.status_code, is_silence(answer)) == (200, True)


def test_a_line_s_own_recording_comes_before_the_shared_one(client, line, other_line, at):
    mine, lost, shared = own(line, at, pitch=600.0), keep(at, pitch=400.0), keep(at)
    lost.delete()

    heard = [client.get(address(lost, one)).content for one in (line, other_line)]

    assert heard == [bytes(mine.audio), bytes(shared.audio)]
    assert client.get(address(lost)).content == bytes(shared.audio)


def test_old_words_that_name_another_key_are_not_played_instead(client, line, at):
    old, lost = keep(at, "danger_offer"), keep(at, "danger_offer", pitch=400.0)
    PromptRecording.objects.filter(pk=old.pk).update(source_digest="0" * 64)
    lost.delete()

    assert is_silence(client.get(address(lost, line)))


def test_the_address_that_a_call_is_given_names_its_line(network, line, at):
    row = keep(at, "greeting")
    forget_lines()

    played = [one.text for one in network.call().document.iter("Play")]

    assert any(one.endswith(address(row, line)) for one in played)


@pytest.mark.parametrize("place", ["en/nothing/" + "0" * 64, "xx/wait/" + "0" * 64, "rw/wait/" + "0" * 64])
@pytest.mark.parametrize("query", ["", "?l=0", "?l=x", "?l=²", "?l=99999999999999999999"])
def test_what_never_was_is_not_found_where_it_stands(client, line, place, query):
    assert client.get(f"/hotline/audio/{place}/{query}").status_code == 404
    assert not SweepMark.objects.filter(kind=LOST).exists()


def test_only_the_page_of_recordings_lets_the_microphone_be_used(sign_in, person, liberia, line):
    client = sign_in(person("manager", country=liberia))

    page = client.get(reverse("hotline:prompts_in", args=[line.public_id, "en"]))
    other = client.get(reverse("hotline:prompts", args=[line.public_id]))

    assert "microphone=(self)" in page["Permissions-Policy"]
    assert "media-src 'self' blob:" in page["Content-Security-Policy"]
    assert "camera=()" in page["Permissions-Policy"]
    assert "microphone=()" in other["Permissions-Policy"]
    assert "blob:" not in other["Content-Security-Policy"]
