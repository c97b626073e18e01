"""Who gave consent is said as it is stored: to the agency that is shown something, and in the timeline."""

import pytest

from referral.queries.timeline import timeline_of
from tests.referral.offers import opened

pytestmark = pytest.mark.usefixtures("now")
BY_PERSON = "The person agreed that you see these lines"


def said(case):
    return [entry.words for entry in timeline_of(case, "en") if " by: " in entry.words]


def test_the_person_who_agreed_is_named_as_before(offer):
    _referral, code, path = offer

    page = opened(path, code).get(path).content.decode()

    assert (BY_PERSON in page, "Who agreed" in page) == (True, False)


def test_a_guardian_who_agreed_is_named_to_the_agency_before_and_after_it_accepts(offer, consent_to):
    referral, code, path = offer
    consent_to(referral.case, referral.service, giver="guardian", assent="yes")
    browser = opened(path, code)

    before = browser.get(path).content.decode()
    after = browser.post(path, {"act": "answer", "answer": "accept"}, follow=True).content.decode()

    assert "Who agreed that you see these lines: An independent guardian." in before
    assert "Who agreed that you see these lines and no more: An independent guardian." in after
    assert BY_PERSON not in before + after


def test_where_two_agreed_both_are_named(offer, consent_to):
    referral, code, path = offer
    consent_to(referral.case, referral.service, giver="caregiver", assent="yes", groups=("basics",))

    page = opened(path, code).get(path).content.decode()

    assert "Who agreed that you see these lines: The person herself or himself, A caregiver." in page


def test_the_timeline_says_who_gave_consent_and_who_refused_it(at_referrals, house, room, consent_to, say_no):
    case = at_referrals(house, room)
    consent_to(case, house, giver="guardian", assent="yes")
    say_no(case)

    assert said(case) == [
        "Consent refused by: The person herself or himself",
        "Consent given by: An independent guardian; agencies named: 1",
        "Consent given by: The person herself or himself; agencies named: 2",
    ]
