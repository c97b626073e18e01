"""Files that come in and lists that leave."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ListForm
from training import actions, question_files
from training.question_words import FILE_FAULTS, FileFormat

LARGEST_KEPT = 2 * 1024 * 1024


class KeptFileForm(forms.Form):
    """A file of answers from a phone."""

    file = forms.FileField(
        label=_("File from the phone"),
        help_text=_("The learner takes it out on the page “On this phone”. It holds no name. At most 2 MB."),
    )

    schema = actions.ANSWERS

    def clean_file(self) -> actions.KeptFile:
        """Return what the file holds, or say what is wrong with it."""
        sent = self.cleaned_data["file"]
        if sent.size > LARGEST_KEPT:
            raise forms.ValidationError(_("This file is larger than 2 MB: no phone of ours wrote it."))
        try:
            return actions.read_kept(sent.read(), self.schema)
        except actions.BadFile as error:
            raise forms.ValidationError(str(error)) from error


class MarksFileForm(KeptFileForm):
    """A file of a trainer's marks from her phone."""

    schema = actions.MARKS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "You take it out on the page “Attendance lists” of that phone. It holds no name. At most 2 MB."
        )


class LearnersFile(ListForm):
    """Which list of learners leaves the house, of which course."""

    what = forms.ChoiceField(label=_("List"), choices=[("enrolments", _("Enrolments")), ("results", _("Results"))])
    course = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    field_order = ("what", "kind", "reason")


class StatementsForm(forms.Form):
    """From which day to which events leave the house as statements."""

    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self):
        """Return the instants of the two days, both within, by UTC; refuse a span that ends before it begins."""
        cleaned = super().clean()
        for name, days in (("since", 0), ("until", 1)):
            if day := cleaned.get(name):
                if not 2000 <= day.year <= 2100:
                    self.add_error(name, _("Enter a day between 2000 and 2100."))
                    continue
                cleaned[name] = dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(days=days)
        if cleaned.get("since") and cleaned.get("until") and cleaned["since"] >= cleaned["until"]:
            self.add_error("until", _("The last day lies before the first one."))
        return cleaned


class QuestionFile(forms.Form):
    """A file of questions to be read."""

    file = forms.FileField(
        label=_("File (GIFT or Moodle XML)"),
        help_text=_("At most 5 MB. Texts without a language tag are taken as English."),
        error_messages={"required": _("Choose a file."), "empty": FILE_FAULTS["empty"]},
    )

    def clean_file(self):
        """Read the file, or say why it cannot be read."""
        file = self.cleaned_data["file"]
        try:
            self.reading = question_files.read(file.read(question_files.MOST_BYTES + 1))
        except question_files.FileRefused as error:
            raise forms.ValidationError(FILE_FAULTS[error.code], params={"detail": error.detail}) from error
        return file


class ExportQuestions(forms.Form):
    """In which format the questions of a course go out."""

    format = forms.ChoiceField(label=_("Format"), choices=FileFormat.choices)
    translated = forms.BooleanField(
        label=_("With texts in other languages, in {mlang} tags"),
        required=False,
    )
