"""Escalations: each fires once, its letter says nothing, many at once make one letter."""

import datetime as dt

from accounts import actions as accounts
from accounts.models import Letter
from referral import actions, tasks
from referral.actions import escalations
from referral.models import CaseEvent, Escalation, RoleAssignment, StepRun
from referral.queries.work import told_to


def test_each_escalation_fires_once_with_two_workers(late, supervisor):
    case, first = late
    mine, theirs = escalations.claim(at=first.at), escalations.claim(at=first.at)

    fired = [escalations.fire(escalation=row, at=first.at) for row in [*mine, *theirs, *mine]]

    assert (len(mine), theirs, fired) == (1, [], [True, False])
    assert CaseEvent.objects.filter(case=case, kind="escalated").count() == 1
    assert Letter.objects.filter(key__startswith="escalation").count() == 1


def test_a_claim_of_a_killed_worker_runs_out(late, supervisor):
    _case, first = late
    escalations.claim(at=first.at)

    assert tasks.fire_escalations(first.at + dt.timedelta(minutes=1)) == 0
    assert tasks.fire_escalations(first.at + dt.timedelta(minutes=2)) == 1
    assert tasks.fire_escalations(first.at + dt.timedelta(minutes=3)) == 0


def test_a_letter_says_nothing_and_speaks_its_readers_language(late, person, liberia):
    case, first = late
    french = person("supervisor", country=liberia, language="fr")

    tasks.fire_escalations(first.at)

    letter = Letter.objects.get(receiver=accounts.thing_id(french))
    assert letter.language == "fr"
    text = accounts.open_letter(letter).text
    assert "/fr/cases/work-list/" in text
    for said in (case.code, "screening", "Screen for indicators", "Montserrado"):
        assert said not in text + letter.subject


def test_reassign_moves_the_step_to_the_role(late, supervisor):
    _case, first = late
    second = Escalation.objects.get(run=first.run, action="reassign")

    tasks.fire_escalations(second.at)

    assert StepRun.objects.get(pk=first.run_id).acting_role == "coordinator"


def test_nobody_on_duty_goes_to_the_supervisor_who_sees_the_hole(late, supervisor, liberia):
    _case, first = late
    RoleAssignment.objects.create(country=liberia, role="coordinator", staff_role="analyst")

    tasks.fire_escalations(first.at)

    told = Escalation.objects.get(pk=first.pk)
    assert (told.told_role, told.was_hole) == ("supervisor", True)
    assert Letter.objects.filter(receiver=accounts.thing_id(supervisor)).count() == 1


def test_a_step_that_was_done_in_time_tells_nobody(late, operator, supervisor, keys):
    case, first = late
    done = first.at - dt.timedelta(minutes=1)
    actions.complete_step(case=case, run=first.run.number, key=next(keys), by=operator, at=done)

    assert tasks.fire_escalations(first.at) == 0
    assert Letter.objects.count() == 0


def test_a_closed_case_tells_nobody(late, operator, supervisor, at, keys):
    case, first = late
    actions.close_case(
        case=case, reason="lost_contact", outcome="not_known", feedback_asked=False, key=next(keys), by=operator, at=at
    )

    assert tasks.fire_escalations(first.at) == 0


def letters_about_the_list():
    return Letter.objects.filter(key__startswith="escalation:").count()


def test_many_rows_at_once_make_one_letter_and_what_came_later_is_told_after_a_quiet_time(late, supervisor, at):
    case, first = late
    minute = dt.timedelta(minutes=1)
    for number in range(3):
        actions.tell(case=case, run=first.run.number, rule=f"conflict:{number}", role="coordinator", at=at)
    tasks.fire_escalations(at)
    actions.tell(case=case, run=first.run.number, rule="blocked", role="coordinator", at=at)
    tasks.fire_escalations(at + minute)

    assert (told_to(supervisor).count(), letters_about_the_list()) == (4, 1)
    tasks.end_silences(at + 15 * minute)
    assert letters_about_the_list() == 1
    tasks.end_silences(at + 16 * minute)
    tasks.end_silences(at + 17 * minute)
    assert letters_about_the_list() == 2


def test_what_was_seen_in_the_quiet_time_makes_no_letter(late, supervisor, at):
    case, first = late
    for number in range(2):
        actions.tell(case=case, run=first.run.number, rule=f"conflict:{number}", role="coordinator", at=at)
        tasks.fire_escalations(at + dt.timedelta(minutes=number))
    actions.mark_seen(told=told_to(supervisor), by=supervisor, at=at)

    tasks.end_silences(at + dt.timedelta(hours=1))

    assert letters_about_the_list() == 1
