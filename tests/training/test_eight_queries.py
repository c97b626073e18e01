"""The course page and My learning take eight queries at most, whoever of a course's learners opens them."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import PublicContact
from tests.training.answers import address
from tests.training.cohorts import cohort, member, trainer
from tests.training.counted_tries import course
from tests.training.finishing import finish
from tests.training.moving import join_later, move
from tests.training.test_offers import vouch
from tests.training.test_refresher_next import ask_anew
from tests.training.test_tries import after, fail
from training import actions

__all__ = ["cohort", "course", "member", "trainer", "vouch"]
MOST = 8


@pytest.fixture(autouse=True)
def later_on(at):
    """A month later."""
    with time_machine.travel(after(at, 30), tick=True):
        yield


def failed_once(given):
    fail(given("enrolment"), given("at"))


def allowed_once_more(given):
    enrolment, at = given("enrolment"), given("at")
    for days in range(3):
        fail(enrolment, after(at, 2 * days))
    actions.allow_attempt(enrolment=enrolment, form=2, by=given("trainer"), reason="network", at=after(at, 8))
    fail(enrolment, after(at, 9))
    actions.allow_attempt(enrolment=enrolment, form=2, by=given("trainer"), reason="network", at=after(at, 10))


def finished(given):
    finish(given("official"), given("course"), given("at"))


def refresher_due(given):
    finished(given)
    ask_anew(given("lessons")[:2], given("at"))


def moved_country(given):
    failed_once(given)
    other = join_later(given("lessons")[0], after(given("at"), 2))
    move(given("official"), other)


def with_a_group(given):
    given("member")
    failed_once(given)


KINDS = (failed_once, allowed_once_more, finished, refresher_due, moved_country, with_a_group)


def taken(client, page):
    """Return the statements that a page takes when it is opened again."""
    client.get(page)
    with CaptureQueriesContext(connection) as found:
        assert client.get(page).status_code == 200
    return [one["sql"] for one in found]


@pytest.mark.parametrize("is_demo", [False, True], ids=["", "demo"])
@pytest.mark.parametrize("kind", KINDS)
def test_both_pages_take_eight(request, settings, client, sign_in, official, course, vouch, kind, is_demo):
    settings.DEMO = True
    kind(request.getfixturevalue)
    settings.DEMO = is_demo
    vouch()
    sign_in(type(official).objects.get(pk=official.pk))

    for page in (address(course, "en"), "/en/learning/"):
        found = taken(client, page)
        assert len(found) <= MOST, found


def test_so_do_they_in_a_country_with_a_draft_mark(
    settings, client, sign_in, official, enrolment, course, at, vouch, countries
):
    settings.DEMO = True
    vouch()
    fail(enrolment, at)
    countries["HT"].contacts.filter(kind="referral").delete()
    sign_in(official)

    found = taken(client, address(course, "en"))

    assert len(found) <= MOST, found
    assert "Draft for your country" in client.get(address(course, "en")).content.decode()


def test_the_mark_follows_a_number_at_once(settings, client, sign_in, official, enrolment, course, vouch, countries):
    settings.DEMO = True
    vouch()
    sign_in(official)
    page = address(course, "en")
    before = client.get(page).content.decode()

    number = PublicContact.objects.get(country="HT", kind="referral")
    number.checked_at = timezone.localdate() - dt.timedelta(days=99)
    number.save()

    assert "Draft for your country" not in before
    assert "Draft for your country" in client.get(page).content.decode()
