"""A recording that is gone: the caller hears another one of the same prompt, and whoever looks after the server is told."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cms import chores
from hotline.actions.recordings import keep_recording
from hotline.models import Prompt, PromptRecording, SweepMark
from hotline.queries.lines import forget_lines, memory
from hotline.queries.spoken import LOST
from hotline.telephony.tones import tone

pytestmark = pytest.mark.django_db


def keep(at, key="wait", language="en", pitch=300.0):
    words = {"recorded_by": "A speaker", "heard_by": "Another", "by": "tests", "at": at}
    keep_recording(key=key, language=language, audio=tone(0.5, pitch), **words)
    return PromptRecording.objects.order_by("-pk").first()


def address(row):
    return reverse("hotline_plain:audio", args=[row.language, row.prompt.key.replace("_", "-"), row.content_hash])


def test_one_that_was_replaced_and_forgotten_is_played_as_the_newer_one(client, line, at):
    old, new = keep(at), keep(at, pitch=500.0)
    where = address(old)
    old.delete()

    answer = client.get(where)

    assert (answer.status_code, answer.content) == (200, bytes(new.audio))
    assert answer["Cache-Control"] == "no-store"
    assert not SweepMark.objects.filter(kind=LOST).exists()


def test_one_that_a_line_still_plays_is_an_alarm_and_the_caller_hears_the_next_language(client, line, at, monkeypatch):
    Prompt.objects.filter(key="wait").update(text_ht="Tann")
    english, creole = keep(at), keep(at, language="ht", pitch=500.0)
    forget_lines()
    known = memory()
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 60)
    creole.delete()

    answer = client.get(address(creole))

    assert known.recordings
    assert (answer.status_code, answer.content) == (200, bytes(english.audio))
    assert SweepMark.objects.filter(kind=LOST).exists()
    assert "sound" in {fault.code for fault in chores.chores()}


def test_an_old_alarm_is_told_no_longer(line, at):
    SweepMark.objects.create(account="", kind=LOST, mark_at=timezone.now() - 2 * chores.LATELY)

    assert "sound" not in {fault.code for fault in chores.chores()}


@pytest.mark.parametrize("place", ["en/nothing/" + "0" * 64, "xx/wait/" + "0" * 64])
def test_what_never_was_is_not_found(client, line, place):
    assert client.get(f"/hotline/audio/{place}/", follow=True).status_code == 404
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
