"""Draws every sheet that is printed: one engine, our sheets, faces by script. No rows, no settings, no web."""

from training.drawing.faces import OWN_FOLDER, Faces, FontsMissing, NotDrawn, missing
from training.drawing.names import unprintable
from training.drawing.sheet import DrawingFailed, LetterMissing, draw

__all__ = [
    "OWN_FOLDER",
    "DrawingFailed",
    "Faces",
    "FontsMissing",
    "LetterMissing",
    "NotDrawn",
    "draw",
    "missing",
    "unprintable",
]
