"""How long the session lasts in which an agency's page was opened."""

from tests.referral.offers import opened


def test_an_agencys_session_ends_with_its_browser(offer):
    _referral, code, path = offer

    browser = opened(path, code)

    assert browser.session.get_expire_at_browser_close()


def test_opening_an_agencys_page_leaves_the_session_of_staff_as_long_as_it_was(offer, sign_in, supervisor):
    _referral, code, path = offer
    desk = sign_in(supervisor)
    before = desk.session.get_expiry_age()

    answer = desk.post(path, {"code": code})

    assert answer.status_code == 302
    assert not desk.session.get_expire_at_browser_close()
    assert desk.session.get_expiry_age() == before
