"""How a log line is written: what happened, and facts of a fixed list in a fixed shape; never a path, a number or
somebody's words.

A path may hold a one-time link, an exception's text may hold a row (trust.md §16), so neither is written. The house logs
through structlog: `log.warning("letter_failed", subject=letter.pk)`. What libraries log is reduced to where it was
logged: their words may be put together from what somebody sent.
"""

import logging
import logging.config
import re
import traceback
from typing import Any

import structlog

QUIET_LOGGERS = ("django.request", "django.security", "django.server", "gunicorn.access")
OUR_LOGGERS = ("accounts", "cms", "fanal", "hotline", "languages", "referral", "training")
EVENT = re.compile(r"[a-z][a-z_]{0,60}")
_NAME, _NAMES = r"[A-Za-z_][\w.]{0,80}", r"[A-Za-z_][\w.:]{0,120}"
_ID = r"(?:[a-z_]+\.[a-z_]+:)?(?:\d{1,18}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
# The facts a line may bear, each with what it must look like. A new one is put here; what is not here is not written.
ALLOWED = {
    "columns": rf"{_NAME}(?:,{_NAME})*",
    "count": r"\d{1,18}",
    "country": r"[A-Z]{2}",
    "exception": _NAME,
    "field": _NAME,
    "job": _NAME,
    "kind": _NAME,
    "method": r"[A-Z]{3,7}",
    "ms": r"\d{1,18}",
    "part": rf"{_NAME}(?:,{_NAME})*",
    "role": _NAME,
    "route": _NAMES,
    "status": r"\d{3}",
    "subject": _ID,
    "tries": r"\d{1,18}",
}


def kept(facts: dict[str, Any]) -> tuple[dict[str, str], int]:
    """Return the facts that may be written, as text, and how many others there were."""
    texts = {name: _text(value) for name, value in facts.items() if value not in (None, "", [], ())}
    good = {name: text for name, text in texts.items() if name in ALLOWED and re.fullmatch(ALLOWED[name], text)}
    return good, len(texts) - len(good)


def _text(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list | tuple | set | frozenset) else str(value)


def hand_over(_logger, _method: str, event: dict[str, Any]) -> tuple[tuple[str], dict[str, Any]]:
    """Hand what structlog was told to Python's log, with only the facts of the list."""
    words, error = str(event.pop("event", "")), event.pop("exc_info", None)
    facts, dropped = kept(event)
    if dropped:
        facts["dropped"] = str(dropped)
    return (words,), {"exc_info": error, "extra": {"facts": facts}}


def configure(config: dict[str, Any]) -> None:
    """Set up Python's log, and structlog to write into it (settings.LOGGING_CONFIG)."""
    logging.config.dictConfig(config)
    structlog.configure(
        processors=[hand_over],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


class PlainFormatter(logging.Formatter):
    """Writes time, level, logger, and what is safe to keep of the record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line, and for an exception the places it passed through."""
        head = f"{self.formatTime(record)} {record.levelname} {record.name} {self._words(record)}"
        return head + self._places(record)

    def _words(self, record: logging.LogRecord) -> str:
        if record.name.startswith(QUIET_LOGGERS):
            match = getattr(getattr(record, "request", None), "resolver_match", None)
            return f"route={getattr(match, 'view_name', None) or '-'} status={getattr(record, 'status_code', '-')}"
        facts = getattr(record, "facts", {})
        return " ".join([self._event(record), *(f"{name}={text}" for name, text in facts.items())])

    def _event(self, record: logging.LogRecord) -> str:
        """Return our name of what happened; of anybody else's words, the sentence without what was put into it.

        Words to which nothing is to be put in may have been put together before: then only the place is said.
        """
        words = str(record.msg)
        if record.name.split(".")[0] in OUR_LOGGERS and EVENT.fullmatch(words):
            return words
        if record.args:
            return " ".join(words.split())[:200]
        return f"{record.module}.{record.funcName}:{record.lineno}"

    def _places(self, record: logging.LogRecord) -> str:
        if not record.exc_info or record.exc_info[0] is None:
            return ""
        kind, _value, trace = record.exc_info
        places = "".join(f"\n  {one.filename}:{one.lineno} {one.name}" for one in traceback.extract_tb(trace))
        return f" exception={kind.__name__}{places}"
