"""Quality reviews: why one is asked for, what is looked at, how each criterion was met."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Lines of a timeline with which somebody works with the person of a contact, beside talking to her by telephone.
WORKING = ("answer_claimed", "answer_taken_over", "taken_over", "contact_written_down", "call_back_begun")


class ReviewReason(TextChoices):
    """Why a contact is looked at: the first four are an operator's, the others a supervisor's."""

    UNSURE = "unsure", _("I am not sure that I did it right")
    LEARN = "learn", _("I want to learn from it")
    WRONG = "wrong", _("Something went wrong")
    HARD = "hard", _("It was hard, and I want to speak about it")
    SAMPLE = "sample", _("One of several, chosen by chance")
    DANGER = "danger", _("Somebody was in danger")
    LONG_WAIT = "long_wait", _("Long wait, or handed over several times")
    COMPLAINT = "complaint", _("Somebody complained")
    EXAMPLE = "example", _("Done well: an example for others")


OWN_REASONS = (ReviewReason.UNSURE, ReviewReason.LEARN, ReviewReason.WRONG, ReviewReason.HARD)
PICK_REASONS = tuple(reason for reason in ReviewReason if reason not in OWN_REASONS)


class ReviewState(TextChoices):
    """Where a review stands."""

    ASKED = "asked", pgettext_lazy("state of a quality review", "Asked for")
    REVIEWED = "reviewed", pgettext_lazy("state of a quality review", "Given")
    SEEN = "seen", pgettext_lazy("state of a quality review", "Seen by the operator")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a quality review", "Taken back")


GIVEN = (ReviewState.REVIEWED, ReviewState.SEEN)


class Mark(TextChoices):
    """How a criterion was met, as far as the record shows it."""

    MET = "met", pgettext_lazy("a criterion of a quality review", "Met")
    PARTLY = "partly", pgettext_lazy("a criterion of a quality review", "Partly met")
    NOT_MET = "not_met", pgettext_lazy("a criterion of a quality review", "Not met")
    UNTOLD = "untold", pgettext_lazy("a criterion of a quality review", "Cannot be told")


MARK_SHAPES = {Mark.MET: ("tick", "ok"), Mark.PARTLY: ("half", "wait"), Mark.NOT_MET: ("x", "bad"), Mark.UNTOLD: ("ring", "")}  # fmt: skip

# What is looked at: code -> (criterion, where the record shows it). One that is added counts in an older review as not told.
CRITERIA: dict[str, tuple[str, str]] = {
    "safety": (
        _("Safety was asked about first"),
        _("The sheet: whether the person was safe and could talk, before everything else."),
    ),
    "danger": (
        _("Danger was handled"),
        _("The timeline: the number of the police, a service, or a supervisor asked for help. Met if there was none."),
    ),
    "language": (
        _("The person was met in her or his language"),
        _("The language chosen, who answered, and whether an interpreter was brought in."),
    ),
    "consent": (
        _("Consent was asked before anything was passed on"),
        _("The sheet: the answer on consent, or the basis without it, before a case was opened."),
    ),
    "sheet": (
        _("The sheet says enough for the next step"),
        _("Age, place and needs, as far as they could be asked. “Not known” is an answer."),
    ),
    "closing": (
        _("What happens next was said and written down"),
        _("The next step on the sheet, and what the sheet was closed with."),
    ),
    "follow_up": (
        _("What was promised was followed up"),
        _("Call-backs, texts and the follow-up: done, given to somebody, and in time."),
    ),
}
