"""Work that comes round: once a night, do columns still hold what is live?"""

import datetime as dt

import structlog
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import DataError, IntegrityError, InterfaceError, OperationalError

from languages import actions
from languages.models import Segment

log = structlog.get_logger(__name__)
_HOUR = 2
_AWAY = (OperationalError, InterfaceError)
# What one thing may meet: broken tags, twin block ids, a stream that is not what it was, a text too long for its column.
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, DataError, IntegrityError)


def mend_drift(at: dt.datetime) -> int:
    """Compare the columns of every translated thing with its units, once a night; mend and report what differs.

    A bulk update of translated columns, or work on the database by hand, is what makes them differ. A thing that cannot
    be compared is logged and stops no other; while the database is away the night is not over.
    """
    mark = f"languages.drift.{at.date()}"
    if at.hour != _HOUR or not cache.add(mark, True, timeout=24 * 3600):
        return 0
    pairs = Segment.objects.filter(retired_at=None).order_by().values_list("content_type", "object_id").distinct()
    try:
        return sum(_is_mended(type_id, pk) for type_id, pk in pairs)
    except _AWAY:
        cache.delete(mark)
        raise


def _is_mended(type_id: int, pk: int) -> bool:
    """Mend the columns of one thing; tell whether they differed."""
    model = ContentType.objects.get_for_id(type_id).model_class()
    thing = model._base_manager.filter(pk=pk).first() if model else None
    if thing is None:
        return False
    try:
        columns = actions.drifted_columns(thing)
        if columns:
            log.warning("translation_drift", kind=model._meta.label_lower, subject=pk, columns=columns)
            actions.reapply(thing)
    except _BROKEN:
        log.exception("translation_not_compared", kind=model._meta.label_lower, subject=pk)
        return False
    return bool(columns)


JOBS = [mend_drift]
