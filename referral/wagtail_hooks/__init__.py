"""Pathways in the editor, for programme managers: /admin/pathways/."""

from wagtail import hooks

from referral.wagtail_hooks.viewset import PathwayViewSet


@hooks.register("register_admin_viewset")
def register_pathways():
    """Put the pathways under their menu item."""
    return PathwayViewSet("pathways")
