"""Tables as files, CSV and XLSX: no cell of them is a formula to any spreadsheet. Pure: cells in, bytes out.

A cell of CSV has no type, so an apostrophe guards what begins as a formula does; text of XLSX is typed and stands as it is.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from languages.text import clean, safe_cell

Cells = list[object]  # days are dates; moments are datetimes without a zone, by the clock that the table's mark names
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LONGEST_CELL = 32_767  # of a cell in XLSX
WIDEST = 60
DAY, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Table:
    """Heads, rows, and below them the mark of who took the table out; `title` names the sheet."""

    title: str
    heads: list[str]
    rows: Iterable[Cells]
    mark: list[list[str]]
    is_bidi: bool = False

    def lines(self) -> Iterable[Cells]:
        """Yield every row of the file."""
        yield list(self.heads)
        yield from self.rows
        yield from self.mark


def written(table: Table, kind: str) -> bytes:
    """Return a table as a file of a kind: csv or xlsx."""
    return {"csv": as_csv, "xlsx": as_xlsx}[kind](table)


def as_csv(table: Table) -> bytes:
    """Return a table as CSV in UTF-8 with its mark, so that spreadsheets read every script."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for cells in table.lines():
        writer.writerow([safe_cell(_told(cell)) for cell in cells])
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(table: Table) -> bytes:
    """Return a table as XLSX: whole numbers and days as what they are, everything else typed as text, the heads standing."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(table.title))
    sheet.sheet_view.rightToLeft = table.is_bidi
    sheet.freeze_panes = "A2"
    lines = list(table.lines())
    for place in range(len(table.heads)):
        longest = max((len(str(_told(line[place]))) for line in lines if place < len(line)), default=0)
        sheet.column_dimensions[get_column_letter(place + 1)].width = min(longest + 2, WIDEST)
    for number, cells in enumerate(lines):
        sheet.append([_cell(sheet, cell, is_head=number == 0) for cell in cells])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _told(value: object) -> object:
    """Return a cell as a line of text tells it: days and moments in figures that sort."""
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, dt.date) else value


def _cell(sheet, value: object, *, is_head: bool) -> WriteOnlyCell:
    if type(value) is int:
        return WriteOnlyCell(sheet, value)
    if isinstance(value, dt.date):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = MOMENT if isinstance(value, dt.datetime) else DAY
        return cell
    text = "" if value is None else str(value)
    cell = WriteOnlyCell(sheet, NO_XML.sub("", clean(text))[:LONGEST_CELL])
    cell.data_type, cell.number_format = "s", "@"
    if is_head:
        cell.font = Font(bold=True)
    return cell


def _sheet_name(title: str) -> str:
    return "".join(sign for sign in title if sign not in "[]:*?/\\'")[:31] or "1"
