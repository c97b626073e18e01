"""Wagtail's editor as a part of the house: our colours, a way back, nothing that sends people to news of Wagtail."""

from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import DismissibleMenuItem, MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem

from cms import editing_hooks  # noqa: F401 -- registers what the editor refuses
from cms.navigation import work_url
from cms.safety_desk import SafetyEdit


class WorkItem(MenuItem):
    """Leads back to the part of the house in which a person works."""

    def __init__(self):
        super().__init__(_("Back to Fanal"), "/", name="work", icon_name="home", order=1)

    def render_component(self, request):
        """Return the item with the address of this person's own work."""
        return LinkMenuItem(self.name, self.label, work_url(request), icon_name=self.icon_name)


@hooks.register("insert_global_admin_css")
def colours():
    """Return the link to the sheet that sets our colours."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/editor.css"))


@hooks.register("insert_global_admin_js")
def scripts():
    """Return the scripts of the editor: Tab leaves a list, and what is typed stays when the session is over (its line: our base.html)."""
    scripts = [(static(f"js/{name}.js"),) for name in ("editor-keys", "editor-session", "session")]
    return format_html_join("", '<script src="{}" defer></script>', scripts)


@hooks.register("register_admin_menu_item")
def way_back():
    """Put the way back first in the menu."""
    return WorkItem()


@hooks.register("construct_help_menu")
def no_news(request, items):
    """Take off the items that count as news until they are clicked away: they lead out of the house."""
    items[:] = [item for item in items if not isinstance(item, DismissibleMenuItem)]


@hooks.register("register_admin_urls", order=-1)
def safety():
    """Put our screen of the safety settings before Wagtail's own, at the same address."""
    return [path("settings/cms/safetysettings/<int:pk>/", SafetyEdit.as_view(), name="wagtailadmin_safety")]
