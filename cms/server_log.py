"""Gunicorn's log in the form of the house: by itself it writes addresses and whole paths. `./fanal serve` names it."""

from gunicorn.glogging import Logger

from cms.logs import PlainFormatter


class ServerLog(Logger):
    """Gunicorn's own log; only how a line is written is ours."""

    def setup(self, cfg) -> None:
        """Set the log up as gunicorn does, then give each of its handlers our form."""
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(PlainFormatter())
