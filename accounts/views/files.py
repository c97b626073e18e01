"""A table as an answer: the file, named, in the reader's direction of writing."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language_bidi

from accounts.tables import KINDS, Cells, Table, written


def table_file(
    *, name: str, kind: str, title: str, heads: list[str], rows: Iterable[Cells], mark: list[list[str]]
) -> HttpResponse:
    """Return a table as a file to keep; its name bears the day."""
    table = Table(str(title), [str(head) for head in heads], rows, mark, get_language_bidi())
    response = HttpResponse(written(table, kind), content_type=KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.{kind}"'
    return response
