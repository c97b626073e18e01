"""Who is in need now by what she said by key or what her sheet says (`triage.PRESSING`), in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from hotline import triage
from hotline.choices import QUESTIONS, Answer, Closing
from hotline.models import Contact, Sheet
from hotline.queries.pressing import said_in_need, was_reached
from hotline.queries.sheet_forms import form_of
from hotline.queries.sheets import newest_sheet, sheet_words, sheets_of, told_by_key
from languages.text import ENDS, beside


@dataclass(frozen=True)
class Said:
    """One line of what a person said or what stands in a sheet, as it is shown: label and words."""

    label: str
    words: str

    @property
    def line(self) -> str:
        """Return both in one line: a question mark is followed by no colon."""
        is_asked = self.label.endswith(ENDS)
        return f"{self.label} {self.words}" if is_asked else beside(self.label, self.words, get_language())


def by_key(key: str) -> Said:
    """Return a question that was answered with yes by key, in words."""
    return Said(str(QUESTIONS[key]), gettext("%(answer)s, by key") % {"answer": Answer.YES.label})


def pressing_of(sheet: Sheet) -> dict[str, Said]:
    """Return what is known of a person's needs of now, by question: what she said by key, then what only the sheet says.

    `sheet`: what `newest_sheet` returned.
    """
    given, told, needs = dict(sheet.given), told_by_key(sheet), triage.PRESSING.items()
    found = {key: by_key(key) for key, need in needs if key in QUESTIONS and given.get(key) == need}
    written = {key: need for key, need in needs if key not in told and triage.answer_of(sheet.answers, key) == need}
    form = form_of(sheet) if written else triage.HOUSE  # whose sheet says nothing of it is asked for no form
    for key, value in written.items():
        if asked := form.by_key.get(key):
            found[key] = Said(str(asked.label), sheet_words(asked, value, {}, ()))
    return found


def needs_by_key(contacts: Iterable[Contact]) -> dict[int, list[Said]]:
    """Return of which needs of now callers told by key, in words, by the key of each contact: one statement, of however many.

    Without danger, which has its own words wherever this stands.
    """
    rows = said_in_need().exclude(question="danger").filter(contact__in=[contact.pk for contact in contacts])
    found: dict[int, list[Said]] = {}
    for contact, question in rows.order_by("id").values_list("contact_id", "question"):
        found.setdefault(contact, []).append(by_key(question))
    return found


def is_pressing(contact: Contact) -> bool:
    """Tell whether a contact is in danger, or in another need that cannot wait for a day."""
    return contact.is_danger or bool(pressing_of(newest_sheet(contact)))


def is_left_in_need(contact: Contact) -> bool:
    """Tell whether a contact is of somebody in need now, and nobody has her: no case is open, and who called back did not reach her."""
    if contact.case_id is not None or not is_pressing(contact):
        return False
    return not Contact.objects.filter(was_reached(), pk=contact.pk).exists()


def closings(*, is_open: bool) -> tuple[Closing, ...]:
    """Return with what a follow-up may be closed; where a need is open (`is_left_in_need`), not with that none is needed."""
    return tuple(one for one in Closing if not (is_open and one == Closing.NO_NEED))


def with_needs(rows: Iterable[Contact]) -> list[Contact]:
    """Return contacts of `pressing.pressing_first`, each with its needs in words (`needs_now`): two statements where anybody has any."""
    found = list(rows)
    sheets = sheets_of(row for row in found if row.is_pressing)
    for row in found:
        row.needs_now = list(pressing_of(sheets[row.pk]).values()) if row.pk in sheets else []
    return found
