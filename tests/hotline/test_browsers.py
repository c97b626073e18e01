"""Whom nothing but a browser reaches: the proof of a roster counts on her where it was tried lately, and warns of the others."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hotline import actions
from hotline.models import BrowserTrial, Line, OperatorState, Shift
from hotline.queries.browsers import TRIED, untried_by_line
from hotline.queries.duty import roster_gaps, targets_now
from hotline.queries.lines import line_called, memory
from hotline.queries.telephones import Reach, reach_of
from tests.hotline.browser import live_line, works_in_browser  # noqa: F401 -- fixture
from tests.hotline.telephones import REAL

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def tried(live, operator, at):
    """Let the operator of the live line work in her browser, tried at some time with some result; return how."""
    Line.objects.update(language_keys="1:en")
    live.refresh_from_db()
    Shift.objects.update(starts_at=at, ends_at=at + dt.timedelta(days=6))
    works_in_browser(operator, at)

    def tried(ended_at, result="good"):
        told = {"begun_at": at - 2 * TRIED, "ended_at": ended_at, "result": result}
        BrowserTrial.objects.update_or_create(operator=OperatorState.objects.get(user=operator), defaults=told)

    return tried


def counts(live, at):
    """Tell whether the proof finds somebody now, and of how many it warns."""
    is_bare_now = any(gap.kind == "nobody" and gap.starts_at <= at for gap in roster_gaps(live, at, days=3))
    return not is_bare_now, len(untried_by_line([live], at).get(live.pk, []))


def test_a_browser_counts_for_fourteen_days_after_the_trial_that_it_passed(live, tried, operator, at):
    assert counts(live, at) == (False, 1)

    for ended_at, result, expected in (
        (at - TRIED + SECOND, "good", (True, 0)), (at - SECOND, "weak", (True, 0)), (at - TRIED - SECOND, "good", (False, 1)),
        (at - SECOND, "bad_line", (False, 1)), (at - SECOND, "practice", (False, 1)), (None, "", (False, 1)),
    ):  # fmt: skip
        tried(ended_at, result)
        assert counts(live, at) == expected, (ended_at, result)


def test_who_is_at_the_console_is_offered_calls_whenever_her_browser_was_tried(live, tried, operator, at):
    tried(at - 2 * TRIED)

    assert targets_now(line_called("2883"), "en", at).speakers == (operator.pk,)


def test_who_has_a_verified_telephone_as_well_is_counted_on(live, tried, operator, at):
    actions.set_telephone(user=operator, number="+231770123456", by=operator, at=at)
    OperatorState.objects.filter(user=operator).update(phone_verified_at=at, uses_phone=True)

    assert counts(live, at) == (True, 0)


def test_hers_rings_on_a_shift_on_which_her_browser_was_not_tried_as_the_proof_says(live, tried, operator, at):
    tried(at - 2 * TRIED)
    actions.set_telephone(user=operator, number="+231770123456", by=operator, at=at)
    OperatorState.objects.filter(user=operator).update(phone_verified_at=at, uses_phone=True, state="off")
    assert counts(live, at) == (True, 0)

    actions.set_presence(user=operator, state="ready", by=operator, at=at)

    assert reach_of(OperatorState.objects.get(user=operator), REAL) == Reach.PHONE


def test_on_a_practice_line_nobody_is_warned_of(line, operator, at):
    works_in_browser(operator, at)

    assert counts(line, at) == (True, 0)


def test_the_roster_names_her_and_says_what_to_do(live, tried, operator, supervisor, sign_in, at, time_machine):
    time_machine.move_to(at)
    page = sign_in(supervisor).get(reverse("hotline:roster")).content.decode()

    warning = page.partition("Reached in a browser alone, which was not tried in the last 14 days:")[2].partition(
        "</div>"
    )[0]
    assert operator.get_short_name() in warning
    assert "The proof below does not count on their shifts." in warning
    assert "without a verified telephone" not in page


def test_however_many_they_are_the_queries_are_as_many(live, tried, person, liberia, at):
    assert live.account == REAL

    def asked():
        memory()
        with CaptureQueriesContext(connection) as queries:
            people = len(untried_by_line([live], at)[live.pk])
            roster_gaps(live, at)
        return people, len(queries)

    one = asked()
    for number in range(3):
        user = person("operator", country=liberia, name=f"Operator {number}")
        Shift.objects.create(line=live, user=user, starts_at=at, ends_at=at + dt.timedelta(hours=6))
        OperatorState.objects.create(user=user, state="ready", since=at, in_browser=True, token=f"t{number}")

    assert (one[0], asked()) == (1, (4, one[1]))
