"""What was planned in the editor: a page goes live, or is taken off, when its time has come.

A course is judged again then: what it had when it was planned may have been taken off since.
"""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from accounts.actions import first_due, queue_letter, record
from training import actions, queries
from training.forms import said_of, said_of_emptiness, said_of_need
from training.models import Course, Question
from training.progress import Lack

AT_ONCE = 50


def publish_planned(at: dt.datetime) -> int:
    """Publish what is due, the earliest first; return how many were. One that cannot be published stops no other."""
    due = Revision.objects.filter(approved_go_live_at__lte=at).order_by("approved_go_live_at", "pk")
    return first_due("planned_not_published", due, lambda revision: _publish(revision, at), most=AT_ONCE)


def take_off_planned(at: dt.datetime) -> int:
    """Take off the pages whose time is over; return how many were."""
    over = Page.objects.filter(live=True, expire_at__lte=at).order_by("expire_at", "pk")
    return first_due("planned_not_taken_off", over, _take_off, most=AT_ONCE)


def _take_off(page: Page) -> bool:
    page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return True


def _publish(revision: Revision, at: dt.datetime) -> bool:
    """Publish a planned revision, or hold it back and tell who planned it."""
    thing = revision.as_object()
    if isinstance(thing, Course) and not Course.objects.filter(pk=thing.pk, live=True).exists() and _lacks(thing):
        _hold_back(revision, thing, at)
    elif isinstance(thing, Question):
        _publish_question(revision, thing, at)
    else:
        revision.publish(log_action="wagtail.publish.scheduled")
    return True


def _publish_question(revision: Revision, question: Question, at: dt.datetime) -> None:
    """Publish a planned question, unless its live course needs it as it is: then who planned it gets a letter."""
    try:
        with transaction.atomic():
            actions.keep_fillable(question)
            revision.publish(log_action="wagtail.publish.scheduled")
    except actions.QuestionNeeded as needed:
        _hold_back_question(revision, question, needed.lack, at)


def _hold_back_question(revision: Revision, question: Question, lack: Lack, at: dt.datetime) -> None:
    """Take the plan of a question back, so that the question stays as it is, and write to who made it."""
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
    record(by="system", verb="training.planned_publish_held", thing=f"training.question:{question.key}", at=at)
    planner = revision.user
    if planner is None or not planner.is_active:
        return
    with translation.override(planner.language):
        subject, told = _("A planned question was not published"), said_of_need(lack)
    page = f"{settings.PUBLIC_URL}/admin/snippets/training/question/edit/{question.pk}/"
    queue_letter(
        key=f"not_published:{revision.pk}:{at.isoformat()}", to=planner.email, language=planner.language, subject=subject,
        text=f"{question.key}\n\n{told}\n\n{page}\n", at=at, receiver=planner,
    )  # fmt: skip


def _lacks(course: Course) -> list[str]:
    """Return what a course lacks before anybody can take it, as the form says it where a person publishes."""
    plan = course.plan()
    lacks = map(said_of, queries.lacks_of(course, plan, course.tracks))
    return [*said_of_emptiness(queries.unread_modules(course), plan), *lacks]


def _hold_back(revision: Revision, course: Course, at: dt.datetime) -> None:
    """Take the plan back, so that the course stays a draft, and write to who made it what is missing."""
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
    record(by="system", verb="training.planned_publish_held", thing=f"training.course:{course.key}", at=at)
    planner = revision.user
    if planner is None or not planner.is_active:
        return
    with translation.override(planner.language):
        told = _("A course that you planned was not published, because it lacks something:")
        then = _("It stays a draft. Add what is missing, then publish it or plan it again:")
        subject, lacks = _("A planned course was not published"), "\n".join(f"– {one}" for one in _lacks(course))
    page = f"{settings.PUBLIC_URL}/admin/pages/{course.pk}/edit/"
    queue_letter(
        key=f"not_published:{revision.pk}:{at.isoformat()}", to=planner.email, language=planner.language, subject=subject,
        text=f"{told} {course.heading_en}\n\n{lacks}\n\n{then}\n{page}\n", at=at, receiver=planner,
    )  # fmt: skip
