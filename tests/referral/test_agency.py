"""The agency's page: nothing before the code, one use, one dead page, two stages, no trace of a person outside."""

import datetime as dt
import re
import sqlite3
import threading

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.actions import open_letter
from accounts.models import AuditEntry, Letter, PublicContact
from referral import actions
from referral.actions import links
from referral.models import AgencyLink, CaseEvent, ConsentLine, Disclosure, Escalation, Referral

CANARY = "Quillfeather"
LINKS, RACERS = 40, 4


@pytest.fixture
def now(time_machine, at):
    """The clock stands at `at`; `now.move_to` moves it."""
    time_machine.move_to(at, tick=False)
    return time_machine


@pytest.fixture
def offer(at_referrals, agency, open_run, operator, at, keys, now):
    """An offer to a safe house for a woman whose name is a canary; returns (referral, code, path)."""
    PublicContact.objects.create(country=operator.country, kind="hotline", name_en="Hotline", number="2883")
    house, room = agency("Safe house A", "shelter"), agency("Listening room", "psychosocial")
    private = {"name": CANARY, "safe_contact": f"Ask for {CANARY}", "location_now": f"{CANARY} street"}
    case = at_referrals(house, room, private=private)
    sent = actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)
    return sent.referral, sent.code, path_of(sent.referral)


def path_of(referral, purpose="answer"):
    link = AgencyLink.objects.filter(referral=referral, purpose=purpose).order_by("-pk").first()
    text = open_letter(Letter.objects.get(key=f"agency_link:{link.public_id}")).text
    return re.search(r"/\w+/a/[\w-]+/", text)[0]


def opened(path, code):
    client = Client()
    assert client.post(path, {"code": code}).status_code == 302
    return client


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


def test_stage_one_holds_no_identity_and_stage_two_opens_on_accept(offer):
    referral, code, path = offer
    browser = opened(path, code)

    first = browser.get(path).content.decode()
    accepted = browser.post(path, {"act": "answer", "answer": "accept"}, follow=True).content.decode()

    assert CANARY not in first
    assert referral.case.code not in first
    assert "Montserrado" in first
    assert f"Ask for {CANARY}" in accepted
    assert f"{CANARY} street" not in accepted  # the shelter profile has no place field
    assert Referral.objects.get(pk=referral.pk).state == "accepted"


def test_each_group_shown_leaves_one_disclosure_on_its_line(offer):
    referral, code, path = offer
    browser = opened(path, code)

    browser.get(path)
    browser.get(path)
    browser.post(path, {"act": "answer", "answer": "accept"}, follow=True)

    rows = list(Disclosure.objects.filter(referral=referral).values_list("stage", "group"))
    assert sorted(rows) == [(1, "basics"), (2, "basics"), (2, "contact")]
    lines = ConsentLine.objects.filter(disclosures__referral=referral, is_given=True)
    assert set(lines.values_list("organisation", flat=True)) == {referral.organisation_id}
    assert AuditEntry.objects.filter(verb="sealed.revealed").exclude(body__contains="agency_link").count() == 1


def test_the_canary_is_in_no_letter_address_event_or_audit_row(offer, client):
    _referral, code, path = offer
    browser = opened(path, code)
    browser.get(path)
    browser.post(path, {"act": "answer", "answer": "accept"}, follow=True)

    kept = [
        *(open_letter(letter).text for letter in Letter.objects.all()),
        *Letter.objects.values_list("subject", flat=True),
        *CaseEvent.objects.values_list("body", flat=True),
        *AuditEntry.objects.values_list("body", flat=True),
        path,
    ]
    assert not [text for text in kept if CANARY in text]


def test_declining_needs_a_reason_and_another_reason_needs_words(offer):
    referral, code, path = offer
    browser = opened(path, code)

    nothing = browser.post(path, {"act": "answer", "answer": "decline"})
    no_words = browser.post(path, {"act": "answer", "answer": "decline", "reason": "other"})
    said = {"act": "answer", "answer": "decline", "reason": "full", "free_from": "2026-12-01"}
    told = browser.post(path, said, follow=True)

    assert (nothing.status_code, no_words.status_code, told.status_code) == (400, 400, 200)
    kept = Referral.objects.get(pk=referral.pk)
    assert (kept.state, kept.decline_reason, kept.free_from) == ("rejected", "full", dt.date(2026, 12, 1))
    assert Client().get(path).status_code == 404


def test_the_same_answer_ten_times_has_one_effect(offer):
    referral, code, path = offer
    browser = opened(path, code)

    for _ in range(10):
        assert browser.post(path, {"act": "answer", "answer": "accept"}, follow=True).status_code == 200

    assert CaseEvent.objects.filter(case=referral.case, kind="referral_accepted").count() == 1


def test_the_waiting_list_keeps_the_request_open(offer):
    referral, code, path = offer

    opened(path, code).post(path, {"act": "answer", "answer": "hold"})

    assert Referral.objects.get(pk=referral.pk).state == "on_hold"


def test_accepting_what_another_agency_has_shows_nothing_more(offer, at, keys):
    referral, code, path = offer
    browser = opened(path, code)
    other = Referral.objects.create(
        case=referral.case, run=referral.run, organisation=referral.organisation, service=referral.service,
        need="shelter", position=9, state="accepted", created_at=at, created_by="test", changed_at=at,
    )  # fmt: skip

    page = browser.post(path, {"act": "answer", "answer": "accept"})

    assert other.state == "accepted"
    assert page.status_code == 409
    assert CANARY not in page.content.decode()


def test_after_withdrawal_every_old_link_gives_the_dead_page(offer, operator, at, keys):
    referral, code, path = offer
    browser = opened(path, code)

    actions.withdraw_consent(case=referral.case, key=next(keys), by=operator, at=at)

    assert browser.get(path).status_code == 404
    assert browser.post(path, {"act": "answer", "answer": "accept"}).status_code == 404
    assert Referral.objects.get(pk=referral.pk).state == "recalled"


def test_the_page_speaks_arabic_from_the_right(offer):
    _referral, code, path = offer
    arabic = path.replace("/en/", "/ar/")

    page = Client().get(arabic).content.decode()

    assert '<html lang="ar" dir="rtl"' in page


def test_a_fresh_code_replaces_the_old_one(offer, operator, at):
    referral, code, path = offer

    fresh = actions.fresh_code(link=AgencyLink.objects.get(referral=referral), by=operator, at=at)

    assert code == fresh or Client().post(path, {"code": code}).status_code == 400
    assert Client().post(path, {"code": fresh}).status_code == 302


def test_a_letter_is_written_in_its_readers_language_and_leads_to_that_language(offer, operator, at, keys):
    referral, _code, _path = offer
    referral.organisation.contacts.update(language="fr")

    actions.resend(referral=referral, key=next(keys), by=operator, at=at)

    letter = Letter.objects.order_by("-pk").first()
    assert letter.language == "fr"
    assert path_of(referral).startswith("/fr/a/")
    with translation.override("fr"):
        assert reverse("referral:agency", args=["x"]) == "/fr/a/x/"


@pytest.fixture
def file_database(tmp_path):
    """Return a function that gives the calling thread a connection; on SQLite to a file copy, as in production."""

    def prepare():
        if connection.vendor != "sqlite":
            return lambda: None
        options = {name: value for name, value in connection.settings_dict.items() if name != "TEST"}
        options["NAME"] = str(tmp_path / "race.sqlite3")
        with sqlite3.connect(options["NAME"]) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=WAL")
        backend = type(connection._connections["default"])

        def connect():
            connections["default"] = backend(options, "default")

        return connect

    return prepare


def test_of_racing_browsers_exactly_one_opens_each_link(transactional_db, offer, at, file_database):
    referral, code, _path = offer
    tokens = [f"race-{number}" for number in range(LINKS)]
    AgencyLink.objects.bulk_create(
        AgencyLink(
            country=referral.case.country, referral=referral, token_digest=links.token_digest(token), made_at=at,
            code_digest=links.code_digest(links.token_digest(token), code), made_by="test",
            expires_at=at + dt.timedelta(hours=1),
        )
        for token in tokens
    )  # fmt: skip
    connect, start = file_database(), threading.Barrier(RACERS)
    won, lost, faults = [], [], []

    def race(name):
        connect()
        try:
            for token in tokens:
                start.wait()
                try:
                    links.redeem(token=token, code=code, secret=name, at=at)
                    won.append(token)
                except links.DeadLink:
                    lost.append(token)
        except Exception as error:  # noqa: BLE001 -- the main thread asserts that there was none
            faults.append(error)
            start.abort()
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=race, args=(f"browser {number}",)) for number in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert sorted(won) == sorted(tokens)
    assert len(lost) == LINKS * (RACERS - 1)
