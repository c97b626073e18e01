"""What the editor refuses beyond the rights on a page: a new home of a country, a copy of another country's page."""

from django.core.exceptions import PermissionDenied
from wagtail import hooks

from cms.models import HomePage, OwnCountry, StandardPage


@hooks.register("before_create_page")
def homes_by_administrators(request, parent, page_class):
    """Refuse a new country's home to everybody but administrators."""
    if page_class is HomePage and not request.user.has_perm("cms.add_homepage"):
        raise PermissionDenied


@hooks.register("before_copy_page")
def copies_of_own_pages(request, page):
    """Refuse to copy a page that the person may not edit."""
    page = page.specific
    if isinstance(page, HomePage | StandardPage) and not OwnCountry(request.user, page).can_edit():
        raise PermissionDenied
