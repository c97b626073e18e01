"""Fixed words of the school: slots, source kinds, verbs, reasons. Codes outlive their labels."""

import datetime as dt

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# What a page sends besides its lesson, compressed: head, menus, numbers to call, law, foot (measured: 3.0 to 3.3 KB).
AROUND_A_LESSON = 3_200
TEST_MINUTES = 10  # what a test is said to take, whichever it is


class Slot(TextChoices):
    """A place in a course for what is true in one country only."""

    DEFINITION = "definition", _("Definition in law")
    CHILD_RULE = "child-rule", _("Rule for children")
    PENALTY = "penalty", _("Penalty")
    NON_PUNISHMENT = "non-punishment", _("Non-punishment")
    WHO_IDENTIFIES = "who-identifies", _("Who identifies a victim")
    REFLECTION = "reflection", _("Time for reflection")
    PROTECTION_IN_COURT = "protection-in-court", _("Protection in court")
    COMPENSATION = "compensation", _("Compensation")
    DUTY_TO_REPORT = "duty-to-report", _("Duty to report")
    PATHWAY = "pathway", _("Referral pathway")
    WHO_TO_CALL = "who-to-call", _("Who to call")
    LOCAL_WORDS = "local-words", _("Words used in the country")
    MIGRATION_STEPS = "migration-steps", _("Steps before leaving")
    COMPLAINT = "complaint", _("How to complain")


# A country's course is not confirmed before these are; who-to-call lives in the country record.
REQUIRED_SLOTS = ("definition", "child-rule", "pathway")
REVIEW_DAYS = {"law": 182, "number": 30}


class SourceKind(TextChoices):
    """What a national fact rests on."""

    TREATY = "treaty", _("Treaty")
    STATUTE = "statute", _("Law")
    OFFICIAL = "official", _("Official text")
    REPORT = "report", _("Report")
    MANUAL = "manual", _("Manual")
    PRESS = "press", _("Press")
    FIELD = "field", _("Note from the field")


class Form(IntegerChoices):
    """Which paper a question belongs to: the forms ask the same objectives by different situations."""

    PRE = 1, _("Before the course (pre-test)")
    POST = 2, _("After the course (test)")
    CHECKUP = 3, _("Refresher and check-up")


class Track(TextChoices):
    """For whom a lesson or question is, in a course that serves several kinds of people."""

    MIGRANT = "migrant", pgettext_lazy("track of a course", "I may go to work abroad")
    YOUTH = "youth", pgettext_lazy("track of a course", "I am a young person or work with young people")
    OFFICIAL = "official", pgettext_lazy("track of a course", "I advise or protect people as an official")


class Objective(TextChoices):
    """What a question tests; reports group by it."""

    ELEMENTS = "elements", _("Elements, child rule, not smuggling")
    CONSENT = "consent", _("Consent and vulnerability")
    INDICATORS = "indicators", _("Indicators")
    OFFERS = "offers", _("Offers")
    CONTACT = "contact", _("Safe contact, hearing, wording")
    EVIDENCE = "evidence", _("Evidence")
    PATHWAY = "pathway", _("Pathway")
    PAPERS_AND_MONEY = "papers-and-money", _("Papers and money")
    NON_PUNISHMENT = "non-punishment", _("Non-punishment")
    CONDUCT = "conduct", _("Conduct")
    HELP_ABROAD = "help-abroad", _("Help abroad")


class CertificateKind(TextChoices):
    """What a certificate says: all lessons done; or the course finished, its test passed."""

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


class WithdrawalReason(TextChoices):
    """Why a certificate was withdrawn; whoever checks it is not told."""

    IN_ERROR = "in_error", _("It was issued in error")
    NOT_HER_WORK = "not_her_work", _("The answers were not her own")
    NAME_WRONG = "name_wrong", _("The name is written wrongly: a new one is issued with the name in her account")
    ASKED = "asked", _("The holder asked for it")
    OTHER = "other", _("Another reason")


class ChangeReason(TextChoices):
    """Why an edit is proposed to be a certain kind of change."""

    NEW_REQUIRED = "new_required", _("something new is required")
    NEW = "new", _("something new is added")
    ANSWER = "answer", _("a right answer changes")
    LAW = "law", _("what is said of the law of a country is added or taken out")
    STORY = "story", _("what a choice of a story does, or how the story can end, changes")
    RULE = "rule", _("what the tests ask, or the rule for passing, changes")
    REQUIRED = "required", _("it becomes required of more people")
    TEXT = "text", _("the text changes")


class MediaKind(TextChoices):
    """What a clip is; the codes are those of `training.media`."""

    AUDIO = "audio", pgettext_lazy("kind of recording", "Sound")
    VIDEO = "video", pgettext_lazy("kind of recording", "Film")


MEDIA_TAKEN = _("Sound in MP3, M4A or WAV to 20 MB, or film in MP4 (H.264) to 60 MB: what every phone plays.")
MEDIA_FAULTS = {
    "empty": _("This file is empty. Choose it again where it came from."),
    "unknown": _(
        "This is neither sound in MP3, M4A or WAV nor film in MP4, whatever its name says. Save it as one of these, and "
        "choose it again."
    ),
    "broken": _("This file is damaged or cut off. Save it anew where it was made, and choose it again."),
    "codec": _(
        "Many phones cannot play what is in this file. Save film as MP4 with H.264 and AAC, sound as MP3 or AAC, and "
        "choose it again."
    ),
    "large": _(
        "This file is too large: sound may have 20 MB, film 60 MB. Officials fetch it over slow networks: save it "
        "smaller, or cut it into parts, and choose it again."
    ),
}
CAPTION_FAULTS = {
    "head": _("Line %(line)s: captions begin with a line WEBVTT, then an empty line."),
    "times": _("Line %(line)s: write the times as 00:01.000 --> 00:04.000, with a point before the thousandths."),
    "order": _("Line %(line)s: this caption ends before it begins, or begins before the one above."),
    "words": _("Line %(line)s: this caption has no words, or no empty line before the next one."),
    "none": _("There is no caption below the first line."),
}


class Lacking(TextChoices):
    """What a lesson or question still lacks."""

    FEEDBACK = "feedback", _("An answer has no explanation.")
    ALT = "alt", _("A picture has no description and is not ticked as decoration.")
    TRANSCRIPT = "transcript", _("A sound or film has no transcript.")
    CAPTIONS = "captions", _("A film has no captions.")
    CHECK = "check", _("The lesson has no question.")
    TAKEAWAY = "takeaway", _("The lesson has no take-away.")
    WHO = "who", _("The lesson does not say whom to call.")
    MINUTES = "minutes", _("The lesson should take ten to fifteen minutes.")


class Lowered(TextChoices):
    """Why an editor calls a change less than what is proposed; the audit log keeps the code."""

    SAME_RULE = "same_rule", _("Law, procedure and right answers are as before; only the form is new")
    SLIP = "slip", _("A slip is mended that misled nobody")
    FOR_NEWCOMERS = "for_newcomers", _("It adds to the course; who has finished does not need it")
    NOT_YET_USED = "not_yet_used", _("Nobody has been taught the earlier text")


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
    MEMBER_LEFT = "member_left", _("She or he had left this group before you noted it.")
    CHANGED_MEANWHILE = "changed_meanwhile", _("Somebody noted something else meanwhile.")


# How long a record that was not counted is kept for its sender to look at.
REFUSED_KEPT = dt.timedelta(days=90)


class How(TextChoices):
    """How it was seen that somebody was at a session."""

    TRAINER = "trainer", pgettext_lazy("how attendance was seen", "By the trainer")
    PAPER = "paper", pgettext_lazy("how attendance was seen", "From the paper list")
    PHONE = "phone", pgettext_lazy("how attendance was seen", "By the code on the board")


# What is wrong with a row of a file of members, beside what any list of people can have (accounts.choices.ROW_FAULTS).
MEMBER_FAULTS = {
    "not_here": _(
        "is no official of this country with an account here. Import her or him first, then read this file again"
    ),
}


class Road(TextChoices):
    """How somebody came into a cohort."""

    FILE = "file", pgettext_lazy("how somebody joined", "From a file")
    OFFICE = "office", pgettext_lazy("how somebody joined", "With her office")
    CODE = "code", pgettext_lazy("how somebody joined", "By the code")


class Step(TextChoices):
    """The reminders of a deadline: a week before it, on the day itself, a week after it."""

    BEFORE = "before", pgettext_lazy("reminder", "A week before")
    DAY = "day", pgettext_lazy("reminder", "On the day")
    AFTER = "after", pgettext_lazy("reminder", "A week after")


class TextState(TextChoices):
    """What became of the text of a reminder; nothing where she gave no number."""

    WAITING = "waiting", pgettext_lazy("state of a text", "Waiting")
    SENT = "sent", pgettext_lazy("state of a text", "Sent")
    NOT_SENT = "not_sent", pgettext_lazy("state of a text", "Could not be sent")


class Done(TextChoices):
    """How a member of a cohort stands with one lesson, story or test."""

    DONE = "done", pgettext_lazy("state of a lesson", "Done")
    BEGUN = "begun", pgettext_lazy("state of a lesson", "Begun")
    DUE = "due", pgettext_lazy("state of a lesson", "Due")
    NOT_BEGUN = "not_begun", pgettext_lazy("state of a lesson", "Not begun")


class VoidReason(TextChoices):
    """Why a tick of attendance is taken back."""

    WRONG_PERSON = "wrong_person", _("It was somebody else")
    WRONG_SESSION = "wrong_session", _("It was another session")
    NOT_THERE = "not_there", _("She or he was not there")
    WRONG_MINUTES = "wrong_minutes", _("She or he did not stay so long")


class VoidTestReason(TextChoices):
    """Why a test is set aside."""

    NOT_HER_WORK = "not_her_work", _("The answers were not her or his own")
    WRONG_PERSON = "wrong_person", _("Somebody else was signed in by mistake")
    WRONG_KEY = "wrong_key", _("It was passed by an answer that was never right")
    OTHER = "other", pgettext_lazy("why a test is set aside", "Another reason")


class ClaimReason(TextChoices):
    """Why a test that an account took over does not count."""

    BEYOND = (
        "beyond_tries",
        _("Handed in with a code while the account had to wait or had used all its tries: it counts as practice"),
    )


class WaiveReason(TextChoices):
    """Why a lesson or story counts as done for somebody."""

    TAUGHT = "taught", pgettext_lazy("why a lesson is waived", "It was taught in a class")
    KNOWN = "known", pgettext_lazy("why a lesson is waived", "She or he has shown to know it")
    ACCESS = "access", pgettext_lazy("why a lesson is waived", "It cannot be read or played with the means there are")
    OTHER = "other", pgettext_lazy("why a lesson is waived", "Another reason")


class UnwaiveReason(TextChoices):
    """Why a waiver is taken back."""

    WRONG_PERSON = "wrong_person", pgettext_lazy("why a waiver is taken back", "It was meant for somebody else")
    WRONG_LESSON = (
        "wrong_lesson",
        pgettext_lazy("why a waiver is taken back", "It was meant for another lesson or story"),
    )
    NOT_SO = "not_so", pgettext_lazy("why a waiver is taken back", "The reason it was given for does not hold")
    OTHER = "other", pgettext_lazy("why a waiver is taken back", "Another reason")


class AllowReason(TextChoices):
    """Why somebody may take a test once more."""

    NETWORK = "network", pgettext_lazy("why one more try", "The phone or the network failed")
    DISTURBED = "disturbed", pgettext_lazy("why one more try", "She or he was disturbed")
    TAUGHT = "taught", pgettext_lazy("why one more try", "We went through the course together")
    OTHER = "other", pgettext_lazy("why one more try", "Another reason")


class Outcome(TextChoices):
    """How a scenario ended, as its end says."""

    SOUND = "sound", pgettext_lazy("how a story ended", "It ended well")
    PARTIAL = "partial", pgettext_lazy("how a story ended", "It ended well in part")
    LOST = "lost", pgettext_lazy("how a story ended", "It ended badly")


class Effect(IntegerChoices):
    """What a choice did to something; learners see the word, never the number."""

    MUCH_BETTER = 2, pgettext_lazy("what a choice did", "much better")
    BETTER = 1, pgettext_lazy("what a choice did", "better")
    NONE = 0, pgettext_lazy("what a choice did", "no change")
    WORSE = -1, pgettext_lazy("what a choice did", "worse")
    MUCH_WORSE = -2, pgettext_lazy("what a choice did", "much worse")


# What a choice changes, in the order in which it is told.
DIMENSIONS = {
    "safety": pgettext_lazy("what a choice changes", "Safety"),
    "choice": pgettext_lazy("what a choice changes", "Own choice"),
    "case": pgettext_lazy("what a choice changes", "The case"),
}

# What keeps a scenario from being published, by the engine's code.
SCENARIO_FAULTS = {
    "too_many_nodes": _("There are %(found)s scenes and ends: 60 are the most."),
    "no_start": _("The first scene is “%(found)s”, but no scene has this key."),
    "no_sound_end": _("No end says that it ended well: one must."),
    "node_twice": _("“%(node)s” stands twice: give one of them another key."),
    "unreachable": _("“%(node)s” is never reached: let a choice lead to it, or take it out."),
    "no_way_out": _("From “%(node)s” no end can be reached: let a choice lead out."),
    "bad_key": _("“%(found)s” is no key: use small letters, digits, - and _ only, at most 32 of them."),
    "unknown_kind": _("“%(node)s” is neither a scene nor an end."),
    "no_text": _("“%(node)s” has no text."),
    "too_long": _("The text of “%(node)s” has %(found)s words: 90 are the most."),
    "end_goes_on": _("“%(node)s” is an end, but has choices: take them out, or make it a scene."),
    "no_outcome": _("The end “%(node)s” does not say how it ended."),
    "no_debrief": _("The end “%(node)s” has no debrief."),
    "choices_count": _("“%(node)s” has %(found)s choices: a scene has one to four."),
    "choice_twice": _("In “%(node)s” the choice “%(choice)s” stands twice: give one of them another key."),
    "unknown_target": _("In “%(node)s” the choice “%(choice)s” leads to “%(found)s”, which does not exist."),
    "no_words": _("In “%(node)s” the choice “%(choice)s” has no words."),
    "no_feedback": _("In “%(node)s” the choice “%(choice)s” has no feedback."),
    "bad_mark": _("In “%(node)s” the choice “%(choice)s” changes something by more than two steps."),
}
WAY_TO_FAULT = _("%(fault)s The way there: %(path)s.")


class Stage(TextChoices):
    """How far a person is in a course."""

    NOT_BEGUN = "not_begun", pgettext_lazy("course stage", "Not begun")
    UNDER_WAY = "under_way", pgettext_lazy("course stage", "Under way")
    FINISHED = "finished", pgettext_lazy("course stage", "Finished")


class GateFault(TextChoices):
    """What stands between a course and a country."""

    NOT_PLANNED = "not_planned", _("The course does not name this country.")
    NO_HOTLINE = "no_hotline", _("No hotline number of the country was checked in the last 30 days.")
    NO_REFERRAL = "no_referral", _("No referral contact of the country was checked in the last 30 days.")
    SLOT_EMPTY = "slot_empty", _("An entry that the course needs is missing.")
    SLOT_UNCONFIRMED = "slot_unconfirmed", _("An entry that the course needs is not confirmed.")
    SLOT_OVERDUE = "slot_overdue", _("An entry is due to be checked again.")
    NO_LANGUAGE = "no_language", _("No language of the country has all required lessons.")


# What is overdue is marked; it takes no course away from people who rely on it.
MARKED_ONLY = frozenset({GateFault.SLOT_OVERDUE})

WHAT_IS_MISSING = {
    "single": _("Choose one answer, then send it."),
    "multiple": _("Choose at least one answer, then send it."),
    "match": _("Choose at least one match, then send it."),
    "order": _("Give each step its own place, then send the order."),
    "number": _("Write a number, then send it."),
    "short": _("Write a word or a few, then send it."),
}
