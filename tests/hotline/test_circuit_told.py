"""An account at the provider that does not answer: the console tells it, and that a call was taken meanwhile."""

import pytest
from django.urls import reverse

from hotline import actions
from hotline.actions.circuit import note_answer, note_failure
from hotline.models import Line
from hotline.queries.lines import memory
from hotline.queries.pulse import change_mark
from tests.hotline.browser import live_line, real_network, works_in_browser  # noqa: F401 -- fixtures
from tests.hotline.telephones import REAL, verify
from tests.hotline.thirds import conversation_with_an_operator, plain  # noqa: F401 -- fixtures

pytestmark = pytest.mark.django_db
CONSOLE, LIVE = reverse("hotline:console"), reverse("hotline:console_live")
TOLD = "Telephones cannot be rung now: the telephone provider does not answer."
NOT_RUNG, NOT_INTO = "Your telephone does not ring yet", "nobody can be rung into this call now"
JOINS = "Your browser still joins the calls that you take."


def fail(account, at, times=5):
    for _time in range(times):
        note_failure(account, at=at)


def test_the_console_says_it_while_the_account_is_left_alone_and_no_longer(desk, live, operator, clock):
    before = change_mark(operator, at=clock.now)
    fail(REAL, clock.now, 4)
    assert desk.get(LIVE, {"seen": before}).status_code == 204
    fail(REAL, clock.now, 1)

    for page in (desk.get(LIVE, {"seen": before}), desk.get(CONSOLE)):
        assert TOLD in plain(page)
        assert "does not count as missed" in plain(page)
        assert JOINS not in plain(page)
    seen = change_mark(operator, at=clock.now)
    assert desk.get(LIVE, {"seen": seen}).status_code == 204

    note_answer(REAL)
    assert TOLD not in plain(desk.get(LIVE, {"seen": seen}))
    fail(REAL, clock.now)
    clock.move(seconds=11)  # from now on it may be asked again
    assert TOLD not in plain(desk.get(LIVE, {"seen": seen}))


def test_an_account_of_no_line_of_the_country_is_no_matter(desk, live, operator, clock):
    before = change_mark(operator, at=clock.now)
    fail("AC" + "5" * 32, clock.now)

    assert change_mark(operator, at=clock.now) == before
    assert TOLD not in plain(desk.get(CONSOLE))


def test_a_call_that_is_taken_meanwhile_says_that_nothing_rings_yet(desk, real, operator, clock):
    verify(operator, clock.now)
    contact = real.queued()
    actions.take_call(contact=contact, by=operator, at=clock.now)
    assert NOT_RUNG not in plain(desk.get(CONSOLE))
    fail(REAL, clock.now)

    assert NOT_RUNG in plain(desk.get(CONSOLE))
    contact.legs.filter(role="operator").update(call_sid="CA" + "7" * 32)  # a probe got through
    assert NOT_RUNG not in plain(desk.get(CONSOLE))


def test_who_works_in_the_browser_is_told_that_it_still_joins(desk, real, operator, clock):
    works_in_browser(operator, clock.now)
    contact = real.queued()
    actions.take_call(contact=contact, by=operator, at=clock.now)
    fail(REAL, clock.now)

    page = plain(desk.get(CONSOLE))
    assert (TOLD in page, JOINS in page, NOT_RUNG in page) == (True, True, False)


def test_in_a_call_nobody_can_be_rung_meanwhile(desk, talk, clock):
    Line.objects.update(account=REAL, is_practice=False)
    memory()
    talk.legs.update(account=REAL)
    assert NOT_INTO not in plain(desk.get(CONSOLE))
    fail(REAL, clock.now)

    assert NOT_INTO in plain(desk.get(CONSOLE))
