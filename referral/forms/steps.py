"""Forms of steps, built from the form register: each question may be answered, not known, or not asked."""

import datetime as dt
from collections.abc import Collection

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from referral.choices import Form, FormField
from referral.choices.forms import CHOICE, INSTANT, IS_IT_RIGHT, MULTI, NUMBER, TEXT, YES_NO
from referral.forms.fields import PlainTextField, SentOnce

YES, NO, NOT_KNOWN, NOT_ASKED = "yes", "no", "not_known", "not_asked"
NONE_OF_THESE = "none"
FOUR_ANSWERS = [
    (YES, pgettext_lazy("answer", "Yes")),
    (NO, pgettext_lazy("answer", "No")),
    (NOT_KNOWN, pgettext_lazy("answer", "Not known")),
    (NOT_ASKED, pgettext_lazy("answer", "Not asked")),
]
UNKNOWN, SURE = "__not_known", "__sure"
EARLIEST = 1900  # nobody who speaks to us lived before: it was mistyped
NEEDED = _("This answer is needed to finish the step.")


class AnswerRow(forms.RadioSelect):
    """The four answers side by side, always in the same order."""

    is_answer_row = True


def _yes_no(field: FormField, known: object) -> dict[str, forms.Field]:
    initial = {True: YES, False: NO, None: NOT_KNOWN}.get(known, NOT_ASKED)
    return {field.key: forms.ChoiceField(choices=FOUR_ANSWERS, widget=AnswerRow, required=False, initial=initial)}


def _number(field: FormField, known: object) -> dict[str, forms.Field]:
    number = forms.IntegerField(min_value=field.minimum, max_value=field.maximum, required=False)
    number.widget.attrs |= {"inputmode": "numeric"}
    number.initial = known if isinstance(known, int) else None
    sure = forms.IntegerField(required=False, widget=forms.HiddenInput)
    return {field.key: number, field.key + UNKNOWN: _unknown_box(known), field.key + SURE: sure}


def _choice(field: FormField, known: object) -> dict[str, forms.Field]:
    choices = [*field.choices, FOUR_ANSWERS[2], FOUR_ANSWERS[3]]
    initial = NOT_KNOWN if known is None else known
    return {field.key: forms.ChoiceField(choices=choices, widget=forms.RadioSelect, required=False, initial=initial)}


def _multi(field: FormField, known: object) -> dict[str, forms.Field]:
    choices = [*field.choices, (NONE_OF_THESE, _("None of these")), FOUR_ANSWERS[2]]
    ticked = (list(known) or [NONE_OF_THESE]) if isinstance(known, list | tuple) else []
    ticked = [NOT_KNOWN] if known is None else ticked
    boxes = forms.MultipleChoiceField(
        choices=choices, widget=forms.CheckboxSelectMultiple, required=False, initial=ticked
    )
    return {field.key: boxes}


def _text(field: FormField, known: object) -> dict[str, forms.Field]:
    return {field.key: PlainTextField(rows=2, max_length=2000, required=False)}


def _instant(field: FormField, known: object) -> dict[str, forms.Field]:
    clock = forms.DateTimeField(
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
    )
    told = isinstance(known, str) and known != NOT_ASKED
    clock.initial = dt.datetime.fromisoformat(known) if told else None
    return {field.key: clock, field.key + UNKNOWN: _unknown_box(known)}


def _unknown_box(known: object) -> forms.Field:
    return forms.BooleanField(label=_("Asked, not known"), required=False, initial=known is None)


def _hint(question: FormField) -> str:
    """Return the hint of a question; that its answer is needed is said before anybody sends the form."""
    if not question.is_required:
        return question.hint
    return format_lazy("{} {}", question.hint, NEEDED) if question.hint else NEEDED


BUILDERS = {YES_NO: _yes_no, NUMBER: _number, CHOICE: _choice, MULTI: _multi, TEXT: _text, INSTANT: _instant}


class QuestionsForm(SentOnce):
    """The questions of one form, or a single one. `told()` gives the facts: a value, or None for "asked, not known"."""

    def __init__(self, *args, questions: tuple[FormField, ...], known: dict[str, object] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            said = (known or {}).get(question.key, NOT_ASKED)
            for name, field in BUILDERS[question.kind](question, said).items():
                if name == question.key:
                    field.label, field.help_text = question.label, _hint(question)
                self.fields[name] = field

    @property
    def signs(self) -> tuple[FormField, ...]:
        """Return the signs of exploitation among the questions, dimension by dimension."""
        return tuple(question for question in self.questions if question.group)

    def clean(self):
        """Refuse a missing answer where one is needed, a contradiction, and a date to come; ask a strange number back."""
        answers = super().clean()
        for question in self.questions:
            if question.key in self.errors:
                continue
            self._check(question, answers)
        return answers

    def _check(self, question: FormField, answers: dict) -> None:
        value = answers.get(question.key)
        if question.is_required and question.key not in self._told(question, answers):
            self.add_error(question.key, NEEDED)
        if answers.get(question.key + UNKNOWN) and value not in (None, ""):
            self.add_error(question.key, _("Give the answer or tick “not known”, not both."))
        if question.kind == INSTANT and value and value > timezone.now():
            self.add_error(question.key, _("This time lies in the future."))
        if question.kind == INSTANT and value and value.year < EARLIEST:
            self.add_error(question.key, self.fields[question.key].error_messages["invalid"])
        if question.kind == MULTI and len(value or []) > 1 and {NONE_OF_THESE, NOT_KNOWN} & set(value):
            self.add_error(question.key, _("Choose answers from the list, or one of the last two alone."))
        if question.plausible is not None and value is not None and value > question.plausible:
            self._ask_back(question, value, answers)

    def _ask_back(self, question: FormField, number: int, answers: dict) -> None:
        """Ask once whether a number is right that hardly can be; sent again, or known before, it is taken."""
        name = question.key + SURE
        if number not in (answers.get(name), self.fields[question.key].initial):
            self.data = self.data.copy()
            self.data[name] = str(number)
            self.add_error(question.key, IS_IT_RIGHT % {"number": number})

    def _told(self, question: FormField, answers: dict) -> dict[str, object]:
        value = answers.get(question.key)
        if answers.get(question.key + UNKNOWN) or value == NOT_KNOWN or value == [NOT_KNOWN]:
            return {question.key: None}
        if value in (None, "", [], NOT_ASKED):
            return {}
        if question.kind == YES_NO:
            return {question.key: value == YES}
        if question.kind == MULTI:
            return {question.key: [] if value == [NONE_OF_THESE] else value}
        return {question.key: value}

    def told(self) -> dict[str, object]:
        """Return the facts that were told, by key; what was not asked is left out."""
        facts: dict[str, object] = {}
        for question in self.questions:
            facts |= self._told(question, self.cleaned_data)
        return facts


class StepQuestionsForm(QuestionsForm):
    """The questions of a step that ends with this form. `known` is what the case holds, `sealed` what it holds sealed.

    `anyway` is how many questions without an answer the sender was told of and let be.
    """

    anyway = forms.IntegerField(min_value=0, widget=forms.HiddenInput, required=False)

    def __init__(self, *args, known: dict[str, object], sealed: Collection[str] = (), **kwargs):
        super().__init__(*args, known=known, **kwargs)
        self.known, self.sealed = known, sealed

    def told(self) -> dict[str, object]:
        """Return the answers that differ from what is known; those that stand keep who gave them, and when."""
        return {key: value for key, value in super().told().items() if not self._stands(key, value)}

    def _stands(self, key: str, value: object) -> bool:
        if key not in self.known:
            return False
        known = self.known[key]
        if isinstance(value, dt.datetime) and isinstance(known, str):  # the field shows whole minutes
            return value == dt.datetime.fromisoformat(known).replace(second=0, microsecond=0)
        return (
            sorted(value) == sorted(known or []) if isinstance(value, list) and known is not None else value == known
        )

    def left(self) -> list[FormField]:
        """Return the questions that nobody asked: no answer here, none kept sealed, and no other that made it needless."""
        told = super().told()
        answered = {*told, *self.sealed}
        return [
            question
            for question in self.questions
            if question.key not in answered and told.get(question.asked_if) is not False
        ]


def questions_of(form: Form | None) -> tuple[FormField, ...]:
    """Return the questions of a form of the register; none for a step without form."""
    return form.fields if form else ()


__all__ = ["AnswerRow", "QuestionsForm", "StepQuestionsForm", "questions_of"]
