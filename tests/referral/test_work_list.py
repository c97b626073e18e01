"""The work list: what a person was told, in words; what is left to do; what is named to whom."""

import datetime as dt
import re

from referral import actions, tasks
from referral.models import Escalation, StepRun
from referral.queries.timeline import timeline_of
from referral.queries.work import told_to, work_count, work_list


def test_the_role_has_a_row_in_its_work_list_and_a_count_until_it_was_seen(late, supervisor, at):
    case, first = late
    tasks.fire_escalations(first.at)

    row = work_list(supervisor, "en", first.at)[0]
    assert (row.case, row.told, work_count(supervisor, first.at)) == (case, (first,), 1)
    actions.mark_seen(told=[first], by=supervisor, at=first.at)

    assert work_count(supervisor, first.at) == 0


def test_a_row_says_what_was_done_about_a_late_step_in_a_sentence(late, supervisor):
    _case, first = late
    second = Escalation.objects.get(run=first.run, action="reassign")

    tasks.fire_escalations(second.at)

    (row,) = work_list(supervisor, "en", second.at)
    ministry = "TIP Secretariat, Ministry of Labour (chair of the National Anti-Human Trafficking Taskforce)"
    assert row.is_late
    assert row.said == (
        f"{ministry} does not know yet: please tell them yourself.",
        f"To be handed over by you to: {ministry}.",
    )


def test_the_history_says_who_in_the_house_was_told_and_what_is_left_to_do(late, supervisor):
    case, first = late
    second = Escalation.objects.get(run=first.run, action="reassign")

    tasks.fire_escalations(second.at)

    told = [entry.words for entry in timeline_of(case, "en") if entry.words.startswith("Told: ")]
    assert [words.partition(",")[0] for words in told] == ["Told: Supervisor", "Told: Supervisor"]
    assert any("does not know yet: please tell them yourself." in words for words in told)
    assert any("To be handed over by you to: TIP Secretariat" in words for words in told)


def test_what_a_row_of_this_house_tells_names_nobody_outside(late, operator, at):
    case, first = late
    actions.tell(case=case, run=first.run.number, rule="facts_changed", role="hotline", at=at)

    tasks.fire_escalations(at)

    told = next(entry.words for entry in timeline_of(case, "en") if entry.words.startswith("Told: "))
    assert told.startswith("Told: Hotline operator, about ")
    assert "yet" not in told


def test_operators_see_only_what_concerns_their_cases(late, person, liberia, operator):
    case, first = late
    stranger = person("operator", country=liberia)
    actions.tell(case=case, run=first.run.number, rule="facts_changed", role="hotline", at=first.at)

    tasks.fire_escalations(first.at)

    assert told_to(operator).count() == 1
    assert told_to(stranger).count() == 0


def test_danger_that_cannot_be_learnt_goes_to_the_safety_plan_and_tells_the_supervisor(new_case, open_run, operator, at, keys):  # fmt: skip
    case = new_case(facts={"immediate_danger": None})

    actions.complete_step(case=case, run=open_run(case, "screening").number, key=next(keys), by=operator, at=at)

    assert open_run(case, "safety")
    told = Escalation.objects.get(rule="danger_unknown")
    assert (told.to_role, told.run.step_key) == ("coordinator", "danger")


def test_a_fact_that_changes_later_tells_the_role_and_moves_nothing(at_referrals, agency, operator, at, keys):
    case = at_referrals(agency("Listening room", "psychosocial"))
    before = list(StepRun.objects.filter(case=case).values_list("number", "state"))

    actions.answer(case=case, facts={"age": 16}, source="call", key=next(keys), by=operator, at=at)

    assert list(StepRun.objects.filter(case=case).values_list("number", "state")) == before
    assert Escalation.objects.get(rule__startswith="facts_changed:").to_role == "hotline"


def test_the_work_list_names_agency_and_need_only_to_who_has_the_case(
    at_referrals, agency, open_run, operator, supervisor, at, keys, sign_in
):
    house = agency("Safe house A", "shelter")
    case = at_referrals(house)
    actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)

    pages = [sign_in(person).get("/en/cases/work-list/").content.decode() for person in (operator, supervisor)]

    assert [case.code in page for page in pages] == [True, True]
    assert ["Safe house A" in page for page in pages] == [True, False]
    assert ["A safe place to stay" in page for page in pages] == [True, False]


def test_a_step_has_one_row_and_counts_once_and_its_button_takes_off_only_what_was_seen(
    late, supervisor, sign_in, now
):
    case, first = late
    second = Escalation.objects.get(run=first.run, action="reassign")
    tasks.fire_escalations(second.at)
    now.move_to(second.at)
    client = sign_in(supervisor)
    page = client.get("/en/cases/work-list/").content.decode()
    rows = re.findall(r'name="row" value="(\d+)"', page)
    actions.tell(case=case, run=first.run.number, rule="blocked", role="coordinator", at=second.at)
    tasks.fire_escalations(second.at)

    client.post("/en/cases/work-list/", {"row": rows})

    assert (page.count(case.code + "</bdi>"), sorted(map(int, rows))) == (1, sorted([first.pk, second.pk]))
    assert [told.rule for told in told_to(supervisor)] == ["blocked"]
    assert work_count(supervisor, second.at) == 1


def test_the_same_sentence_stands_once_in_a_row_and_an_ended_step_says_so(late, operator, sign_in, at, keys, now):
    case, first = late
    for number in (2, 3):
        actions.tell(case=case, run=first.run.number, rule=f"code:{number}", role="hotline", at=at)
    tasks.fire_escalations(at)
    now.move_to(at)
    client = sign_in(operator)
    before = client.get("/en/cases/work-list/").content.decode()
    later = at + dt.timedelta(minutes=5)
    actions.complete_step(case=case, run=first.run.number, key=next(keys), by=operator, at=later)
    after = client.get("/en/cases/work-list/").content.decode()

    assert before.count("Give the agency its six digits by phone.") == 1
    assert ["The step has ended since" in page for page in (before, after)] == [False, True]


def test_what_is_not_on_ones_list_is_not_taken_off(late, supervisor, sign_in, now):
    _case, first = late
    tasks.fire_escalations(first.at)
    now.move_to(first.at)

    for row in ("", "x", "9" * 30, str(first.pk + 999)):
        assert sign_in(supervisor).post("/en/cases/work-list/", {"row": row}).status_code == 404


def test_a_supervisor_reads_who_has_a_case_that_waits_for_an_agency(
    at_referrals, agency, open_run, operator, supervisor, at, keys, sign_in
):
    house = agency("Safe house A", "shelter")
    case = at_referrals(house)
    actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)

    page = sign_in(supervisor).get("/en/cases/work-list/").content.decode()

    waiting = page[page.index('id="answers"') :]
    assert operator.name in waiting
    assert "Agency and need are named to those who have the case." in waiting
    assert '<th scope="col">Agency</th>' not in waiting


def test_a_late_step_that_was_told_too_is_one_row_and_counts_once(late, operator):
    case, first = late
    run = StepRun.objects.get(pk=first.run_id)
    actions.tell(case=case, run=run.number, rule="facts_changed", role="hotline", at=run.due_at)
    later = run.due_at + dt.timedelta(seconds=1)

    tasks.fire_escalations(later)

    rows = [row for row in work_list(operator, "en", later) if row.run == run and row.kind != "question"]
    assert [row.kind for row in rows] == ["told"]
    assert work_count(operator, later) == len(work_list(operator, "en", later))
