"""My learning and the course page tell of a certificate that ran out, soon will, or was withdrawn, and what can be done."""

import re

import pytest
import time_machine

from accounts.models import User
from tests.training.answers import address
from tests.training.finishing import finish
from tests.training.test_renewal import day, finished
from tests.training.test_views_cost import asked
from training import actions
from training.models import Certificate

pytestmark = pytest.mark.either

PAGES = ["learning", "course"]

__all__ = ["day", "finished"]


@pytest.fixture
def told(official, course, sign_in):
    """A function that returns what a page tells her of her certificates on a day, and where that leads."""

    def read(page, when):
        where = {"learning": "/en/learning/", "course": address(course)}[page]
        with time_machine.travel(when, tick=False):
            html = sign_in(official).get(where).content.decode()
        parts = re.findall(r'data-part="certificate-(\w+)">(.*?)</div></div>', html, re.DOTALL)
        return {
            state: (" ".join(re.sub(r"<[^>]+>", " ", part).split()), re.findall(r'href="([^"]+)"', part))
            for state, part in parts
        }

    return read


@pytest.mark.parametrize("page", PAGES)
def test_one_that_ran_out_is_told_once_for_both_kinds_with_the_way_to_the_test(finished, course, told, day, page):
    (words, links) = told(page, day(366))["expired"]

    assert words.count("ran out on") == 2
    assert "Certificate of achievement: ran out on 25 November 2027." in words
    assert "What you have done stays done." in words
    assert links == [f"{address(course)}#test"]


@pytest.mark.both
@pytest.mark.parametrize("page", PAGES)
def test_one_is_told_from_ninety_days_before_its_end_and_not_earlier(finished, course, told, day, page):
    last_day_of_silence, first_day = told(page, day(274)), told(page, day(276))

    assert last_day_of_silence == {}
    assert "Certificate of completion: runs out on 25 November 2027." in first_day["soon"][0]
    assert first_day["soon"][1] == [f"{address(course)}#test"]


@pytest.mark.parametrize("page", PAGES)
def test_once_it_is_renewed_nothing_is_told(finished, official, course, told, day, page):
    finish(official, course, day(300), lessons=0)

    assert told(page, day(370)) == {}


@pytest.mark.parametrize("page", PAGES)
def test_one_that_was_withdrawn_leads_to_its_reason_and_the_other_kind_is_not_named(
    finished, manager, told, day, page
):
    row = Certificate.objects.get(kind="achievement")
    actions.withdraw_certificate(certificate=row, by=manager, reason="in_error", at=day(3))

    found = told(page, day(4))

    assert found == {
        "withdrawn": (
            "Certificate of achievement: withdrawn on 28 November 2026. "
            "Read why, and what you can do now: My certificates",
            ["/en/learning/certificates/"],
        )
    }


def test_one_written_anew_for_its_name_is_no_news(finished, official, manager, told, day):
    User.objects.filter(pk=official.pk).update(name="Official Anew, Haiti")
    row = Certificate.objects.get(kind="achievement")
    actions.withdraw_certificate(certificate=row, by=manager, reason="name_wrong", at=day(3))

    assert told("learning", day(4)) == {}


@pytest.mark.both
def test_of_those_that_were_withdrawn_the_last_one_is_told(finished, official, course, manager, told, day):
    finish(official, course, day(300), lessons=0)
    rows = Certificate.objects.filter(kind="achievement").order_by("-attained_at")
    for days, row in zip((310, 320), rows, strict=True):
        actions.withdraw_certificate(certificate=row, by=manager, reason="in_error", at=day(days))

    assert "Certificate of achievement: withdrawn on 1 October 2027." in told("learning", day(330))["withdrawn"][0]


@pytest.mark.both
@pytest.mark.parametrize("page", PAGES)
def test_telling_it_costs_no_query(client, finished, official, manager, course, sign_in, day, page):
    where = {"learning": "/en/learning/", "course": address(course)}[page]
    actions.withdraw_certificate(
        certificate=Certificate.objects.get(kind="achievement"), by=manager, reason="in_error", at=day(3)
    )
    with time_machine.travel(day(300), tick=False):
        statements = asked(sign_in(official), where)

    assert len(statements) <= 8, statements
