"""What the editor refuses beyond the rights on a page: a new page that all countries share, a copy of a foreign page
or of one that exists once, an act on many of which none is the person's.

And what it does not refuse: words are searched beside its own filter "has child pages", for which Wagtail declares no field.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.views.account import NameEmailSettingsPanel
from wagtail.admin.wagtail_hooks import PageListingCopyButton
from wagtail.models import Page
from wagtail.search import index

from cms.models import FrontPage, HomePage, OwnCountry, StandardPage, may_edit_shared
from training.models import Course, Curriculum

# A person's name is kept by her profile; the editor would ask for a first and a last name and throw them away.
NameEmailSettingsPanel.is_active = lambda panel: False

ONCE = (FrontPage, HomePage)


def may_be_copied(page: Page, user) -> bool:
    """Tell whether a person may copy a page: one that exists once is never copied, nor a course or what holds courses."""
    return (
        not issubclass(page.specific_class, (*ONCE, Course, Curriculum))
        and page.specific.permissions_for_user(user).can_copy()
    )


# "Copy" is offered only where it is not refused below; a kept address of the act still says why.
PageListingCopyButton.is_shown = lambda button, user: may_be_copied(button.page, user)

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


@hooks.register("before_copy_page", order=-1)  # before an alias is refused with the advice to copy
def homes_exist_once(request, page):
    """Refuse a copy of the front page or of a country's home before anything of it is made."""
    if not issubclass(page.specific_class, ONCE):
        return None
    messages.error(
        request,
        _(
            "There is one front page, and one home for each country, so this page cannot be copied. Nothing was made. "
            "The home of another country is made when the country is opened."
        ),
    )
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_bulk_action")
def say_when_nothing_is_done(request, act, things, action):
    """Say that nothing was done where a person may not do this with any of what she chose, instead of "0 pages …"."""
    if things:
        return None
    messages.error(request, _("Nothing was done: you may not do this with what you chose, or it is gone."))
    return redirect(action.next_url)
