"""What is in a PDF, read without a library: its streams inflated."""

import re
import zlib


def text_of(pdf: bytes) -> bytes:
    """Return a PDF with its compressed streams opened."""
    parts = [pdf]
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(found[1]))
        except zlib.error:
            continue
    return b"\n".join(parts)


def pages_of(pdf: bytes) -> int:
    """Return how many pages a PDF has."""
    return len(re.findall(rb"/Type\s*/Page\b", text_of(pdf)))
