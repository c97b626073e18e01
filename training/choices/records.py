"""What a learner did, what became of it, and how her certificate stands. Codes outlive their labels."""

import datetime as dt

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CertificateKind(TextChoices):
    """What a certificate says: all lessons and stories done; or the course finished, its test passed."""

    COMPLETION = "completion", pgettext_lazy("kind of certificate", "Certificate of completion")
    ACHIEVEMENT = "achievement", pgettext_lazy("kind of certificate", "Certificate of achievement")


class CertificateState(TextChoices):
    """How a certificate stands at an instant; the first two count as trained."""

    CURRENT = "current", pgettext_lazy("state of a certificate", "Current")
    REFRESHER_DUE = "refresher_due", pgettext_lazy("state of a certificate", "Refresher due")
    LAPSED = "lapsed", pgettext_lazy("state of a certificate", "Lapsed")
    EXPIRED = "expired", pgettext_lazy("state of a certificate", "Expired")
    REPLACED = "replaced", pgettext_lazy("state of a certificate", "Replaced")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a certificate", "Withdrawn")


class Trained(TextChoices):
    """How somebody who was trained stands: the first counts; the second does for the ninety days of grace."""

    CURRENT = "current", pgettext_lazy("state of a certificate", "Current")
    REFRESHER_DUE = "refresher_due", pgettext_lazy("state of a certificate", "Refresher due")
    LAPSED = "lapsed", pgettext_lazy("state of a certificate", "Lapsed")


class Verb(TextChoices):
    """What an event says; the learner's own verbs first."""

    OPENED = "opened", _("Lesson opened")
    REACHED = "reached", _("Screen read")
    ANSWERED = "answered", _("Question answered")
    SUBMITTED = "submitted", _("Test handed in")
    CHOSE = "chose", _("Scenario played")
    ACKNOWLEDGED = "acknowledged", _("Note read")
    FOCUSED = "focused", _("Time in the lesson")
    ATTENDED = "attended", _("Session attended")
    WAIVED = "waived", _("Lesson waived")
    VOIDED = "voided", _("Work set aside")
    MOVED = "moved", _("Moved to a newer version")
    TRACKED = "tracked", _("Group of readers chosen")
    REGRADED = "regraded", _("Answer marked anew")


LEARNER_VERBS = frozenset(
    {"opened", "reached", "answered", "submitted", "chose", "acknowledged", "focused", "tracked", "attended"}
)


END = "end"


LESSON_ENDED = _("Lesson read to its end")


STORY_CHOICE = _("Choice made in a story")


WAIVER_TAKEN_BACK = _("Waiver taken back")


class Source(TextChoices):
    """By which road an event came."""

    WEB = "web", _("Sent by the page")
    FORM = "form", _("Form")
    KEPT = "kept", _("File from a phone")
    SHEET = "sheet", _("List of the trainer")
    PAPER = "paper", _("Paper")
    IMPORT = "import", _("Import")
    SYSTEM = "system", _("System")


# The roads on which the clock of a learner's phone tells when something was; elsewhere the house's own clock does.
PHONES = frozenset({Source.WEB, Source.KEPT})


class Reason(TextChoices):
    """Why an event was not taken, as `/api/progress/` says it."""

    MALFORMED = "malformed", _("The record cannot be read.")
    UNKNOWN_VERB = "unknown_verb", _("This kind of record is not known.")
    UNKNOWN_VERSION = "unknown_version", _("This version of the course is not known.")
    UNKNOWN_ACTIVITY = "unknown_activity", _("This lesson is not part of that version.")
    UNKNOWN_LANGUAGE = "unknown_language", _("This language is not known.")
    PAYLOAD_INVALID = "payload_invalid", _("The answer does not fit its question.")
    ITEM_NOT_IN_ATTEMPT = "item_not_in_attempt", _("This question was not in the test.")
    NOT_ENROLLED = "not_enrolled", _("The person has not begun this course.")
    NOT_OFFERED = "not_offered", _("The course is not on offer in your country yet.")
    STAFF_ONLY = "staff_only", _("Only staff may record this.")
    UNKNOWN_SESSION = "unknown_session", _("You are not in the group that has this session.")
    WRONG_CODE = "wrong_code", _("This is not the code of this session. Look at the board again.")
    SESSION_AHEAD = "session_ahead", _("This session has not begun yet. Its code counts from half an hour before.")
    SESSION_OVER = "session_over", _("The code of this session counts no more. Ask your trainer to tick your name.")
    TOO_MANY_TRIES = "too_many_tries", _("The code was tried five times. Ask your trainer to tick your name.")
    DIFFERENT_CONTENT = "different_content", _("The same record was sent before with other content.")
    ID_TAKEN = "id_taken", _("The record's number is taken.")
    SEQ_REUSED = "seq_reused", _("The device's counter was used before.")
    ATTEMPT_CLOSED = "attempt_closed", _("This test was handed in before.")
    TEST_AHEAD = "test_ahead", _("This test was answered before the time to wait was over. Take it once more.")
    NOT_YOUR_GROUP = "not_your_group", _("You do not run this group any more. Ask a manager of your country.")
    SESSION_GONE = "session_gone", _("This session was taken out of the timetable.")
    MEMBER_LEFT = "member_left", _("She or he has left this group.")
    TOO_MANY_MARKS = "too_many_marks", _("Too many marks of one person at one session came at once.")
    CHANGED_MEANWHILE = "changed_meanwhile", _("Somebody noted something else meanwhile.")


class Flag(TextChoices):
    """Why the time of an event that counts is in doubt; an event may bear several, with spaces between.

    The first is how all of them were written once.
    """

    CLOCK_SUSPECT = "clock_suspect", _("The clock of the phone is in doubt.")
    CLOCK_AHEAD = "clock_ahead", _("It tells a time that had not come yet.")
    CLOCK_EARLY = "clock_early", _("It tells a time before the course was begun.")
    CLOCK_OLD = "clock_old", _("It tells a time more than 400 days back.")
    CLOCK_MOVED = "clock_moved", _("The clock of the phone was set anew between two sendings.")


class Verdict(TextChoices):
    """What a person says who has looked at a sending; only of a time in doubt is more said than that she has."""

    SEEN = "seen", pgettext_lazy("at a record", "Looked at")
    RIGHT = "right", pgettext_lazy("a time in doubt", "Its time is right")
    WRONG = "wrong", pgettext_lazy("a time in doubt", "Its time is wrong")


class Deadline(TextChoices):
    """How a deadline stands that was met only by what came after it, from a phone whose clock is in doubt."""

    WAITS = "waits", pgettext_lazy("a deadline", "In time only by a clock in doubt")
    MISSED = "missed", pgettext_lazy("a deadline", "Finished after the deadline")


# How long a record that was not counted is kept for its sender to look at.
REFUSED_KEPT = dt.timedelta(days=90)


class Stage(TextChoices):
    """How far a person is in a course."""

    NOT_BEGUN = "not_begun", pgettext_lazy("course stage", "Not begun")
    UNDER_WAY = "under_way", pgettext_lazy("course stage", "Under way")
    FINISHED = "finished", pgettext_lazy("course stage", "Finished")


WHAT_IS_MISSING = {
    "single": _("Choose one answer, then send it."),
    "multiple": _("Choose at least one answer, then send it."),
    "match": _("Choose at least one match, then send it."),
    "order": _("Give each step its own place, then send the order."),
    "number": _("Write a number only, then send it."),
    "short": _("Write a word or a few, then send it."),
}
