"""One page and one plain model with every sort of field and block that is translated."""

from django.db import models
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from languages.revisions import SourceOnlyRevisions


class ChoiceBlock(blocks.StructBlock):
    """One answer."""

    text = blocks.CharBlock(max_length=80)
    right = blocks.BooleanBlock(required=False)
    code = blocks.CharBlock(untranslatable=True, required=False)


class CheckBlock(blocks.StructBlock):
    """One question."""

    question = blocks.CharBlock()
    choices = blocks.ListBlock(ChoiceBlock())


class CodeBlock(blocks.CharBlock):
    """Text that is never translated."""

    untranslatable = True


class Leaflet(SourceOnlyRevisions, Page):
    """A page."""

    heading = models.CharField(max_length=60, blank=True)
    summary = RichTextField(blank=True)
    body = StreamField(
        [
            ("words", blocks.RichTextBlock()),
            ("plain", blocks.TextBlock()),
            ("check", CheckBlock()),
            ("code", CodeBlock()),
            ("group", blocks.StreamBlock([("line", blocks.CharBlock())])),
        ],
        blank=True,
    )


class Notice(models.Model):
    """A plain row."""

    heading = models.CharField(max_length=60)
    text = models.TextField(blank=True)
    code = models.CharField(max_length=10, blank=True)

    def __str__(self):
        return self.code
