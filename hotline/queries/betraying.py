"""Reads for the check of a free text: who else reads what comes to a phone, and which names no text may hold."""

from django.conf import settings

from hotline.choices import Answer, WhoMayAnswer
from hotline.models import Contact
from hotline.queries.lines import LineFacts
from referral.models import Area, Organisation


def is_read_by_others(contact: Contact) -> bool:
    """Tell whether somebody else may read what comes to a person's phone, so that only ready-made words go there.

    So it is where the phone is shared; and where a cover was agreed, or only the person may know, until she or he said that
    nobody else uses it. After that a cover does not bar own words: else operators would take it off to write.
    """
    if contact.shared_phone in (Answer.YES, Answer.NO):
        return contact.shared_phone == Answer.YES
    return bool(contact.cover) or contact.who_may_answer == WhoMayAnswer.ONLY_ME


def names_not_told(line: LineFacts | None) -> list[str]:
    """Return the names that no free text from a line may hold: the product, the line, its country's bodies and places."""
    if line is None:
        return [settings.WAGTAIL_SITE_NAME]
    bodies, places = Organisation.objects.filter(country=line.country), Area.objects.filter(country=line.country)
    rows = bodies.order_by().values_list("name").union(places.order_by().values_list("name"))
    return [settings.WAGTAIL_SITE_NAME, line.name, *(name for (name,) in rows)]
