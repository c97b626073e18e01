"""Records that were not counted: kept for a while, each once, so that their sender can see why."""

import datetime as dt

from training.choices import REFUSED_KEPT
from training.models import Learner, RefusedEvent

DAY = dt.timedelta(days=1)
MOST_A_DAY = 500  # of one learner; what comes beyond is answered as ever, and not kept


def keep_refused(learner: Learner, refused: list[RefusedEvent], *, at: dt.datetime) -> None:
    """Keep what was refused and is not kept yet: sent again, it adds nothing. Of who was erased meanwhile nothing is kept."""
    fresh = {_told(row): row for row in refused}
    if not fresh or (learner.user_id is None and not Learner.objects.filter(pk=learner.pk).exists()):
        return
    hers = RefusedEvent.objects.filter(learner=learner).order_by()
    alike = hers.filter(event__in={row.event for row in refused}, body__in={row.body for row in refused})
    for told in alike.values_list("event", "reason", "body"):
        fresh.pop(told, None)
    left = MOST_A_DAY - hers.filter(received_at__gt=at - DAY).count() if fresh else 0
    RefusedEvent.objects.bulk_create(list(fresh.values())[: max(left, 0)])


def _told(row: RefusedEvent) -> tuple[str, str, str]:
    return row.event, str(row.reason), row.body


def drop_refused(*, at: dt.datetime) -> int:
    """Delete the refused records that were kept long enough; return how many."""
    return RefusedEvent.objects.filter(received_at__lt=at - REFUSED_KEPT).delete()[0]
