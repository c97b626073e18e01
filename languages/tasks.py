"""Work that comes round: once a night, do columns still hold what is live?"""

import datetime as dt

import structlog
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache

from languages import actions
from languages.models import Segment

log = structlog.get_logger(__name__)
_HOUR = 2


def mend_drift(at: dt.datetime) -> int:
    """Compare the columns of every translated thing with its units, once a night; mend and report what differs.

    A bulk update of translated columns, or work on the database by hand, is what makes them differ.
    """
    if at.hour != _HOUR or not cache.add(f"languages.drift.{at.date()}", True, timeout=24 * 3600):
        return 0
    mended = 0
    pairs = Segment.objects.filter(retired_at=None).order_by().values_list("content_type", "object_id").distinct()
    for type_id, pk in pairs:
        model = ContentType.objects.get_for_id(type_id).model_class()
        thing = model._base_manager.filter(pk=pk).first() if model else None
        if thing is not None and (columns := actions.drifted_columns(thing)):
            log.warning("translation_drift", kind=model._meta.label_lower, subject=pk, columns=columns)
            actions.reapply(thing)
            mended += 1
    return mended


JOBS = [mend_drift]
