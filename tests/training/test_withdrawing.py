"""What the holder of a withdrawn certificate hears: a letter that names no course, and the reason on her own page."""

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts.actions import open_letter
from accounts.models import Letter
from tests.training.finishing import finish
from training import actions, credentials
from training.choices import CertificateKind, WithdrawalReason
from training.models import Attempt, Certificate, Withdrawal

pytestmark = pytest.mark.either


@pytest.fixture
def certificate(official, course, at):
    """What the official earned by passing."""
    return Certificate.objects.get(enrolment=finish(official, course, at), kind=CertificateKind.ACHIEVEMENT)


def withdraw(certificate, manager, reason, at):
    actions.withdraw_certificate(certificate=certificate, by=manager, reason=reason, words="For our eyes.", at=at)
    return Letter.objects.filter(key=f"certificate-withdrawn:{certificate.public_id}")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_holder_gets_one_letter_in_her_language_without_the_course_or_the_reason(
    certificate, official, manager, at, language
):
    official.language = language
    official.save()

    (letter,) = withdraw(Certificate.objects.get(pk=certificate.pk), manager, WithdrawalReason.NOT_HER_WORK, at)

    words = open_letter(letter)
    assert (letter.language, words.to) == (language, official.email)
    assert f"/{language}/learning/certificates/" in words.text
    for hidden in (certificate.heading, certificate.heading_source, "For our eyes", "not her or his own"):
        assert hidden not in words.text


def test_the_page_says_why(certificate, official, manager, at, sign_in):
    withdraw(certificate, manager, WithdrawalReason.NOT_HER_WORK, at)

    page = sign_in(official).get("/en/learning/certificates/").content.decode()

    assert "Reason given: The answers were not your own." in page
    assert "For our eyes" not in page


@pytest.mark.parametrize("reason", WithdrawalReason)
def test_the_page_speaks_to_its_reader(reason):
    assert not {"her", "his", "holder"} & set(Withdrawal(reason=reason).reason_told.replace(":", "").split())


def test_who_asked_for_it_gets_none_and_who_gets_a_new_one_is_told_so(certificate, manager, at):
    user = certificate.learner.user
    user.language = "en"
    user.name += " S."
    user.save()
    completion = Certificate.objects.get(kind=CertificateKind.COMPLETION)

    assert not withdraw(certificate, manager, WithdrawalReason.ASKED, at)
    (letter,) = withdraw(completion, manager, WithdrawalReason.NAME_WRONG, at)
    assert "A new one is ready for you" in open_letter(letter).text


@pytest.fixture
def waived(official, manager, course, lessons, at):
    """The enrolment of an official whose last lesson was waived; what it brought is two certificates."""
    enrolment = finish(official, course, at, lessons=-1)
    key = str(lessons[-1].translation_key)
    actions.waive_activity(enrolment=enrolment, activity=key, reason="taught", by=manager, at=at)
    return {"enrolment": enrolment, "activity": key}


def test_what_falls_with_a_waiver_is_told_in_one_letter_and_its_cause_on_the_page(
    waived, official, manager, at, later, sign_in
):
    official.language = "en"
    official.save()

    actions.take_back_waiver(reason="wrong_person", by=manager, at=later(60), **waived)

    (letter,) = Letter.objects.filter(key__startswith="certificate-withdrawn:")
    words = open_letter(letter).text
    with time_machine.travel(later(90), tick=False):
        page = sign_in(official).get("/en/learning/certificates/").content.decode()
    assert words.startswith("That a lesson or story counts as done for you was taken back.")
    assert "2 of your certificates of one course were withdrawn: " in words
    assert all(str(kind.label) in words for kind in CertificateKind)
    assert Certificate.objects.first().heading not in words
    assert page.count("Reason given: Waiver taken back: It was meant for somebody else.") == 2
    assert "issued in error" not in page


def test_the_manager_reads_how_many_fell_with_a_waiver_and_of_which_kinds(waived, manager, later, sign_in):
    where = f"/en/reports/people/waive/{waived['enrolment'].public_id}/back/"
    with time_machine.travel(later(60), tick=False):
        told = sign_in(manager).post(where, {"activity": waived["activity"], "reason": "not_so"}, follow=True)

    words = (
        told.content.decode().split("2 certificates that rested on it are withdrawn: ")[1].split(". Their holder")[0]
    )
    assert set(words.split(" · ")) == {str(kind.label) for kind in CertificateKind}


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("not_her_work", "The answers were not your own"),
        ("wrong_person", "Somebody else was signed in by mistake"),
    ],
)
def test_what_falls_with_a_test_says_so(certificate, official, manager, later, sign_in, reason, told):
    official.language = "en"
    official.save()

    actions.void_attempt(attempt=Attempt.objects.get(), reason=reason, by=manager, at=later(60))

    (letter,) = Letter.objects.filter(key__startswith="certificate-withdrawn:")
    with time_machine.travel(later(90), tick=False):
        page = sign_in(official).get("/en/learning/certificates/").content.decode()
    assert open_letter(letter).text.startswith("A test that you handed in was set aside. With it one of your")
    assert f"Reason given: Test set aside: {told}." in page


def later_pages(client, certificate):
    """What a reader sees later: the page of the withdrawal, the list, the page of the official."""
    addresses = (
        reverse("training:withdraw", args=[certificate.public_id]),
        "/en/reports/certificates/",
        f"/en/reports/people/{certificate.learner.public_id}/",
    )
    return [BeautifulSoup(client.get(one).content, "html.parser") for one in addresses]


def test_a_manager_who_looks_later_reads_when_why_and_by_whom(certificate, official, manager, at, sign_in):
    withdraw(certificate, manager, WithdrawalReason.OTHER, at)

    own, listed, person = later_pages(sign_in(manager), certificate)

    told = {
        term.get_text(strip=True): term.find_next("dd").get_text(" ", strip=True) for term in own.select("main dt")
    }
    assert (told["Why"], told["Decided by"]) == ("Another reason For our eyes.", manager.name)
    assert told["Withdrawn on"].startswith(f"{at.day} ")
    assert (
        listed.find("a", href=reverse("training:withdraw", args=[certificate.public_id])).get_text().startswith("Why")
    )
    (row,) = [row for row in person.select("tbody tr") if "For our eyes" in row.text]
    cells = [cell.get_text(" ", strip=True) for place, cell in enumerate(row.select("th, td")) if place != 2]
    code = credentials.grouped(certificate.code)
    assert cells == [
        "Withdrawn",
        f"Certificate of achievement · {code}",
        "Another reason For our eyes.",
        manager.name,
    ]


def test_nobody_else_reads_it_and_one_that_stands_says_nothing(certificate, manager, person, countries, at, sign_in):
    before = sign_in(manager).get(f"/en/reports/people/{certificate.learner.public_id}/").content.decode()
    withdraw(certificate, manager, WithdrawalReason.OTHER, at)

    assert "Withdrawn" not in before
    for reader in (
        person("trainer", country=countries["HT"]),
        certificate.learner.user,
        person("manager", country=countries["TN"]),
    ):
        assert not any("For our eyes" in page.text for page in later_pages(sign_in(reader), certificate))
    assert "For our eyes" not in sign_in(manager).get(f"/en/verify/{certificate.code}/").content.decode()


def test_one_that_fell_with_a_test_says_which_decision_it_was(certificate, manager, at, sign_in):
    actions.void_attempt(attempt=Attempt.objects.get(), reason="not_her_work", by=manager, at=at)

    own, _listed, person = later_pages(sign_in(manager), certificate)

    why = "Test set aside: The answers were not her or his own"
    assert why in own.select_one("[data-part=decision]").text
    assert why in person.text
