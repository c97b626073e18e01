"""What stands beside the lessons of a course: the lines of its aide-mémoire, and its words."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


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
