"""The screens of the translation desk."""

from cms.desk.views.editor import Editor, decide, save, whole
from cms.desk.views.exchange import Import, export
from cms.desk.views.findings import findings, settle_finding
from cms.desk.views.matrix import Matrix, next_text
from cms.desk.views.review import Review
from cms.desk.views.switches import Languages

__all__ = [
    "Editor",
    "Import",
    "Languages",
    "Matrix",
    "Review",
    "decide",
    "export",
    "findings",
    "next_text",
    "save",
    "settle_finding",
    "whole",
]
