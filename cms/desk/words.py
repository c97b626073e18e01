"""What the desk says: states as words and shapes, faults as sentences, outcomes of an import."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from languages.choices import Freshness, State
from languages.text import Fault

# code -> sentence; %(what)s is what the fault concerns.
FAULTS = {
    "placeholder_missing": _("Missing: %(what)s. Put it where the value belongs."),
    "placeholder_unknown": _("%(what)s is not in the source. Use the source's own names."),
    "tag_unknown": _("The tag %(what)s is not in the source."),
    "tag_crossed": _("The tag %(what)s is closed in the wrong place."),
    "tag_not_closed": _("The tag %(what)s is not closed, or closed twice."),
    "tag_dropped": _("The link %(what)s is missing. Put it round the words that are the link."),
    "tag_lost": _(
        "Lists, paragraphs or bold words of the source are missing: %(what)s. Put the tags back where you can."
    ),
    "unsafe": _("Only numbered tags are allowed; write no other markup."),
    "too_long": _("Too long by %(what)s characters."),
    "line_break": _("This is one line; take the line break out."),
    "numbers": _("The numbers differ from the source. Check them."),
    "same_as_source": _("This equals the source. Keep it only if it is the same word."),
    "captions_broken": _("Line %(what)s is no caption as WebVTT. Keep each line of times as it stands in the source."),
    "captions_times": _(
        "The times differ from the source. Keep every caption at its times; translate the words alone."
    ),
    "unknown_path": _("This text no longer stands in the source."),
}

CHECKS = (
    (("placeholder_missing", "placeholder_unknown"), _("Placeholders kept")),
    (("tag_unknown", "tag_crossed", "tag_not_closed", "tag_dropped", "tag_lost", "unsafe"), _("Tags and links kept")),
    (("numbers", "captions_broken", "captions_times"), _("Numbers the same")),
    (("too_long", "line_break"), _("Length fits")),
)

OUTCOMES = {
    "matched": _("taken as draft"),
    "stale": _("taken as draft for an older source; say \u201cstill right\u201d at the desk"),
    "unchanged": _("nothing new"),
    "empty": _("empty, skipped"),
    "conflict": _("changed at the desk since the export; not written"),
    "unknown": _("no longer in the source; not written"),
    "placeholder_broken": _("placeholder or tag broken; refused"),
    "unsafe": _("unsafe markup; refused"),
    "too_long": _("too long; refused"),
    "line_break": _("line break in a one-line text; refused"),
    "captions": _("captions broken, or at other times than the source; refused"),
    "doubled": _("stands twice in the file; both refused"),
}

FILES = {
    "broken_line": _("Line %(what)s is no PO. Mend it, or export the file again."),
    "charset": _("The header must say charset=UTF-8. Save the file as UTF-8."),
    "header": _("The header does not say which thing and language this is. Export the file again and fill that in."),
    "too_many": _("The file has %(what)s lines; at most 20,000 are read. Split it."),
    "too_large": _("The file is too large. Split it."),
    "not_utf8": _("Line %(what)s is not UTF-8. Save the file as UTF-8."),
    "no_po": _("This is no PO file. Export one here and fill that in."),
    "lost_comment": _("\u201c%(what)s\u201d has lost its comment. Export the file again and fill that in."),
    "wrong_object": _("The file is about something else (%(what)s). Open that page and import it there."),
}

CHANGES = {
    Freshness.WORDING: _("The source was reworded; its meaning is the same."),
    Freshness.MINOR: _("The source was changed."),  # also where nobody said what kind of edit it was
    Freshness.MATERIAL: _("Law, procedure, a right answer or a number changed in the source."),
}


@dataclass(frozen=True)
class Mark:
    """How a unit is marked in the editor: shape, colour class, word."""

    shape: str
    css: str
    word: str


# The labels that are other words in other places; every other label is one word wherever it stands.
_SIDES = {"left": pgettext_lazy("side of a pair", "left"), "right": pgettext_lazy("side of a pair", "right")}
_STALE = Mark("tri", "oldc", pgettext_lazy("one text", "out of date"))
_MARKS = {
    State.MISSING: Mark("box", "badc", pgettext_lazy("one text", "nothing yet")),
    State.DRAFT: Mark("half", "", pgettext_lazy("one text", "draft")),
    State.IN_REVIEW: Mark("ring", "", pgettext_lazy("one text", "waiting for review")),
    State.APPROVED: Mark("dia", "", pgettext_lazy("one text", "approved, not yet published")),
    State.PUBLISHED: Mark("tick", "okc", pgettext_lazy("one text", "published")),
}


def mark_of(unit) -> Mark:
    """Return how a unit is marked; a published text whose source moved on is out of date."""
    if unit is None:
        return _MARKS[State.MISSING]
    if unit.state in {State.PUBLISHED, State.MISSING} and unit.freshness >= Freshness.MINOR:
        return _STALE
    return _MARKS[State(unit.state)]


def field_of(unit) -> str:
    """Return what a text is called in its thing: the field in the reader's language."""
    model = unit.content_type.model_class()
    return str(capfirst(model._meta.get_field(unit.segment.path.partition(".")[0]).verbose_name))


def place_of(segment) -> str:
    """Return what a text is within its thing, in the reader's language: heading, answer, left of a pair."""
    label = segment.note.partition(": ")[0]
    return str(_SIDES.get(label) or gettext(label)) if label else ""


def asked_beside(segment) -> str:
    """Return the question beside which a text stands, as the source has it; else nothing."""
    return segment.note.partition(": ")[2]


def sentence(fault: Fault) -> str:
    """Return what a fault says to a person."""
    return FAULTS[fault.code] % {"what": fault.what}


def file_sentence(error) -> str:
    """Return why a file was refused."""
    return FILES[error.code] % {"what": error.what}


def checks(faults: list[Fault]) -> list[tuple[bool, str]]:
    """Return the list of checks beside the editor: (holds, what)."""
    found = {fault.code for fault in faults}
    return [(found.isdisjoint(codes), words) for codes, words in CHECKS]
