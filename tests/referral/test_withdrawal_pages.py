"""The pages on which consent ends: what a no would end, what was taken back, what follows in an ended case."""

import datetime as dt

import pytest

from referral import actions
from referral.models import (
    CaseEvent,
)
from tests.referral.pages import url
from tests.referral.withdrawals import close, live_yes, state_of

pytestmark = pytest.mark.either

DAY = dt.timedelta(days=1)


def steps_card(page):
    return page[page.index('id="steps"') : page.index('id="referrals"')]


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


def test_a_yes_speaks_of_the_lines_without_saying_where_they_stand(operator, sign_in, now, new_case):
    case, client = new_case(), sign_in(operator)

    page = client.get(url("case_consent", case)).content.decode()

    assert "answered with yes on this page" in page
    assert page.index('id="agencies"') < page.index("answered with yes on this page")
    assert "names below" not in page


def test_a_first_no_needs_no_confirmation(operator, sign_in, now, new_case):
    page = sign_in(operator).get(url("case_consent", new_case())).content.decode()

    assert "ends_all" not in page


@pytest.mark.both
@pytest.mark.parametrize("whom", ["all", "one"])
def test_the_same_withdrawal_sent_again_says_the_same(shared, house, operator, sign_in, now, whom):
    case, *_ = shared
    client, chosen = sign_in(operator), "all" if whom == "all" else str(house.organisation_id)
    told = {"organisation": chosen, "key": "same", "seen": case.event_count}

    pages = [client.post(url("case_withdraw", case), told, follow=True) for _ in range(3)]

    recalled = 2 if whom == "all" else 1
    assert [f"Requests recalled: {recalled}." in page.content.decode() for page in pages] == [True] * 3
    assert CaseEvent.objects.filter(case=case, kind="consent_withdrawn").count() == 1


def test_the_page_of_taking_back_says_what_it_is_for_and_chooses_nothing(shared, operator, sign_in, now):
    case, *_ = shared
    client = sign_in(operator)

    page = client.get(url("case_withdraw", case)).content.decode()
    unchosen = client.post(url("case_withdraw", case), {"key": "none", "seen": case.event_count})

    assert "<h1>Take consent back</h1>" in page
    assert "checked" not in page
    assert "links die" not in page
    assert unchosen.status_code == 400
    assert "Choose from whom consent is taken back." in unchosen.content.decode()
    assert live_yes(case).exists()


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
