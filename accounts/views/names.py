"""What is told of a name once it is kept."""

from django.contrib import messages
from django.utils.translation import gettext as _

from accounts.rules import unprinted
from languages.text import isolate


def tell_unprinted(request, name: str) -> None:
    """Tell which letters of a name that was just kept certificates cannot print, and what follows from it."""
    if letters := unprinted(name):
        told = _(
            "Certificates cannot print these letters of the name: %(letters)s. A certificate for it counts and its badge can be fetched, but its PDF cannot be made. For a PDF, write the name in letters that can be printed."
        )
        messages.warning(request, told % {"letters": isolate(letters)})
