"""The way back to one's work, from pages without the staff's menu."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.mark.parametrize(
    ("role", "work"),
    [
        ("translator", "/fr/desk/"),
        ("trainer", "/fr/reports/"),
        ("analyst", "/fr/reports/"),
        ("focal_point", "/fr/directory/requests/"),
        ("interpreter", "/fr/roster/mine/"),
        ("learner", "/fr/learning/"),
    ],
)
@pytest.mark.parametrize("page", ["/fr/learning/", "/fr/profile/"])
def test_my_work_leads_where_signing_in_leads(sign_in, person, liberia, role, work, page):
    client = sign_in(person(role, country=liberia))

    found = re.search(r'class="button quiet slim work" href="([^"]+)"', client.get(page).content.decode())

    assert found[1] == work
    assert client.get(work).status_code == 200


@pytest.mark.parametrize("role", ["operator", "supervisor", "manager", "administrator"])
def test_my_work_of_staff_bears_their_menu(sign_in, person, liberia, role):
    client = sign_in(person(role, country=liberia))
    found = re.search(r'class="button quiet slim work" href="([^"]+)"', client.get("/fr/learning/").content.decode())

    assert 'aria-current="page"' in client.get(found[1]).content.decode()
    assert found[1] not in ("/fr/learning/", "/admin/")


def test_the_way_back_counts_nothing_that_waits(sign_in, person, liberia):
    client = sign_in(person("supervisor", country=liberia))
    for _warm in range(2):
        client.get("/fr/courses/")

    with CaptureQueriesContext(connection) as caught:
        client.get("/fr/courses/")

    assert not [query["sql"] for query in caught if "referral_" in query["sql"]]
