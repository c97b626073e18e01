"""The import of officials: the file, then the yes to exactly what the dry run showed."""

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import officials, queries
from accounts.choices import COLUMN_WORDS, FILE_FAULTS

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
        self.reading = None

    def clean_file(self):
        """Read the file into rows, or say why it cannot be read."""
        file = self.cleaned_data["file"]
        content = file.read(officials.MOST_BYTES + 1)
        try:
            self.reading = officials.read(content, queries.known_for_import(self.user), file.name)
        except officials.FileRefused as error:
            columns = [COLUMN_WORDS.get(part, part) for part in error.detail.split(", ")]
            detail = ", ".join(str(words).lower() for words in columns)
            raise ValidationError(FILE_FAULTS[error.code], params={"detail": detail}, code=error.code) from error
        return file

    def plan(self) -> str:
        """Return the good rows, signed and bound to this person: what the yes sends back and nothing else."""
        rows = [
            {"name": row.cells["name"], "email": row.email, "office": row.office, "country": row.country,
             "language": row.language}
            for row in self.reading.good
        ]  # fmt: skip
        return signing.dumps({"by": str(self.user.public_id), "rows": rows}, salt=SALT, compress=True)


class ImportConfirmForm(forms.Form):
    """The yes to a dry run."""

    plan = forms.CharField(max_length=1_500_000, widget=forms.HiddenInput)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_plan(self) -> list[dict]:
        """Return the rows of the plan; refuse one that is old, changed or another person's."""
        try:
            plan = signing.loads(self.cleaned_data["plan"], salt=SALT, max_age=PLAN_LASTS)
        except signing.BadSignature as error:
            raise ValidationError(_("This report is too old or was changed. Check the file again.")) from error
        if plan["by"] != str(self.user.public_id):
            raise ValidationError(_("This report was made for somebody else. Check the file again."))
        open_now = set(queries.offices_for_import(self.user).values_list("pk", "country"))
        if not {(row["office"], row["country"]) for row in plan["rows"]} <= open_now:
            raise ValidationError(_("This report is too old or was changed. Check the file again."))
        return plan["rows"]
