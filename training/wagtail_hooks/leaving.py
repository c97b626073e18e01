"""Copies begin as drafts, and what was published stays in its course: the editor's own copy and move, held to that."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Page

from languages.text import listed
from training import actions, queries
from training.forms import CopyAsDrafts, said_of_ordering
from training.models import Course, Lesson, Module

Lesson.copy_form_class = Module.copy_form_class = CopyAsDrafts


@hooks.register("after_copy_page", order=-1)  # before the translations are carried to the ids of the copy
def begin_anew(request, page, new_page):
    """Give a copied lesson, or the lessons of a copied module, ids of their own."""
    if issubclass(page.specific_class, Lesson | Module):
        actions.begin_copies(new_page)


@hooks.register("before_move_page")
def stay_in_course(request, page, destination):
    """Refuse to move what was published into another course, and what is of a course that only other countries have."""
    if theirs := _of_others(request.user, [page]):
        messages.error(request, theirs)
        return redirect("wagtailadmin_pages:move", page.pk)
    if not queries.leaves_its_course(page, destination):
        return None
    messages.error(request, _told([page]))
    return redirect("wagtailadmin_pages:move", page.pk)


@hooks.register("before_bulk_action")
def stay_in_course_together(request, act, things, action):
    """Refuse to move many pages at once where one of them was published in another course, or is of others: then all stay."""
    if act != "move":
        return None
    if theirs := _of_others(request.user, [page for page in things if isinstance(page, Page)]):
        messages.error(request, theirs)
        return redirect(action.next_url)
    destination = action.cleaned_form.cleaned_data["chooser"]
    leaving = [page for page in things if isinstance(page, Page) and queries.leaves_its_course(page, destination)]
    if not leaving:
        return None
    messages.error(request, _told(leaving))
    return redirect(action.next_url)


def _of_others(user, pages: list[Page]) -> str:
    """Return why one of many pages is not this person's to move; "" where each of them is."""
    school = (page.specific for page in pages if issubclass(page.specific_class or Page, Course | Module | Lesson))
    courses = (course for page in school for course in queries.homes_of(page))
    return next((said_of_ordering(no) for course in courses if (no := queries.refusal_to_order(user, course))), "")


def _told(pages: list[Page]) -> str:
    return _(
        "Nothing was moved. These pages were published in their course and stay there, since learners' records refer to "
        "them: %(pages)s. Copy them into the other course, publish the copies there, then unpublish them here."
    ) % {"pages": listed((page.get_admin_display_title() for page in pages), get_language())}
