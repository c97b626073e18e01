"""What a process keeps of lines in memory, in tests: for as long as nothing of it is written."""

import re

from hotline import queries
from hotline.queries import lines

UNTIL_WRITTEN = 1e6  # seconds: a test that keeps lines for another time meets them as they were

# What hotline.queries.lines reads into memory; tests/hotline/test_memory.py sees that it is this and nothing else.
READ = (
    "accounts_country", "accounts_holiday", "hotline_block", "hotline_dayexception", "hotline_dutyrule", "hotline_flowversion",
    "hotline_line", "hotline_openinghours", "hotline_prompt", "hotline_promptrecording", "hotline_sweepmark",
)  # fmt: skip
WRITES = re.compile(rf"\b(?:INSERT|UPDATE|DELETE)\b[A-Z ]*\W(?:{'|'.join(READ)})\b|^\W*ROLLBACK")


def forgetting_lines(execute, sql, params, many, context):
    """Carry a statement out; what is kept of lines is read anew after one that may change it."""
    try:
        return execute(sql, params, many, context)
    finally:
        if lines.KEPT_SECONDS == UNTIL_WRITTEN and WRITES.search(str(sql)):
            queries.forget_lines()


def has_other_connections(request) -> bool:
    """Tell whether a test has connections of its own beside the one of the test's thread."""
    mark = request.node.get_closest_marker("django_db")
    fixtures = {"transactional_db", "live_server"} & set(request.fixturenames)
    return bool(fixtures) or (mark is not None and bool(mark.kwargs.get("transaction")))
