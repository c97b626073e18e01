"""What is said about files of questions: why a file or a question is refused, and what is left out. Codes outlive labels."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy


class FileFormat(TextChoices):
    """The formats in which questions go out."""

    GIFT = "gift", "GIFT"
    MOODLE_XML = "moodle_xml", "Moodle XML"


class RowState(TextChoices):
    """What an import would do with one question of a file."""

    NEW = "new", pgettext_lazy("question of a file", "New")
    CHANGED = "changed", pgettext_lazy("question of a file", "Changed")
    SAME = "same", pgettext_lazy("question of a file", "Same")
    REFUSED = "refused", pgettext_lazy("question of a file", "Refused")


# Types of a file that are one kind of ours, whatever else stands in the question; multichoice may be either of two.
KIND_OF_TYPE = {
    "truefalse": "single",
    "matching": "match",
    "ordering": "order",
    "numerical": "number",
    "shortanswer": "short",
}
FILE_FAULTS = {
    "too_large": _("The file is larger than 5 MB. Export the questions in several files, without pictures."),
    "empty": _("This file is empty."),
    "not_text": _("This is no text file. Export the questions as GIFT or as Moodle XML and choose that file."),
    "unknown_encoding": _("The letters of this file cannot be read. Save it as UTF-8 and choose it again."),
    "entities": _(
        "This XML file declares entities or a document type. They are not read. Export it anew from Moodle."
    ),
    "broken_xml": _("This XML file breaks off or is not well formed, at line %(detail)s. Export it anew."),
    "too_deep": _("This XML file is nested deeper than any question, at line %(detail)s. Export it anew."),
    "not_questions": _("There is no question in this file. Choose a file in GIFT or in Moodle XML."),
    "too_many": _("The file holds more than 1,000 questions; 1,000 can be read at once. Divide it."),
}
REFUSALS = {
    "no_question": _("The question has no text."),
    "no_source": _("The question has no English text. English is the source from which is translated."),
    "too_few_answers": _("It has too few answers (%(detail)s)."),
    "too_many_answers": _("It has too many answers (%(detail)s)."),
    "empty_answer": _("An answer is empty."),
    "double_answer": _(
        "Two of its answers, steps or left sides are the same, so that nobody can tell them apart: %(detail)s"
    ),
    "not_one_right": _("Exactly one answer must be right; here it is %(detail)s."),
    "none_right": _("No answer is right."),
    "partial_weights": _("Answers are right in part only. Here an answer is right or not right."),
    "too_long": _("A text is too long (%(detail)s signs)."),
    "not_a_number": _("This is no number: %(detail)s"),
    "negative_tolerance": _(
        "The tolerance is below zero (%(detail)s), so that no number would be right. Write how far an answer may be off."
    ),
    "several_numbers": _("It takes several numbers (%(detail)s). Here one number with its tolerance is right."),
    "several_units": _("It converts between units (%(detail)s). Here a number has one unit."),
    "wildcard": _("An accepted answer holds a star that stands for anything. Here accepted answers are written out."),
    "extra_right_sides": _("A right side has no left side. Here each right side belongs to a left one."),
    "broken_pair": _("Pair %(detail)s has no arrow (->)."),
    "broken_braces": _("The braces around the answers are not closed, or closed twice."),
    "two_in_one": _("Two questions stand in one block. Leave an empty line between them."),
    "name_inside": _(
        "A name between double colons stands inside another question, and no braces follow it. Leave an empty line before "
        "a question; where the colons belong to the text, write \\:\\: for them."
    ),
    "description": _("It is a text without a question."),
    "essay": _("Essays are marked by a person. There are none here."),
    "cloze": _("Cloze questions have no counterpart here."),
    "calculated": _("Calculated questions have no counterpart here."),
    "question_inside": _(
        "The question stands inside the element %(detail)s and is not read there. Put it directly into quiz."
    ),
    "question_named": _("Its element is named %(detail)s. Write question, in small letters and without a prefix."),
    "unknown_type": _("This type has no counterpart here: %(detail)s"),
    "picture": _("It holds a picture. Put the picture into a lesson and describe it there."),
    "media": _("It holds sound or video. Put them into a lesson, with a transcript."),
    "table": _("It holds a table, which a question here cannot show."),
    "formula": _("It holds a formula, which a question here cannot show."),
    "file_link": _("It links to a file that is not in it."),
    "language_tag": _(
        "The tag of language %(detail)s is not closed, closes nothing or names no language. Each passage stands between "
        "{mlang en} and {mlang}, or in an element with its language."
    ),
    "double_key": _("Line %(detail)s has the same idnumber."),
    "double_question": _("Line %(detail)s is the same question."),
    "key_elsewhere": _("Its idnumber belongs to a question of another course."),
    "locked": _(
        "%(detail)s has it locked in the editor since %(since)s. It stays as it is; read the file again once it is unlocked."
    ),
    "planned": _(
        "It is planned to be published and stays as it is. Read the file again once it is, or the plan is taken back."
    ),
    "seen_now": _(
        "Readers see it already, as %(detail)s, of which a draft says something else. Give it that idnumber to write it over "
        "the draft."
    ),
}
NOTES = {
    "practice_only": _("A short text: kept as draft, and to be put into a lesson; no test asks it."),
    "no_feedback": ngettext_lazy(
        "Feedback is missing in %(detail)s place; write it before you publish.",
        "Feedback is missing in %(detail)s places; write it before you publish.",
        "detail",
    ),
    "minus_left_out": _("Minus points for wrong answers are left out."),
    "wrong_costs_a_share": _("A wrong answer takes away the share of a right one, whatever its weight in the file."),
    "wrong_numbers_left_out": _(
        "What the file says of single wrong numbers (%(detail)s) is left out. Here every wrong number has the same feedback."
    ),
    "general_left_out": _("The general feedback is left out: every answer has its own."),
    "case_left_out": _("Capital letters make no difference here."),
    "markdown": _("The text is in Markdown; its signs are kept as they are."),
    "markup_left_out": _("Markup that a question here cannot bear is left out: %(detail)s"),
    "signs_left_out": _("Signs that nobody sees are taken out of its words: %(detail)s"),
    "unknown_language": _("A language that is not used here is left out: %(detail)s"),
    "translation_too_long": _("A translation is too long and left out: %(detail)s"),
    "extras_lost": _("The comment with the feedback of pairs and steps cannot be read; they are left out."),
    "key_left_out": _("Its idnumber cannot be a key here (letters, digits, - and _, at most 50): %(detail)s"),
    "repeats": _(
        "The same words stand in the bank as %(detail)s. Publish both only once that one says something else, or the question "
        "is asked twice."
    ),
    "tracks_foreign": _(
        "The course does not have these groups of readers: %(detail)s. Add them to the course, or take them out of the "
        "question, before you publish it."
    ),
    "translations": _("With texts in other languages, which become drafts at the translation desk: %(detail)s"),
    "translations_wait": _(
        "Texts in other languages wait until the changed question is published; read the file again then: %(detail)s"
    ),
}
COUNTED = frozenset({"no_feedback"})  # notes whose detail is a number, by which they are worded


def note_in_words(code: str, detail: str) -> str:
    """Return a note in words; one that counts agrees with its number."""
    return NOTES[code] % {"detail": int(detail) if code in COUNTED else detail}
