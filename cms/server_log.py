"""Gunicorn's log in the form of the house: by itself it writes addresses and whole paths. `./fanal serve` names it."""

import logging
import re

from gunicorn.glogging import Logger

from cms.logs import PlainFormatter

SIGNAL = re.compile(r"SIG[A-Z0-9]{1,10}")


class ServerFormatter(PlainFormatter):
    """Fills gunicorn's sentences in where only its own numbers (of processes, ends, sizes) and signals go in."""

    def _event(self, record: logging.LogRecord) -> str:
        words = super()._event(record)
        if not isinstance(record.args, tuple) or not record.args or not all(map(_is_safe, record.args)):
            return words
        try:
            return words % record.args
        except (TypeError, ValueError):
            return words


def _is_safe(value: object) -> bool:
    return type(value) is int or bool(isinstance(value, str) and SIGNAL.fullmatch(value))


class ServerLog(Logger):
    """Gunicorn's own log; only how a line is written is ours."""

    def setup(self, cfg) -> None:
        """Set the log up as gunicorn does, then give each of its handlers our form."""
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(ServerFormatter())
