"""Forms of the call log: filters, reasons, follow-up."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.fields import CHOOSE, Day, LanguageSelect
from hotline.choices import STANDINGS, Channel, Closing, ContactKind, ErasingReason, Outcome
from hotline.choices.contacts import NOT_CHOSEN
from languages import table
from referral.choices.holds import HoldReason, LiftReason

NUMBER_REASONS = (
    ("call_back", _("To call back, as agreed")),
    ("danger", _("Danger to life")),
    ("same_person", _("To see whether the same person called before")),
    ("law", _("A court or the law asks for it")),
)
EXPORT_REASONS = (
    ("report", _("For a report to the national body")),
    ("quality", _("To check how calls were answered")),
    ("law", _("A court or the law asks for it")),
)
ANY = pgettext_lazy("filter", "Any")
WAYS = [*ContactKind.choices, (Channel.WHATSAPP.value, Channel.WHATSAPP.label)]
BY_ITSELF = (ErasingReason.TIME_OVER, ErasingReason.RESTORED, ErasingReason.LEFT)


class LogFilter(forms.Form):
    """Which contacts of the log are shown."""

    since = Day(label=_("From"), required=False)
    until = Day(label=_("Until"), required=False)
    line = forms.ChoiceField(label=_("Line"), required=False)
    kind = forms.ChoiceField(label=_("Channel"), required=False, choices=[("", ANY), *WAYS])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", ANY), *STANDINGS])
    language = forms.ChoiceField(label=_("Language"), required=False, widget=LanguageSelect)
    outcome = forms.ChoiceField(
        label=_("Outcome"), required=False, choices=[("", ANY), *((c, w) for c, w in Outcome.choices if c)]
    )
    missed = forms.BooleanField(label=_("Missed only"), required=False)

    def __init__(self, *args, lines=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = [("", ANY), *((str(line.public_id), line.number) for line in lines)]
        known = [(row.code, row.own) for row in table.TABLE]
        self.fields["language"].choices = [("", ANY), (NOT_CHOSEN, _("not chosen")), *known]

    def clean(self):
        """Refuse a period that ends before it begins."""
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first one."))
        return data

    def days(self, zone: dt.tzinfo) -> tuple[dt.datetime | None, dt.datetime | None]:
        """Return the instants from which and before which contacts are shown, for days of a zone."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        first = dt.datetime.combine(since, dt.time(), zone) if since else None
        last = dt.datetime.combine(until + dt.timedelta(days=1), dt.time(), zone) if until else None
        return first, last


class NumberForm(forms.Form):
    """Why a number is shown."""

    use_required_attribute = False  # the page says in its own language what is to be chosen
    reason = forms.ChoiceField(label=_("Why you need the number"), choices=[CHOOSE, *NUMBER_REASONS])


class OverrideForm(NumberForm):
    """Why a person is to be called although it is not known to be safe."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=[CHOOSE, *NUMBER_REASONS],
        error_messages={"required": _("Choose a reason."), "invalid_choice": _("Choose a reason.")},
    )  # fmt: skip


class ExportForm(forms.Form):
    """Why the log is exported."""

    use_required_attribute = False
    reason = forms.ChoiceField(label=_("Why you export the log"), choices=[CHOOSE, *EXPORT_REASONS])


class EraseForm(forms.Form):
    """Why a contact is erased, and that it is meant."""

    reason = forms.ChoiceField(
        label=_("Why it is erased"),
        choices=[CHOOSE, *((reason.value, reason.label) for reason in ErasingReason if reason not in BY_ITSELF)],
    )
    meant = forms.BooleanField(
        label=_("I know that nobody can bring it back."),
        error_messages={"required": _("Tick that you know that nobody can bring it back.")},
    )


class HoldForm(forms.Form):
    """Why a contact is held for a court, or held no longer; `seen`: how often a hold was set or lifted so far."""

    reason = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput, required=False)

    def __init__(self, *args, is_held: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = LiftReason.choices if is_held else HoldReason.choices

    def clean_seen(self):
        """Return what was seen; a form that does not say so has seen nothing."""
        return -1 if self.cleaned_data["seen"] is None else self.cleaned_data["seen"]


class FollowUpForm(forms.Form):
    """How the follow-up of a missed contact ended; `closings`: what is offered. The act judges what may be chosen."""

    use_required_attribute = False
    closing = forms.ChoiceField(label=_("How it ended"), choices=[CHOOSE, *Closing.choices])

    def __init__(self, *args, closings=tuple(Closing), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["closing"].choices = [CHOOSE, *((one.value, one.label) for one in closings)]


class OwnerForm(forms.Form):
    """Who follows up a missed contact; `owner` does so far, and stays named when she cannot be given it any more.

    `nobodys`: whose it is called while no person has it (Contact.nobodys).
    """

    use_required_attribute = False
    owner = forms.ChoiceField(label=_("Who follows it up"))

    def __init__(self, *args, people=(), owner=None, nobodys="", **kwargs):
        super().__init__(*args, **kwargs)
        named = people if owner is None or owner in people else [owner, *people]
        choices = [(str(person.public_id), person.get_full_name()) for person in named]
        self.fields["owner"].choices = choices if owner else [("", nobodys), *choices]
        self.fields["owner"].initial = str(owner.public_id) if owner else ""
