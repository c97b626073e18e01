"""The one-time link: nothing before the code, one use, one dead page, one winner of a race."""

import datetime as dt
import re

import pytest
from django.test import Client

from accounts.actions import open_letter
from accounts.models import AuditEntry, Letter
from referral import tasks
from referral.actions import links
from referral.models import AgencyLink, CaseEvent, Escalation
from tests.referral.offers import CANARY, opened

pytestmark = pytest.mark.either


def test_get_shows_only_a_field_for_the_code_and_uses_nothing_up(offer, client):
    referral, code, path = offer

    pages = [client.get(path) for _ in range(3)]

    assert {page.status_code for page in pages} == {200}
    text = pages[0].content.decode()
    assert 'name="code"' in text
    for said in (referral.organisation.name, referral.case.code, CANARY, "Montserrado", code):
        assert said not in text
    assert opened(path, code).get(path).status_code == 200


def test_pages_are_not_kept_not_indexed_and_link_nowhere_else(offer, client):
    _referral, code, path = offer

    for page in (client.get(path), opened(path, code).get(path), client.get("/en/a/forged/")):
        assert page["Cache-Control"] == "no-store"
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert page["Referrer-Policy"] == "same-origin"
        hrefs = re.findall(r'<a[^>]* href="([^"]+)"', page.content.decode())
        assert all("/a/" in href or href.startswith("tel:") for href in hrefs)


def test_only_hashes_are_kept_and_the_code_stands_nowhere(offer):
    referral, code, path = offer
    token = path.split("/")[3]
    link = AgencyLink.objects.get(referral=referral)

    assert len(token) >= 43
    assert token not in repr(vars(link))
    assert code not in repr(vars(link))
    assert code not in " ".join(open_letter(letter).text for letter in Letter.objects.all()).replace(token, "")


def test_the_code_opens_once_and_every_dead_link_is_the_same_page(offer, at, now):
    referral, code, path = offer
    first = opened(path, code)
    stranger = Client()

    dead = {"used": stranger.get(path), "used, code": stranger.post(path, {"code": code})}
    dead["forged"] = stranger.get("/en/a/" + "x" * 43 + "/")
    dead["forged, code"] = stranger.post("/en/a/nothing/", {"code": "123456"})
    links.revoke_links(referral=referral, at=at)
    dead["revoked"] = first.get(path)
    now.move_to(at + dt.timedelta(days=4), tick=False)
    dead["over"] = stranger.get(path)

    assert {page.status_code for page in dead.values()} == {404}
    bodies = {re.sub(r'/a/[^/"]+/', "/a/token/", page.content.decode()) for page in dead.values()}
    assert len(bodies) == 1


def test_a_link_ends_at_the_deadline_or_after_72_hours(offer, at, now):
    referral, code, path = offer
    link = AgencyLink.objects.get(referral=referral)

    now.move_to(link.expires_at, tick=False)

    assert link.expires_at <= at + dt.timedelta(hours=72)
    assert Client().post(path, {"code": code}).status_code == 404


def test_a_page_that_was_opened_shortly_before_the_time_was_over_is_dead_once_the_silence_is_written_down(offer, now):
    referral, code, path = offer
    now.move_to(referral.due_at - dt.timedelta(minutes=5), tick=False)
    browser = opened(path, code)
    now.move_to(referral.due_at, tick=False)
    still = browser.get(path).status_code

    assert tasks.expire_offers(referral.due_at) == 1

    assert (still, browser.get(path).status_code) == (200, 404)
    assert browser.post(path, {"act": "answer", "answer": "accept"}).status_code == 404
    referral.refresh_from_db()
    assert referral.state == "no_answer"


def test_a_link_that_is_over_asks_for_no_code_and_counts_no_try(offer, now):
    referral, code, path = offer
    link = AgencyLink.objects.get(referral=referral)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"

    now.move_to(link.expires_at - dt.timedelta(seconds=1), tick=False)
    assert Client().get(path).status_code == 200
    now.move_to(link.expires_at, tick=False)

    assert Client().get(path).status_code == 404
    assert Client().post(path, {"code": wrong}).status_code == 404
    link.refresh_from_db()
    assert link.tries == 0


def test_an_opened_page_stays_thirty_minutes_in_that_browser(offer, at, now):
    _referral, code, path = offer
    browser = opened(path, code)

    now.move_to(at + dt.timedelta(minutes=29), tick=False)
    assert browser.get(path).status_code == 200
    now.move_to(at + dt.timedelta(minutes=30), tick=False)
    assert browser.get(path).status_code == 404


def test_five_wrong_codes_kill_the_link_and_the_supervisor_is_told(offer, at):
    referral, code, path = offer
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    browser = Client()

    answers = [browser.post(path, {"code": wrong}).status_code for _ in range(5)]

    assert answers == [400, 400, 400, 400, 404]
    assert browser.post(path, {"code": code}).status_code == 404
    told = Escalation.objects.get(rule__startswith="link_dead")
    assert (told.run, told.to_role) == (referral.run, "coordinator")
    assert CaseEvent.objects.filter(case=referral.case, kind="link_dead").count() == 1


def test_a_code_of_another_length_is_no_try(offer):
    referral, _code, path = offer

    for typed in ("", "12345", "1234567", "12a456", "\u0000" * 6):
        assert Client().post(path, {"code": typed}).status_code == 400

    assert AgencyLink.objects.get(referral=referral).tries == 0


def test_digits_of_other_scripts_and_spaces_open_too(offer):
    _referral, code, path = offer
    eastern = code.translate({ord(str(digit)): chr(0x0660 + digit) for digit in range(10)})

    assert Client().post(path, {"code": f"{eastern[:3]} {eastern[3:]}"}).status_code == 302


def test_one_address_is_slowed_down_over_all_links(offer):
    browser = Client()

    answers = [browser.post("/en/a/guess/", {"code": "123456"}).status_code for _ in range(31)]

    assert answers == [404] * 30 + [429]


def test_a_wrong_code_after_the_link_was_opened_counts_nothing(offer, at, monkeypatch):
    referral, code, path = offer
    stale = AgencyLink.objects.select_related("referral__case").get(referral=referral)
    links.redeem(token=path.split("/")[3], code=code, secret="first", at=at)
    monkeypatch.setattr(links, "alive_link", lambda token, at: stale)

    for _ in range(6):
        with pytest.raises(links.WrongCode):
            links.redeem(token=path.split("/")[3], code="wrong!", secret="second", at=at)

    link = AgencyLink.objects.get(pk=stale.pk)
    assert (link.tries, link.revoked_at) == (0, None)
    assert links.opened_link(path.split("/")[3], "first", at) == link
    assert not Escalation.objects.filter(rule__startswith="link_dead").exists()


@pytest.mark.parametrize(("before", "open_for"), [(dt.timedelta(minutes=-10), 30), (dt.timedelta(minutes=5), 30),
                                                  (dt.timedelta(minutes=50), 50)])  # fmt: skip
def test_a_new_link_is_open_half_an_hour_even_when_the_deadline_is_nearer(offer, operator, at, before, open_for):
    referral, _code, _path = offer
    referral.due_at = at + before
    referral.save(update_fields=["due_at"])

    sent = links.send_link(referral=referral, by=operator, at=at)

    assert sent.link.expires_at == at + dt.timedelta(minutes=open_for)


def test_a_code_that_was_replaced_while_it_was_checked_opens_nothing(offer, operator, at, monkeypatch):
    referral, code, path = offer
    stale = AgencyLink.objects.select_related("referral__case").get(referral=referral)
    links.fresh_code(link=stale, by=operator, at=at)
    monkeypatch.setattr(links, "alive_link", lambda token, at: stale)

    with pytest.raises(links.DeadLink):
        links.redeem(token=path.split("/")[3], code=code, secret="first", at=at)

    assert AgencyLink.objects.get(pk=stale.pk).redeemed_at is None


ENDED = {
    "used": lambda at: {"used_at": at},
    "revoked": lambda at: {"revoked_at": at},
    "over": lambda at: {"expires_at": at},
    "tried": lambda at: {"tries": 5},
    "redeemed": lambda at: {"redeemed_at": at, "session_digest": "x", "open_until": at},
}


@pytest.mark.parametrize("ended", ENDED.values(), ids=ENDED)
def test_a_link_that_ended_gets_no_fresh_code(offer, operator, at, ended):
    link = AgencyLink.objects.get(referral=offer[0])
    AgencyLink.objects.filter(pk=link.pk).update(**ended(at))
    before = AgencyLink.objects.filter(pk=link.pk).values().get()

    with pytest.raises(links.DeadLink, match="This link is closed"):
        links.fresh_code(link=link, by=operator, at=at)

    assert AgencyLink.objects.filter(pk=link.pk).values().get() == before
    assert not AuditEntry.objects.filter(verb="referral.code_made").exists()


@pytest.mark.parametrize("meanwhile", [*ENDED.values(), lambda at: {"code_digest": "x"}], ids=[*ENDED, "new code"])
def test_a_link_that_ends_between_the_look_and_the_opening_stays_shut(offer, at, monkeypatch, meanwhile):
    referral, code, path = offer
    token = path.split("/")[3]
    looked_at = links.alive_link(token, at)
    AgencyLink.objects.filter(referral=referral).update(**meanwhile(at))
    monkeypatch.setattr(links, "alive_link", lambda _token, _at: looked_at)

    with pytest.raises(links.DeadLink):
        links.redeem(token=token, code=code, secret="mine", at=at)

    assert not CaseEvent.objects.filter(kind="link_opened").exists()
