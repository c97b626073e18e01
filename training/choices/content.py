"""What a course is made of, and what it can lack. Codes outlive their labels."""

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


class ChangeReason(TextChoices):
    """Why an edit is proposed to be a certain kind of change."""

    NEW_REQUIRED = "new_required", _("something new is required")
    NEW = "new", _("something new is added")
    ANSWER = "answer", _("a right answer changes")
    LAW = "law", _("what is said of the law of a country is added or taken out")
    STORY = "story", _("what a choice of a story does, or how the story can end, changes")
    RULE = "rule", _("what the tests ask, or the rule for passing, changes")
    REQUIRED = "required", _("it becomes required of more people")
    FACTS = "facts", _("what is asked of people, or of whom, changes")
    SCREEN_OUT = "screen_out", _("a screen is taken out")
    QUESTION_OUT = "question_out", _("a question is taken out")
    SCENE_OUT = "scene_out", _("a scene or an end of the story is taken out")
    LINE_OUT = "line_out", _("a line of do and do not, or a word, is taken out")
    PART_OUT = "part_out", _("an answer or a choice is taken out")
    NOTE_OUT = "note_out", _("a content note is taken out")
    WHO_OUT = "who_out", _("whom to call is taken out")
    WHO_IN = "who_in", _("whom to call is added")
    MOVED = "moved", _("screens change places")
    SCENES_MOVED = "scenes_moved", _("scenes change places")
    LINES_MOVED = "lines_moved", _("lines of do and do not, or words, change places")
    PARTS_MOVED = "parts_moved", _("answers or choices change places")
    LAW_NEEDED = "law_needed", _("a law box becomes needed in every country")
    LAW_OPTIONAL = "law_optional", _("a law box may stay empty from now on")
    MEDIA = "media", _("an image, a recording or a file changes")
    STORY_SHOWN = "story_shown", _("a screen leads to another story")
    HEADING = "heading", _("a heading changes")
    AIM = "aim", _("the aim changes")
    LINK = "link", _("a link changes")
    LAYOUT = "layout", _("only the layout of a text changes")
    ANEW = "anew", _("blocks are brought in anew, with the same words")
    TEXT = "text", _("the text changes")
    OTHER = "other", _("something else in it changes")


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


class GateFault(TextChoices):
    """What stands between a course and a country."""

    NOT_PLANNED = "not_planned", _("The course does not name this country.")
    HOTLINE_LACKING = "hotline_lacking", _("The country has no hotline number.")
    NO_HOTLINE = "no_hotline", _("No hotline number of the country was checked in the last 30 days.")
    NO_REFERRAL = "no_referral", _("No referral contact of the country was checked in the last 30 days.")
    SLOT_EMPTY = "slot_empty", _("An entry that the course needs is missing.")
    SLOT_UNCONFIRMED = "slot_unconfirmed", _("An entry that the course needs is not confirmed.")
    SLOT_OVERDUE = "slot_overdue", _("An entry is due to be checked again.")
    NO_LANGUAGE = "no_language", _("No language of the country has all required lessons.")


# What is overdue is marked; it takes no course away from people who rely on it.
MARKED_ONLY = frozenset({GateFault.SLOT_OVERDUE})
