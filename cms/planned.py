"""What was planned in the editor: a page, question or story goes live, or is taken off, when its time has come.

A course is judged again then: what it had when it was planned may have been taken off since.
"""

import datetime as dt
from functools import partial

from django.conf import settings
from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from wagtail.models import Page, Revision

from accounts.actions import first_due, queue_letter, record
from languages.revisions import changing
from training import actions, queries
from training.forms import said_of, said_of_emptiness, said_of_need
from training.models import Course, Question, Scenario
from training.progress import Lack

AT_ONCE = 50


def publish_planned(at: dt.datetime) -> int:
    """Publish what is due, the earliest first; return how many were. One that cannot be published stops no other."""
    due = Revision.objects.filter(approved_go_live_at__lte=at).order_by("approved_go_live_at", "pk")
    return first_due("planned_not_published", due, lambda revision: _publish(revision, at), most=AT_ONCE)


def take_off_planned(at: dt.datetime) -> int:
    """Take off the pages, stories and questions whose time is over; return how many were looked after."""
    done = 0
    for kind, take_off in ((Page, _take_off), (Scenario, _take_off), (Question, _take_question_off)):
        over = models.QuerySet(kind).filter(live=True, expire_at__lte=at).order_by("expire_at", "pk")
        done += first_due("planned_not_taken_off", over, partial(take_off, at=at), most=AT_ONCE)
    return done


def _hold(thing: models.Model) -> None:
    """Lock what a change of a thing locks: whoever publishes it, or plans otherwise, waits, or was here before."""
    changing.send(sender=type(thing), thing=thing)


def _is_over(thing: models.Model, at: dt.datetime) -> bool:
    """Tell whether the end that was planned still holds, once nobody else can change it."""
    _hold(thing)
    return models.QuerySet(type(thing)).filter(pk=thing.pk, live=True, expire_at__lte=at).exists()


@transaction.atomic
def _take_off(thing: Page | Scenario, at: dt.datetime) -> bool:
    thing = thing.specific if isinstance(thing, Page) else thing
    if _is_over(thing, at):
        thing.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return True


@transaction.atomic
def _take_question_off(question: Question, at: dt.datetime) -> bool:
    """Take a question off, unless its live course needs it: then it stays, its end is taken out, and who planned it is told."""
    if not _is_over(question, at):
        return True
    try:
        actions.retire_question(question=question, by=None)
    except actions.QuestionNeeded as needed:
        _keep_question(question, needed.lack, at)
    return True


@transaction.atomic
def _keep_question(question: Question, lack: Lack, at: dt.datetime) -> None:
    models.QuerySet(Question).filter(pk=question.pk).update(expire_at=None)
    record(by="system", verb="training.planned_end_held", thing=f"training.question:{question.key}", at=at)
    _tell_planner(
        question.latest_revision, question, gettext_noop("A question stays, although its end was planned"), lack, at
    )


@transaction.atomic
def _publish(revision: Revision, at: dt.datetime) -> bool:
    """Publish a planned revision, or hold it back and tell who planned it; a plan that was taken back or overtaken is none."""
    thing = revision.as_object()
    _hold(thing)
    if not Revision.objects.filter(pk=revision.pk, approved_go_live_at__lte=at).exists():
        return True
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
    _tell_planner(revision, question, gettext_noop("A planned question was not published"), lack, at)


def _tell_planner(revision: Revision | None, question: Question, subject: str, lack: Lack, at: dt.datetime) -> None:
    """Write to who planned something of a question why it was not done."""
    planner = revision.user if revision else None
    if planner is None or not planner.is_active:
        return
    with translation.override(planner.language):
        subject, told = _(subject), said_of_need(lack)
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
