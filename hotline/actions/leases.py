"""What a wrong clock held: due again as soon as the clock is right."""

from datetime import datetime

import structlog

from hotline.queries.leases import wrong_leases

log = structlog.get_logger(__name__)


def mend_leases(*, at: datetime) -> int:
    """Let each row that waits for a time no right clock wrote be due now; return how many there were."""
    done = 0
    for field, rows in wrong_leases(at):
        if count := rows.update(**{field: at}):
            log.warning("lease_mended", kind=rows.model.__name__, field=field, count=count)
            done += count
    return done
