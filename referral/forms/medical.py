"""What a clinic must know before it sees somebody: asked where consent is given, and where a clinic is asked."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from referral.choices import FormField
from referral.queries.questions import REGISTER

MEDICAL_NEED = "medical_need"
HINT = _(
    "In a few words, what a clinic must know to help, for example “care within 72 hours, until Friday 14:00”. Not what "
    "happened. Kept sealed; shown only to an agency that accepts and may have it."
)


def medical_questions(shown: Iterable[str], care: str) -> tuple[FormField, ...]:
    """Return the question, where it is among the fields that would be shown; `care` says until when care helps most."""
    if MEDICAL_NEED not in shown:
        return ()
    return (replace(REGISTER[MEDICAL_NEED], hint=format_lazy("{} {}", HINT, care) if care else HINT),)
