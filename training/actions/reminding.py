"""Reminders of a group's deadline: one row a member and step, a letter at once, a text where she gave a number.

What a reminder says is discreet: how many lessons wait, and until when; neither the subject nor the course is named. A
person gets one a week at most, by day by the clock of her country.
"""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import translation

from accounts import actions as accounts
from accounts.models import Country, User
from training.choices import Step, TextState
from training.models import Cohort, Enrolment, Member, Reminder, TextNumber
from training.queries import subject_of_reminder, words_of_reminder

LETTER = "reminder"
WEEK = dt.timedelta(days=7)
LATELY = WEEK - dt.timedelta(
    hours=12
)  # so that the hour at which the worker comes by does not put a letter off by a day
FROM_HOUR, UNTIL_HOUR = 8, 20
BATCH = 200


def step_on(day: dt.date, due_on: dt.date) -> Step | None:
    """Return which reminder of a deadline is due on a day: each has a week, so that a worker that was down loses none."""
    weeks = (day - due_on) // WEEK  # whole weeks, rounded down: a day before the deadline is in the week -1
    return {-1: Step.BEFORE, 0: Step.DAY, 1: Step.AFTER}.get(weeks)


def is_day(country: Country, at: dt.datetime) -> bool:
    """Tell whether people of a country may be reminded at an instant: from eight to eight by its clock."""
    return FROM_HOUR <= at.astimezone(ZoneInfo(country.time_zone)).hour < UNTIL_HOUR


def write_reminders(*, at: dt.datetime) -> int:
    """Write the reminders that are due and have not been written, with their letters; return how many."""
    done = 0
    for member, step in _due(at):
        with accounts.alone("reminder_not_written", through=accounts.AWAY, subject=member.pk):
            done += _write(member, step, at)
        if done == BATCH:
            break
    return done


def _due(at: dt.datetime) -> Iterator[tuple[Member, Step]]:
    """Yield who is to be reminded of what at this hour; of a course that was taken off nothing is asked."""
    span = (at.date() - 3 * WEEK, at.date() + 2 * WEEK)
    for cohort in (
        Cohort.objects.filter(due_on__range=span, course__live=True).select_related("country").order_by("pk")
    ):
        local = at.astimezone(ZoneInfo(cohort.country.time_zone))
        step = step_on(local.date(), cohort.due_on)
        if step and is_day(cohort.country, at):
            for member in _unfinished(cohort, step, at):
                yield member, step


def _unfinished(cohort: Cohort, step: Step, at: dt.datetime):
    """Return who has not finished, has not had this reminder, and had no other one in the last week."""
    same = Reminder.objects.filter(member=OuterRef("pk"), step=step, due_on=cohort.due_on)
    lately = heard_lately(at).filter(enrolment__learner=OuterRef("enrolment__learner"))
    members = cohort.members.inside().filter(enrolment__progress__completed_at=None)
    members = members.filter(~Exists(same), ~Exists(lately), enrolment__learner__user__is_active=True)
    return members.select_related("cohort__country", "enrolment__learner__user", "enrolment__progress").order_by(
        "number"
    )


@transaction.atomic
def _write(member: Member, step: Step, at: dt.datetime) -> bool:
    """Write one reminder and its letter; what another worker wrote a moment before, or in another cohort, stays alone."""
    hold(member.enrolment.learner.user)
    if not Member.objects.inside().filter(pk=member.pk).exists():
        return False  # she moved, or was taken out, a moment ago
    due_on = member.cohort.due_on
    return write_once(enrolment=member.enrolment, at=at, member=member, step=step, due_on=due_on)


def hold(user: User) -> None:
    """Let whoever else writes to this person wait for the end of the transaction."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def heard_lately(at: dt.datetime) -> QuerySet[Reminder]:
    """Return the reminders within a week before an instant: who had one gets no other."""
    return Reminder.objects.filter(at__gt=at - LATELY)


def write_once(*, enrolment: Enrolment, at: dt.datetime, **facts) -> bool:
    """Write one reminder and its letter to a person who is held, unless she has it or had another within a week."""
    user = enrolment.learner.user
    if heard_lately(at).filter(enrolment__learner=enrolment.learner).exists():
        return False
    if Reminder.objects.filter(enrolment=enrolment, **facts).exists():
        return False
    is_texted = TextNumber.objects.filter(user=user).exists()
    row = Reminder.objects.create(
        **facts,
        enrolment=enrolment,
        at=at,
        language=user.language,
        text=TextState.WAITING if is_texted else "",
        text_at=at if is_texted else None,
    )
    with translation.override(user.language):
        subject, text = subject_of_reminder(row), f"{words_of_reminder(row, at=at)}\n\n{_address()}\n"
    accounts.queue_letter(
        key=f"{LETTER}:{row.public_id}", to=user.email, language=user.language, subject=subject, text=text, at=at,
        receiver=user,
    )  # fmt: skip
    return True


def _address() -> str:
    return settings.PUBLIC_URL + reverse("training:learning")
