"""What a standing page is made of."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

FEATURES = ["h3", "ul", "ol", "link", "bold"]


class TextBlock(blocks.StructBlock):
    """A heading and its text."""

    heading = blocks.CharBlock(max_length=120, required=False, label=_("Heading"))
    text = blocks.RichTextBlock(features=FEATURES, label=_("Text"))

    class Meta:
        icon = "doc-full"
        label = _("Text")
        template = "blocks/text.html"


class BodyBlock(blocks.StreamBlock):
    """The body of a standing page."""

    text = TextBlock()
