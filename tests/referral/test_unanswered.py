"""A question that nobody answers is late, and is told to whoever has the case, then to the supervisor."""

import datetime as dt

import pytest

from referral import actions, tasks
from referral.models import Escalation, StepRun
from referral.queries.cases import listed, own_cases
from referral.queries.runs import deadlines_view
from referral.queries.work import told_to, work_count, work_list

HOURS = dt.timedelta(hours=1)


@pytest.fixture
def asking(new_case, open_run, operator, at, keys):
    """A factory of cases that stand at a gate with a question: asking(facts)."""

    def make(facts):
        case = new_case(facts=facts)
        actions.complete_step(case=case, run=open_run(case, "screening").number, key=next(keys), by=operator, at=at)
        return case, StepRun.objects.get(case=case, state="asking")

    return make


@pytest.mark.parametrize(
    ("facts", "step", "hours"),
    [({}, "danger", 4), ({"immediate_danger": False}, "agegate", 24), ({"immediate_danger": True}, "agegate", 4)],
)
def test_a_question_has_a_time_that_is_a_default_and_the_owner_hears_before_the_supervisor(
    facts, step, hours, new_case, open_run, operator, supervisor, at, keys
):
    case = new_case(facts=facts)
    for name in ("screening", "emergency", "safety"):
        for run in StepRun.objects.filter(case=case, step_key=name, state="open"):
            ends = {"case": case, "run": run.number, "by": operator, "at": at}
            if run.kind == "referral":
                actions.decide(outcome="accepted", key=next(keys), **ends)
            else:
                actions.complete_step(key=next(keys), **ends)
        for run in StepRun.objects.filter(case=case, kind="handover", state="open"):
            actions.finish(case=case, run=run.number, key=next(keys), by=operator, at=at)
    run = StepRun.objects.get(case=case, state="asking")
    due = at + hours * HOURS

    assert (run.step_key, run.due_at, run.basis) == (step, due, "default")
    rows = Escalation.objects.filter(run=run).order_by("at").values_list("to_role", "at")
    assert list(rows) == [("hotline", due), ("supervisor", due + hours * HOURS / 2)]


def test_the_worker_tells_first_the_owner_then_the_supervisor(asking, operator, supervisor, at):
    case, run = asking({})
    for hour in range(8):
        for job in tasks.JOBS:
            job(at + hour * HOURS)
        if hour == 4:
            assert [told_to(user).filter(run=run).count() for user in (operator, supervisor)] == [1, 0]

    assert [told_to(user).filter(run=run).count() for user in (operator, supervisor)] == [1, 1]
    (row,) = [row for row in work_list(supervisor, "en", at + 8 * HOURS) if row.case == case]
    assert (row.is_late, row.is_asking, row.was_hole, row.said) == (True, True, False, ())


def test_a_late_question_is_one_row_of_its_owner_marked_as_a_default(asking, operator, at, now, sign_in):
    case, run = asking({})
    later = run.due_at + dt.timedelta(seconds=1)
    kinds = {moment: [row.kind for row in work_list(operator, "en", moment)] for moment in (at, later)}

    assert kinds == {at: ["question"], later: ["late"]}
    assert work_count(operator, later) == work_count(operator, at) == 1
    assert listed(own_cases(operator), operator, later).get().late_steps == 1
    (line,) = [line for line in deadlines_view(case, "en", later) if line.run == run.number]
    assert (line.is_late, line.basis) == (True, "default")
    tasks.fire_escalations(later)
    now.move_to(later)
    page = sign_in(operator).get("/en/cases/work-list/").content.decode()
    assert page.count(case.code + "</bdi>") == 1
    assert "A question is open" in page
    assert "default, not law" in page


def test_a_question_that_was_answered_in_time_tells_nobody(asking, operator, supervisor, at, keys):
    case, run = asking({})
    actions.answer(
        case=case, facts={"immediate_danger": False}, source="call", key=next(keys), by=operator, at=run.due_at - HOURS
    )

    tasks.fire_escalations(run.due_at + 6 * HOURS)

    assert not Escalation.objects.filter(run=run).exists()
    assert StepRun.objects.get(pk=run.pk).due_at == run.due_at


def test_other_answers_meanwhile_do_not_move_its_time(asking, operator, at, keys):
    case, run = asking({})

    actions.answer(case=case, facts={"sex": "female"}, source="call", key=next(keys), by=operator, at=at + 3 * HOURS)

    assert StepRun.objects.get(pk=run.pk).due_at == run.due_at == at + 4 * HOURS
