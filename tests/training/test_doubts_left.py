"""A word on a sending on which the deadline of another group rests; and what a deadline in doubt is told by."""

import datetime as dt

import pytest

from accounts.rules import allowed
from tests.training.cohorts import cohort, member, trainer
from tests.training.test_doubts import DAY, MINUTE, PAGE, device, due, late, press, rows, send
from training import actions
from training.choices import Road, Verdict
from training.models import Cohort, Enrolment, Event, Learner, Look, Member
from training.queries.deadlines import deadlines_in_doubt, rests_on
from training.queries.doubts import is_left_to_others
from training.rules import RULES

__all__ = ["cohort", "device", "due", "late", "member", "send", "trainer"]
LEFT = "The deadline of another group rests on it"


@pytest.fixture
def other(cohort, member, person, countries, course, late, at):
    """A trainer in Haiti in whose group the member is too, without a deadline there."""
    found = person("trainer", country=countries["HT"], name="Trainer, elsewhere")
    facts = {"name": "Evening group", "begins_on": at.date() - 7 * DAY, "place": ""}
    group = actions.make_cohort(
        course=course, country=countries["HT"], trainers=[found], by=found, at=at, language_codes="fr", **facts
    )
    users = [member.enrolment.learner.user]
    actions.add_members(cohort=group, users=users, road=Road.FILE, by=found, at=at)
    return found


def test_a_deadline_of_a_group_that_is_not_hers_is_left_to_who_runs_it(sign_in, other, trainer, manager, cohort, late):
    (hers,) = rows(client := sign_in(other))
    (own,) = rows(sign_in(trainer))
    answer = press(sign_in(other), own, "wrong")

    assert (LEFT in hers.get_text(), cohort.name in hers.get_text(), hers.select_one("form")) == (True, False, None)
    assert LEFT in client.get(answer["Location"]).content.decode()
    assert not Look.objects.exists()
    for who, verdict in ((trainer, "wrong"), (manager, "right")):
        (row,) = rows(sign_in(who), f"{PAGE}?looked=1" if Look.objects.exists() else PAGE)
        press(client, row, verdict)
        assert (Look.objects.get().by, Look.objects.get().verdict) == (who, verdict)


def test_where_no_deadline_elsewhere_can_rest_on_it_any_of_her_trainers_says_whether_it_is_right(
    sign_in, other, cohort, late
):
    Cohort.objects.filter(pk=cohort.pk).update(due_on=late.date() + DAY)  # it came before this one was over
    (row,) = rows(client := sign_in(other))

    press(client, row, "right")

    assert Look.objects.get().by == other


def members_of(cohort):
    return Member.objects.filter(cohort=cohort).select_related("cohort__country", "enrolment__progress")


@pytest.fixture
def joined(cohort, member, late):
    """The learner of a progress code whose work in the course was joined to the member's: the doubted ends came by it."""
    hers = Enrolment.objects.get(pk=member.enrolment_id)
    code = Learner.objects.create(code_hmac="x", country=cohort.country, merged_into=hers.learner)
    enrolment = Enrolment.objects.create(
        learner=code, course=hers.course, version=hers.version, started_at=hers.started_at, merged_into=hers
    )
    Event.objects.exclude(flags="").update(enrolment=enrolment, learner=code)
    return code


def test_what_came_by_a_code_that_was_joined_to_an_enrolment_is_in_doubt_there(cohort, member, joined):
    assert deadlines_in_doubt(members_of(cohort)) == {member.pk: "waits"}


def test_the_deadline_that_rests_on_what_came_by_a_joined_code_is_named_and_left_to_who_runs_its_group(
    sign_in, trainer, other, cohort, joined, late
):
    (own,), (hers,) = (rows(sign_in(who)) for who in (trainer, other))

    assert (cohort.name in own.get_text(), LEFT in own.get_text()) == (True, False)
    assert (LEFT in hers.get_text(), hers.select_one("form")) == (True, None)
    assert is_left_to_others(other, joined, late)


def test_a_deadline_can_rest_on_what_came_the_instant_it_was_over_and_not_on_what_came_before(cohort, late, due):
    (one,) = members_of(cohort)

    assert [rests_on(one, due + dt.timedelta(microseconds=step)) for step in (-1, 0)] == [False, True]


def test_a_deadline_waits_where_of_two_doubted_times_one_is_wrong_and_nobody_looked_at_the_other(
    cohort, member, send, late, at, manager
):
    send(0, 1, 2, 3, told=at - 2 * DAY, came=late + MINUTE)
    learner = member.enrolment.learner
    Look.objects.create(learner=learner, received_at=late, verdict=Verdict.WRONG, by=manager, at=late)

    assert deadlines_in_doubt(members_of(cohort)) == {member.pk: "waits"}


@pytest.mark.parametrize("role", ["trainer", "manager"])
def test_a_word_on_a_doubt_is_for_another_person_of_the_same_country(person, countries, official, role):
    looks, abroad = (person(role, country=countries[code]) for code in ("HT", "TN"))

    told = [allowed(*one) for one in (
        (looks, RULES, "look_at_doubt", official),
        (abroad, RULES, "look_at_doubt", official),
        (looks, RULES, "look_at_doubt", looks),
    )]  # fmt: skip

    assert told == [True, False, False]


@pytest.mark.parametrize("came", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_an_instant_beyond_every_calendar_is_no_sending(sign_in, trainer, member, late, came):
    address = f"{PAGE}{member.enrolment.learner.public_id}/"

    answer = sign_in(trainer).post(address, {"received_at": came, "verdict": "right"})

    assert answer.status_code == 404
