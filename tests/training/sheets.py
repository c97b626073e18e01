"""What is in a PDF, read without a library: its streams inflated; and a sheet as it is seen."""

import json
import re
import zlib
from io import BytesIO

import typst
from PIL import Image

from training.drawing import faces, sheet


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


def picture_of(name: str, data: dict, language: str) -> Image.Image:
    """Return the first page of a sheet as it is seen, in grey, four points of the picture a millimetre of the paper."""
    words = json.dumps(data, ensure_ascii=False)
    inputs = {"data": words, "how": json.dumps(sheet._how(language, faces.scripts_in(words)))}
    fonts = faces.faces_here().fonts
    compiler = typst.Compiler(str(sheet.SHEETS / f"{name}.typ"), root=str(sheet.SHEETS), font_paths=fonts)
    return Image.open(BytesIO(compiler.compile(format="png", ppi=4 * 25.4, sys_inputs=inputs))).convert("L")
