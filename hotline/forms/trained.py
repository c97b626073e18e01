"""Which line, course and week are compared: who is trained on each shift."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import Day


class DutyRuleForm(forms.Form):
    """Of which course an operator must hold the certificate to be counted on; none is the first choice."""

    course = forms.ChoiceField(
        label=_("Count only operators who hold the certificate of"), required=False,
        help_text=_("Others are not counted by the line, nor by the proof of the roster. They can still take calls."),
    )  # fmt: skip

    def __init__(self, *args, courses=(), **kwargs):
        super().__init__(*args, **kwargs)
        named = [(course.key, str(course.heading)) for course in courses]
        self.fields["course"].choices = [("", _("No course: all operators count")), *named]


class TrainedFilter(forms.Form):
    """A line, a course and a day of the week that is shown; without a choice the view knows what to show."""

    line = forms.ChoiceField(label=_("Line"), required=False)
    course = forms.ChoiceField(label=_("Course"), required=False)
    week = Day(label=_("Week with this day"), required=False)

    def __init__(self, *args, lines=(), courses=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = [(str(line.public_id), line.number) for line in lines]
        self.fields["course"].choices = [(course.key, str(course.heading)) for course in courses]
