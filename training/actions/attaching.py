"""What compiled rows hold of sound, film and files: address, kind and size, and the recording for a language."""

import hashlib

from wagtail.documents import get_document_model
from wagtail.rich_text import expand_db_html

from languages import table
from languages.text import same_times
from training.models import Clip


def attached(block: dict, source: dict, language: str) -> dict:
    """Return a screen of sound, film or a file to download, from its block in a language and in the source."""
    value = block["value"]
    if block["type"] == "download":
        return {"heading": value["heading"], "text": value.get("text") or "", "file": _file(value["document"])}
    found = {"heading": value["heading"], "html": expand_db_html(value["transcript"]), "clip": _clip(value, language)}
    return found | _captions(value, source["value"]) if block["type"] == "video" else found


def _clip(value: dict, language: str) -> dict:
    """Return the recording for a reader: in her language, else along her chain, else the first; {} when none is left."""
    chosen = [item["value"] for item in value["clips"] if item["value"]]
    clips = Clip.objects.in_bulk(chosen)
    spoken = {clips[pk].language: clips[pk] for pk in reversed(chosen) if pk in clips}
    order = [language, *table.BY_CODE[language].chain, table.SOURCE, *spoken]
    clip = next((spoken[code] for code in order if code in spoken), None)
    if clip is None:
        return {}
    told = {name: getattr(clip, name) for name in ("kind", "content_type", "size", "sha256", "language", "ending")}
    return told | {"id": str(clip.public_id)}


def _captions(value: dict, source: dict) -> dict:
    """Return the captions of a film; those of the source where the translated ones stand at other times by now."""
    is_kept = same_times(value["captions"], source["captions"])
    return {"captions": value["captions"] if is_kept else source["captions"], "captions_source": not is_kept}


def _file(pk: int) -> dict:
    """Return a document as it is now; {} when it was deleted."""
    document = get_document_model().objects.filter(pk=pk).first()
    if document is None or not document.file.storage.exists(document.file.name):
        return {}
    with document.file.open() as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"url": document.url, "ending": document.file_extension, "size": document.get_file_size(), "sha256": digest}
