"""Addresses and menu of the pathway editor."""

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from referral.wagtail_hooks import adding, editing, reading, signing


class ManagersMenuItem(MenuItem):
    """Shown to programme managers only."""

    def is_shown(self, request):
        """Tell whether the person edits pathways."""
        return request.user.has_role("manager")


class PathwayViewSet(ViewSet):
    """The pages of the pathway editor."""

    icon = "site"
    menu_label = _("Referral pathways")
    menu_order = 250
    add_to_admin_menu = True
    menu_item_class = ManagersMenuItem

    def get_urlpatterns(self):
        """Return the addresses below /admin/pathways/."""
        return [
            path("", reading.Index.as_view(), name="index"),
            path("<int:pk>/", reading.Detail.as_view(), name="detail"),
            path("<int:pk>/copy/", adding.copy, name="copy"),
            path("<int:pk>/compare/", reading.Compare.as_view(), name="compare"),
            path("<int:pk>/try/", reading.Try.as_view(), name="try"),
            path("<int:pk>/settings/", editing.EditSettings.as_view(), name="settings"),
            path("<int:pk>/add/", adding.AddStep.as_view(), name="add_step"),
            path("<int:pk>/add-role/", adding.AddRole.as_view(), name="add_role"),
            path("<int:pk>/add-question/", adding.AddFact.as_view(), name="add_fact"),
            path("<int:pk>/sign/", signing.sign, name="sign"),
            path("<int:pk>/publish/", signing.publish, name="publish"),
            path("step/<int:part>/", editing.EditStep.as_view(), name="step"),
            path("step/<int:part>/ways/", editing.EditWays.as_view(), name="ways"),
            path("step/<int:part>/remove/", adding.RemoveStep.as_view(), name="remove_step"),
            path("role/<int:part>/", editing.EditRole.as_view(), name="role"),
            path("fact/<int:part>/", editing.EditFact.as_view(), name="fact"),
            path("profile/<int:part>/", editing.EditProfile.as_view(), name="profile"),
            path("version/<int:version>/", reading.Version.as_view(), name="version"),
            path("version/<int:version>/retire/", signing.retire, name="retire"),
        ]
