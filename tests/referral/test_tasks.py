"""The worker's other jobs: offers and waits end in time, deletions are asked for, texts say nothing."""

import datetime as dt

import pytest

from accounts import actions as accounts
from accounts.models import Letter
from referral import actions, tasks
from referral.models import Case, CaseEvent, Escalation, Notice, PathwayVersion, Referral, StepRun
from referral.queries.work import due_notices, told_to


def test_offers_without_answer_end_and_the_next_is_asked(at_referrals, agency, open_run, operator, at, keys):
    houses = [agency("Safe house A", "shelter"), agency("Safe house B", "shelter")]
    case = at_referrals(*houses, agency("Listening room", "psychosocial"))
    sent = actions.refer(run=open_run(case, "shelter"), service=houses[0], key=next(keys), by=operator, at=at)

    assert tasks.expire_offers(sent.referral.due_at - dt.timedelta(seconds=1)) == 0
    assert tasks.expire_offers(sent.referral.due_at) == 1
    assert tasks.expire_offers(sent.referral.due_at) == 0

    states = Referral.objects.filter(run=sent.referral.run).order_by("position").values_list("state", flat=True)
    assert list(states) == ["no_answer", "requested"]


def spoil(*cases):
    """Put cases on a version of their pathway that cannot be read."""
    version = cases[0].version
    damaged = PathwayVersion.objects.create(
        pathway=version.pathway, country=version.country, number=9, text="{}", digest="d", shape_digest="s",
        published_at=version.published_at, published_by="test",
    )  # fmt: skip
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(version=damaged)


def test_offers_that_always_fail_do_not_keep_the_others_from_ending(
    at_referrals, agency, open_run, operator, at, keys, monkeypatch
):
    houses = [agency("Safe house A", "shelter"), agency("Safe house B", "shelter")]
    room = agency("Listening room", "psychosocial")
    sent = []
    for _number in range(3):
        case = at_referrals(*houses, room)
        told = {"run": open_run(case, "shelter"), "service": houses[0], "key": next(keys), "by": operator, "at": at}
        sent.append(actions.refer(**told).referral)
    spoil(sent[0].case, sent[1].case)
    monkeypatch.setattr(tasks, "AT_ONCE", 2)

    done = [tasks.expire_offers(sent[0].due_at) for _turn in range(2)]

    assert done == [1, 0]
    assert [Referral.objects.get(pk=one.pk).state for one in sent] == ["requested", "requested", "no_answer"]


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


def test_waits_that_always_fail_do_not_keep_the_others_from_ending(reflecting, monkeypatch, new_case, open_run):
    case, wait = reflecting
    first = new_case()
    earlier = wait.not_before - dt.timedelta(hours=1)
    StepRun.objects.filter(case=first, state="open").update(kind="wait", state="waiting", not_before=earlier)
    spoil(first)
    monkeypatch.setattr(tasks, "AT_ONCE", 1)

    assert [tasks.end_waits(wait.not_before) for _turn in range(2)] == [1, 0]

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


def test_lost_letters_that_always_fail_do_not_keep_the_others_from_being_told(
    at_referrals, agency, open_run, operator, at, keys, monkeypatch
):
    house = agency("Safe house A", "shelter")
    case = at_referrals(house, agency("Listening room", "psychosocial"))
    actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)
    Letter.objects.filter(key__startswith="agency_link:").update(failed_at=at)
    odd = {"to": "a@example.org", "language": "en", "subject": "x", "text": "y", "at": at}
    for number in range(2):
        accounts.queue_letter(key=f"agency_link:odd {number}", **odd)
    Letter.objects.filter(key__contains="odd").update(failed_at=at - dt.timedelta(hours=1))
    monkeypatch.setattr(tasks, "AT_ONCE", 2)

    assert [tasks.tell_of_letters(at) for _turn in range(2)] == [1, 0]

    assert Escalation.objects.filter(rule__startswith="letter_failed").count() == 1


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
