"""The demo's groups: in Haiti, Liberia and Tunisia, each with two sessions and who was there. Through actions only."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import F

from accounts.models import Country, User
from accounts.queries.clocks import day_in
from training import actions
from training.choices import How, Road
from training.models import Cohort, Course, Enrolment

BY = "demo"


@dataclass(frozen=True)
class Plan:
    """A group of the demo: its officials, how many of them were at the first session, how that was seen.

    `first` and `second` are when the sessions begin, in hours from now, at hours at which the country's offices are open;
    `due` the deadline, in days.
    """

    country: str
    name: str
    place: str
    languages: str
    members: int
    present: int
    how: str
    first: int
    second: int
    due: int
    under_way: bool = False  # of officials who learn already, those who have not passed first


PLANS = (
    # Where offices are open the second session has just begun: its code counts while the demo is new. Its deadline is near.
    Plan("HT", "Magistrates, group A (example)", "Room 2", "fr ht", 12, 7, How.PAPER, -24 * 7, 0, 5),
    # Its first official is who has used all her tries in `tries`, so that her trainer finds her.
    Plan(
        "LR",
        "Courts and police, group C (example)",
        "Room 5",
        "en",
        8,
        5,
        How.TRAINER,
        -24 * 4,
        24 * 3,
        30,
        under_way=True,
    ),  # fmt: skip
    Plan("TN", "Court clerks, group B (example)", "Hall", "ar fr", 10, 4, How.TRAINER, -24 * 3, 24 * 4, 30),
)
# Whom the reminders of the first group reach as a text too: the practice network's own kind of number.
TEXTED, NUMBER = "learner.ht@example.org", "+50934000001"


def make(*, at: dt.datetime) -> None:
    """Make the groups once; one that is there stays as people left it."""
    course = Course.objects.get(key="judicial")
    for plan in PLANS:
        country = Country.objects.filter(pk=plan.country).first()
        if country is not None and not Cohort.objects.filter(country=country, name=plan.name).exists():
            _make(plan, course, country, at)


def _make(plan: Plan, course: Course, country: Country, at: dt.datetime) -> None:
    trainers = list(User.objects.with_role("trainer").filter(country=country))
    today, begun = day_in(country, at), at - dt.timedelta(days=10)
    cohort = actions.make_cohort(
        course=course, country=country, trainers=trainers, name=plan.name, place=plan.place,
        language_codes=plan.languages, begins_on=today - dt.timedelta(days=10), due_on=today + dt.timedelta(days=plan.due),
        by=BY, at=begun,
    )  # fmt: skip
    actions.add_members(cohort=cohort, users=_learners(plan, course), road=Road.FILE, by=BY, at=begun)
    actions.open_joining(cohort=cohort, until=cohort.due_on, by=BY, at=begun)
    first, _second = (
        actions.plan_session(
            cohort=cohort, starts_at=_opening(country, at, hours), minutes=180, place="", by=BY, at=begun
        )
        for hours in (plan.first, plan.second)
    )
    members = list(cohort.members.order_by("number")[: plan.present])
    actions.mark_attendance(session=first, members=members, how=plan.how, by=trainers[0], at=first.ends_at)
    if user := User.objects.filter(email=TEXTED, country=country).first():
        actions.keep_text_number(user=user, number=NUMBER, at=begun)


def _opening(country: Country, at: dt.datetime, hours: int) -> dt.datetime:
    """Return the hour so many hours from now, where it is one at which offices are open; else a morning beside it."""
    there = at.astimezone(ZoneInfo(country.time_zone)).replace(minute=0, second=0, microsecond=0)
    there += dt.timedelta(hours=hours)
    if country.office_from <= there.time() < country.office_until:
        return there
    is_next = hours >= 0 and there.time() >= country.office_until
    morning = dt.datetime.combine(there.date() + dt.timedelta(days=is_next), country.office_from, there.tzinfo)
    return morning + dt.timedelta(hours=1)


def _learners(plan: Plan, course: Course) -> list[User]:
    """Return the demo's own learners of a country who began a course, then other officials of it, in one order."""
    if plan.under_way:
        rows = Enrolment.objects.filter(course=course, learner__user__country=plan.country, progress__done__gt=0)
        rows = rows.filter(learner__user__email__startswith="official").select_related("learner__user")
        return [
            one.learner.user
            for one in rows.order_by(F("progress__passed_at").asc(nulls_first=True), "pk")[: plan.members]
        ]
    learners = User.objects.with_role("learner").filter(country=plan.country)
    own = list(
        learners.filter(email__startswith="learner", learner__enrolments__isnull=False).order_by("pk").distinct()
    )
    others = learners.filter(email__startswith="official").order_by("pk")
    return [*own, *others[: plan.members - len(own)]]
