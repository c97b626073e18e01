"""Cohorts: who may see which, how each stands, who is how far, who was there. Never what anybody answered."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from accounts.models import Country, Office, User
from training import progress
from training.choices import Deadline, Done, Trained
from training.models import Cohort, Member, Session
from training.queries import offers
from training.queries.course_rows import CourseRow, Words
from training.queries.deadlines import deadlines_in_doubt, due_at
from training.queries.off import courses_known
from training.queries.reading import courses
from training.queries.trained import standing_of

SOON = dt.timedelta(days=7)


def cohorts_visible_to(user) -> QuerySet[Cohort]:
    """Return the cohorts that a person may see: a manager her country's, a trainer those that she trains there."""
    own = Q(pk__in=[])
    if user.has_role("manager"):
        own |= Q(country=user.country_id)
    if user.has_role("trainer"):
        own |= Q(country=user.country_id, pk__in=user.cohorts.values("pk"))
    return Cohort.objects.filter(own).select_related("course", "country", "office")


def sessions_visible_to(user) -> QuerySet[Session]:
    """Return the meetings of the cohorts that a person may see."""
    rows = Session.objects.filter(cohort__in=cohorts_visible_to(user).values("pk"))
    return rows.select_related("cohort__country", "cohort__course")


def members_visible_to(user) -> QuerySet[Member]:
    """Return the members, also those who left, of the cohorts that a person may see; nobody who moved to another country."""
    rows = Member.objects.of_the_country().filter(cohort__in=cohorts_visible_to(user).values("pk"))
    return rows.select_related("cohort", "enrolment__learner__user__office", "enrolment__progress")


def trainers_in(country: Country) -> QuerySet[User]:
    """Return who trains in a country."""
    return User.objects.with_role("trainer").filter(country=country).order_by("name", "email")


def courses_to_begin(country: Country, language: str, at: dt.datetime) -> list[CourseRow]:
    """Return the courses that can be begun in a country."""
    return [row for row in courses(language) if offers.may_begin(row.page, country.pk, at)]


@dataclass(frozen=True)
class Figures:
    """How many of a cohort finished its course, are under way, have not begun; counted now."""

    cohort: Cohort
    heading: Words | None
    total: int
    finished: int
    under_way: int
    next_session: dt.datetime | None

    @property
    def not_begun(self) -> int:
        """Return how many have not begun."""
        return self.total - self.finished - self.under_way

    @property
    def percent(self) -> int:
        """Return the share that finished, rounded down; of nobody, 0."""
        return 100 * self.finished // self.total if self.total else 0


def completion_by_cohort(user, language: str, *, at: dt.datetime, only: Iterable[int] | None = None) -> list[Figures]:
    """Return how far each cohort is that a person may see, newest first; two queries however many.

    Who may see a cohort may see the names in it, so no group is too small to be shown; nobody else asks this. `only` are
    the keys of the cohorts of a page: they alone are counted, and now, since whoever was just let in belongs to them.
    """
    # A course is a page of many columns, of which one is told here.
    told = ("public_id", "name", "country_id", "begins_on", "due_on", "course__key")
    rows = cohorts_visible_to(user).select_related(None).select_related("course").only(*told)
    rows = rows if only is None else rows.filter(pk__in=list(only))
    inside = Q(members__isnull=False, members__left_at=None, members__enrolment__learner__user__country=F("country"))
    finished = inside & Q(members__enrolment__progress__completed_at__lte=at)
    begun = inside & Q(members__enrolment__progress__last_at__isnull=False)
    following = Session.objects.filter(cohort=OuterRef("pk"), starts_at__gte=at).order_by("starts_at")
    counted = list(
        rows.annotate(
            total=Count("members", filter=inside),
            finished=Count("members", filter=finished),
            begun=Count("members", filter=begun | finished),
            next_session=Subquery(following.values("starts_at")[:1]),
        ).order_by("-begins_on", "name", "pk")
    )
    headings = {row.page: row.named for row in courses_known(language, {one.course_id for one in counted})}
    return [
        Figures(one, headings.get(one.course_id), one.total, one.finished, one.begun - one.finished, one.next_session)
        for one in counted
    ]


@dataclass(frozen=True)
class Column:
    """One lesson, story or test of the course: its id and kind, a lesson's number, and its heading."""

    key: str
    kind: str
    mark: str
    heading: Words | None


@dataclass(frozen=True)
class Line:
    """One member: how far in each column, at which sessions and for how many minutes; `trained`, where she has a certificate.

    `deadline` stands where it was met only by records whose time is in doubt.
    """

    member: Member
    user: User
    cells: tuple[Done, ...]
    minutes: dict[str, int]
    done: int
    last_at: dt.datetime | None
    trained: Trained | None = None
    deadline: Deadline | None = None

    @property
    def owes(self) -> bool:
        """Tell whether what she has done is done for the edition it was done in only: a newer one asks for more."""
        return self.trained in (Trained.REFRESHER_DUE, Trained.LAPSED)

    @property
    def there(self) -> int:
        """Return at how many sessions she was, of this cohort."""
        return len(self.minutes)


@dataclass(frozen=True)
class CohortView:
    """A cohort as its trainer sees it."""

    cohort: Cohort
    course: CourseRow | None
    columns: tuple[Column, ...]
    sessions: tuple[Session, ...]
    lines: tuple[Line, ...]
    due_at: dt.datetime | None
    is_due: bool
    held: int

    @property
    def present(self) -> dict[str, int]:
        """Return how many were at each session."""
        keys = [str(session.public_id) for session in self.sessions]
        return {key: sum(1 for line in self.lines if key in line.minutes) for key in keys}


def cohort_view(cohort: Cohort, members: QuerySet[Member], language: str, *, at: dt.datetime) -> CohortView:
    """Return a cohort with its members as a page shows them; four queries whatever their number.

    Where somebody finished in time, one more; where a deadline may rest on a time in doubt, four.
    """
    members = list(members)
    course = next(iter(courses_known(language, [cohort.course_id])), None)
    columns = _columns(course) if course else ()
    ends = due_at(cohort)
    is_due = ends is not None and at >= ends - SOON and not (course and course.is_off)
    sessions = tuple(cohort.sessions.all())
    lengths = {session.key: session.minutes for session in sessions}
    stands = standing_of([member.enrolment_id for member in members], at)
    doubts = deadlines_in_doubt(members)
    lines = (_line(member, columns, course, is_due, lengths) for member in members)
    return CohortView(
        cohort=cohort,
        course=course,
        columns=columns,
        sessions=sessions,
        lines=tuple(
            replace(line, trained=stands.get(line.member.enrolment_id), deadline=doubts.get(line.member.pk))
            for line in lines
        ),
        due_at=ends,
        is_due=is_due,
        held=sum(1 for session in sessions if session.starts_at <= at),
    )


def members_inside(user, cohort: Cohort) -> QuerySet[Member]:
    """Return who is in a cohort now, by the numbers of its printed lists."""
    return members_visible_to(user).inside().filter(cohort=cohort).order_by("number")


def _columns(course: CourseRow) -> tuple[Column, ...]:
    lessons = [Column(lesson.id, "lesson", str(lesson.number), lesson.heading) for lesson in course.lessons]
    stories = [Column(story.id, "story", "", story.heading) for story in course.stories if story.required]
    tests = [Column(course.post.id, "test", "", None)] if course.post else []
    return (*lessons, *stories, *tests)


def _line(member: Member, columns: tuple[Column, ...], course: CourseRow | None, is_due: bool, lengths: dict) -> Line:
    row = member.enrolment.progress
    state = progress.read_state(row.state)
    test = course.post.id if course and course.post else ""
    cells = tuple(_cell(state, one.key, one.key == test and row.passed_at is not None, is_due) for one in columns)
    return Line(
        member=member,
        user=member.enrolment.learner.user,
        cells=cells,
        minutes={key: min(lasted, lengths[key]) for key, lasted in progress.attended(state).items() if key in lengths},
        done=cells.count(Done.DONE),
        last_at=row.last_at,
    )


def _cell(state: progress.State, key: str, is_passed: bool, is_due: bool) -> Done:
    """Return how a member stands with one thing: what is not done by a deadline that is near or over is due."""
    if is_passed or progress.state_of(state, key) == Done.DONE:
        return Done.DONE
    return Done.DUE if is_due else Done(progress.state_of(state, key))


@dataclass(frozen=True)
class Meeting:
    """A meeting as a member sees it: whether its code counts now, and whether she is down as present.

    `was_before`: it was over before she was let into the group.
    """

    session: Session
    is_open: bool
    is_present: bool
    is_over: bool
    was_before: bool


@dataclass(frozen=True)
class Membership:
    """A cohort as one of its members sees it: when it meets, by when it is to be finished and whether that is over, her edition; whether its course is off."""

    cohort: Cohort
    heading: Words | None
    version: str
    meetings: tuple[Meeting, ...]
    due_at: dt.datetime | None
    is_late: bool
    is_finished: bool
    is_off: bool = False


def memberships_of(
    user, language: str, *, at: dt.datetime, early: dt.timedelta, late: dt.timedelta
) -> list[Membership]:
    """Return the cohorts that a person is in, with their meetings; three queries however many.

    `early` and `late` are how long before a meeting and after it its code counts.
    """
    members = Member.objects.inside().filter(enrolment__learner__user=user)
    rows = members.select_related("cohort__country", "enrolment__progress", "enrolment__version")
    rows = rows.defer("enrolment__version__body")
    found = list(rows.prefetch_related("cohort__sessions").order_by("-cohort__begins_on", "pk"))
    known = {row.page: row for row in courses_known(language, {one.cohort.course_id for one in found})}
    return [_membership(one, known.get(one.cohort.course_id), _meetings(one, at, early, late), at=at) for one in found]


def _membership(
    member: Member, course: CourseRow | None, meetings: tuple[Meeting, ...], *, at: dt.datetime
) -> Membership:
    ends = due_at(member.cohort)
    return Membership(
        cohort=member.cohort,
        heading=course.named if course else None,
        is_off=course is not None and course.is_off,
        version=str(member.enrolment.version.public_id),
        meetings=meetings,
        due_at=ends,
        is_late=ends is not None and ends <= at,
        is_finished=member.enrolment.progress.completed_at is not None,
    )


def _meetings(member: Member, at: dt.datetime, early: dt.timedelta, late: dt.timedelta) -> tuple[Meeting, ...]:
    there = progress.attended(progress.read_state(member.enrolment.progress.state))
    return tuple(
        Meeting(
            session=session,
            is_open=session.starts_at - early <= at <= session.ends_at + late,
            is_present=str(session.public_id) in there,
            is_over=at > session.ends_at + late,
            was_before=member.joined_at >= session.ends_at,
        )
        for session in member.cohort.sessions.all()
    )


def offices_of(cohort: Cohort) -> QuerySet[Office]:
    """Return the open offices of a cohort's country in which somebody learns."""
    counted = Q(people__is_active=True, people__roles__contains=",learner,")
    offices = Office.objects.filter(country=cohort.country_id, closed_at=None)
    return offices.annotate(learners=Count("people", filter=counted)).filter(learners__gt=0).order_by("name")
