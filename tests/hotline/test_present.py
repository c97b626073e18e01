"""Who is at work without a shift: the router counts on her as her console shows her the call."""

import datetime as dt

import pytest

from hotline import actions
from hotline.models import Line, OperatorState, Shift
from hotline.queries import roster_gaps, targets_now
from hotline.queries.lines import line_by_id
from tests.hotline.telephones import REAL, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def present(operator):
    """The operator is ready, her console open, and the roster is empty."""
    Shift.objects.all().delete()
    return operator


def kind(line, at, language="fr"):
    return targets_now(line_by_id(line.pk), language, at).kind


def test_whoever_is_ready_with_the_console_open_is_counted_on(line, present, at):
    assert kind(line, at) == "speaker"
    assert kind(line, at, "ar") == "other"


def test_a_console_closed_for_a_minute_and_a_half_counts_no_more(line, present, at):
    assert kind(line, at + dt.timedelta(seconds=89)) == "speaker"
    assert kind(line, at + dt.timedelta(seconds=90)) == "nobody"


@pytest.mark.parametrize("state", ["off", "break", "debrief"])
def test_who_is_away_is_not_counted_on(line, present, at, state):
    actions.set_presence(user=present, state=state, by=present, at=at)

    assert kind(line, at) == "nobody"


def test_people_of_another_country_are_not_counted_on(line, haiti, person, at):
    other = person("operator", country=haiti, spoken="fr")
    actions.set_presence(user=other, state="ready", by=other, at=at)

    assert kind(line, at) == "nobody"


def test_an_account_that_was_ended_is_not_counted_on(line, present, at):
    present.is_active = False
    present.save()

    assert kind(line, at) == "nobody"


def test_a_live_line_counts_only_on_a_telephone_that_can_ring(line, present, at, settings):
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = f"{settings.TWILIO_ACCOUNT_SID},{REAL}", ""
    Line.objects.update(account=REAL, is_practice=False)

    assert kind(line, at) == "nobody"
    verify(present, at)
    assert kind(line, at) == "speaker"


def test_somebody_on_shift_who_is_ready_is_one_person(line, operator, at):
    assert targets_now(line_by_id(line.pk), "fr", at).speakers == (operator.pk,)


def test_the_shift_and_who_is_at_work_are_one_statement(line, operator, at, django_assert_num_queries):
    facts = line_by_id(line.pk)

    with django_assert_num_queries(1):
        targets_now(facts, "fr", at)


def test_the_proof_of_the_roster_still_knows_only_shifts(line, present, at):
    assert any(gap.language == "fr" and gap.kind == "nobody" for gap in roster_gaps(line, at, 1))


def test_the_caller_waits_for_her_and_is_told_nothing_false(network, present):
    network.call()
    reply = network.step("language", 1, Digits="2")

    assert network.contact.state == "waiting"
    assert "Personne" not in reply.said()


def test_the_console_names_a_colleague_who_is_at_work(network, present, person, liberia, sign_in, at):
    colleague = person("operator", country=liberia, language="en")
    actions.set_presence(user=colleague, state="ready", by=colleague, at=at)
    OperatorState.objects.filter(user__in=[present, colleague]).update(seen_at=dt.datetime.now(dt.UTC))
    network.call()
    network.step("language", 1, Digits="2")

    page = sign_in(colleague).get("/en/console/").content.decode()

    assert "A colleague on duty speaks it" in page
