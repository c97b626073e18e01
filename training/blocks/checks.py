"""Questions: each kind is one block, in lessons as in the question bank."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks

from training import grading


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


def _refuse_doubled(kind: str, value) -> None:
    """Refuse two parts that a reader cannot tell apart: of two same answers one right and one wrong, nobody can be right."""
    name = grading.PARTS[kind]
    if same := grading.doubled(part[grading.told_apart_by(kind)] or "" for part in value[name]):
        told = ValidationError(_("“%(text)s” stands here twice. Give each its own words."), params={"text": same})
        raise blocks.StructBlockValidationError(block_errors={name: told})


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
        _refuse_doubled("single", cleaned)
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
        _refuse_doubled("multiple", cleaned)
        return cleaned


class MatchCheck(Check):
    """Each left side gets its right side."""

    pairs = blocks.ListBlock(Pair(), label=_("pairs"), min_num=2, max_num=12)

    class Meta:
        icon = "link"
        label = _("Question: match")

    def clean(self, value):
        """Demand left sides that differ; several may have the same right side."""
        cleaned = super().clean(value)
        _refuse_doubled("match", cleaned)
        return cleaned


class OrderCheck(Check):
    """Steps to be put in order."""

    steps = blocks.ListBlock(Step(), label=_("steps, in the right order"), min_num=2, max_num=10)

    class Meta:
        icon = "order"
        label = _("Question: put in order")

    def clean(self, value):
        """Demand steps that differ."""
        cleaned = super().clean(value)
        _refuse_doubled("order", cleaned)
        return cleaned


class Number(blocks.DecimalBlock):
    """A decimal number; raw it is the text that rows keep, also of a form that was just read."""

    def clean(self, value):
        """Return a number in its plainest writing: who types 3.00 for 3 changed nothing."""
        cleaned = super().clean(value)
        return cleaned if cleaned is None else Decimal(grading.plainest(cleaned))

    def get_prep_value(self, value):
        """Return the text of a number."""
        return value if value is None else str(value)


class NumberCheck(Check):
    """A number within a tolerance."""

    answer = Number(label=_("right number"))
    tolerance = Number(label=_("tolerance"), default=0, min_value=0)
    unit = blocks.CharBlock(label=_("unit"), max_length=40, required=False)
    right_feedback = blocks.TextBlock(label=_("feedback when right"), rows=2)
    wrong_feedback = blocks.TextBlock(label=_("feedback when wrong"), rows=2)

    class Meta:
        icon = "calendar-check"
        label = _("Question: a number")

    def clean(self, value):
        """Refuse a number that no answer could be compared with."""
        cleaned = super().clean(value)
        wrong = [name for name in ("answer", "tolerance") if grading.decimal(str(cleaned[name]), grading.SIZE) is None]
        if wrong:
            error = ValidationError(
                _("This number is far too large or too small. Write one of at most twelve digits.")
            )
            raise blocks.StructBlockValidationError(block_errors=dict.fromkeys(wrong, error))
        return cleaned


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
        label = _("Question: a short text (for practice in a lesson; no test asks it)")


CHECKS = [
    ("single", SingleCheck(group=_("Questions"))),
    ("multiple", MultipleCheck(group=_("Questions"))),
    ("match", MatchCheck(group=_("Questions"))),
    ("order", OrderCheck(group=_("Questions"))),
    ("number", NumberCheck(group=_("Questions"))),
    ("short", ShortCheck(group=_("Questions"))),
]
PRACTICE_ONLY = grading.PRACTICE_ONLY
CHECK_TYPES = tuple(name for name, _block in CHECKS)
