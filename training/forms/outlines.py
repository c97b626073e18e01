"""A move in the outline of a course."""

from django import forms
from django.utils.translation import gettext_lazy as _

from training import queries


class OutlineForm(forms.Form):
    """One move in the outline of a course: a part one place up or down, into another module, or to a place."""

    part = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    act = forms.ChoiceField(choices=[(act, act) for act in ("up", "down", "into", "place")])
    into = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    place = forms.IntegerField(required=False, min_value=0, max_value=1000)
    seen = forms.CharField(max_length=32)

    def __init__(self, *args, outline: queries.CourseOutline, **kwargs):
        super().__init__(*args, **kwargs)
        self.outline = outline

    def clean(self):
        """Refuse a part that the course does not have, and a lesson that goes nowhere."""
        cleaned = super().clean()
        part, act = cleaned.get("part"), cleaned.get("act")
        self.thing = part and (self.outline.module(part) or self.outline.lesson(part))
        if not self.thing or (act == "into" and not cleaned.get("into")):
            raise forms.ValidationError(_("Choose a part of the course, and where it goes."))
        return cleaned

    @property
    def name(self) -> str:
        """Return what the moved part is called."""
        return self.thing.heading

    @property
    def goal(self) -> dict[str, int]:
        """Return the part, the module into which it goes (0: where it is) and its place, as the action takes them."""
        part, act, into = self.thing.pk, self.cleaned_data["act"], self.cleaned_data["into"] or 0
        if act == "place":
            return {"part": part, "into": into, "place": self.cleaned_data["place"] or 0}
        if act == "into":
            return {"part": part, "into": into, "place": 1000}
        home = self.outline.module_of(part)
        row = [one.pk for one in (home.lessons if home else self.outline.modules)]
        return {"part": part, "into": 0, "place": row.index(part) + (1 if act == "down" else -1)}
