"""A form of the console sends one text: the same words again are that text, other words are none of it."""

from datetime import datetime

from accounts import actions as accounts
from hotline.models import Message


class OtherWords(Exception):
    """Raised when a form whose text was sent comes once more with other words; these are not sent."""


def says(message: Message, text_key: str, text: str, *, by, at: datetime) -> bool:
    """Tell whether a text has these very words; one that cannot be opened has others."""
    if text_key or message.text_key:
        return message.text_key == text_key
    words = accounts.reveal_many([message], "body", by=by, at=at, reason="console")
    return words.get(message.public_id) == text.strip()
