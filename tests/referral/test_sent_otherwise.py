"""One form sent twice: the same answers are a repeat, others are refused, and nothing of them is called written."""

import re

import pytest
from django.urls import reverse

from referral import actions
from referral.models import Case, CaseAccess, CaseEvent, FactValue
from referral.queries.sendings import SentOtherwise
from tests.referral.pages import url

pytestmark = pytest.mark.usefixtures("now")
HIDDEN = r'name="(key|seen)" value="([^"]*)"'
REFUSED = "You sent this form before, with other answers."


def hidden(page):
    """Return what a page carries hidden, as its form would send it."""
    return dict(re.findall(HIDDEN, page.content.decode()))


@pytest.fixture
def twice(sign_in):
    """Send one form with some answers, again with the same, then with others; return the three answers."""

    def send(person, place, told, other):
        client = sign_in(person)
        form = hidden(client.get(place))
        return [client.post(place, form | one) for one in (told, told, other)]

    return send


def is_refused(page):
    return page.status_code == 409 and REFUSED in page.content.decode()


def test_what_became_of_a_request_is_not_answered_twice_from_one_form(offer, operator, twice, client, at):
    referral, _code, _path = offer
    actions.accept(referral=referral, key="yes", by=operator, at=at)
    place = url("referral_progress", referral.case, referral.public_id)

    first, same, other = twice(operator, place, {"state": "in_progress"}, {"state": "failed", "note": "She left."})

    referral.refresh_from_db()
    assert (first.status_code, first.url) == (same.status_code, same.url) == (302, url("case_detail", referral.case))
    assert is_refused(other)
    assert "She left." in other.content.decode()
    assert [str(entry.words) for entry in other.context["happened"]]
    assert referral.state == "in_progress"
    assert CaseEvent.objects.filter(kind="referral_failed").count() == 0
    assert client.post(place, hidden(other) | {"state": "failed", "note": "She left."}).status_code == 302
    referral.refresh_from_db()
    assert referral.state == "failed"


def test_the_other_answer_by_phone_is_not_called_written_down(offer, operator, twice):
    referral, _code, _path = offer
    place = url("referral_answer", referral.case, referral.public_id)

    first, same, other = twice(operator, place, {"answer": "accept"}, {"answer": "decline", "reason": "full"})

    referral.refresh_from_db()
    assert [first.status_code, same.status_code] == [302, 302]
    assert is_refused(other)
    assert referral.state == "accepted"
    assert CaseEvent.objects.filter(kind="referral_accepted").count() == 1


def test_another_name_from_one_form_is_refused_and_no_word_of_it_stands_unsealed(own, operator, twice):
    first, same, other = twice(operator, url("case_identity", own), {"name": "ALPHA"}, {"name": "BETA"})

    assert [first.status_code, same.status_code] == [302, 302]
    assert is_refused(other)
    assert other.context["form"]["name"].value() == "BETA"
    assert FactValue.objects.filter(case=own, key="name").count() == 2  # the one of the fixture, and ALPHA
    kept = " ".join(f"{event.key} {event.body}" for event in CaseEvent.objects.filter(case=own))
    assert ("ALPHA" in kept, "BETA" in kept) == (False, False)


def test_the_mark_of_a_form_is_another_one_for_the_same_words_in_another_form(own, operator, twice):
    twice(operator, url("case_identity", own), {"name": "ALPHA"}, {"name": "ALPHA"})
    twice(operator, url("case_identity", own), {"name": "ALPHA"}, {"name": "ALPHA"})

    keys = CaseEvent.objects.filter(case=own, key__contains="~", kind="facts").values_list("key", flat=True)
    assert len({key.rpartition("~")[2] for key in keys}) == len(keys) == 2


def test_an_answer_of_a_step_that_is_changed_in_the_same_form_is_refused(new_case, operator, twice, open_run):
    case = new_case(facts={"immediate_danger": False})
    place = url("case_step", case, open_run(case, "screening").number)

    first, same, other = twice(operator, place, *({"age": age, "anyway": "99"} for age in ("30", "13")))

    assert [first.status_code, same.status_code] == [302, 302]
    assert is_refused(other)
    assert FactValue.objects.get(case=case, key="age").value == "30"
    assert CaseEvent.objects.filter(case=case, kind="done").count() == 1


def test_a_case_is_closed_once_and_the_same_form_sent_again_says_so(own, operator, twice):
    told = {"reason": "lost_contact", "outcome": "not_known", "feedback_asked": "no"}

    first, same, other = twice(operator, url("case_close", own), told, told | {"reason": "withdrawn"})

    own.refresh_from_db()
    assert (first.url, same.url) == (url("case_detail", own),) * 2
    assert is_refused(other)
    assert own.close_reason == "lost_contact"


def test_other_words_of_a_hold_from_one_form_are_refused(own, supervisor, twice):
    told = {"act": "hold", "reason": "court", "words": "Order 12."}

    first, same, other = twice(supervisor, url("case_hold", own), told, told | {"words": "Order 13."})

    assert [first.status_code, same.status_code, other.status_code] == [302, 302, 409]
    assert CaseEvent.objects.filter(case=own, kind="hold_set").count() == 1


def test_a_case_is_handed_to_one_of_two(own, supervisor, person, liberia, twice):
    anna, berta = (person("operator", country=liberia, name=name) for name in ("Anna", "Berta"))

    first, same, other = twice(supervisor, url("case_assign", own), {"owner": anna.pk}, {"owner": berta.pk})

    own.refresh_from_db()
    assert (first.url, same.url) == ("/en/cases/", "/en/cases/")
    assert is_refused(other)
    assert own.owner == anna


def test_a_case_is_opened_with_one_reason(own, supervisor, twice):
    place = url("case_reason", own)

    first, same, other = twice(supervisor, place, {"reason": "Late step."}, {"reason": "Another reason."})

    assert (first.url, same.url) == (url("case_detail", own),) * 2
    assert is_refused(other)
    assert CaseAccess.objects.get(case=own).reason == "Late step."


def test_consent_is_taken_back_from_whom_the_first_sending_said(own, operator, twice):
    agency = own.consents.get().lines.first().organisation
    place = url("case_withdraw", own)

    first, same, other = twice(operator, place, {"organisation": str(agency.pk)}, {"organisation": "all"})

    assert (first.status_code, same.status_code) == (302, 302)
    assert is_refused(other)
    assert CaseEvent.objects.filter(case=own, kind="consent_withdrawn").count() == 1


def test_a_request_that_is_sent_twice_is_shown_again_and_asks_one_agency(own, operator, twice, open_run):
    place, house = url("refer", own, open_run(own, "shelter").number), own.consents.get().lines.first().organisation
    told = {"service": str(house.services.get().pk), "urgency": "normal"}

    first, same, other = twice(operator, place, told, told | {"urgency": "urgent"})

    assert [first.status_code, same.status_code, other.status_code] == [200, 200, 409]
    assert same.context["sent"].referral == first.context["sent"].referral
    assert CaseEvent.objects.filter(case=own, kind="referral_sent").count() == 1


def test_other_answers_of_a_new_case_open_none_until_the_form_is_sent_anew(version, operator, twice, client):
    place, told = reverse("referral:case_new"), {"language": "fr", "source": "walk_in"}

    first, same, other = twice(operator, place, told, told | {"language": "en"})

    assert first.url == same.url
    assert is_refused(other)
    assert Case.objects.count() == 1
    assert client.post(place, hidden(other) | told | {"language": "en"}).status_code == 302
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    ("act", "told", "other"),
    [
        (actions.answer, {"facts": {"national": True}, "source": "call"}, {"facts": {"national": False}}),
        (actions.answer, {"facts": {"national": True}, "source": "call"}, {"facts": {"age": 30}}),
        (actions.finish, {"run": 2}, {"run": 3}),
    ],
)
def test_an_event_under_a_key_that_another_has_is_refused(new_case, operator, at, act, told, other):
    case = new_case(facts={"immediate_danger": False})
    common = {"case": case, "key": "one", "by": operator, "at": at}
    act(**common, **told)

    assert act(**common, **told).is_repeat
    with pytest.raises(SentOtherwise):
        act(**common, **(told | other))


def test_an_answer_about_a_request_under_the_key_of_another_answer_is_refused(offer, operator, at):
    common = {"referral": offer[0], "key": "one", "by": operator, "at": at}
    actions.decline(**common, reason="full")

    assert actions.decline(**common, reason="full").state == "rejected"
    for act, told in ((actions.accept, {}), (actions.hold, {}), (actions.decline, {"reason": "unsuitable"})):
        with pytest.raises(SentOtherwise):
            act(**common, **told)
