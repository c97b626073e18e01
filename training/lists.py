"""Lists of people as rows of a file: enrolments and results. What anybody answered is in neither."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.tables import Cells
from training import progress
from training.models import CourseVersion, Enrolment
from training.queries import Figures
from training.queries.lists import HandedIn


def _day(value) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%d") if value else ""


def _person(user) -> Cells:
    office = user.office.name if user.office else ""
    return [user.name, user.email, office, user.country_id or ""]


def _version(version: CourseVersion) -> Cells:
    """Return an edition as it is known: its number counts in one country, which is not always the one where its reader is."""
    return [version.number, version.country_id or ""]


def person_heads() -> list[str]:
    """Return the heads of the columns about a person."""
    return [_("Name"), _("E-mail"), _("Office"), _("Country")]


def enrolment_heads() -> list[str]:
    """Return the heads of the list of enrolments."""
    return [
        _("Enrolment"), *person_heads(), _("Course"), _("Version"), _("Country of the version"), _("Began"), _("Lessons done"), _("Lessons"),
        _("Minutes"), _("Test passed on"), _("Finished on"), _("Language"), _("Last here"),
    ]  # fmt: skip


def enrolment_cells(row: Enrolment) -> Cells:
    """Return an enrolment with how far it is."""
    done = getattr(row, "progress", None)
    told: Cells = ["", "", "", "", "", "", ""]
    if done is not None:
        told = [
            done.done, done.of, done.seconds // 60, _day(done.passed_at), _day(done.completed_at), done.language,
            _day(done.last_at),
        ]  # fmt: skip
    place = [row.course.key, *_version(row.version), _day(row.started_at)]
    return [str(row.public_id), *_person(row.learner.user), *place, *told]


def result_heads() -> list[str]:
    """Return the heads of the list of results."""
    return [
        _("Test"), *person_heads(), _("Course"), _("Version"), _("Country of the version"), _("Which test"), _("Attempt"), _("Begun"),
        _("Handed in"), _("Right"), _("Questions"), _("Passed"), pgettext("a test", "Set aside"), _("Language"),
    ]  # fmt: skip


def result_cells(row: HandedIn) -> Cells:
    """Return a test that was handed in; how many were right, never which. One that was set aside is neither passed nor not."""
    one = row.attempt
    passed = "" if row.aside or one.passed is None else _("yes") if one.passed else _("no")
    return [
        str(one.public_id), *_person(one.enrolment.learner.user), one.enrolment.course.key, *_version(one.version), row.form,
        row.turn, _day(one.started_at), _day(one.submitted_at), one.right, len(progress.read(one.paper)["items"]), passed,
        row.aside, one.language,
    ]  # fmt: skip


def cohort_heads() -> list[str]:
    """Return the heads of the table of completion by group."""
    return [
        _("Group"), _("Course"), _("Country"), _("Begins on"), _("To be finished by"),
        pgettext("number of people", "Finished"), pgettext("number of people", "Under way"),
        pgettext("number of people", "Not begun"), _("Officials"),
    ]  # fmt: skip


def cohort_cells(row: Figures) -> Cells:
    """Return a cohort with how far its members are."""
    due = row.cohort.due_on.isoformat() if row.cohort.due_on else ""
    place = [row.cohort.name, row.cohort.course.key, row.cohort.country_id, row.cohort.begins_on.isoformat(), due]
    return [*place, row.finished, row.under_way, row.not_begun, row.total]
