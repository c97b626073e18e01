"""The recordings that a line plays, under an address that holds their content hash."""

import structlog
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from hotline.actions.marks import note_done
from hotline.queries.spoken import LOST, is_played, recording_instead, recording_of

log = structlog.get_logger(__name__)
LONG = "public, max-age=31536000, immutable"


@require_GET
def recording(request, language, key, content_hash):
    """Send one recording with its true content type; the address changes whenever the sound does.

    Where it is gone the caller hears another one of the same prompt. One that a line still plays is an alarm.
    """
    found = recording_of(key, language, content_hash)
    kept = LONG
    if found is None:
        found, kept = recording_instead(key, language), "no-store"
        if is_played(key, language, content_hash):
            log.error("recording_missing", kind=key.replace("-", "_"))
            note_done(LOST, at=timezone.now())
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.audio), content_type=found.content_type)
    response["Cache-Control"] = kept
    return response
