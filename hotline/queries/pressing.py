"""Which contacts of a list are of somebody in need now (`triage.PRESSING`), and with whom nobody has spoken since."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from hotline import triage
from hotline.choices.calling import CallBackState
from hotline.models import CallBack, Contact, KeyAnswer, Sheet


def pressing_first(rows: QuerySet[Contact]) -> QuerySet[Contact]:
    """Return contacts with whether such a need is known (`is_pressing`), by key or by the newest version of the sheet."""
    keys, sheets = Q(), Q()
    for key, need in triage.PRESSING.items():
        keys |= Q(question=key, answer=need)
        sheets |= Q(**{f"answers__{key}": need})
    newer = Sheet.objects.filter(contact=OuterRef("contact"), version__gt=OuterRef("version"))
    said = KeyAnswer.objects.filter(keys, contact=OuterRef("pk"))
    written = Sheet.objects.filter(sheets, ~Exists(newer), contact=OuterRef("pk"))
    return rows.annotate(is_pressing=Exists(said.order_by()) | Exists(written.order_by()))


def was_reached() -> Exists:
    """Return the condition that a person was called back, and reached."""
    return Exists(CallBack.objects.filter(contact=OuterRef("pk"), state=CallBackState.REACHED))
