"""Lists of people as rows of a file: enrolments and results. What anybody answered is in neither."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.tables import Cells
from training.queries import Figures
from training.queries.lists import Begun, HandedIn, Person


def _day(value: dt.datetime | None) -> dt.date | str:
    return timezone.localtime(value).date() if value else ""


def _person(person: Person) -> Cells:
    return [person.name, person.email, person.office or "", person.country or ""]


def _edition(row: Begun | HandedIn) -> Cells:
    """Return an edition as it is known: its number counts in one country, which is not always the one where its reader is."""
    return [row.edition, row.edition_of or ""]


def person_heads() -> list[str]:
    """Return the heads of the columns about a person."""
    return [_("Name"), _("E-mail"), _("Office"), _("Country")]


def enrolment_heads() -> list[str]:
    """Return the heads of the list of enrolments."""
    return [
        _("Enrolment"), *person_heads(), _("Course"), _("Version"), _("Country of the version"), _("Began"), _("Lessons done"), _("Lessons"),
        _("Minutes"), _("Test passed on"), _("Finished on"), _("Language"), _("Last here"),
    ]  # fmt: skip


def enrolment_cells(row: Begun) -> Cells:
    """Return an enrolment with how far it is; no minutes where no phone noted any."""
    told: Cells = ["", "", "", "", "", "", ""]
    if row.done is not None:
        told = [
            row.done, row.of, row.seconds // 60 if row.seconds else "", _day(row.passed_at), _day(row.completed_at), row.language,
            _day(row.last_at),
        ]  # fmt: skip
    place = [row.course, *_edition(row), _day(row.started_at)]
    return [str(row.public_id), *_person(row.person), *place, *told]


def result_heads() -> list[str]:
    """Return the heads of the list of results."""
    return [
        _("Test"), *person_heads(), _("Course"), _("Version"), _("Country of the version"), _("Which test"), _("Attempt"), _("Begun"),
        _("Handed in"), _("Right"), _("Questions"), _("Passed"), pgettext("a test", "Set aside"), _("Language"),
    ]  # fmt: skip


def result_cells(row: HandedIn) -> Cells:
    """Return a test that was handed in; how many were right, never which. One that was set aside is neither passed nor not."""
    passed = "" if row.aside or row.passed is None else _("yes") if row.passed else _("no")
    return [
        str(row.public_id), *_person(row.person), row.course, *_edition(row), row.form,
        row.turn, _day(row.started_at), _day(row.submitted_at), row.right, row.questions, passed,
        row.aside, row.language,
    ]  # fmt: skip


def cohort_heads() -> list[str]:
    """Return the heads of the table of completion by group."""
    return [
        _("Group"), _("Course"), _("Country"), _("Begins on"), _("To be finished by"),
        pgettext("number of people", "Finished"), pgettext("number of people", "Under way"),
        pgettext("number of people", "Not begun"), _("Officials"),
    ]  # fmt: skip


def cohort_cells(row: Figures, country: str) -> Cells:
    """Return a cohort of a country with how far its members are; course and country by their names."""
    course = str(row.heading or row.cohort.course.key)
    place = [row.cohort.name, course, country, row.cohort.begins_on, row.cohort.due_on or ""]
    return [*place, row.finished, row.under_way, row.not_begun, row.total]
