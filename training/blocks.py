"""What a lesson is made of. Every screen is one block; its id is the screen's name for ever, in every language."""

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from languages.text import CaptionsRefused, cues_of
from training.choices import CAPTION_FAULTS, Effect, MediaKind, Outcome, Slot

FEATURES = ["h3", "ul", "ol", "bold", "italic", "link"]


class TextScreen(blocks.StructBlock):
    """One idea in at most 120 words."""

    heading = blocks.CharBlock(label=_("heading"), max_length=120)
    html = blocks.RichTextBlock(label=_("text"), features=FEATURES)

    class Meta:
        icon = "doc-full"
        label = _("Text")


class NoteScreen(blocks.StructBlock):
    """One line before a screen that describes abuse; the reader may skip that screen."""

    text = blocks.CharBlock(label=_("note"), max_length=200)

    class Meta:
        icon = "warning"
        label = _("Content note")


class ImageScreen(blocks.StructBlock):
    """A drawing, with words for those who do not see it, or ticked as decoration."""

    image = ImageChooserBlock(label=_("image"))
    alt = blocks.CharBlock(label=_("description"), max_length=250, required=False)
    decorative = blocks.BooleanBlock(label=_("only decoration"), required=False)
    caption = blocks.CharBlock(label=_("caption"), max_length=200, required=False)

    class Meta:
        icon = "image"
        label = _("Image")

    def clean(self, value):
        """Refuse an image that says nothing to a screen reader and is not decoration."""
        cleaned = super().clean(value)
        if not cleaned["decorative"] and not cleaned["alt"].strip():
            error = ValidationError(_("Describe the image, or tick that it is only decoration."))
            raise blocks.StructBlockValidationError(block_errors={"alt": error})
        return cleaned


class PlayedScreen(blocks.StructBlock):
    """What sound and film share: the same recording in one or more languages, and all of it in writing."""

    kind = ""
    heading = blocks.CharBlock(label=_("heading"), max_length=120)
    clips = blocks.ListBlock(
        SnippetChooserBlock("training.Clip"),
        label=_("recordings, one a language"),
        min_num=1,
        help_text=_("A reader gets the one in her language, else along her chain of languages, else the first."),
    )
    transcript = blocks.RichTextBlock(
        label=_("transcript"),
        features=FEATURES,
        help_text=_("All that is said, who says it, and what must be heard or seen to follow. It is translated."),
    )

    def clean(self, value):
        """Refuse what nobody could follow in writing, a recording of the other kind, and two in one language."""
        cleaned = super().clean(value)
        faults = {}
        if not strip_tags(cleaned["transcript"].source).strip():
            faults["transcript"] = _("Write what is said: who cannot hear it, or has no data to spare, reads it.")
        clips = [clip for clip in cleaned["clips"] if clip is not None]
        spoken = [clip.language for clip in clips]
        if any(clip.kind != self.kind for clip in clips):
            faults["clips"] = _("This recording is of the other kind: sound goes into “Sound”, film into “Film”.")
        elif len(set(spoken)) < len(spoken):
            faults["clips"] = _("Two recordings are in the same language. Keep one of them.")
        if faults:
            told = {name: ValidationError(words) for name, words in faults.items()}
            raise blocks.StructBlockValidationError(block_errors=told)
        return cleaned


class AudioScreen(PlayedScreen):
    """Something to listen to, which can be read as well."""

    kind = MediaKind.AUDIO

    class Meta:
        icon = "media"
        label = pgettext_lazy("kind of recording", "Sound")


class VideoScreen(PlayedScreen):
    """A film with captions, which can be read as well."""

    kind = MediaKind.VIDEO
    captions = blocks.TextBlock(
        label=_("captions (WebVTT)"),
        rows=6,
        max_length=20_000,
        help_text=_("Begins with a line WEBVTT. Translators keep the times and translate the words."),
    )

    class Meta:
        icon = "media"
        label = pgettext_lazy("kind of recording", "Film")

    def clean(self, value):
        """Refuse captions that no browser shows, with the line."""
        cleaned = super().clean(value)
        try:
            cues_of(cleaned["captions"])
        except CaptionsRefused as fault:
            error = ValidationError(CAPTION_FAULTS[fault.code], params={"line": fault.line})
            raise blocks.StructBlockValidationError(block_errors={"captions": error}) from fault
        return cleaned


class DownloadScreen(blocks.StructBlock):
    """A file to take along; readers see what kind it is and how large before they fetch it."""

    heading = blocks.CharBlock(label=_("heading"), max_length=120)
    text = blocks.TextBlock(label=_("what it is for"), rows=2, max_length=300, required=False)
    document = DocumentChooserBlock(label=_("document"))

    class Meta:
        icon = "download"
        label = _("File to download")


class LawScreen(blocks.StructBlock):
    """A place for the law or practice of the reader's country; its text comes from the country's entry."""

    slot = blocks.ChoiceBlock(label=_("slot"), choices=Slot.choices)
    optional = blocks.BooleanBlock(label=_("may stay empty"), required=False)

    class Meta:
        icon = "openquote"
        label = _("Law of the country")


class TakeAway(blocks.StructBlock):
    """The one sentence to remember."""

    text = blocks.CharBlock(label=_("take-away"), max_length=250)

    class Meta:
        icon = "tick"
        label = _("Take-away")


class WhoToCall(blocks.StaticBlock):
    """The public numbers of the reader's country, from the country's record."""

    class Meta:
        icon = "mobile-alt"
        label = _("Who to call")
        admin_text = _("Shows the country's public numbers with the date on which they were checked.")


class Option(blocks.StructBlock):
    """One answer with its own feedback."""

    text = blocks.CharBlock(label=_("answer"), max_length=250)
    right = blocks.BooleanBlock(label=_("right"), required=False)
    feedback = blocks.TextBlock(label=_("feedback"), rows=2)


class Pair(blocks.StructBlock):
    """What belongs together; the same right side may stand in several pairs."""

    left = blocks.CharBlock(label=pgettext_lazy("side of a pair", "left"), max_length=250)
    right = blocks.CharBlock(label=pgettext_lazy("side of a pair", "right"), max_length=120)
    feedback = blocks.TextBlock(label=_("feedback"), rows=2)


class Step(blocks.StructBlock):
    """One step, at its right place in the list."""

    text = blocks.CharBlock(label=_("step"), max_length=250)
    feedback = blocks.TextBlock(label=_("feedback"), rows=2)


class Check(blocks.StructBlock):
    """A question; `heading` is empty in the question bank."""

    heading = blocks.CharBlock(label=_("heading"), max_length=120, required=False)
    question = blocks.TextBlock(label=_("question"), rows=3)


class SingleCheck(Check):
    """One right answer among several."""

    options = blocks.ListBlock(Option(), label=_("answers"), min_num=2, max_num=8)

    class Meta:
        icon = "help"
        label = _("Question: one answer")

    def clean(self, value):
        """Demand exactly one right answer."""
        cleaned = super().clean(value)
        if sum(1 for option in cleaned["options"] if option["right"]) != 1:
            raise blocks.StructBlockValidationError(
                block_errors={"options": ValidationError(_("Mark exactly one answer as right."))}
            )
        return cleaned


class MultipleCheck(Check):
    """One or more right answers."""

    options = blocks.ListBlock(Option(), label=_("answers"), min_num=2, max_num=12)

    class Meta:
        icon = "list-ul"
        label = _("Question: several answers")

    def clean(self, value):
        """Demand at least one right answer."""
        cleaned = super().clean(value)
        if not any(option["right"] for option in cleaned["options"]):
            raise blocks.StructBlockValidationError(
                block_errors={"options": ValidationError(_("Mark at least one answer as right."))}
            )
        return cleaned


class MatchCheck(Check):
    """Each left side gets its right side."""

    pairs = blocks.ListBlock(Pair(), label=_("pairs"), min_num=2, max_num=12)

    class Meta:
        icon = "link"
        label = _("Question: match")


class OrderCheck(Check):
    """Steps to be put in order."""

    steps = blocks.ListBlock(Step(), label=_("steps, in the right order"), min_num=2, max_num=10)

    class Meta:
        icon = "order"
        label = _("Question: put in order")


class NumberCheck(Check):
    """A number within a tolerance."""

    answer = blocks.DecimalBlock(label=_("right number"))
    tolerance = blocks.DecimalBlock(label=_("tolerance"), default=0, min_value=0)
    unit = blocks.CharBlock(label=_("unit"), max_length=40, required=False)
    right_feedback = blocks.TextBlock(label=_("feedback when right"), rows=2)
    wrong_feedback = blocks.TextBlock(label=_("feedback when wrong"), rows=2)

    class Meta:
        icon = "calendar-check"
        label = _("Question: a number")


class ShortCheck(Check):
    """A word or a few, compared with what is accepted in each language. For practice: no test asks it."""

    answers = blocks.TextBlock(
        label=_("accepted answers, one a line"),
        rows=3,
        max_length=1000,
        help_text=_(
            "Capital letters and spaces make no difference. Translators write the list of their language; an answer that "
            "is right in one language of the course is right in all."
        ),
    )
    right_feedback = blocks.TextBlock(label=_("feedback when right"), rows=2)
    wrong_feedback = blocks.TextBlock(label=_("feedback when wrong"), rows=2)

    class Meta:
        icon = "pilcrow"
        label = _("Question: a short text (practice)")


CHECKS = [
    ("single", SingleCheck(group=_("Questions"))),
    ("multiple", MultipleCheck(group=_("Questions"))),
    ("match", MatchCheck(group=_("Questions"))),
    ("order", OrderCheck(group=_("Questions"))),
    ("number", NumberCheck(group=_("Questions"))),
    ("short", ShortCheck(group=_("Questions"))),
]
PRACTICE_ONLY = frozenset({"short"})
CHECK_TYPES = tuple(name for name, _block in CHECKS)


class Key(blocks.RegexBlock):
    """A short name that other nodes refer to; the same in every language."""

    def __init__(self, **kwargs):
        told = {"invalid": _("Use small letters, digits, - and _ only, at most 32 of them.")}
        super().__init__(regex=r"^[a-z0-9][a-z0-9_-]*$", max_length=32, error_messages=told, **kwargs)


class EffectBlock(blocks.ChoiceBlock):
    """What a choice does to something, from clearly worse to clearly better; learners see the words."""

    def __init__(self, **kwargs):
        super().__init__(choices=Effect.choices, default=Effect.NONE, **kwargs)

    def get_prep_value(self, value):
        """Return the number that stands for it."""
        return int(value or 0)


class Way(blocks.StructBlock):
    """One choice of a scene: where it leads, and what it does."""

    key = Key(label=_("key"), help_text=_("Never changes: what learners played refers to it."))
    text = blocks.TextBlock(label=_("choice"), rows=2, max_length=300)
    to = Key(label=_("leads to"), help_text=_("The key of a scene or of an end."))
    feedback = blocks.TextBlock(label=_("feedback"), rows=2, max_length=600)
    safety = EffectBlock(label=pgettext_lazy("what a choice changes", "safety"))
    choice = EffectBlock(label=pgettext_lazy("what a choice changes", "the person's own choice"))
    case = EffectBlock(label=pgettext_lazy("what a choice changes", "the case"))


class Scene(blocks.StructBlock):
    """A moment of the story, in at most 90 words, with one to four ways on."""

    key = Key(label=_("key"), help_text=_("Choices lead here by it."))
    text = blocks.TextBlock(label=_("text"), rows=4)
    choices = blocks.ListBlock(Way(), label=_("choices"))

    class Meta:
        icon = "doc-full"
        label = _("Scene")


class End(blocks.StructBlock):
    """Where the story stops: how it ended, and what can be learnt from it."""

    key = Key(label=_("key"), help_text=_("Choices lead here by it."))
    outcome = blocks.ChoiceBlock(label=_("how it ended"), choices=Outcome.choices)
    text = blocks.TextBlock(label=_("text"), rows=4)
    debrief = blocks.TextBlock(label=_("debrief"), rows=4, help_text=_("The rule, and what could be done."))

    class Meta:
        icon = "tick-inverse"
        label = pgettext_lazy("of a story", "End")


NODES = [("scene", Scene()), ("end", End())]


class ScenarioScreen(blocks.StructBlock):
    """The way from a lesson to a scenario of its course."""

    scenario = SnippetChooserBlock("training.Scenario", label=_("scenario"))

    class Meta:
        icon = "redirect"
        label = _("Scenario")


SCREENS = [
    ("text", TextScreen()),
    ("note", NoteScreen()),
    ("image", ImageScreen()),
    ("audio", AudioScreen()),
    ("video", VideoScreen()),
    ("download", DownloadScreen()),
    ("law", LawScreen()),
    *CHECKS,
    ("scenario", ScenarioScreen()),
    ("takeaway", TakeAway()),
    ("who", WhoToCall()),
]


PLAYED = frozenset({"audio", "video"})


class Word(blocks.StructBlock):
    """A word of the course and what it means."""

    term = blocks.CharBlock(label=_("word"), max_length=80)
    meaning = blocks.TextBlock(label=_("meaning"), rows=2)

    class Meta:
        icon = "openquote"
        label = _("Word")


AIDE = [
    ("do", blocks.CharBlock(label=_("Do"), max_length=250, icon="tick")),
    ("dont", blocks.CharBlock(label=_("Do not"), max_length=250, icon="cross")),
]
GLOSSARY = [("word", Word())]
