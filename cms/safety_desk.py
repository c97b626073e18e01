"""The screen of the safety settings in the editor: what it refuses, and what it shows when somebody else saved meanwhile."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import HelpPanel, ObjectList
from wagtail.contrib.settings.views import EditView
from wagtail.log_actions import log

from accounts.forms.differences import differences
from cms import exits
from cms.models import SafetySettings
from cms.safety import FIELDS, SafetyChangedMeanwhile, keep_safety, safety_mark
from languages.refusing import RefusesOddSigns


class SafetyForm(RefusesOddSigns, WagtailAdminModelForm):
    """Where Leave leads, and the banner; `seen` is the mark of what the form showed."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)
    own_hosts: frozenset[str] | set[str] = frozenset()
    stands: tuple = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = safety_mark(self.instance)

    def clean_exit_address(self) -> str:
        """Refuse an address that is not neutral: it must be public, secure and not our own."""
        address = self.cleaned_data["exit_address"]
        if fault := exits.fault(address, self.own_hosts):
            raise forms.ValidationError(fault)
        return address

    def clean(self):
        """Refuse to show a banner that says nothing."""
        cleaned = super().clean()
        if (
            cleaned.get("is_banner_on")
            and "banner_en" not in self.errors
            and not (cleaned.get("banner_en") or "").strip()
        ):
            self.add_error("banner_en", _("Write the words first: a banner without words shows nothing."))
        return cleaned

    def facts(self) -> dict:
        """Return what is to be kept."""
        return {
            name: self.cleaned_data[name] or "" if name == "banner_en" else self.cleaned_data[name] for name in FIELDS
        }


class StandsPanel(HelpPanel):
    """Shows what stands now beside what was sent, where somebody else saved meanwhile."""

    def __init__(self, **kwargs):
        super().__init__(**{"template": "cms/safety_stands.html", "heading": _("What stands now")} | kwargs)

    class BoundPanel(HelpPanel.BoundPanel):
        """The panel of one form."""

        def is_shown(self):
            """Tell whether there is anything to compare."""
            return bool(self.form.stands)


PANEL = ObjectList([StandsPanel(), *SafetySettings.panels], base_form_class=SafetyForm).bind_to_model(SafetySettings)


class SafetyEdit(EditView):
    """The form of the safety settings."""

    def setup(self, request, *args, **kwargs):
        """Stand at the address that Wagtail gives this setting."""
        super().setup(request, "cms", "safetysettings", *args, **kwargs)

    def get_panel(self):
        """Return the fields with what stands now above them."""
        return PANEL

    def get_form(self, form_class=None):
        """Tell the form which hosts are ours."""
        form = super().get_form(form_class)
        form.own_hosts = exits.own_hosts(self.request)
        return form

    def save_instance(self):
        """Keep what was sent."""
        self.has_content_changes = self.form.has_changed()
        row = keep_safety(
            facts=self.form.facts(), seen=self.form.cleaned_data["seen"], by=self.request.user, at=timezone.now()
        )
        log(instance=row, action="wagtail.edit", content_changed=self.has_content_changes)
        return row

    def form_valid(self, form):
        """Save; when somebody else saved meanwhile, show both, and saving once more is a new act."""
        try:
            return super().form_valid(form)
        except SafetyChangedMeanwhile as error:
            return self._show_both(str(error))

    def _show_both(self, sentence: str):
        form_class, user = self.get_form_class(), self.request.user
        standing = form_class(instance=SafetySettings.objects.get(pk=self.pk), for_user=user)
        told = self.request.POST.copy()
        told["seen"] = standing.initial["seen"]
        self.object = SafetySettings.objects.get(pk=self.pk)
        sent = form_class(told, instance=self.object, for_user=user)
        sent.own_hosts = exits.own_hosts(self.request)
        sent.add_error(None, sentence)
        sent.stands = differences(standing, sent)
        self.produced_error_message = self.get_error_message()
        answer = self.form_invalid(sent)
        answer.status_code = 409
        return answer
