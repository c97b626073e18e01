"""The agency's page after the code: two stages, its answer, no trace of a person outside."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.actions import open_letter
from accounts.models import AuditEntry, Letter
from referral import actions
from referral.models import AgencyLink, CaseEvent, ConsentLine, Disclosure, Referral
from tests.referral.offers import CANARY, opened, path_of


def test_stage_one_holds_no_identity_and_stage_two_opens_on_accept(offer):
    referral, code, path = offer
    browser = opened(path, code)

    first = browser.get(path).content.decode()
    accepted = browser.post(path, {"act": "answer", "answer": "accept"}, follow=True).content.decode()

    assert CANARY not in first
    assert referral.case.code not in first
    assert "Montserrado" in first
    assert "<dt>Area</dt>" in first
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


def test_the_case_names_exactly_what_the_agency_was_shown(offer, operator, sign_in):
    referral, code, path = offer
    browser, desk = opened(path, code), sign_in(operator)

    def told():
        page = desk.get(reverse("referral:case_detail", args=[referral.case.code])).content.decode()
        return page.partition("was shown: ")[2].partition("</span>")[0]

    def labels():
        return re.findall(r"<dt>(.*?)</dt>", browser.get(path).content.decode())

    seen = labels()
    assert seen
    assert told() == " · ".join(seen)

    browser.post(path, {"act": "answer", "answer": "accept"}, follow=True)
    seen_after = labels()
    assert set(seen_after) > set(seen)
    assert told() == " · ".join(seen_after)


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

    nothing = browser.post(path, {"act": "answer", "answer": "decline"}, follow=True)
    no_words = browser.post(path, {"act": "answer", "answer": "decline", "reason": "other"}, follow=True)
    said = {"act": "answer", "answer": "decline", "reason": "full", "free_from": "2026-12-01"}
    over = browser.post(path, said | {"free_from": "2026-11-24"}, follow=True)
    told = browser.post(path, said, follow=True)

    assert "Choose why you cannot." in nothing.content.decode()
    assert "Write the other reason in a few words." in no_words.content.decode()
    assert "This day is over." in over.content.decode()
    assert told.status_code == 200
    kept = Referral.objects.get(pk=referral.pk)
    assert (kept.state, kept.decline_reason, kept.free_from) == ("rejected", "full", dt.date(2026, 12, 1))
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("answer", ["accept", "hold"])
def test_a_reason_for_a_no_beside_another_answer_is_asked_back(offer, answer):
    referral, code, path = offer
    browser = opened(path, code)

    page = browser.post(path, {"act": "answer", "answer": answer, "reason": "full"}, follow=True).content.decode()

    assert Referral.objects.get(pk=referral.pk).state == "requested"
    assert "A reason for a no was chosen too." in page
    assert not re.search(r'name="(answer|reason)"[^>]*checked', page)


def test_a_no_says_that_the_next_agency_is_asked_at_once_and_when_not(offer):
    _referral, code, path = offer

    page = opened(path, code).get(path).content.decode()

    assert "Where another agency stands ready, that one is asked at once" in page
    assert "then the hotline decides first" in page
    assert "chooses whom to ask next" not in page


def test_the_door_of_a_deletion_says_that_a_request_was_taken_back_and_nothing_of_it(offer, operator, at, keys):
    referral, code, path = offer
    waits = Client().get(path).content.decode()
    opened(path, code).post(path, {"act": "answer", "answer": "accept"})
    actions.withdraw_consent(case=referral.case, key=next(keys), by=operator, at=at)
    door = path_of(referral, "deletion")

    first, wrong = Client().get(door), Client().post(door, {"code": "1"})

    for page in (first.content.decode(), wrong.content.decode()):
        assert "A request was taken back" in page
        assert "A request waits for you" not in page
        assert "Open the request" not in page
        assert not [told for told in (str(referral.organisation), "Montserrado", CANARY) if told in page]
    assert "A request waits for you" in waits


def test_the_same_answer_ten_times_has_one_effect(offer):
    referral, code, path = offer
    browser = opened(path, code)

    for _ in range(10):
        assert browser.post(path, {"act": "answer", "answer": "accept"}, follow=True).status_code == 200

    assert CaseEvent.objects.filter(case=referral.case, kind="referral_accepted").count() == 1


@pytest.mark.parametrize("sent", [{"answer": "accept"}, {"answer": "hold"}, {"answer": "decline", "reason": "full"}])
def test_an_answer_uses_its_link_up_when_it_is_first_given(offer, time_machine, sent):
    referral, code, path = offer
    links = AgencyLink.objects.filter(referral=referral, purpose="answer")
    browser = opened(path, code)
    before = links.get().used_at
    moment = timezone.now() + dt.timedelta(minutes=5)
    time_machine.move_to(moment, tick=False)

    browser.post(path, {"act": "answer"} | sent)
    time_machine.move_to(moment + dt.timedelta(minutes=5), tick=False)
    browser.post(path, {"act": "answer"} | sent)

    assert (before, links.get().used_at) == (None, moment)


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

    page = browser.post(path, {"act": "answer", "answer": "accept"}, follow=True).content.decode()

    assert other.state == "accepted"
    assert "Another agency has taken this request." in page
    assert CANARY not in page


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


def test_a_link_for_an_answer_confirms_no_deletion(offer, at):
    referral, *_ = offer
    Referral.objects.filter(pk=referral.pk).update(deletion_asked_at=at)
    link = AgencyLink.objects.get(referral=referral, purpose="answer")

    with pytest.raises(actions.DeadLink):
        actions.confirm_deletion(link=link, at=at)

    assert Referral.objects.get(pk=referral.pk).deletion_confirmed_at is None
    assert AgencyLink.objects.get(pk=link.pk).used_at is None


NO = {"act": "answer", "answer": "decline", "reason": "full"}
YES = {"act": "answer", "answer": "accept"}


@pytest.mark.parametrize(
    ("first", "second", "stands", "not_taken", "state"),
    [(YES, NO, "Yes, we accept", "No, we cannot", "accepted"), (YES, {"act": "answer", "answer": "decline"}, "Yes, we accept", "No, we cannot", "accepted"),
     (NO, YES, "No, we cannot", "Yes, we accept", "rejected"),
     ({"act": "answer", "answer": "hold"}, NO, "Not now, put her or him on our waiting list", "No, we cannot", "on_hold")],
)  # fmt: skip
def test_another_answer_from_a_second_window_is_said_not_to_be_taken(offer, first, second, stands, not_taken, state):
    referral, code, path = offer
    browser = opened(path, code)
    browser.post(path, first)

    page = browser.post(path, second, follow=True)
    same = browser.post(path, first, follow=True).content.decode()

    text = page.content.decode()
    assert f"This request was answered before: “{stands}”. Your answer “{not_taken}” was not taken." in text
    assert 'To change it, call the hotline: <bdi class="ltr num">2883</bdi>' in text
    assert "was not taken" not in same
    assert Referral.objects.get(pk=referral.pk).state == state
