"""The recordings that a line plays, under an address that holds their content hash."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from hotline.queries.spoken import recording_of


@require_GET
def recording(request, language, key, content_hash):
    """Send one recording with its true content type; the address changes whenever the sound does."""
    found = recording_of(key, language, content_hash)
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.audio), content_type=found.content_type)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
