"""The import of officials: the file, then the yes to exactly what the dry run showed."""

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import officials
from accounts.choices import COLUMN_WORDS, FILE_FAULTS, OfficeKind
from accounts.queries.offices import countries_for_import, known_for_import, offices_for_import
from languages.text import listed

SALT = "accounts.officials"
PLAN_LASTS = 3600


class OfficialsForm(forms.Form):
    """A CSV file of officials."""

    file = forms.FileField(
        label=_("File (CSV)"),
        help_text=_("At most 2,000 rows. Columns: name, e-mail, office, country, language; in any order."),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty.")},
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.reading, self.content = None, b""

    def clean_file(self):
        """Read the file into rows, or say why it cannot be read."""
        file = self.cleaned_data["file"]
        content = file.read(officials.MOST_BYTES + 1)
        self.content = content
        try:
            self.reading = officials.read(content, known_for_import(self.user), file.name)
        except officials.FileRefused as error:
            columns = [COLUMN_WORDS.get(part, part) for part in error.detail.split(", ")]
            detail = listed((str(words).lower() for words in columns), get_language())
            raise ValidationError(FILE_FAULTS[error.code], params={"detail": detail}, code=error.code) from error
        return file

    def plan(self) -> str:
        """Return what a yes may write, signed and bound to this person; the yes sends it back and nothing else.

        The good rows; and apart from them the offices that are not there yet, with the rows that lack only these.
        """
        new = self.reading.new_offices
        places = {(office.country, officials.office_key(office.name)): place for place, office in enumerate(new)}
        plan = {
            "by": str(self.user.public_id),
            "rows": [_told(row) | {"office": row.office} for row in self.reading.good],
            "offices": [{"country": office.country, "name": office.name} for office in new],
            "waiting": [_told(row) | {"new_office": places[row.office_place]} for row in self.reading.waiting],
        }
        return signing.dumps(plan, salt=SALT, compress=True)


def _told(row: officials.Official) -> dict[str, object]:
    return {"name": row.cells["name"], "email": row.email, "country": row.country, "language": row.language}


class ImportConfirmForm(forms.Form):
    """The yes to a dry run, and whether the offices that are not there yet are added too: by default they are not.

    The kind of the office at a place in the list comes as `kind-<place>`; without one it is another office.
    """

    plan = forms.CharField(max_length=1_500_000, widget=forms.HiddenInput)
    add_offices = forms.BooleanField(required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_plan(self) -> dict:
        """Return the plan; refuse one that is old, changed or another person's."""
        try:
            plan = signing.loads(self.cleaned_data["plan"], salt=SALT, max_age=PLAN_LASTS)
        except signing.BadSignature as error:
            raise _too_old() from error
        if plan["by"] != str(self.user.public_id):
            raise ValidationError(_("This report was made for somebody else. Check the file again."))
        open_now = set(offices_for_import(self.user).values_list("pk", "country"))
        countries = set(countries_for_import(self.user).values_list("pk", flat=True))
        has_offices = {(row["office"], row["country"]) for row in plan["rows"]} <= open_now
        if not has_offices or not {office["country"] for office in plan["offices"]} <= countries:
            raise _too_old()
        return plan

    def clean(self):
        """Put together what is written: `officials`, and the `offices` when she wants them too."""
        cleaned = super().clean()
        if plan := cleaned.get("plan"):
            is_wanted = cleaned["add_offices"]
            cleaned["officials"] = plan["rows"] + (plan["waiting"] if is_wanted else [])
            cleaned["offices"] = self._with_kinds(plan["offices"]) if is_wanted else []
            if not cleaned["officials"]:
                self.add_error("plan", _too_old())
        return cleaned

    def _with_kinds(self, offices: list[dict]) -> list[dict]:
        kinds = [self.data.get(f"kind-{place}") or OfficeKind.OTHER.value for place in range(len(offices))]
        if not set(kinds) <= set(OfficeKind.values):
            self.add_error("plan", _too_old())
        return [office | {"kind": kind} for office, kind in zip(offices, kinds, strict=True)]


def _too_old() -> ValidationError:
    return ValidationError(_("This report is too old or was changed. Check the file again."))
