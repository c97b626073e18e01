"""What a form of the pathway editor was shown with, so that only what its sender changed counts as hers."""

from django import forms

from accounts.queries.marks import mark
from referral.pathways import canonical

BESIDE = {"seen", "change"}  # fields that say nothing of the row itself


class KnowsWhatWasShown:
    """A form that bears beside each field what it showed there; a form without any of that counts as changed throughout."""

    @property
    def touched(self) -> set[str]:
        """Return the names of the fields that the sender changed from what she was shown."""
        names = {name for name in self.fields if name not in BESIDE}
        if not any(self[name].html_initial_name in self.data for name in names):
            return names
        return names & {*self.changed_data}

    def taken_up(self, standing: forms.BaseForm):
        """Return what was sent, shown anew beside what stands: what the sender did not change is what stands."""
        told = self.data.copy()
        for name in {*self.fields} - BESIDE:
            values = _as_sent(standing[name].value())
            told.setlist(self[name].html_initial_name, values)
            if name not in self.touched:
                told.setlist(name, values)
        return told


def _as_sent(value: object) -> list[str]:
    """Return what a browser would send for a value that nobody changes; nothing for a box that is not ticked."""
    if value is None or value is False:
        return []
    if isinstance(value, list | tuple | set):
        return [str(one) for one in value]
    return ["on" if value is True else str(value)]


class RowsShown:
    """Rows below a form that bear a mark of how they were shown. `rows` are those sent, `standing` those that stand."""

    @property
    def shown(self) -> str:
        """Return the mark of the rows that stand."""
        return mark(canonical(self.standing))

    @property
    def shown_name(self) -> str:
        """Return under which name the mark is sent."""
        return f"{self.prefix}-shown"

    @property
    def is_touched(self) -> bool:
        """Tell whether the sender changed the rows from what she was shown; without the mark they count as changed."""
        told = self.data.get(self.shown_name)
        return not told or not self.is_valid() or mark(canonical(self.plain_rows)) != told

    @property
    def plain_rows(self) -> list[dict]:
        """Return the rows that were sent, as plain values."""
        return self.rows
