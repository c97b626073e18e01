"""What the editor refuses beyond the rights on a page: a new page that all countries share, a copy of a foreign page
or of one that exists once, an act on many of which none is the person's, among what is published an empty course and one
whose draft puts it into another country or takes it off there.

And what it does not refuse: words are searched beside its own filter "has child pages", for which Wagtail declares no field.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.views.account import NameEmailSettingsPanel
from wagtail.admin.wagtail_hooks import PageListingCopyButton
from wagtail.models import Page
from wagtail.search import index

from cms.models import FrontPage, HomePage, OwnCountry, StandardPage, may_edit_shared
from training import queries
from training.forms import refused_moves, said_of_emptiness
from training.models import Course, Curriculum, Lesson

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

# The tree of the editor reads the API; what acts there would publish, move, copy and delete past every hook.
PagesAdminAPIViewSet.actions = {}

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


@hooks.register("before_bulk_action")
def keep_empty_courses(request, act, things, action):
    """Refuse to publish, with others, a course that readers do not have yet while it has no lesson or no test."""
    with_below = bool(request.POST.get("include_descendants"))
    courses = [one for one in _courses_among(act, things, with_below=with_below) if not one.live]
    lacks = [words for course in courses for words in _lacks(course, with_below=with_below)]
    return _refused(request, action, lacks)


@hooks.register("before_bulk_action")
def keep_countries_of_others(request, act, things, action):
    """Refuse to publish, with others, the draft of a course that moves it in a country of which a person may not decide."""
    courses = _courses_among(act, things, with_below=bool(request.POST.get("include_descendants")))
    told = [
        words
        for course in courses
        if course.first_published_at
        for words in refused_moves(
            request.user, course.countries.all(), course.get_latest_revision_as_object().countries.all()
        )
    ]
    return _refused(request, action, told)


def _courses_among(act: str, things, *, with_below: bool) -> list[Course]:
    """Return the courses that are published with others: chosen themselves, or below what was chosen."""
    pages = [one.specific for one in things if act == "publish" and isinstance(one, Page)]
    courses = {page.pk: page for page in pages if isinstance(page, Course)}
    if with_below:
        courses |= {below.pk: below for page in pages for below in Course.objects.descendant_of(page)}
    return list(courses.values())


def _refused(request, action, told: list[str]):
    """Say why nothing is done, each reason once; None where there is none."""
    for words in dict.fromkeys(told):
        messages.error(request, words)
    return redirect(action.next_url) if told else None


def _lacks(course: Course, *, with_below: bool) -> list[str]:
    """Return what a course lacks; the lessons below it count where they are published with it."""
    modules = queries.unread_modules(course)
    if with_below and Lesson.objects.descendant_of(course).exists():
        modules = None
    return list(said_of_emptiness(modules, course.get_latest_revision_as_object().plan()))
