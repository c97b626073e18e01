"""The screens of a lesson. Each is one block; its id is the screen's name for ever, in every language."""

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from languages.text import CaptionsRefused, cues_of
from training.blocks.checks import CHECKS
from training.choices import CAPTION_FAULTS, MediaKind, Slot

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
        cleaned["captions"] = cleaned["captions"].removeprefix("\ufeff")  # a file may begin with it
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
