"""What one country says in one course, confirmed as a manager does it, so that a course that lacks nothing can be seen.

Each text says in every language that it is an example: the demo claims no lawyer's word for any law.
"""

import datetime as dt

from accounts.models import User
from languages.actions import seed_languages
from languages.revisions import Change
from training import actions
from training.choices import REQUIRED_SLOTS
from training.models import Course, Overlay

MANAGER = "manager.lr@example.org"
WORDS = ("text", "source")
AGAIN_AFTER = dt.timedelta(days=365)
MARK = {
    "en": "Example of the demo, confirmed by no lawyer.",
    "fr": "Exemple de la démonstration, confirmé par aucun juriste.",
    "ar": "مثال من العرض التجريبي، لم يؤكده أي رجل قانون.",
    "ht": "Egzanp demonstrasyon an; pa gen okenn avoka ki konfime l.",
}


def confirm(course: Course, *, at: dt.datetime) -> None:
    """Let the manager of a country confirm the entries that its course needs; those in which anybody had a hand stay."""
    manager = User.objects.filter(email=MANAGER).first()
    if manager is None:
        return
    entries = Overlay.objects.filter(country=manager.country_id, curriculum=course.get_parent().pk, checked_at=None)
    for entry in entries.filter(slot__in=REQUIRED_SLOTS).order_by("pk"):
        marked = {code: {name: _marked(entry, name, code) for name in WORDS} for code in MARK}
        entry.text_en, entry.source_en = marked.pop("en").values()
        entry.confirmed, entry.checked_at, entry.review_at = True, at.date(), (at + AGAIN_AFTER).date()
        entry.change = Change.MINOR
        entry.save()
        actions.overlay_changed(overlay=entry, by=manager, at=at)
        seed_languages(entry, marked, by=str(manager.public_id), at=at)


def _marked(entry: Overlay, name: str, code: str) -> str:
    """Return a text of an entry with the mark before it; "" where the language has none."""
    words = getattr(entry, f"{name}_{code}") or ""
    return f"{MARK[code]} {words}" if words else ""
