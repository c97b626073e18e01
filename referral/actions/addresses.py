"""Where a letter of this room leads: the public address of a page, or that of this machine while none is set."""

from django.conf import settings
from django.urls import reverse

DEFAULT_ADDRESS = "http://127.0.0.1:8000"


def address_of(name: str, *args: str) -> str:
    """Return the whole address of a page by its name."""
    return (settings.PUBLIC_URL or DEFAULT_ADDRESS) + reverse(name, args=args)
