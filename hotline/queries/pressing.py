"""Which contacts of a list are of somebody in need now (`triage.PRESSING`), and with whom nobody has spoken since."""

from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from hotline import triage
from hotline.choices.calling import CallBackState
from hotline.models import CallBack, Contact, KeyAnswer, Sheet


def pressing_first(rows: QuerySet[Contact]) -> QuerySet[Contact]:
    """Return contacts with whether such a need is known (`is_pressing`)."""
    return rows.annotate(is_pressing=in_need())


def in_need() -> Q:
    """Return the condition that such a need of a contact is known, by key or by the newest version of the sheet."""
    sheets = reduce(or_, (Q(**{f"answers__{key}": need}) for key, need in triage.PRESSING.items()))
    newer = Sheet.objects.filter(contact=OuterRef("contact"), version__gt=OuterRef("version"))
    written = Sheet.objects.filter(sheets, ~Exists(newer), contact=OuterRef("pk"))
    return has_said() | Exists(written.order_by())


def said_in_need() -> QuerySet[KeyAnswer]:
    """Return the answers by key that tell of such a need."""
    return KeyAnswer.objects.filter(
        reduce(or_, (Q(question=key, answer=need) for key, need in triage.PRESSING.items()))
    )


def has_said() -> Exists:
    """Return the condition that a person told of such a need by key."""
    return Exists(said_in_need().filter(contact=OuterRef("pk")).order_by())


def was_reached() -> Exists:
    """Return the condition that a person was called back, and reached."""
    return Exists(CallBack.objects.filter(contact=OuterRef("pk"), state=CallBackState.REACHED))
