"""Reminders: what each says, who gave a number, which were handed on as texts."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from training.choices import OF_REFRESHERS, Step
from training.models import Reminder, TextNumber


def has_text_number(user) -> bool:
    """Tell whether a person gave a number for reminders; the number itself is sealed."""
    return TextNumber.objects.filter(user=user).exists()


def words_of_reminder(row: Reminder, *, at: dt.datetime) -> str:
    """Return what a reminder says at an instant, in the language that is active: what waits, until when, nothing else.

    Whether the day is over is looked up in the country's clock: a reminder of the day may leave up to six days later.
    """
    is_over = at.astimezone(ZoneInfo(row.country.time_zone)).date() > row.due_on
    when = _("It was to be done by %(day)s.") if is_over else _("Please finish by %(day)s.")
    return f"{_waiting(row)} {when % {'day': formats.date_format(row.due_on, 'DATE_FORMAT')}}"


def _waiting(row: Reminder) -> str:
    """Return what waits: of a refresher no number, since the next edit may change it before she reads the letter."""
    if row.step == Step.REFRESH:
        return _("A refresher is waiting for you.")
    if row.step == Step.LAPSING:
        return _("A refresher is still waiting for you.")
    progress = row.enrolment.progress
    left = max(progress.of - progress.done, 0)
    if not left:
        return _("The last step of your course is waiting for you.")
    words = ngettext("%(count)s lesson is waiting for you.", "%(count)s lessons are waiting for you.", left)
    return words % {"count": left}


def subject_of_reminder(row: Reminder) -> str:
    """Return what stands above a reminder's letter, in the language that is active."""
    return _("A refresher is waiting for you") if row.step in OF_REFRESHERS else _("Lessons are waiting for you")


def texted_reminders() -> QuerySet[Reminder]:
    """Return the reminders that go, or went, as texts to somebody who still has a number here, newest first."""
    rows = Reminder.objects.exclude(text="").filter(enrolment__learner__user__text_number__isnull=False)
    people = ("enrolment__learner__user__text_number", "enrolment__learner__user__country", "enrolment__progress")
    return rows.select_related(*people, "member__cohort__country")
