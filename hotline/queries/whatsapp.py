"""Reads of conversations by WhatsApp: whether the line writes there, the 24 hours, and which words are approved.

Within 24 hours of the person's newest message any text may leave; after that only approved ready-made words in the
language of the conversation (templates).
"""

import datetime as dt
from dataclasses import dataclass, replace

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, Value, When

from hotline.choices import TEXTS, Channel, Direction
from hotline.models import Contact, Line, Message, Prompt, Template
from hotline.queries.lines import line_by_id, memory
from hotline.queries.spoken import read_cell
from hotline.telephony.twiml import Cell
from languages.queries import unread_of
from languages.text import Room, sms_room, wide_room

WINDOW = dt.timedelta(hours=24)
MAX_PARTS = 2  # of own words by text message
MAX_WHATSAPP = 1600  # letters of own words by WhatsApp: more the provider does not take (its error 21617)


def room_in(text: str, channel: str) -> Room:
    """Return how much room is left in own words that leave by a channel; less than 0: they are refused."""
    return wide_room(text, MAX_WHATSAPP) if channel == Channel.WHATSAPP else sms_room(text, MAX_PARTS)


def has_sender(contact: Contact) -> bool:
    """Tell whether the line of a contact has a sender for WhatsApp."""
    line = line_by_id(contact.line_id)
    return line is not None and bool(line.whatsapp)


def written_at(contact: Contact) -> dt.datetime | None:
    """Return when the person wrote last; a contact that was read with `window_facts` knows it already."""
    if "written_at" in contact.__dict__:
        return contact.written_at
    received = contact.messages.filter(direction=Direction.IN)
    return received.order_by("-made_at").values_list("made_at", flat=True).first()


def is_in_window(contact: Contact, at: dt.datetime) -> bool:
    """Tell whether own words may leave now."""
    newest = written_at(contact)
    return newest is not None and at - newest < WINDOW


def is_templates_only(contact: Contact, at: dt.datetime) -> bool:
    """Tell whether only approved words may leave: a conversation by WhatsApp whose 24 hours are over."""
    return contact.channel == Channel.WHATSAPP and not is_in_window(contact, at)


def approved(contact: Contact) -> dict[str, str]:
    """Return the approved ready-made words for a conversation: their keys, and their names at the provider."""
    return dict(_approved(contact).values_list("key", "content_sid"))


def _approved(contact: Contact) -> QuerySet[Template]:
    line = line_by_id(contact.line_id)
    language = contact.language or (line.first_language if line else "")
    return Template.objects.filter(account=line.account if line else "", language=language)


def may_leave(contact: Contact, at: dt.datetime) -> bool:
    """Tell whether anything at all may leave by WhatsApp now."""
    if is_in_window(contact, at):
        return True
    if "has_template" in contact.__dict__:
        return contact.has_template
    return _approved(contact).exists()


Firsts = tuple[tuple[int, str], ...]


def first_languages() -> Firsts:
    """Return the first language of each line that has one, by the line's key."""
    return tuple((key, line.first_language) for key, line in memory().by_id.items() if line.languages)


def window_facts(firsts: Firsts) -> dict[str, Case | Subquery | Exists]:
    """Return what to annotate where many contacts are read at once, so that each knows whether a text may leave.

    `firsts`: the first languages of the lines.
    """
    received = Message.objects.filter(contact=OuterRef("pk"), direction=Direction.IN).order_by("-made_at")
    words = Template.objects.filter(account=OuterRef("line__account"), language=OuterRef("written_in"))
    written_at = Subquery(received.values("made_at")[:1])
    return {"written_in": _written_in(firsts), "written_at": written_at, "has_template": Exists(words)}


def _written_in(firsts: Firsts) -> Case:
    """Return in which language each of many contacts is written to: its own, else the first of its line."""
    return Case(*(When(language="", line_id=key, then=Value(code)) for key, code in firsts), default=F("language"))


@dataclass(frozen=True)
class ReadyWords:
    """Ready-made words of a line in one language, as they leave, and what is written down of their approval (None: nothing).

    `text.language` is another than `language` where the words are not there in it: then those words leave instead.
    `is_draft`: no native reader has read them.
    """

    key: str
    label: str
    language: str
    text: Cell
    template: Template | None
    is_draft: bool = False


def ready_text(key: str, language: str, number: str) -> Cell:
    """Return the ready-made words of a key (`choices.TEXTS`) in a language, or the next of its chain, with a line's number in them."""
    cell = read_cell(f"text_{key}", language)
    return replace(cell, text=cell.text.replace("{number}", number))


def ready_words(line: Line) -> list[ReadyWords]:
    """Return what a line can send ready-made, in its languages and in every other that is written down as approved: a query
    more for each language.
    """
    kept = {(row.key, row.language): row for row in Template.objects.filter(account=line.account)}
    others = sorted({language for _key, language in kept} - set(line.language_codes))
    languages = (*line.language_codes, *others)
    texts = {(key, code): ready_text(key, code, line.number) for key in TEXTS for code in languages}
    unread = {code: unread_of(Prompt, code) for code in {text.language for text in texts.values()}}
    prompts = dict(Prompt.objects.filter(key__in=[f"text_{key}" for key in TEXTS]).values_list("key", "pk"))
    return [
        ReadyWords(
            key, TEXTS[key], code, text, kept.get((key, code)), prompts.get(f"text_{key}") in unread[text.language]
        )
        for (key, code), text in texts.items()
    ]
