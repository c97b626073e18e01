"""Once nobody waits on an agency's list any more, the case says so: where the request stands, since when, who was told."""

import datetime as dt

import pytest
from django.utils import translation

from referral import actions, tasks
from referral.models import Escalation, Referral
from referral.queries.casepage import referral_rows
from referral.queries.timeline import timeline_of
from referral.queries.work import work_list
from tests.referral.pages import url
from tests.referral.withdrawals import end_waiting

pytestmark = pytest.mark.either

ENDED = "Waiting list; the person no longer waits"
TOLD = "Safe house A (example) was told that the person no longer waits on its list"
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def listed(at_referrals, agency, open_run, operator, at, keys, now):
    """A house whose list ran out after it said so by phone, and a hostel that is asked; the clock stands a minute later."""
    house, hostel = agency("Safe house A", "shelter"), agency("Hostel C", "shelter")
    case = at_referrals(house, hostel)
    held = actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at).referral
    actions.hold(referral=held, key=next(keys), by=operator, at=at)
    held.refresh_from_db()
    moment = held.due_at + MINUTE
    now.move_to(moment)
    tasks.expire_offers(moment)
    return Referral.objects.get(pk=held.pk), Referral.objects.get(case=case, position=2), moment


@pytest.fixture
def ending(listed, operator, keys):
    """Return how the list of the house ends, by a word."""
    held, other, moment = listed

    def end(how):
        end_waiting(how, held, other, operator, moment, keys)
        held.refresh_from_db()

    return end


@pytest.mark.parametrize("how", ["elsewhere", "closed", "withdrawn"])
def test_the_row_says_that_nobody_waits_since_when_and_the_history_that_the_agency_was_told(how, listed, ending):
    held, _other, moment = listed

    ending(how)

    row = referral_rows(held.case, "en", moment)[0]
    assert (row.referral.state_words, row.since, row.shape) == (ENDED, moment, "sq")
    assert [entry.at for entry in timeline_of(held.case, "en") if entry.words == TOLD] == [moment]


def test_the_page_of_the_case_says_it_and_offers_no_answer_by_phone(listed, ending, operator, sign_in):
    held, _other, _moment = listed
    client = sign_in(operator)
    before = client.get(url("case_detail", held.case)).content.decode()

    ending("elsewhere")

    page = client.get(url("case_detail", held.case)).content.decode()
    answer = url("referral_answer", held.case, held.public_id)
    assert (ENDED in before, TOLD in before, answer in before) == (False, False, True)
    assert (ENDED in page, TOLD in page, answer in page) == (True, True, False)
    assert "Waiting list; no place in time" not in page


def test_an_agency_that_cannot_be_written_to_is_not_said_to_have_been_told(listed, ending):
    held, _other, _moment = listed
    held.organisation.contacts.update(email=None)

    ending("elsewhere")

    said = [entry.words for entry in timeline_of(held.case, "en")]
    assert "The person no longer waits on the list of Safe house A (example); it could not be written to" in said
    assert TOLD not in said
    assert Escalation.objects.filter(rule=f"untold:{held.pk}").count() == 1


@pytest.mark.parametrize("has_list", [True, False])
def test_what_is_said_of_a_withdrawal_counts_the_list_also_when_it_is_sent_again(has_list, listed, ending, operator, sign_in):  # fmt: skip
    held, _other, _moment = listed
    if not has_list:
        Referral.objects.filter(pk=held.pk).update(held_at=None)
    client, held.case = sign_in(operator), type(held.case).objects.get(pk=held.case_id)
    sent = {"organisation": "all", "key": "back", "seen": held.case.event_count}

    pages = [client.post(url("case_withdraw", held.case), sent, follow=True).content.decode() for _ in range(2)]

    assert ["Requests recalled: 1." in page for page in pages] == [True] * 2
    assert ["Waiting lists ended: 1." in page for page in pages] == [has_list] * 2


def test_a_no_to_everything_counts_the_list_too(listed, operator, sign_in):
    held, _other, _moment = listed
    case = type(held.case).objects.get(pk=held.case_id)
    sent = {"agrees": "no", "giver": "person", "key": "no", "seen": case.event_count, "ends_all": "on"}

    page = sign_in(operator).post(url("case_consent", case), sent, follow=True).content.decode()

    assert "Requests recalled: 1. Old links no longer work. Waiting lists ended: 1." in page


def test_by_phone_it_cannot_accept_once_another_agency_has_taken_it(listed, ending, operator, sign_in):
    held, _other, _moment = listed
    client, door = sign_in(operator), url("referral_answer", held.case, held.public_id)
    before = client.get(door)

    ending("elsewhere")

    page = client.get(door)
    assert (before.status_code, "They accept" in before.content.decode()) == (200, True)
    assert (page.status_code, "They accept" in page.content.decode()) == (409, False)
    assert "Another agency has taken this request. Nothing was written." in page.content.decode()


@pytest.mark.parametrize(
    "state", ["accepted", "rejected", "completed", "failed", "cancelled", "recalled", "entered_in_error"]
)
def test_by_phone_there_is_no_form_once_no_answer_can_follow_and_one_sent_later_is_refused_in_the_same_words(
    listed, operator, sign_in, state
):
    _held, other, _moment = listed
    client, door = sign_in(operator), url("referral_answer", other.case, other.public_id)
    before = client.get(door)
    Referral.objects.filter(pk=other.pk).update(state=state, decline_reason="full" if state == "rejected" else "")
    seen = other.case.events.count()

    pages = [client.get(door)] + [
        client.post(door, {"answer": answer, "key": f"late-{answer}", "seen": seen} | more)
        for answer, more in (("accept", {}), ("hold", {}), ("decline", {"reason": "full"}), ("", {}))
    ]

    assert (before.status_code, "They accept" in before.content.decode()) == (200, True)
    for page in pages:
        text = page.content.decode()
        assert (page.status_code, "They accept" in text, "cannot go to" in text) == (409, False, False)
        assert "This request needs no answer any more. Nothing was written." in text
    assert Referral.objects.get(pk=other.pk).state == state


def test_it_cannot_accept_for_who_took_consent_back_while_another_agency_is_asked(listed, operator, sign_in, keys):
    held, other, moment = listed
    client, door = sign_in(operator), url("referral_answer", held.case, held.public_id)
    actions.withdraw_consent(
        case=held.case, organisation=held.organisation, key=next(keys), by=operator, at=moment
    )  # fmt: skip

    page = client.get(door)
    seen = held.case.events.count()
    sent = client.post(door, {"answer": "accept", "key": "late", "seen": seen})

    assert door not in client.get(url("case_detail", held.case)).content.decode()
    said = "This request needs no answer any more. Nothing was written."
    assert (page.status_code, sent.status_code) == (409, 409)
    assert [said in one.content.decode() for one in (page, sent)] == [True, True]
    assert [Referral.objects.get(pk=one.pk).state for one in (held, other)] == ["no_answer", "requested"]


def test_the_list_of_agencies_says_that_nobody_waits_on_that_list(listed, operator, sign_in, keys):
    held, _other, moment = listed
    client = sign_in(operator)
    before = client.get(url("refer", held.case, held.run.number)).content.decode()

    actions.withdraw_consent(
        case=held.case, organisation=held.organisation, key=next(keys), by=operator, at=moment
    )  # fmt: skip

    page = client.get(url("refer", held.case, held.run.number)).content.decode()
    assert (ENDED in before, ENDED in page) == (False, True)


def test_the_work_list_says_it_of_a_row_that_tells_of_the_list(listed, ending, operator):
    held, _other, moment = listed
    Escalation.objects.filter(rule="held:1").delete()
    Escalation.objects.create(
        run=held.run, rule="held:1", to_role="hotline", action="notify", at=moment, fired_at=moment,
        told_role="operator",
    )  # fmt: skip

    ending("elsewhere")

    said = [words for row in work_list(operator, "en", moment) for words in row.said]
    assert f"Safe house A (example) had put the person on its waiting list. This request now: {ENDED}." in said


@pytest.mark.parametrize("language", ["th", "fr"])
def test_the_work_list_marks_a_title_that_is_in_another_language(language, listed, operator, sign_in):
    held, _other, moment = listed
    Escalation.objects.create(
        run=held.run, rule="opened_anew", to_role="hotline", action="notify", at=moment, fired_at=moment,
        told_role="operator",
    )  # fmt: skip
    client = sign_in(operator)

    with translation.override(language):
        mark = translation.gettext("Not yet in this language")
    page, english = (client.get(f"/{code}/cases/work-list/").content.decode() for code in (language, "en"))

    titles = page.count('<td class="full"><bdi lang="en">')
    assert titles
    assert page.count(f'</bdi><br><span class="tiny soft">{mark}</span>') == titles
    assert "Not yet in this language" not in english
