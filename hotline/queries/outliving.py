"""What a no outlives: an erased contact keeps the index of its number as long as another contact of the number stands.

So it is where it says less of its telephone, and where that was rung: the tries are those of the telephone.

Nothing is copied, so each no stays as old as it was said, and is whose it was. With the last contact of the number its index
goes from all of them: then nothing here knows the number.
"""

from django.db.models import Exists, OuterRef, Q

from hotline.models import CallBack, Contact, ContactEvent
from hotline.queries.hearing import LESS
from hotline.queries.one_number import COUNTS, NUMBER

# The column and what it must be like: a contact that is not erased, of the same telephone.
SAME = {name: OuterRef(name) for name in NUMBER}


def stands_on() -> Q:
    """Return the condition "says less of its telephone or rang it, and another contact of that stands": it keeps its index."""
    rings = CallBack.objects.filter(contact=OuterRef("pk"), dialled_at__isnull=False)
    less = ContactEvent.objects.filter(contact=OuterRef("pk"), kind="safety_changed", detail__less=True).order_by()
    others = Contact.objects.filter(**SAME, erased_at=None).exclude(pk=OuterRef("pk")).order_by()
    says = LESS | Q(Exists(rings)) | Q(Exists(less))
    return COUNTS & says & ~Q(number_index="") & Q(Exists(others))


def keeps_its_number(contact: Contact) -> bool:
    """Tell whether this contact keeps the index of its number when it is erased: one query."""
    return Contact.objects.filter(stands_on(), pk=contact.pk).exists()


def kept_alone(contact: Contact) -> Q:
    """Return the condition "erased, of this contact's telephone" once no other contact of it stands; else one that nothing meets."""
    telephone = {name: getattr(contact, name) for name in NUMBER}
    if not contact.number_index:
        return Q(pk__in=())
    others = Contact.objects.filter(**telephone, erased_at=None).exclude(pk=contact.pk)
    return Q(pk__in=()) if others.exists() else Q(**telephone, erased_at__isnull=False)
