"""Pathways in the editor, for programme managers: /admin/pathways/; what they must hear on its first page."""

from wagtail import hooks

from referral.queries.unserved import unserved_for
from referral.wagtail_hooks.unserved import UnservedPanel
from referral.wagtail_hooks.viewset import PathwayViewSet


@hooks.register("register_admin_viewset")
def register_pathways():
    """Put the pathways under their menu item."""
    return PathwayViewSet("pathways")


@hooks.register("construct_homepage_panels")
def tell_unserved(request, panels):
    """Put the notice of cases that nobody sees before all else."""
    if found := unserved_for(request.user):
        panels.append(UnservedPanel(found))
