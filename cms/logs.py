"""How a log line is written: route names, states and exception classes; never a path, a number or somebody's words.

A path may hold a one-time link, an exception's text may hold a row (trust.md §16), so neither is written.
"""

import logging
import traceback

QUIET_LOGGERS = ("django.request", "django.security", "django.server", "gunicorn.access")


class PlainFormatter(logging.Formatter):
    """Writes time, level, logger, and what is safe to keep of the record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line, and for an exception the places it passed through."""
        head = f"{self.formatTime(record)} {record.levelname} {record.name} {self._words(record)}"
        return head + self._places(record)

    def _words(self, record: logging.LogRecord) -> str:
        if not record.name.startswith(QUIET_LOGGERS):
            return record.getMessage()
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        return f"route={getattr(match, 'view_name', None) or '-'} status={getattr(record, 'status_code', '-')}"

    def _places(self, record: logging.LogRecord) -> str:
        if not record.exc_info or record.exc_info[0] is None:
            return ""
        kind, _value, trace = record.exc_info
        places = "".join(f"\n  {one.filename}:{one.lineno} {one.name}" for one in traceback.extract_tb(trace))
        return f" exception={kind.__name__}{places}"
