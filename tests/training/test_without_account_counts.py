"""Who learns without an account in the reports: a table of its own from ten on, in no office and no other number."""

import csv
import io
import re

import pytest

from accounts.models import AuditEntry
from tests.training.without_account import allowed
from training import actions
from training.models import Learner, OfficeCount, OfficePeople, Progress
from training.queries.dashboard import dashboard
from training.reports.tables import overview_rows

__all__ = ["allowed"]
OVERVIEW = "/en/reports/"


@pytest.fixture
def begun(allowed, at):
    """A factory of people who have begun without an account: begun(10, finished=4, country="HT")."""

    def make(many, *, finished=0, country="HT"):
        for number in range(many):
            learner = Learner.objects.create(code_hmac=f"{country} {number}", country_id=country, used_at=at)
            enrolment = actions.enrol(learner=learner, course=allowed, country=country, at=at)
            ended = at if number < finished else None
            Progress.objects.filter(enrolment=enrolment).update(last_at=at, completed_at=ended)
        actions.count_readiness(at=at)

    return make


def test_from_ten_on_they_are_told_apart_and_in_no_other_number(begun, manager, person):
    begun(10, finished=4)

    report = dashboard(manager, "en")

    assert [(one.begun, one.finished) for one in report.without_account] == [(10, 4)]
    assert (report.begun, report.finished, report.courses) == (0, 0, ())
    assert not OfficeCount.objects.exists()
    assert sum(OfficePeople.objects.values_list("begun", flat=True)) == 0


def test_nine_are_not_told(begun, manager):
    begun(9, finished=9)

    (one,) = dashboard(manager, "en").without_account

    assert (one.begun, one.finished) == (None, None)
    assert overview_rows(dashboard(manager, "en"))[-1][1:3] == ["<10", ""]


@pytest.mark.parametrize(
    ("many", "finished", "told"),
    [(12, 1, None), (12, 9, None), (12, 11, None), (12, 0, 0), (12, 12, 12), (20, 10, 10)],
)
@pytest.mark.parametrize("role", ["analyst", "supervisor", "trainer", "administrator"])
def test_a_few_who_finished_or_did_not_are_told_to_managers_only(
    begun, person, countries, manager, role, many, finished, told
):
    begun(many, finished=finished)

    report = dashboard(person(role, country=None if role == "administrator" else countries["HT"]), "en")

    assert [(one.begun, one.finished) for one in report.without_account] == [(many, told)]
    assert report.is_guarded is (told is None)
    assert overview_rows(report)[-1][1:3] == [many, "" if told is None else told]
    assert [one.finished for one in dashboard(manager, "en").without_account] == [finished]
    assert not dashboard(manager, "en").is_guarded


def test_the_page_and_its_file_say_no_small_number(begun, client, sign_in, person, countries):
    begun(12, finished=1)
    sign_in(person("analyst", country=countries["HT"]))

    page = client.get(OVERVIEW).content.decode()
    file = client.post("/en/reports/table/overview.csv").content.decode("utf-8-sig")

    row = re.search(r'aria-labelledby="without-account".*?<tbody>(.*?)</tbody>', page, re.DOTALL)[1]
    assert re.findall(r'<td class="n"[^>]*>([^<]*)</td>', row) == ["12", "–"]
    assert "A dash stands where fewer than 10 people are meant" in page
    rows = list(csv.reader(io.StringIO(file)))
    assert [row[1:3] for row in rows if row and row[0].endswith(", without an account")] == [["12", ""]]


def test_of_another_country_and_of_none_only_who_sees_all_is_told(begun, manager, person):
    begun(10, country="TN")
    begun(3, country=None)

    assert dashboard(manager, "en").without_account == ()
    assert [one.begun for one in dashboard(person("administrator"), "en").without_account] == [13]


def test_who_was_taken_into_an_account_counts_there_only(begun, official, manager, at):
    begun(11)
    Learner.objects.filter(code_hmac="HT 0").update(merged_into=actions.learner_of(official))
    actions.count_readiness(at=at)

    assert [one.begun for one in dashboard(manager, "en").without_account] == [10]


def test_the_page_and_its_file_say_it(begun, client, sign_in, manager):
    begun(12, finished=2)
    sign_in(manager)

    page = client.get(OVERVIEW).content.decode()
    file = client.post("/en/reports/table/overview.csv").content.decode("utf-8-sig")

    assert "Without an account" in page
    rows = list(csv.reader(io.StringIO(file)))
    assert [row[1:3] for row in rows if row and row[0].endswith(", without an account")] == [["12", "2"]]
    assert AuditEntry.objects.filter(verb="training.report_exported").count() == 1
