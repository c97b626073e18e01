"""What belongs to a course of other countries is theirs to publish and to take off, whichever button was pressed."""

from collections.abc import Callable, Iterator

from django.contrib import messages
from django.db import models
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Page

from languages.text import beside, listed
from training import queries
from training.actions.shipped import editor_of
from training.forms import said_of_drafts, said_of_publishing, said_of_taking_off
from training.models import Course, Curriculum, Lesson, Module, Question, Scenario

PAGES = (Curriculum, Course, Module, Lesson)


@hooks.register("before_edit_page")
@hooks.register("before_edit_snippet")
def tell_whose_course(request, thing):
    """Say as the form opens, before anything is written in it, that its course is of other countries alone.

    Not beside another message: a refusal that leads back here says it already.
    """
    if request.method != "GET" or not isinstance(thing, (*PAGES, Question, Scenario)):
        return
    if len(messages.get_messages(request)):
        return
    refusal = queries.refusal_to_publish(request.user, thing)
    if refusal and refusal.why == queries.Why.FOREIGN:
        messages.info(request, said_of_drafts(refusal))


@hooks.register("before_publish_page", order=-1)  # before it is shown what publishing does
@hooks.register("before_publish", order=-1)
def publish_own_courses(request, thing):
    """Keep as a draft what is of a course that only other countries have."""
    return _refused(request, thing, queries.refusal_to_publish, said_of_publishing)


@hooks.register("before_unpublish_page", order=-1)
@hooks.register("before_unpublish", order=-1)
def take_off_own_courses(request, thing):
    """Leave as it is what is not this person's to take off; the page before it said so."""
    return _refused(request, thing, queries.refusal_to_take_off, said_of_taking_off)


def _refused(request, thing: models.Model, judge: Callable, said: Callable):
    refusal = judge(request.user, thing) if isinstance(thing, (*PAGES, Question, Scenario)) else None
    if refusal is None:
        return None
    messages.error(request, said(refusal))
    return redirect(editor_of(thing))


@hooks.register("before_bulk_action", order=-1)
def publish_own_courses_of_many(request, act, things, action):
    """Refuse to publish many pages at once where one is of a course that only other countries have: then none is."""
    refused = []
    for page in _of_school(request, things) if act == "publish" else ():
        if refusal := queries.refusal_to_publish(request.user, page.get_latest_revision_as_object()):
            refused.append(beside(f"“{page.get_admin_display_title()}”", said_of_publishing(refusal), get_language()))
    for told in refused:
        messages.error(request, told)
    return redirect(action.next_url) if refused else None


@hooks.register("before_bulk_action")
def take_off_one_by_one(request, act, things, action):
    """Refuse to take many pages off at once when readers have one of them: what that does is shown of each."""
    pages = [page for page in _of_school(request, things) if page.live] if act == "unpublish" else []
    if not pages:
        return None
    messages.error(
        request,
        _(
            "Nothing was taken off. Readers have these pages, and what taking one off does is shown one page at a time: "
            "%(pages)s. Open each and choose Unpublish there."
        )
        % {"pages": listed((page.get_admin_display_title() for page in pages), get_language())},
    )
    return redirect(action.next_url)


def _of_school(request, things) -> Iterator[Page]:
    """Yield the pages of the school among many that were chosen, with those below them where they were ticked too."""
    pages = {page.pk: page for page in things if isinstance(page, Page)}
    if request.POST.get("include_descendants"):
        pages |= {below.pk: below for page in list(pages.values()) for below in page.get_descendants()}
    return (page.specific for page in pages.values() if issubclass(page.specific_class or Page, PAGES))
