"""Words of the pages that a phone keeps."""

from django import template
from django.utils.translation import gettext

from training.choices import WHAT_IS_MISSING

register = template.Library()


@register.filter
def what_is_missing(kind: str) -> str:
    """Return what to do with a question that is sent while it is open."""
    return str(WHAT_IS_MISSING.get(kind) or gettext("Write an answer, then send it."))
