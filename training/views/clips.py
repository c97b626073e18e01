"""Sound, film and captions for players: by parts, as browsers ask for them; a file can do nothing but be played."""

import re
from collections.abc import Iterator

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from training import queries

PART = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")
CHUNK = 64 * 1024


@require_GET
def clip(request, clip, ending):
    """Send a clip, or the part of it that a player asks for; the address stands for these bytes for ever."""
    found = queries.clip_at(clip, ending)
    if found is None or not found.file.storage.exists(found.file.name):
        raise Http404
    part = _part(request.headers.get("Range", ""), found.size)
    if part is None:
        response = FileResponse(found.file.open(), content_type=found.content_type)
    elif part[0] >= part[1]:
        response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{found.size}"})
    else:
        response = StreamingHttpResponse(_read(found.file, *part), status=206, content_type=found.content_type)
        response["Content-Range"] = f"bytes {part[0]}-{part[1] - 1}/{found.size}"
        response["Content-Length"] = str(part[1] - part[0])
    response["Accept-Ranges"] = "bytes"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _part(asked: str, size: int) -> tuple[int, int] | None:
    """Return from where to where a part goes, its end excluded; None where the whole file is sent."""
    found = PART.fullmatch(asked.strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        return max(0, size - int(last)), size if int(last) else 0
    return int(first), min(size, int(last) + 1 if last else size)


def _read(field, begins: int, ends: int) -> Iterator[bytes]:
    with field.storage.open(field.name) as file:
        file.seek(begins)
        while begins < ends and (piece := file.read(min(CHUNK, ends - begins))):
            begins += len(piece)
            yield piece


@require_GET
def captions(request, lesson, screen):
    """Send the captions of a film in the language of the address, as far as they are there."""
    text = queries.captions_of(lesson, screen, get_language())
    if not text:
        raise Http404
    return HttpResponse(text, content_type="text/vtt; charset=utf-8", headers={"Cache-Control": "no-cache"})
