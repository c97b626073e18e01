"""Files of questions, in and out: GIFT and Moodle XML. Pure: bytes and values, no rows.

No kept-up library reads GIFT (the one on PyPI is of 2021 and gives up at the first broken question); Moodle XML is read
over defusedxml. The formats are described at docs.moodle.org.
"""

from training.question_files import gift_out, moodle_out
from training.question_files.gift_out import CannotBeWritten, Outgoing
from training.question_files.raw import Place, block_of, item_of, texts_brought, texts_of
from training.question_files.reading import MOST_BYTES, read
from training.question_files.values import MOST_ROWS, FileRefused, Finding, Item, Part, Reading, Row, reading_of

WRITERS = {"gift": gift_out.write, "moodle_xml": moodle_out.write}

__all__ = [
    "MOST_BYTES",
    "MOST_ROWS",
    "WRITERS",
    "CannotBeWritten",
    "FileRefused",
    "Finding",
    "Item",
    "Outgoing",
    "Part",
    "Place",
    "Reading",
    "Row",
    "block_of",
    "item_of",
    "read",
    "reading_of",
    "texts_brought",
    "texts_of",
]
