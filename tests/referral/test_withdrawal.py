"""Consent that ends: a no after a yes, what an agency still holds, agencies that cannot be told, a day that has passed."""

import datetime as dt

import pytest

from referral import actions, tasks
from referral.choices import FieldGroup, ReferralState
from referral.choices.cases import purpose_of
from referral.models import (
    AgencyContact,
    AgencyLink,
    CaseEvent,
    Consent,
    ConsentLine,
    Disclosure,
    Escalation,
    Referral,
    StepRun,
)
from referral.queries.work import told_to, work_words
from tests.referral.pages import url

DAY = dt.timedelta(days=1)


@pytest.fixture
def house(agency):
    return agency("Safe house A", "shelter")


@pytest.fixture
def room(agency):
    return agency("Listening room", "psychosocial")


@pytest.fixture
def shared(at_referrals, house, room, open_run, operator, at, keys):
    """A case with a shelter that accepted and counselling that was asked."""
    case = at_referrals(house, room)
    first = actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at).referral
    actions.accept(referral=first, key=next(keys), by=operator, at=at)
    second = actions.refer(
        run=open_run(case, "psychosocial"), service=room, key=next(keys), by=operator, at=at
    ).referral
    case.refresh_from_db()
    return case, first, second


@pytest.fixture
def say_no(operator, at, keys):
    """Write down a no: to everything, or to each line of some services."""

    def say(case, *services, yes=(), **fields):
        lines = [
            actions.Line(service.organisation_id, group, purpose_of(service.term), service in yes)
            for service in (*services, *yes)
            for group in FieldGroup.values
        ]
        return actions.record_consent(
            case=case,
            lines=lines,
            giver="person",
            language="en",
            by=operator,
            **{"key": next(keys), "at": at} | fields,
        )

    return say


def state_of(referral):
    return Referral.objects.get(pk=referral.pk).state


def steps_card(page):
    return page[page.index('id="steps"') : page.index('id="referrals"')]


def live_yes(case):
    return ConsentLine.objects.filter(consent__case=case, is_given=True, ended_at=None)


def asked_to_delete(referral):
    return AgencyLink.objects.filter(referral=referral, purpose="deletion", revoked_at=None).exists()


def close(case, by, at):
    actions.close_case(
        case=case, reason="information_only", outcome="safe", feedback_asked=True, key="close", by=by, at=at
    )


def test_a_no_to_everything_ends_what_an_earlier_yes_allowed(shared, say_no, open_run):
    case, accepted, asked = shared

    say_no(case, key="no")
    say_no(case, key="no")

    assert not live_yes(case).exists()
    assert {state_of(accepted), state_of(asked)} == {"recalled"}
    assert asked_to_delete(accepted)
    assert not AgencyLink.objects.filter(referral=asked, revoked_at=None).exists()
    assert open_run(case, "info_only")
    assert Consent.objects.filter(case=case, withdrawn_at=None).get().lines.count() == 0
    assert CaseEvent.objects.filter(case=case, kind="consent_withdrawn").count() == 1


def test_a_first_no_takes_nothing_back(new_case, say_no, open_run, operator, at, keys):
    case = new_case()
    for step in ("screening", "safety"):
        actions.complete_step(case=case, run=open_run(case, step).number, key=next(keys), by=operator, at=at)

    say_no(case, run=open_run(case, "consent").number)

    assert open_run(case, "info_only")
    assert not CaseEvent.objects.filter(case=case, kind="consent_withdrawn").exists()


def test_every_line_answered_no_is_a_no_to_everything(shared, say_no, house, room, open_run):
    case, accepted, asked = shared

    say_no(case, house, room)

    assert {state_of(accepted), state_of(asked)} == {"recalled"}
    assert asked_to_delete(accepted)
    assert open_run(case, "info_only")


def test_a_no_to_one_agency_recalls_it_and_leaves_the_other(shared, say_no, house, room):
    case, accepted, asked = shared

    say_no(case, room, yes=[house])

    assert (state_of(accepted), state_of(asked)) == ("accepted", "recalled")
    assert StepRun.objects.get(pk=asked.run_id).outcome == "recalled"
    assert live_yes(case).filter(organisation=house.organisation).exists()


def test_a_no_to_one_line_leaves_the_agency_the_others(shared, say_no, house, operator, at, keys):
    case, accepted, _asked = shared
    lines = [actions.Line(house.organisation_id, group, "shelter", group == "basics") for group in ("basics", "needs")]

    actions.record_consent(case=case, lines=lines, giver="person", language="en", key=next(keys), by=operator, at=at)

    assert state_of(accepted) == "accepted"
    assert not live_yes(case).filter(group="needs", organisation=house.organisation).exists()


def test_consent_is_taken_back_when_no_line_lives_but_an_agency_still_holds(shared, house, operator, at, keys):
    case, accepted, asked = shared
    ConsentLine.objects.filter(consent__case=case).update(ended_at=at)

    assert actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at) == 2

    assert {state_of(accepted), state_of(asked)} == {"recalled"}
    assert asked_to_delete(accepted)


@pytest.mark.parametrize("state", ["completed", "failed", "cancelled"])
def test_whoever_accepted_and_is_done_is_asked_to_delete(shared, operator, at, keys, state):
    case, accepted, _asked = shared
    actions.progress(referral=accepted, to=state, key=next(keys), by=operator, at=at)

    actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at)

    assert (state_of(accepted), asked_to_delete(accepted)) == (state, True)
    with pytest.raises(actions.NothingShared):
        actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at)


def test_whoever_was_shown_what_follows_an_acceptance_is_asked_to_delete(shared, operator, at, keys):
    case, accepted, asked = shared
    shown = {"case": case, "group": "basics", "field_keys": "sex", "payload_digest": "x", "at": at, "by": "test"}
    line = live_yes(case).first()
    for stage, referral in ((1, asked), (2, accepted)):
        organisation = referral.organisation
        Disclosure.objects.create(referral=referral, organisation=organisation, line=line, stage=stage, **shown)
    Referral.objects.filter(pk__in=[accepted.pk, asked.pk]).update(state=ReferralState.CANCELLED, answered_at=None)

    actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at)

    assert (asked_to_delete(accepted), asked_to_delete(asked)) == (True, False)


def test_an_agency_that_cannot_be_told_stops_no_withdrawal_and_stands_in_the_work_list(shared, operator, at, keys):
    case, accepted, asked = shared
    AgencyContact.objects.filter(organisation=accepted.organisation).update(is_active=False)

    assert actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at) == 2

    assert {state_of(accepted), state_of(asked)} == {"recalled"}
    assert Referral.objects.get(pk=accepted.pk).deletion_asked_at == at
    close(case, operator, at)
    tasks.fire_escalations(at)
    rows = [told for told in told_to(operator) if told.rule.startswith("untold")]
    assert [(told.rule, told.run_id) for told in rows] == [(f"untold:{accepted.pk}", accepted.run_id)]
    assert "Tell it yourself" in work_words(rows[0].rule)


def test_a_waiting_agency_that_has_only_a_telephone_is_told_by_hand(shared, operator, at, keys):
    case, _accepted, asked = shared
    AgencyContact.objects.filter(organisation=asked.organisation).update(email=None)

    actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at)

    assert Escalation.objects.filter(rule=f"untold:{asked.pk}", run=asked.run).exists()


def test_consent_is_taken_back_in_a_closed_case(shared, operator, at, keys):
    case, accepted, _asked = shared
    close(case, operator, at)

    assert actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at) == 1

    case.refresh_from_db()
    assert (state_of(accepted), asked_to_delete(accepted), case.state) == ("recalled", True, "closed")


def test_a_consent_that_has_run_out_is_told_once_and_can_be_taken_back(
    at_referrals, consent_to, house, room, open_run, operator, at, keys
):
    case = at_referrals(house, room)
    sent = actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)
    actions.accept(referral=sent.referral, key=next(keys), by=operator, at=at)
    Consent.objects.update(ends_at=at + DAY)

    told = [tasks.tell_of_consents(moment) for moment in (at, at + DAY, at + DAY, at + 2 * DAY)]
    tasks.fire_escalations(at + DAY)

    assert told == [0, 1, 0, 0]
    assert [row.rule for row in told_to(operator)] == [f"consent_over:{Consent.objects.get().pk}"]
    assert "has run out" in work_words("consent_over:1")
    assert actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at + 2 * DAY) == 1


@pytest.mark.parametrize("why", ["renewed", "withdrawn", "closed"])
def test_a_consent_that_ran_out_is_not_told_where_nothing_is_left_to_do(shared, consent_to, house, room, operator, at, keys, why):  # fmt: skip
    case, *_ = shared
    Consent.objects.update(ends_at=at + DAY)
    if why == "renewed":
        consent_to(case, house, room)
    elif why == "withdrawn":
        actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at)
    else:
        close(case, operator, at)

    assert tasks.tell_of_consents(at + DAY) == 0


@pytest.fixture
def consent_page(shared, operator, sign_in, now):
    """What the browser sends: a no to everything."""
    case, *_ = shared
    client = sign_in(operator)

    def send(**more):
        told = {"agrees": "no", "giver": "person", "key": "no", "seen": case.event_count}
        return client.post(url("case_consent", case), told | more, follow=True)

    return send


def test_the_page_says_what_a_no_ends_and_wants_it_confirmed(shared, consent_page):
    case, accepted, _asked = shared

    asked = consent_page()

    assert asked.status_code == 400
    words = asked.content.decode()
    banner = words.partition("If the answer is no")[2].partition("</p>")[0]
    assert [name in banner for name in ("Safe house A", "Listening room")] == [True, True]
    assert (state_of(accepted), live_yes(case).exists()) == ("accepted", True)

    done = consent_page(ends_all="on")

    assert "Requests recalled: 2" in done.content.decode()
    assert (state_of(accepted), live_yes(case).exists()) == ("recalled", False)


def test_a_first_no_needs_no_confirmation(operator, sign_in, now, new_case):
    page = sign_in(operator).get(url("case_consent", new_case())).content.decode()

    assert "ends_all" not in page


@pytest.mark.parametrize("whom", ["all", "one"])
def test_the_same_withdrawal_sent_again_says_the_same(shared, house, operator, sign_in, now, whom):
    case, *_ = shared
    client, chosen = sign_in(operator), "all" if whom == "all" else str(house.organisation_id)
    told = {"organisation": chosen, "key": "same", "seen": case.event_count}

    pages = [client.post(url("case_withdraw", case), told, follow=True) for _ in range(3)]

    recalled = 2 if whom == "all" else 1
    assert [f"Requests recalled: {recalled}." in page.content.decode() for page in pages] == [True] * 3
    assert CaseEvent.objects.filter(case=case, kind="consent_withdrawn").count() == 1


def test_the_page_of_a_closed_case_leads_to_taking_back_while_an_agency_holds(shared, operator, sign_in, now, at):
    case, *_ = shared
    close(case, operator, at)
    client = sign_in(operator)

    assert url("case_withdraw", case) in client.get(url("case_detail", case)).content.decode()
    page = client.post(url("case_withdraw", case), {"organisation": "all", "key": "a"}, follow=True)

    assert "Requests recalled: 1." in page.content.decode()
    assert url("case_withdraw", case) not in client.get(url("case_detail", case)).content.decode()


def test_a_no_is_called_a_no_and_the_card_says_when(new_case, operator, sign_in, now):
    case, client = new_case(), sign_in(operator)
    never = client.get(url("case_detail", case)).content.decode()
    case.refresh_from_db()
    told = {"agrees": "no", "giver": "person", "key": "no", "seen": case.event_count}

    page = client.post(url("case_consent", case), told, follow=True).content.decode()

    card = page[page.index('id="consent"') : page.index('id="facts"')]
    assert ("The no is written down." in page, "Consent written down." in page) == (True, False)
    assert ("Consent refused" in card, "today, " in card) == (True, True)
    assert "Consent refused" not in never[never.index('id="consent"') : never.index('id="facts"')]


NEW_YES = "There is a new yes, but the case went on without consent."


@pytest.mark.parametrize("how", ["refused", "withdrawn"])
def test_a_yes_after_a_no_leads_to_opening_a_step_again_until_one_is_opened(
    shared, say_no, consent_to, house, operator, sign_in, now, at, keys, how
):
    case, *_ = shared
    client = sign_in(operator)
    if how == "refused":
        say_no(case)
    else:
        actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at)
    after_no = client.get(url("case_detail", case)).content.decode()
    consent_to(case, house)

    after_yes = client.get(url("case_detail", case)).content.decode()
    actions.open_step(case=case, step="shelter", reason="wish", key=next(keys), by=operator, at=at)
    opened = client.get(url("case_detail", case)).content.decode()

    assert [NEW_YES in page for page in (after_no, after_yes, opened)] == [False, True, False]
    assert url("case_again", case) in after_yes.partition(NEW_YES)[2].partition("</div>")[0]
    no = "Consent refused" if how == "refused" else "Consent is taken back"
    assert [no in page[page.index('id="consent"') : page.index('id="facts"')] for page in (after_no, after_yes)] == [
        True, False,
    ]  # fmt: skip


def test_a_first_yes_is_no_new_yes(shared, operator, sign_in, now):
    case, *_ = shared

    assert NEW_YES not in sign_in(operator).get(url("case_detail", case)).content.decode()


def test_where_no_step_is_open_the_page_leads_to_closing_the_case(shared, open_run, operator, sign_in, now, at, keys):
    case, *_ = shared
    client = sign_in(operator)
    actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at)
    running = client.get(url("case_detail", case)).content.decode()
    run = open_run(case, "info_only")
    actions.complete_step(case=case, run=run.number, key=next(keys), by=operator, at=at)

    ended = client.get(url("case_detail", case)).content.decode()

    assert "The pathway has ended. Close the case with its reason." in ended
    assert [url("case_close", case) in steps_card(page) for page in (running, ended)] == [False, True]
