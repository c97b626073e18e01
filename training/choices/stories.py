"""Branching stories: how they end, what a choice does, what keeps one from being published. Codes outlive their labels."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
