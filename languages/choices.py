"""Fixed words of the translation room: states of a unit, what the public sees, how fresh a text is."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(TextChoices):
    """What sort of string a segment is."""

    LINE = "line", _("One line")
    TEXT = "text", _("Text with line breaks")
    RICH = "rich", _("Text with tags")
    ALT = "alt", _("Words for a picture")


class State(TextChoices):
    """Where the work on one translated string stands."""

    MISSING = "missing", pgettext_lazy("state of a translation", "Empty")
    DRAFT = "draft", pgettext_lazy("state of a translation", "Draft")
    IN_REVIEW = "in_review", pgettext_lazy("state of a translation", "In review")
    APPROVED = "approved", pgettext_lazy("state of a translation", "Approved")
    PUBLISHED = "published", pgettext_lazy("state of a translation", "Published")


class Freshness(IntegerChoices):
    """How a live translation stands to its source: a higher number is a graver change."""

    NOT_LIVE = 0, _("not live")
    FRESH = 1, _("up to date")
    WORDING = 2, _("source reworded since")
    MINOR = 3, _("source explained better since")
    MATERIAL = 4, _("law, procedure or number changed since")


class Public(TextChoices):
    """What the public sees of a thing in a language."""

    MISSING = "missing", pgettext_lazy("translation of a page", "Nothing yet")
    PARTIAL = "partial", pgettext_lazy("translation of a page", "Partly translated")
    OUT_OF_DATE = "out_of_date", pgettext_lazy("translation of a page", "Out of date")
    PUBLISHED = "published", pgettext_lazy("translation of a page", "Published")


class Origin(TextChoices):
    """Where a translated text came from."""

    PERSON = "person", _("written by a person")
    IMPORT = "import", _("imported from a file")
    MEMORY = "memory", _("suggested from an equal text")
    MACHINE = "machine", _("drafted, awaiting a native reader")


class Verb(TextChoices):
    """What happened to a unit."""

    WRITTEN = "written", _("written")
    CONFIRMED = "confirmed", _("confirmed as still right")
    SUBMITTED = "submitted", _("sent to review")
    RETURNED = "returned", _("sent back")
    APPROVED = "approved", _("approved")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")
    IMPORTED = "imported", _("imported")
    SUGGESTED = "suggested", _("suggested")
    COPIED = "copied", _("copied")
    NATIVE_READ = "native_read", _("read by a native reader")


class Switch(TextChoices):
    """Whether a language is offered to the public."""

    OFF = "off", pgettext_lazy("language", "Off")
    DESK = "desk", pgettext_lazy("language", "Being translated")
    PUBLIC = "public", pgettext_lazy("language", "Public")


# Languages as a sentence in the reader's language names them; lists to choose from have the name each gives itself.
NAMES = {
    "en": pgettext_lazy("name of a language, within a sentence", "English"),
    "fr": pgettext_lazy("name of a language, within a sentence", "French"),
    "es": pgettext_lazy("name of a language, within a sentence", "Spanish"),
    "pt": pgettext_lazy("name of a language, within a sentence", "Portuguese"),
    "pt-br": pgettext_lazy("name of a language, within a sentence", "Brazilian Portuguese"),
    "ar": pgettext_lazy("name of a language, within a sentence", "Arabic"),
    "ht": pgettext_lazy("name of a language, within a sentence", "Haitian Creole"),
    "rw": pgettext_lazy("name of a language, within a sentence", "Kinyarwanda"),
    "wo": pgettext_lazy("name of a language, within a sentence", "Wolof"),
    "bn": pgettext_lazy("name of a language, within a sentence", "Bengali"),
    "id": pgettext_lazy("name of a language, within a sentence", "Indonesian"),
    "th": pgettext_lazy("name of a language, within a sentence", "Thai"),
    "mg": pgettext_lazy("name of a language, within a sentence", "Malagasy"),
    "ny": pgettext_lazy("name of a language, within a sentence", "Chichewa"),
    "sw": pgettext_lazy("name of a language, within a sentence", "Swahili"),
}
