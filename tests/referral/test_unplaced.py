"""Who must act after no agency accepted sees who was asked, what each answered, why and when, and who is left."""

import datetime as dt
import re

import pytest

from accounts.models import AuditEntry
from referral import actions
from referral.models import StepRun
from tests.referral.pages import url

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def gap(at_referrals, agency, open_run, consent_to, operator, at, keys):
    """A case whose shelter step ended: one house declined, the other did not answer, a third takes no women."""
    first, second = agency("Safe house A", "shelter"), agency("Safe house B", "shelter")
    agency("House for men", "shelter", takes={"female": False, "male": True})
    room = agency("Listening room", "psychosocial")
    case = at_referrals(first, second, room)
    sent = actions.refer(run=open_run(case, "shelter"), service=first, key=next(keys), by=operator, at=at)
    actions.decline(
        referral=sent.referral, reason="other", note="Quillfeather is known here.", key=next(keys), by=operator, at=at
    )
    last = sent.referral.run.referrals.get(state="requested")
    actions.mark_no_answer(referral=last, at=last.due_at)
    case.refresh_from_db()
    return case, open_run(case, "gap")


def test_the_step_names_each_agency_with_answer_reason_and_time_and_what_can_be_done(gap, operator, sign_in):
    case, run = gap

    page = sign_in(operator).get(url("case_step", case, run.number))

    text = " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"</?bdi[^>]*>", "", page.content.decode())).split())
    assert "Who was asked for: A safe place to stay" in text
    assert re.search(r"Safe house A \(example\) Show its number today, \d\d:\d\d Declined Another reason", text)
    assert re.search(r"Safe house B \(example\) Show its number today, \d\d:\d\d No answer", text)
    assert "Call again, when a place may be free or a reason has gone: Safe house A (example), Safe house B" in text
    assert re.search(r"House for men \(example\) · House for men Does not take this sex", text)
    assert "Listening room (example) ·" not in text
    assert "Quillfeather" not in text


def test_the_case_page_says_it_beside_the_open_step_and_gives_the_reason_with_the_answer(gap, operator, sign_in):
    case, _run = gap

    page = sign_in(operator).get(url("case_detail", case)).content.decode()

    steps = page[page.index('id="steps"') : page.index('id="referrals"')]
    assert "Asked in vain, for: A safe place to stay" in steps
    assert "Another reason" in steps
    table = page[page.index('id="referrals"') : page.index('id="consent"')]
    cells = re.findall(
        r"<td[^>]*>(.*?)</td>", table[table.index("Safe house A") - 40 : table.index("Safe house B")], re.S
    )
    assert "Another reason" in cells[1]
    assert "Another reason" not in cells[3]


def test_the_agencys_own_words_open_with_a_reason_and_the_reading_is_recorded(gap, operator, sign_in):
    case, _run = gap
    client, declined = sign_in(operator), case.referrals.get(state="rejected")

    unread = client.post(url("case_reveal", case), {"answer": declined.public_id, "reason": ""}, follow=True)
    read = client.post(url("case_reveal", case), {"answer": declined.public_id, "reason": "safety"})

    assert "Quillfeather" not in unread.content.decode()
    assert "Quillfeather is known here." in read.content.decode()
    assert AuditEntry.objects.filter(verb="referral.fact_read").count() == 1


@pytest.mark.parametrize("answer", ["", "none", "0" * 32])
def test_words_that_nobody_wrote_are_not_there(gap, operator, sign_in, answer):
    case, _run = gap
    client, silent = sign_in(operator), case.referrals.get(state="no_answer")

    for reference in (answer, silent.public_id):
        asked = client.post(url("case_reveal", case), {"answer": reference, "reason": "safety"})
        assert asked.status_code == 404


def test_a_step_that_no_refusal_led_to_says_nothing_of_agencies(new_case, operator, sign_in, open_run):
    case = new_case()

    page = sign_in(operator).get(url("case_step", case, open_run(case, "screening").number)).content.decode()

    assert "Who was asked" not in page


def test_each_branch_names_only_its_own_agencies(at_referrals, agency, open_run, operator, at, keys, sign_in):
    house, room = agency("Safe house A", "shelter"), agency("Listening room", "psychosocial")
    case = at_referrals(house, room)
    for step, service in (("psychosocial", room), ("shelter", house)):
        sent = actions.refer(run=open_run(case, step), service=service, key=next(keys), by=operator, at=at)
        actions.decline(referral=sent.referral, reason="full", free_from=at.date() + dt.timedelta(days=3),
                        key=next(keys), by=operator, at=at)  # fmt: skip

    gaps = StepRun.objects.filter(case=case, step_key="gap", state="open").order_by("number")
    pages = [sign_in(operator).get(url("case_step", case, run.number)).content.decode() for run in gaps]

    assert ["Safe house A" in page for page in pages] == [False, True]
    assert ["Listening room" in page for page in pages] == [True, False]
    assert all("free again from" in page for page in pages)


def test_an_agency_that_kept_silent_is_not_asked_for_its_answer_once_the_step_is_over(gap, operator, sign_in):
    case, _run = gap

    page = sign_in(operator).get(url("case_detail", case)).content.decode()

    assert "No answer" in page
    assert "It answered by phone" not in page


def test_where_nobody_was_asked_the_case_page_does_not_say_that_somebody_was(
    at_referrals, agency, open_run, operator, sign_in, at, keys
):
    case = at_referrals(agency("Listening room", "psychosocial"))
    actions.give_up(run=open_run(case, "shelter"), key=next(keys), by=operator, at=at)

    page = sign_in(operator).get(url("case_detail", case)).content.decode()

    steps = page[page.index('id="steps"') : page.index('id="referrals"')]
    assert "No agency could be asked for: A safe place to stay" in steps
    assert "Asked in vain" not in steps
