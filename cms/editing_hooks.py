"""What the editor refuses beyond the rights on a page: a new page that all countries share, a copy of a foreign page.

And what it does not refuse: words are searched beside its own filter "has child pages", for which Wagtail declares no field.
"""

from django.core.exceptions import PermissionDenied
from wagtail import hooks
from wagtail.models import Page
from wagtail.search import index

from cms.models import FrontPage, HomePage, OwnCountry, StandardPage, may_edit_shared

Page.search_fields = [*Page.search_fields, index.FilterField("numchild")]


@hooks.register("before_create_page")
def shared_by_administrators(request, parent, page_class):
    """Refuse a new country's home, or a standing page of no country, to everybody but administrators."""
    if page_class is HomePage and not request.user.has_perm("cms.add_homepage"):
        raise PermissionDenied
    if page_class is StandardPage and isinstance(parent.specific, FrontPage) and not may_edit_shared(request.user):
        raise PermissionDenied


@hooks.register("before_copy_page")
def copies_of_own_pages(request, page):
    """Refuse to copy a page that the person may not edit."""
    page = page.specific
    if isinstance(page, HomePage | StandardPage) and not OwnCountry(request.user, page).can_edit():
        raise PermissionDenied
