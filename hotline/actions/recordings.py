"""Writes of recordings: a prompt spoken by a person, kept once another person has heard it."""

import hashlib
import io
import wave
from datetime import datetime

from django.db import transaction
from modeltranslation.utils import build_localized_fieldname

from accounts import actions as accounts
from hotline.models import Prompt, PromptRecording
from hotline.queries.lines import forget_lines, source_digest

MOST_SECONDS = 60
MOST_BYTES = 5_000_000


class RecordingRefused(ValueError):
    """Raised when a file cannot be what a prompt sounds like; the message says what to mend."""


@transaction.atomic
def keep_recording(
    *, key: str, language: str, audio: bytes, recorded_by: str, heard_by: str, by, at: datetime
) -> bool:
    """Keep how a prompt sounds in a language; return False when this very recording is there already."""
    prompt = Prompt.objects.filter(key=key).first()
    words = getattr(prompt, build_localized_fieldname("text", language)) if prompt else ""
    if not words:
        raise RecordingRefused(f"There is no prompt “{key}” with words in {language}.")
    if recorded_by.strip().casefold() == heard_by.strip().casefold():
        raise RecordingRefused("Somebody else than the speaker must have heard the recording against its words.")
    facts = {
        "content_hash": hashlib.sha256(audio).hexdigest(), "content_type": "audio/wav", "audio": audio,
        "seconds": seconds_of(audio), "source_digest": source_digest(words), "recorded_by": recorded_by,
        "recorded_at": at, "heard_by": heard_by, "heard_at": at,
    }  # fmt: skip
    rows = PromptRecording.objects.filter(prompt=prompt, language=language)
    if rows.filter(content_hash=facts["content_hash"], source_digest=facts["source_digest"]).exists():
        return False
    PromptRecording.objects.update_or_create(prompt=prompt, language=language, defaults=facts)
    accounts.record(by=by, verb="hotline.prompt_recorded", thing=prompt, at=at, language=language)
    forget_lines()
    return True


def seconds_of(audio: bytes) -> float:
    """Return how long a WAV file is; raise RecordingRefused when a telephone could not play it."""
    if len(audio) > MOST_BYTES:
        raise RecordingRefused("The file is larger than 5 MB. Save it with 8,000 or 16,000 samples a second, mono.")
    try:
        with wave.open(io.BytesIO(audio)) as sound:
            seconds = round(sound.getnframes() / sound.getframerate(), 1)
    except (wave.Error, EOFError, ZeroDivisionError) as error:
        raise RecordingRefused("The file is no WAV sound. Save it as WAV, PCM, mono.") from error
    if not 0 < seconds <= MOST_SECONDS:
        raise RecordingRefused(f"The sound lasts {seconds} s; it must last up to {MOST_SECONDS} s.")
    return seconds
