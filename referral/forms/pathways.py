"""Forms by which a programme manager edits a pathway: source language only, translations follow by themselves."""

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import CHOOSE, Day
from languages import table
from languages.refusing import RefusesOddSigns
from languages.revisions import Change
from languages.text import listed
from referral.choices import FIELDS, FORMS, Sensitivity, StepKind, field_labels
from referral.forms.fields import PlainTextField
from referral.forms.pathway_rows import EMPTY, anchors_of
from referral.forms.shown import BESIDE, KnowsWhatWasShown
from referral.forms.sources import refuse_no_source
from referral.models import Fact, Pathway, PathwayRole, SharingProfile, Step


class PathwayPartForm(KnowsWhatWasShown, RefusesOddSigns, forms.ModelForm):
    """A form of one row; carries the number of edits its sender had seen, and the kind of change of its words."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput, required=False)
    change = forms.ChoiceField(
        label=_("If words changed: what kind of change"), choices=Change.choices, initial=Change.WORDING,
        help_text=_("Translators are told; a change of meaning puts translations out of date until they are redone."),
    )  # fmt: skip

    def __init__(self, *args, seen: int | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        if seen is not None:
            self.fields["seen"].initial = seen
        for name in self.fields:
            self.fields[name].show_hidden_initial = name not in BESIDE
            if name.endswith("_en"):
                self.fields[name].help_text = self.fields[name].help_text or _("In English, the source language.")

    @property
    def changes(self) -> dict:
        """Return what the form says about the row's own columns; a text that was never written stays so."""
        told = {
            name: self.cleaned_data[name] for name in self._meta.fields if name in self.touched & {*self.cleaned_data}
        }
        return {name: value for name, value in told.items() if value != "" or self.initial.get(name) is not None}


class StepForm(PathwayPartForm):
    """A step: its words, who acts, until when, on what that rests, what may be shared."""

    title_en = PlainTextField(label=_("Title"), max_length=200)
    guidance_en = PlainTextField(label=_("Guidance for staff"), rows=4, max_length=4000, required=False)
    script_en = PlainTextField(label=_("Words to say to the person"), rows=3, max_length=2000, required=False)
    role = forms.ChoiceField(label=_("Role that acts"), required=False)
    form = forms.ChoiceField(label=_("Form"), required=False)
    sharing_profile = forms.ChoiceField(label=_("What may be shared"), required=False)
    join = forms.ChoiceField(label=_("Where its ways come together"), required=False)
    anchor = forms.ChoiceField(label=_("Counted from"))
    amount = forms.IntegerField(label=_("Time"), min_value=1, max_value=1000, required=False)

    class Meta:
        model = Step
        fields = [
            "title_en", "guidance_en", "script_en", "role", "amount", "unit", "anchor", "deadline_type", "basis",
            "reference", "sources", "form", "service", "sharing_profile", "without_consent_basis", "outcomes", "join",
            "quorum", "max_visits",
        ]  # fmt: skip
        widgets = {"sources": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        pathway = self.instance.pathway
        joins = [(step.key, step.title_en) for step in pathway.step_rows.filter(kind="join")]
        self.fields["sources"].validators.append(refuse_no_source)
        self.fields["max_visits"].validators.append(MinValueValidator(1))
        self.fields["role"].choices = [EMPTY] + [(role.key, role.name_en) for role in pathway.pathwayrole_rows.all()]
        self.fields["form"].choices = [EMPTY] + [
            (form.key, form.title) for form in FORMS.values() if form.key != "identity"
        ]
        profiles = [
            (profile.key, f"{profile.key}: {listed(field_labels(profile.fields), get_language())}")
            for profile in pathway.sharingprofile_rows.all()
        ]
        self.fields["sharing_profile"].choices = [EMPTY, *profiles]
        self.fields["join"].choices = [EMPTY, *joins]
        self.fields["anchor"].choices = anchors_of(self.instance)
        self._drop_what_does_not_apply(self.instance.kind)

    def _drop_what_does_not_apply(self, kind: str) -> None:
        """Show only what this kind of step has."""
        policy = {"role", "sources"}
        time = {"amount", "unit", "anchor", "deadline_type", "basis", "reference", "sources"}
        kept = {"title_en", "guidance_en", "script_en", "seen", "change"} | {
            StepKind.TASK: policy | time | {"form", "max_visits"},
            StepKind.DECISION: policy | time | {"form", "outcomes", "max_visits"},
            StepKind.CONSENT: policy | time | {"form", "max_visits"},
            StepKind.REFERRAL: policy | time | {"service", "sharing_profile", "without_consent_basis", "max_visits"},
            StepKind.HANDOVER: policy | time | {"service", "sharing_profile", "without_consent_basis", "max_visits"},
            StepKind.WAIT: time,
            StepKind.FORK_ALL: {"join"},
            StepKind.FORK_ANY: {"join"},
            StepKind.JOIN: {"quorum"},
            StepKind.GATE: {"sources", "max_visits"},
        }.get(kind, set())
        for name in [name for name in self.fields if name not in kept]:
            del self.fields[name]

    def clean(self):
        """Refuse a cited deadline without source here too: the proofs say the same."""
        cleaned = super().clean()
        if cleaned.get("basis") == "cited" and not cleaned.get("sources"):
            self.add_error("sources", _("A cited deadline needs the address of its public source."))
        if cleaned.get("basis") == "decided" and not cleaned.get("reference"):
            self.add_error("reference", _("Say which body decided it, when, and in which document."))
        return cleaned


class NewStepForm(RefusesOddSigns, forms.ModelForm):
    """A new step: its kind and title; the rest follows on its own page."""

    title_en = PlainTextField(label=_("Title"), max_length=200)
    after = forms.ModelChoiceField(label=_("After the step"), queryset=Step.objects.none(), empty_label=CHOOSE[1])

    class Meta:
        model = Step
        fields = ["kind", "title_en"]

    def __init__(self, *args, pathway: Pathway, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [CHOOSE, *StepKind.choices]
        self.fields["after"].queryset = pathway.step_rows.exclude(kind="end")


class RoleForm(PathwayPartForm):
    """A role of the pathway."""

    name_en = PlainTextField(label=_("Name"), max_length=300)

    class Meta:
        model = PathwayRole
        fields = ["name_en", "is_proper_name", "cited"]
        widgets = {"cited": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cited"].validators.append(refuse_no_source)


class FactForm(PathwayPartForm):
    """A question of the pathway, and the numbers its ways may compare with."""

    label_en = PlainTextField(label=_("Question"), max_length=200)
    cut_points = forms.RegexField(
        r"^\s*(\d{1,5}(\s+\d{1,5})*)?\s*$", label=_("Numbers that ways may compare with"), required=False,
        help_text=_("Whole numbers separated by spaces, for example 18."), strip=True,
    )  # fmt: skip

    class Meta:
        model = Fact
        fields = ["label_en", "cut_points", "source"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.type != "int":
            del self.fields["cut_points"]


class ProfileForm(PathwayPartForm):
    """What an agency may get at most, field by field; consent narrows it further."""

    chosen = forms.MultipleChoiceField(
        label=_("Fields"), choices=[(field.key, field.label) for field in FIELDS.values()],
        widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip

    class Meta:
        model = SharingProfile
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chosen"].initial = self.instance.fields
        del self.fields["change"]

    def clean(self):
        """Profiles have no words: no kind of change is asked."""
        return super().clean() | {"change": ""}

    @property
    def changes(self) -> dict:
        """Return the fields as one column, in the order they had, new ones behind."""
        if "chosen" not in self.touched:
            return {}
        chosen = self.cleaned_data["chosen"]
        kept = [key for key in self.instance.fields if key in chosen]
        return {"field_keys": " ".join([*kept, *(key for key in FIELDS if key in chosen and key not in kept)])}


class NewRoleForm(RefusesOddSigns, forms.ModelForm):
    """A new role of the pathway."""

    name_en = PlainTextField(label=_("Name"), max_length=300)

    class Meta:
        model = PathwayRole
        fields = ["name_en", "is_proper_name", "cited"]
        widgets = {"cited": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cited"].validators.append(refuse_no_source)


class NewFactForm(RefusesOddSigns, forms.Form):
    """A new question that ways may depend on: one that a form of the register asks."""

    key = forms.ChoiceField(label=_("What a form asks"))
    label_en = PlainTextField(label=_("Question"), max_length=200)

    def __init__(self, *args, pathway: Pathway, **kwargs):
        super().__init__(*args, **kwargs)
        taken = set(pathway.fact_rows.values_list("key", flat=True))
        self.fields["key"].choices = [
            (
                form.title,
                [(field.key, field.label) for field in form.fields if _may_decide(field) and field.key not in taken],
            )
            for form in FORMS.values()
        ]


def _may_decide(field) -> bool:
    """Tell whether ways may look at a field: plain answers only, no words that somebody said."""
    return field.sensitivity == Sensitivity.PLAIN and field.kind != "text"


class SettingsForm(PathwayPartForm):
    """The pathway's own words, languages and dates."""

    title_en = PlainTextField(label=_("Title"), max_length=200)
    notes = PlainTextField(label=_("Notes for editors"), rows=4, max_length=4000, required=False)
    languages = forms.MultipleChoiceField(
        label=_("Required languages"), choices=[(row.code, row.english) for row in table.TABLE],
        widget=forms.CheckboxSelectMultiple, help_text=_("Every text must stand in each of these before it is published."),
    )  # fmt: skip

    class Meta:
        model = Pathway
        fields = ["title_en", "valid_from", "valid_until", "is_example", "is_main", "sources", "notes"]
        widgets = {"sources": forms.Textarea(attrs={"rows": 4})}
        field_classes = {"valid_from": Day, "valid_until": Day}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["languages"].initial = self.instance.languages
        self.fields["sources"].validators.append(refuse_no_source)

    def clean_languages(self):
        """Keep the source language among them."""
        chosen = self.cleaned_data["languages"]
        return [code for code in table.CODES if code in chosen or code == table.SOURCE]

    def clean(self):
        """Refuse an end before the start."""
        cleaned = super().clean()
        start, end = cleaned.get("valid_from"), cleaned.get("valid_until")
        if start and end and end < start:
            self.add_error("valid_until", _("This day lies before the first valid day."))
        return cleaned

    @property
    def changes(self) -> dict:
        """Return the columns, with the languages as one."""
        told = super().changes
        return told | (
            {"language_codes": " ".join(self.cleaned_data["languages"])} if "languages" in self.touched else {}
        )


class SignForm(forms.Form):
    """A signature: the hash of what was shown, and each open gap accepted by name."""

    digest = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    accept = forms.BooleanField(label=_("I have read the pathway and take responsibility for it."))

    def __init__(self, *args, gaps: list[str] = (), **kwargs):
        super().__init__(*args, **kwargs)
        for number, sentence in enumerate(gaps):
            self.fields[f"gap{number}"] = forms.BooleanField(label=sentence)


class RetireForm(forms.Form):
    """The end of a version for new cases."""

    reason = PlainTextField(label=_("Reason"), max_length=300)
