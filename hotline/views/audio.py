"""The recordings that a line plays, under an address that holds their content hash and names the line."""

import structlog
from django.http import HttpResponse, HttpResponseNotFound
from django.utils import timezone
from django.views.decorators.http import require_GET

from hotline.actions.marks import note_done
from hotline.queries.lines import LineFacts, memory
from hotline.queries.spoken import LOST, is_played, may_be_silent, recording_instead, recording_of
from hotline.telephony.tones import tone
from languages import table

log = structlog.get_logger(__name__)
LONG = "public, max-age=31536000, immutable"
MOMENT = 0.5  # seconds


@require_GET
def recording(request, language, key, content_hash):
    """Send one recording with its true content type; the address changes whenever the sound does.

    Where it is gone the caller hears another one of the same prompt, line and language. Without any the words are left
    out, for she understands no other language better, and the flow goes on to its next step. One that a line still plays
    is an alarm.
    """
    if found := recording_of(key, language, content_hash):
        return _sound(bytes(found.audio), found.content_type, LONG)
    if is_played(key, language, content_hash):
        log.error("recording_missing", kind=key.replace("-", "_"))
        note_done(LOST, at=timezone.now())
    line = _line(request)
    if found := recording_instead(key, language, line):
        return _sound(bytes(found.audio), found.content_type, "no-store")
    if language in table.CODES and may_be_silent(key, line):
        return _sound(tone(MOMENT, level=0), "audio/wav", "no-store")
    missing = HttpResponseNotFound()
    missing.stays_here = True  # an address for machines stands in no language
    return missing


def _line(request) -> LineFacts | None:
    number = request.GET.get("l", "")
    return memory().by_id.get(int(number)) if number.isascii() and number.isdigit() and len(number) < 20 else None


def _sound(audio: bytes, content_type: str, kept: str) -> HttpResponse:
    response = HttpResponse(audio, content_type=content_type)
    response["Cache-Control"] = kept
    return response
