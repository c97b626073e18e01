"""What a branching story is made of: scenes with ways on, and ends."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks

from training.choices import Effect, Outcome


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
