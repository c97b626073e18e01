"""A case of which nobody knows the language: everybody reads so, and what is to be said stands in the country's first."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from referral import actions
from referral.models import Case, Consent, Referral
from referral.queries.referrals import candidates
from referral.queries.sharing import shared_lines
from tests.referral.pages import url

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def unknown(own, liberia):
    """A case without a language, in a country whose first language is French."""
    type(liberia).objects.filter(pk=liberia.pk).update(language_codes="fr en")
    Case.objects.filter(pk=own.pk).update(language="")
    return Case.objects.get(pk=own.pk)


def test_the_pages_of_staff_say_that_it_is_not_known(unknown, operator, sign_in):
    desk = sign_in(operator)

    page = desk.get(url("case_detail", unknown)).content.decode()
    rows = desk.get(reverse("referral:cases")).content.decode()

    assert "Language of the person: not known · County:" in page
    assert "The person speaks" not in page
    assert '<td data-h="Language">not known</td>' in rows


@pytest.mark.parametrize(("language", "words"), [("", "Not known"), ("fr", "français")])
def test_an_agency_is_told_that_it_is_not_known(unknown, open_run, operator, at, keys, language, words):
    Case.objects.update(language=language)
    service = candidates(open_run(unknown, "shelter"), at)[0].service
    actions.refer(run=open_run(unknown, "shelter"), service=service, key=next(keys), by=operator, at=at)

    said = {line.field.key: line.words for line in shared_lines(Referral.objects.get(), 1, at)}

    assert said["language"] == words


@pytest.mark.parametrize(("language", "answer"), [("", "not_known"), ("fr", "no"), ("en", "yes")])
def test_whether_an_agency_speaks_it_is_not_known_either(unknown, open_run, at, language, answer):
    Case.objects.update(language=language)

    match = candidates(open_run(unknown, "shelter"), at)[0].match

    assert {one.criterion: one.answer for one in match.reasons}["language"] == answer


def test_what_is_said_to_the_person_stands_in_the_first_language_of_the_country(unknown, operator, sign_in):
    page = sign_in(operator).get(url("case_consent", unknown)).content.decode()

    assert '<div class="say" lang="fr" dir="ltr">' in page
    assert '<div class="say" lang="en"' not in page


def test_a_step_and_a_question_that_is_open_are_asked_in_it_too(
    new_case, liberia, operator, sign_in, open_run, at, keys
):
    type(liberia).objects.filter(pk=liberia.pk).update(language_codes="fr en")
    case, client = new_case(facts={}, language=""), sign_in(operator)
    run = open_run(case, "screening").number

    step = client.get(url("case_step", case, run)).content.decode()
    actions.complete_step(case=case, run=run, key=next(keys), by=operator, at=at)
    page = client.get(url("case_detail", case)).content.decode()

    for shown in (step, page):
        assert '<div class="say" lang="fr" dir="ltr">' in shown


def test_consent_keeps_the_words_that_were_read_out(liberia, new_case, agency, open_run, operator, sign_in, at, keys):
    type(liberia).objects.filter(pk=liberia.pk).update(language_codes="fr en")
    house, case = agency("Safe house A", "shelter"), new_case(language="")
    for step in ("screening", "safety"):
        actions.complete_step(case=case, run=open_run(case, step).number, key=next(keys), by=operator, at=at)
    case.refresh_from_db()
    told = {f"line_{house.organisation_id}_shelter_basics": "yes", "agrees": "yes", "giver": "person",
            "wants_police": "no", "key": "k", "seen": case.event_count}  # fmt: skip

    sign_in(operator).post(url("case_consent", case), told)

    assert Consent.objects.get().language == "fr"


def test_a_language_that_becomes_known_is_kept_once_and_told(unknown, operator, sign_in, at):
    actions.learn_language(case=unknown, language="ar", by=operator, at=at)
    actions.learn_language(case=unknown, language="fr", by=operator, at=at)

    unknown.refresh_from_db()
    page = sign_in(operator).get(url("case_detail", unknown)).content.decode()
    assert unknown.language == "ar"
    assert "Language of the person: العربيّة" in page
    assert "The person speaks" in page
    assert list(unknown.events.filter(kind="language_known").values_list("body", flat=True)) == ['{"language":"ar"}']
    assert '"kind":"language_known"' in AuditEntry.objects.filter(verb="referral.case_moved").latest("seq").body
