"""What verifiers of badges fetch: the keys of this house, and the lists of withdrawn certificates. For programs."""

import hashlib
import json

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_GET

from training import queries


def _open(request, body: str, content_type: str) -> HttpResponse:
    """Return what any origin may read: it holds nothing about anybody.

    A cache may keep it and asks each time whether it still stands: a withdrawal is seen at once, and the document never
    beside a list that another key has signed.
    """
    etag = quote_etag(hashlib.sha256(body.encode()).hexdigest())
    response = HttpResponse(body, content_type=content_type, headers={"ETag": etag})
    response = get_conditional_response(request, etag=etag, response=response)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, no-cache"
    response["X-Robots-Tag"] = "noindex"
    response.stays_here = True
    return response


@require_GET
def did(request):
    """Answer the keys with which this house signs (did:web); 404 before there is one, or without https."""
    document = queries.did_document(timezone.now())
    if document is None:
        raise Http404
    return _open(request, json.dumps(document), "application/did+json")


@require_GET
def status(request, number):
    """Answer a list of withdrawn certificates as it was last signed."""
    row = queries.status_list(number)
    if row is None:
        raise Http404
    return _open(request, row.signed, "application/vc+jwt")
