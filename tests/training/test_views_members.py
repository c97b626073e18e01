"""Members of a group: from a file after its report, by office, and out again."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Office
from tests.training.cohorts import cohort, member, session, trainer
from tests.training.group_pages import clock, shown, trains, words
from training import actions, queries
from training.choices import Road

__all__ = ["clock", "cohort", "member", "session", "trainer", "trains"]


def upload(client, cohort, content, name="members.csv"):
    address = reverse("training:members_file", args=[cohort.public_id])
    return client.post(address, {"file": SimpleUploadedFile(name, content)}, follow=True)


def test_a_file_is_told_row_by_row_and_lets_in_who_is_right(trains, cohort, member, official, person, countries):
    second = person("learner", country=countries["HT"], name="Anaïs Second")
    invited = person("learner", country=countries["TN"])
    colleague = person("operator", country=countries["HT"])
    rows = [official.email, second.email.upper(), second.email, "nobody@example.org", invited.email, colleague.email,
            "not an address", "=1+1", ""]  # fmt: skip
    content = "Name;E-mail\n" + "".join(f"x;{row}\n" for row in rows)

    report = upload(trains, cohort, content.encode())

    told = words(report)
    assert "1 official would be let in. 1 is in the group already. 7 rows are refused." in told
    assert "stands already in row 3" in told
    assert told.count("is no official of this country with an account here") == 3
    assert "is not an e-mail address" in told
    assert "begins like a formula" in told
    assert "These columns are not used: Name" in told
    assert cohort.members.count() == 1
    mark = shown(report).find("input", {"name": "mark"})["value"]
    yes = reverse("training:confirm_members", args=[cohort.public_id])
    assert "1 official is in the group now" in words(trains.post(yes, {"mark": mark}, follow=True))
    assert "too old or was answered" in words(trains.post(yes, {"mark": mark}, follow=True))
    assert list(cohort.members.values_list("enrolment__learner__user", flat=True)) == [official.pk, second.pk]


def test_a_file_in_windows_1252_is_read_and_said_so(trains, cohort, official):
    report = upload(trains, cohort, f"Nom;E-mail\nAnaïs;{official.email}\n".encode("cp1252"))

    assert "read as windows-1252" in words(report)
    assert "1 official would be let in." in words(report)


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"name\nx\n", "a.csv", "The header lacks: e-mail"),
        (b"e-mail\n", "a.csv", "a header and no rows"),
        (b"PK\x03\x04rest", "a.xlsx", "This is no CSV file"),
        (b"e-mail;email\na;b\n", "a.csv", "stands in the header twice"),
        (b"e-mail\n" + b"a@b.example\n" * 2001, "a.csv", "2001 rows"),
        (b"a," * 490_000 + b"e-mail\nx\n", "a.csv", "490001 columns"),
    ],
)
def test_a_file_that_is_no_list_is_refused(trains, cohort, content, name, told):
    response = upload(trains, cohort, content, name)

    assert response.status_code == 422
    assert told in words(response)


def test_a_yes_to_what_has_changed_meanwhile_shows_the_new_report(trains, cohort, official, trainer, at):
    report = upload(trains, cohort, f"e-mail\n{official.email}\n".encode())
    mark = shown(report).find("input", {"name": "mark"})["value"]
    actions.add_members(cohort=cohort, users=[official], road=Road.CODE, by=trainer, at=at)

    answer = trains.post(reverse("training:confirm_members", args=[cohort.public_id]), {"mark": mark}, follow=True)

    assert "Something changed meanwhile" in words(answer)
    assert "1 is in the group already" in words(answer)


def test_an_office_comes_in_and_one_leaves(trains, cohort, person, countries):
    office = Office.objects.create(country=countries["HT"], name="Court A", kind="court")
    person("learner", country=countries["HT"], office=office)
    address = reverse("training:add_office", args=[cohort.public_id])

    assert "1 official is in the group now" in words(trains.post(address, {"office": office.pk}, follow=True))
    assert "Everybody was in the group already" in words(trains.post(address, {"office": office.pk}, follow=True))
    assert "Choose an office" in words(trains.post(address, {"office": "9999"}, follow=True))
    one = cohort.members.get()
    out = reverse("training:take_out", args=[cohort.public_id, one.public_id])
    assert "out of the group" in words(trains.post(out, follow=True))
    assert trains.post(out).status_code == 404


def test_a_file_reads_the_learners_it_names_and_no_other_of_the_country(trains, cohort, person, countries):
    named = person("learner", country=countries["HT"])
    other = person("learner", country=countries["HT"], name="Not named in the file")
    content = f"e-mail\n{named.email}\n".encode()

    with CaptureQueriesContext(connection) as captured:
        report = upload(trains, cohort, content)
        mark = shown(report).find("input", {"name": "mark"})["value"]
        trains.post(reverse("training:confirm_members", args=[cohort.public_id]), {"mark": mark})

    learners = [
        query["sql"] for query in captured if ",learner," in query["sql"] and query["sql"].startswith("SELECT")
    ]
    assert learners
    assert [sql for sql in learners if " IN (" not in sql] == []
    assert list(cohort.members.values_list("enrolment__learner__user", flat=True)) == [named.pk]
    assert other.email not in str(learners)


def test_a_file_of_two_thousand_rows_asks_for_five_hundred_addresses_at_once(
    cohort, official, django_assert_num_queries
):
    addresses = [official.email, *(f"nobody{number}@example.org" for number in range(1999))]

    with django_assert_num_queries(5):
        known = queries.known_for_members(cohort, addresses)

    assert known.people == {official.email: official.pk}
    assert queries.learners_by_key(cohort, [official.pk, 0]) == {official.pk: official}
