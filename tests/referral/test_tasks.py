"""The worker's jobs: each escalation fires once, letters say nothing, offers and waits end in time."""

import datetime as dt

import pytest

from accounts import actions as accounts
from accounts.models import Letter
from referral import actions, tasks
from referral.actions import escalations
from referral.models import CaseEvent, Escalation, Notice, Referral, RoleAssignment, StepRun
from referral.queries.timeline import timeline_of
from referral.queries.work import due_notices, told_to, work_count, work_list


@pytest.fixture
def late(new_case, open_run):
    """A case whose screening is late, with the moment of its first escalation."""
    case = new_case(facts={})
    first = Escalation.objects.filter(run=open_run(case, "screening")).earliest("at")
    return case, first


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
    assert "/fr/cases/work/" in text
    for said in (case.code, "screening", "Screen for indicators", "Montserrado"):
        assert said not in text + letter.subject


def test_the_role_has_a_row_in_its_work_list_and_a_count_until_it_was_seen(late, supervisor, at):
    case, first = late
    tasks.fire_escalations(first.at)

    row = work_list(supervisor, "en", first.at)[0]
    assert (row.case, row.escalation, work_count(supervisor, first.at)) == (case, first, 1)
    actions.mark_seen(escalation=first, by=supervisor, at=first.at)

    assert work_count(supervisor, first.at) == 0


def test_a_row_says_what_was_done_about_a_late_step_in_a_sentence(late, supervisor):
    _case, first = late
    second = Escalation.objects.get(run=first.run, action="reassign")

    tasks.fire_escalations(second.at)

    said = {row.escalation.action: row.words for row in work_list(supervisor, "en", second.at)}
    ministry = "TIP Secretariat, Ministry of Labour (chair of the National Anti-Human Trafficking Taskforce)"
    assert said["notify"] == f"Told: Supervisor. {ministry} does not know yet: please tell them yourself."
    assert said["reassign"] == f"Told: Supervisor. To be handed over by you to: {ministry}."


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


def test_offers_without_answer_end_and_the_next_is_asked(at_referrals, agency, open_run, operator, at, keys):
    houses = [agency("Safe house A", "shelter"), agency("Safe house B", "shelter")]
    case = at_referrals(*houses, agency("Listening room", "psychosocial"))
    sent = actions.refer(run=open_run(case, "shelter"), service=houses[0], key=next(keys), by=operator, at=at)

    assert tasks.expire_offers(sent.referral.due_at - dt.timedelta(seconds=1)) == 0
    assert tasks.expire_offers(sent.referral.due_at) == 1
    assert tasks.expire_offers(sent.referral.due_at) == 0

    states = Referral.objects.filter(run=sent.referral.run).order_by("position").values_list("state", flat=True)
    assert list(states) == ["no_answer", "requested"]


@pytest.fixture
def reflecting(at_referrals, agency, open_run, operator, at, keys):
    """A case in its reflection period."""
    room = agency("Listening room", "psychosocial")
    case = at_referrals(room, facts={"age": 30, "sex": "female", "immediate_danger": False, "needs_shelter": False,
                                     "sexual_violence": False, "needs": []})  # fmt: skip
    sent = actions.refer(run=open_run(case, "psychosocial"), service=room, key=next(keys), by=operator, at=at)
    actions.accept(referral=sent.referral, key=next(keys), by=operator, at=at)
    number = open_run(case, "identify").number
    actions.decide_step(
        case=case, run=number, outcome="positive", reason="As told.", key=next(keys), by=operator, at=at
    )
    return case, StepRun.objects.get(case=case, step_key="reflection")


def test_a_waiting_time_ends_by_the_clock_not_before(reflecting, open_run):
    case, wait = reflecting

    assert tasks.end_waits(wait.not_before - dt.timedelta(seconds=1)) == 0
    assert tasks.end_waits(wait.not_before) == 1
    assert tasks.end_waits(wait.not_before) == 0
    assert open_run(case, "plan")


def test_a_waiting_time_ends_early_only_by_the_persons_wish(reflecting, operator, at, keys, open_run):
    case, wait = reflecting

    actions.end_wait(case=case, run=wait.number, words="I am ready.", key=next(keys), by=operator, at=at)

    assert open_run(case, "plan")
    assert CaseEvent.objects.filter(case=case, kind="wish").count() == 1


def test_an_unconfirmed_deletion_is_told_once(at_referrals, agency, open_run, operator, at, keys):
    house = agency("Safe house A", "shelter")
    case = at_referrals(house, agency("Listening room", "psychosocial"))
    sent = actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)
    actions.accept(referral=sent.referral, key=next(keys), by=operator, at=at)
    actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at)
    later = at + dt.timedelta(hours=72)

    assert tasks.ask_for_deletions(later - dt.timedelta(seconds=1)) == 0
    assert tasks.ask_for_deletions(later) == 1
    assert tasks.ask_for_deletions(later) == 0


def test_an_unconfirmed_deletion_is_told_after_the_case_closed_and_then_nothing_is_left_to_do(
    at_referrals, agency, open_run, operator, supervisor, at, keys
):
    house = agency("Safe house A", "shelter")
    case = at_referrals(house, agency("Listening room", "psychosocial"))
    sent = actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)
    actions.accept(referral=sent.referral, key=next(keys), by=operator, at=at)
    actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at)
    actions.close_case(
        case=case, reason="withdrawn", outcome="not_known", feedback_asked=False, key=next(keys), by=operator, at=at
    )
    later = at + dt.timedelta(hours=73)

    for _ in range(3):
        done = [job(later) for job in tasks.JOBS]

    assert Escalation.objects.filter(rule__startswith="deletion:").count() == 1
    assert [told.rule.split(":")[0] for told in told_to(supervisor)] == ["deletion"]
    assert sum(done) == 0


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
    assert Escalation.objects.get(rule="facts_changed").to_role == "hotline"


def test_an_agency_with_a_number_only_gets_a_text_without_content(at_referrals, agency, open_run, operator, at, keys):
    house = agency("Safe house A", "shelter", email="")
    contact = actions.enrol_contact(
        organisation=house.organisation, name="Desk", number="+231770000000", by="t", at=at
    )
    case = at_referrals(house, agency("Listening room", "psychosocial"))

    actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)

    notice = due_notices(at).get()
    assert (notice.contact, notice.kind, notice.case) == (contact, "agency_link", None)
    assert "/a/" in actions.notice_address(notice=notice, at=at)
    assert Notice.objects.count() == 1


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
    for row in told_to(supervisor):
        actions.mark_seen(escalation=row, by=supervisor, at=at)

    tasks.end_silences(at + dt.timedelta(hours=1))

    assert letters_about_the_list() == 1


def test_the_work_list_names_agency_and_need_only_to_who_has_the_case(
    at_referrals, agency, open_run, operator, supervisor, at, keys, sign_in
):
    house = agency("Safe house A", "shelter")
    case = at_referrals(house)
    actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)

    pages = [sign_in(person).get("/en/cases/work/").content.decode() for person in (operator, supervisor)]

    assert [case.code in page for page in pages] == [True, True]
    assert ["Safe house A" in page for page in pages] == [True, False]
    assert ["A safe place to stay" in page for page in pages] == [True, False]
