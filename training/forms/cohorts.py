"""What comes in about cohorts: the group itself, its meetings, who belongs, who was there, codes and numbers."""

import datetime as dt
from functools import partial

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import officials
from accounts.choices import COLUMN_WORDS, FILE_FAULTS
from accounts.forms import PlainText
from accounts.forms.fields import CHOOSE, Day, LanguageBoxes
from accounts.models import Country, Office, User
from accounts.queries.clocks import day_in
from languages import table
from languages.text import e164, listed
from training import member_files, queries
from training.choices import How, VoidReason
from training.models import Cohort, Member

KINDS = phonenumbers.PhoneNumberType
TEXTED = frozenset({KINDS.MOBILE, KINDS.FIXED_LINE_OR_MOBILE})
CODE = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "dir": "ltr"}


class CohortForm(forms.Form):
    """A cohort: the course only while it is made, for its members begin that one."""

    name = PlainText(label=_("Name of the group"), max_length=120)
    course = forms.ChoiceField(label=_("Course"), error_messages={"required": _("Choose a course.")})
    begins_on = Day(label=_("Begins on"), error_messages={"required": _("Choose a day.")})
    due_on = Day(
        label=_("To be finished by"),
        required=False,
        help_text=_(
            "The end of this day by the country's clock. Reminders go a week before, on the day, a week after."
        ),
    )
    trainers = forms.ModelMultipleChoiceField(
        label=_("Trainers"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one trainer.")},
    )
    office = forms.ModelChoiceField(
        label=_("Office"), queryset=Office.objects.none(), required=False, empty_label=_("None")
    )
    place = PlainText(label=_("Place"), max_length=150, required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages of the group"), required=False, widget=LanguageBoxes, choices=table.LANGUAGES
    )

    def __init__(self, *args, country: Country, today: dt.date, courses=None, cohort: Cohort | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.cohort, self.today = cohort, today
        self.fields["trainers"].queryset = queries.trainers_in(country)
        kept = Q(closed_at=None) | Q(
            pk=cohort.office_id if cohort else None
        )  # the group's own, though closed meanwhile
        self.fields["office"].queryset = Office.objects.filter(kept, country=country).order_by("name")
        self.fields["languages"].choices = [
            (row.code, row.own) for row in table.TABLE if row.code in (*country.languages, table.SOURCE)
        ]
        if cohort is None:
            self.fields["course"].choices = [CHOOSE, *courses]
        else:
            del self.fields["course"]

    def clean_begins_on(self) -> dt.date:
        """Refuse a first day after one on which the group meets."""
        day = self.cleaned_data["begins_on"]
        first = self.cohort.sessions.first() if self.cohort and "begins_on" in self.changed_data else None
        if first and day > (met := day_in(self.cohort.country, first.starts_at)):
            words = _("The first session of the group is on %(day)s. Choose this day or an earlier one.")
            raise ValidationError(words % {"day": date_format(met, "DATE_FORMAT")})
        return day

    def clean(self):
        """Refuse a deadline before the beginning or in the past, which is late at once; keep the languages as the row does."""
        given = super().clean()
        due, begins = given.get("due_on"), given.get("begins_on")
        if due and begins and due < begins:
            self.add_error("due_on", _("The deadline is before the beginning. Choose a later day."))
        elif due and due < self.today and "due_on" in self.changed_data:
            self.add_error("due_on", _("This day is over. Choose today or a later day."))
        given["language_codes"] = " ".join(given.pop("languages", ()))
        return given

    @classmethod
    def of(cls, cohort: Cohort, data=None, *, today: dt.date) -> "CohortForm":
        """Return the form of a cohort as it stands."""
        initial = {
            name: getattr(cohort, name) for name in ("name", "begins_on", "due_on", "office", "place", "languages")
        }
        initial["trainers"] = cohort.trainers.all()
        return cls(data, initial=initial, country=cohort.country, today=today, cohort=cohort)


class JoinWindow(forms.Form):
    """Until when a code lets officials in."""

    until = Day(label=_("Until the end of"), error_messages={"required": _("Choose a day.")})

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_until(self) -> dt.date:
        """Refuse a day that is over."""
        if self.cleaned_data["until"] < self.today:
            raise ValidationError(_("This day is over. Choose today or a later day."))
        return self.cleaned_data["until"]


class OfficeForm(forms.Form):
    """The office whose learners come in."""

    office = forms.ModelChoiceField(
        label=_("Office"),
        queryset=Office.objects.none(),
        empty_label=CHOOSE[1],
        error_messages={"required": _("Choose an office."), "invalid_choice": _("Choose an office of this country.")},
    )

    def __init__(self, *args, cohort: Cohort, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = queries.offices_of(cohort)


class MembersFile(forms.Form):
    """A CSV file of members."""

    file = forms.FileField(
        label=_("File (CSV)"),
        help_text=_("At most 2,000 rows. One column is needed: e-mail. Other columns are left alone."),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty.")},
    )

    def __init__(self, *args, cohort: Cohort, **kwargs):
        super().__init__(*args, **kwargs)
        self.cohort = cohort
        self.reading: member_files.Reading | None = None
        self.content = b""

    def clean_file(self):
        """Read the file into rows, or say why it cannot be read."""
        file = self.cleaned_data["file"]
        self.content = file.read(officials.MOST_BYTES + 1)
        try:
            headers = {str(COLUMN_WORDS["email"]).casefold(): member_files.COLUMN}
            look_up = partial(queries.known_for_members, self.cohort)
            self.reading = member_files.read(self.content, look_up, headers, file.name)
        except officials.FileRefused as error:
            columns = [str(COLUMN_WORDS.get(part, part)).lower() for part in error.detail.split(", ")]
            told = {"detail": listed(columns, get_language())}
            raise ValidationError(FILE_FAULTS[error.code], params=told, code=error.code) from error
        return file


class AttendanceForm(forms.Form):
    """Who was at a meeting, how it was seen, and how long they stayed."""

    members = forms.ModelMultipleChoiceField(
        queryset=Member.objects.none(),
        to_field_name="public_id",
        error_messages={
            "required": _("Tick at least one name."),
            "invalid_choice": _("Somebody ticked is no longer in this group. Look at the list anew."),
        },
    )
    how = forms.ChoiceField(
        label=_("Seen"), choices=[(How.TRAINER, How.TRAINER.label), (How.PAPER, How.PAPER.label)], initial=How.TRAINER
    )
    minutes = forms.IntegerField(
        label=_("Minutes they stayed"), required=False, min_value=1, max_value=600, help_text=_("Empty: all of it.")
    )

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = members


class TakeBackForm(forms.Form):
    """Whose attendance is taken back, and why."""

    member = forms.ModelChoiceField(queryset=Member.objects.none(), to_field_name="public_id")
    reason = forms.ChoiceField(label=_("Why"), choices=VoidReason)

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members


class JoinForm(forms.Form):
    """The code by which an official joins a group."""

    code = PlainText(
        label=_("Code of the group"),
        max_length=20,
        help_text=_("Eight letters and digits, from your trainer. Gaps and small letters make no difference."),
        widget=forms.TextInput(attrs=CODE),
        error_messages={"required": _("Enter the code.")},
    )


class AttendForm(forms.Form):
    """The code of a meeting that is on now, as it stands on the board."""

    session = forms.UUIDField(widget=forms.HiddenInput)
    code = PlainText(
        label=_("Code on the board"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "dir": "ltr"}),
        error_messages={"required": _("Enter the six digits on the board.")},
    )


class TextNumberForm(forms.Form):
    """The mobile number to which reminders go too."""

    number = PlainText(
        label=_("Mobile number"),
        max_length=30,
        help_text=_("From another country: with + and the country code."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "dir": "ltr"}),
        error_messages={"required": _("Enter the number.")},
    )

    def __init__(self, *args, country: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.country = country

    def clean_number(self) -> str:
        """Return the number in E.164; refuse what no text can reach."""
        number = e164(self.cleaned_data["number"], self.country)
        if not number or phonenumbers.number_type(phonenumbers.parse(number)) not in TEXTED:
            raise ValidationError(_("This is no mobile number. Write all its digits, as you would dial it."))
        return number
