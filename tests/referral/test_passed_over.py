"""A damaged address of the next agency holds up nobody: the answer stands, the one behind is asked, people are told."""

import base64
import datetime as dt

import pytest

from accounts import actions as accounts
from accounts.models import AuditEntry, DataKey
from referral import actions, tasks
from referral.models import AgencyContact, CaseEvent, Escalation, Referral, Service, StepRun
from referral.queries.timeline import timeline_of
from referral.queries.work import told_to, work_list
from tests.referral.offers import opened, path_of
from tests.referral.pages import url

AWAY = f"*:k9:{base64.b64encode(bytes(32)).decode()}"
pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def houses(agency):
    """Three safe houses, asked in this order."""
    return [agency(f"Safe house {name}", "shelter") for name in "ABC"]


@pytest.fixture
def ask_first(at_referrals, agency, open_run, operator, at, keys):
    """Ask the first of some houses, with consent to all of them; gives what `refer` gives."""

    def ask(*services):
        case = at_referrals(*services, agency("Listening room", "psychosocial"))
        return actions.refer(run=open_run(case, "shelter"), service=services[0], key=next(keys), by=operator, at=at)

    return ask


def damage(*services):
    """Alter six signs of the sealed address of each service."""
    for contact in AgencyContact.objects.filter(organisation__services__in=services):
        AgencyContact.objects.filter(pk=contact.pk).update(email=altered(contact.email.raw))


def altered(sealed):
    return (
        sealed[:-26]
        + sealed[-26:-20].swapcase().translate(str.maketrans("0123456789-_", "123456789001"))
        + sealed[-20:]
    )


def states(referral):
    rows = Referral.objects.filter(run=referral.run_id).order_by("position")
    return list(rows.values_list("service__name", "state"))


def told():
    rows = Escalation.objects.filter(rule__startswith="passed_over")
    return list(rows.values_list("rule", "to_role"))


def test_a_no_by_link_stands_and_the_agency_behind_the_damaged_one_is_asked(houses, ask_first):
    sent = ask_first(*houses)
    browser = opened(path := path_of(sent.referral), sent.code)
    damage(houses[1])

    page = browser.post(path, {"act": "answer", "answer": "decline", "reason": "full"}, follow=True)

    assert page.status_code == 200
    assert states(sent.referral) == [("Safe house A", "rejected"), ("Safe house C", "requested")]
    assert Referral.objects.get(service=houses[2]).links.filter(revoked_at=None).exists()
    assert told() == [(f"passed_over:{houses[1].pk}", "coordinator")]
    assert AuditEntry.objects.filter(verb="sealed.cannot_open").count() == 1


def test_a_silence_ends_once_and_the_step_goes_on_where_no_other_agency_can_be_written_to(houses, ask_first, open_run):
    sent = ask_first(*houses[:2])
    Service.objects.filter(pk=houses[2].pk).update(status="paused")
    damage(houses[1])
    late = sent.referral.due_at

    assert [tasks.expire_offers(late) for _turn in range(2)] == [1, 0]

    assert states(sent.referral) == [("Safe house A", "no_answer")]
    assert StepRun.objects.get(pk=sent.referral.run_id).outcome == "no_answer"
    assert open_run(sent.referral.case, "gap")
    assert told() == [(f"passed_over:{houses[1].pk}", "coordinator")]


def test_who_cannot_be_written_to_is_named_in_the_case_and_the_supervisor_is_told(
    houses, ask_first, operator, supervisor, sign_in, at, keys
):
    sent = ask_first(*houses)
    damage(houses[1])

    actions.decline(referral=sent.referral, reason="full", key=next(keys), by=operator, at=at)
    tasks.fire_escalations(at)

    said = [entry.words for entry in timeline_of(sent.referral.case, "en")]
    assert "Safe house B (example) passed over: its address cannot be opened" in said
    assert f"passed_over:{houses[1].pk}" in [row.rule for row in told_to(supervisor)]
    words = [sentence for row in work_list(supervisor, "en", at) for sentence in row.said]
    assert any(sentence.startswith("An agency could not be written to") for sentence in words)
    page = sign_in(operator).get(url("case_detail", sent.referral.case)).content.decode()
    assert "its address cannot be opened" in page


def test_an_agency_that_is_passed_over_again_in_the_same_visit_is_told_once(houses, ask_first, operator, at, keys):
    sent = ask_first(*houses)
    damage(houses[1])
    actions.decline(referral=sent.referral, reason="full", key=next(keys), by=operator, at=at)
    second = Referral.objects.get(service=houses[2])

    actions.decline(referral=second, reason="full", key=next(keys), by=operator, at=at)

    assert states(second) == [("Safe house A", "rejected"), ("Safe house C", "rejected")]
    assert CaseEvent.objects.filter(kind="agency_passed_over").count() == len(told()) == 1


def test_where_consent_is_missing_for_the_agency_behind_it_is_asked_for(
    houses, at_referrals, agency, open_run, operator, at, keys
):
    case = at_referrals(*houses[:2], agency("Listening room", "psychosocial"))
    run = open_run(case, "shelter")
    sent = actions.refer(run=run, service=houses[0], key=next(keys), by=operator, at=at)
    damage(houses[1])

    actions.decline(referral=sent.referral, reason="full", key=next(keys), by=operator, at=at)

    assert Escalation.objects.filter(run=run, rule="consent").exists()
    assert StepRun.objects.get(pk=run.pk).state == "open"


def test_a_key_that_is_away_gives_no_agency_up_and_all_goes_on_when_it_is_back(
    houses, ask_first, operator, at, keys, settings
):
    sent = ask_first(*houses)
    late, right = sent.referral.due_at, settings.SEAL_KEYS
    settings.SEAL_KEYS = AWAY

    done = tasks.expire_offers(late)
    with pytest.raises(accounts.CannotOpen):
        actions.decline(referral=sent.referral, reason="full", key=next(keys), by=operator, at=at)
    held = (done, states(sent.referral), told())
    settings.SEAL_KEYS = right

    assert held == (0, [("Safe house A", "requested")], [])
    assert tasks.expire_offers(late + dt.timedelta(minutes=1)) == 1
    assert states(sent.referral) == [("Safe house A", "no_answer"), ("Safe house B", "requested")]


def test_a_damaged_key_of_one_agency_holds_up_no_other(houses, ask_first, operator, at, keys):
    sent = ask_first(*houses)
    key = DataKey.objects.get(owner=houses[1].organisation.contacts.get().public_id)
    DataKey.objects.filter(pk=key.pk).update(wrapped=altered(key.wrapped))

    actions.decline(referral=sent.referral, reason="full", key=next(keys), by=operator, at=at)

    assert states(sent.referral) == [("Safe house A", "rejected"), ("Safe house C", "requested")]
    assert told() == [(f"passed_over:{houses[1].pk}", "coordinator")]


def test_asked_by_hand_the_damaged_address_is_named_with_what_to_do(
    houses, at_referrals, agency, open_run, operator, sign_in
):
    case = at_referrals(*houses, agency("Listening room", "psychosocial"))
    run = open_run(case, "shelter")
    damage(houses[0])
    sent = {"service": houses[0].pk, "urgency": "normal", "key": "one", "seen": case.event_count}

    answer = sign_in(operator).post(url("refer", case, run.number), sent)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Safe house A (example) was not asked: its address cannot be opened. Choose another agency" in page
    assert f'value="{houses[1].pk}"' in page
    assert not Referral.objects.exists()
    assert AuditEntry.objects.filter(verb="sealed.cannot_open").count() == 1


def test_a_new_link_by_hand_to_a_damaged_address_says_to_call(houses, ask_first, operator, sign_in):
    sent = ask_first(*houses)
    damage(houses[0])
    path = url("referral_code", sent.referral.case, sent.referral.public_id)

    answer = sign_in(operator).post(path, {"act": "resend", "key": "two"})

    page = answer.content.decode()
    assert (answer.status_code, "No link was sent" in page) == (409, True)
    assert "The address of this agency cannot be opened. Call it, and ask a manager" in page
    assert sent.referral.links.filter(revoked_at=None).exists()


def test_while_the_key_is_away_the_page_on_keys_answers(
    houses, at_referrals, agency, open_run, operator, sign_in, settings
):
    case = at_referrals(*houses, agency("Listening room", "psychosocial"))
    client, run = sign_in(operator), open_run(case, "shelter")
    settings.SEAL_KEYS = AWAY

    answer = client.post(url("refer", case, run.number), {"service": houses[0].pk, "urgency": "normal", "key": "one"})

    assert answer.status_code == 409
    assert "its key is missing" in answer.content.decode()
