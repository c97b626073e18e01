"""Call flows and triage forms in the editor, for programme managers and administrators: /admin/flows/, /admin/triage/."""

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from hotline.rules import KEEPERS
from hotline.views import flow_acts, flow_words, flows, sheet_form_acts, sheet_forms


class KeepersMenuItem(MenuItem):
    """Shown to those who set up lines."""

    def is_shown(self, request):
        """Tell whether the person sets up lines."""
        return request.user.has_role(*KEEPERS)


class FlowViewSet(ViewSet):
    """The pages of the call flows."""

    icon = "mobile-alt"
    menu_label = _("Call flows")
    menu_order = 260
    add_to_admin_menu = True
    menu_item_class = KeepersMenuItem

    def get_urlpatterns(self):
        """Return the addresses below /admin/flows/."""
        return [
            path("", flows.Index.as_view(), name="index"),
            path("<int:pk>/", flows.Line.as_view(), name="line"),
            path("<int:pk>/edit/", flows.Edit.as_view(), name="edit"),
            path("<int:pk>/words/<str:language>/", flow_words.Words.as_view(), name="words"),
            path("<int:pk>/again/", flow_acts.Again.as_view(), name="again"),
            path("<int:pk>/publish/", flow_acts.publish, name="publish"),
            path("<int:pk>/try/", flow_acts.try_draft, name="try"),
            path("<int:pk>/numbers/", flow_acts.add_number, name="add_number"),
            path(
                "<int:pk>/numbers/<int:number>/confirm/",
                flow_acts.judge_number,
                {"act": "confirm"},
                name="confirm_number",
            ),
            path(
                "<int:pk>/numbers/<int:number>/remove/",
                flow_acts.judge_number,
                {"act": "remove"},
                name="remove_number",
            ),
            path("version/<int:version>/", flows.Version.as_view(), name="version"),
        ]


class TriageViewSet(ViewSet):
    """The pages of the triage forms."""

    icon = "form"
    menu_label = _("Triage forms")
    menu_order = 261
    add_to_admin_menu = True
    menu_item_class = KeepersMenuItem

    def get_urlpatterns(self):
        """Return the addresses below /admin/triage/."""
        changes = [
            path(f"<slug:country>/{act}/", sheet_form_acts.change, {"act": act}, name=act)
            for act in ("up", "down", "back")
        ]
        return [
            path("", sheet_forms.Index.as_view(), name="index"),
            path("<slug:country>/", sheet_forms.Form.as_view(), name="form"),
            path("<slug:country>/question/<slug:key>/", sheet_forms.Question.as_view(), name="question"),
            path("<slug:country>/version/<int:number>/", sheet_forms.Version.as_view(), name="version"),
            path("<slug:country>/add/", sheet_form_acts.add, name="add"),
            path("<slug:country>/off/", sheet_form_acts.TakeOff.as_view(), name="off"),
            path("<slug:country>/again/", sheet_form_acts.Again.as_view(), name="again"),
            path("<slug:country>/publish/", sheet_form_acts.Publish.as_view(), name="publish"),
            *changes,
        ]


@hooks.register("register_admin_viewset")
def register_triage_forms():
    """Put the triage forms under their menu item."""
    return TriageViewSet("triage_forms", url_prefix="triage")


@hooks.register("register_admin_viewset")
def register_flows():
    """Put the call flows under their menu item."""
    return FlowViewSet("flows")
