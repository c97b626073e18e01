"""What the holder of a withdrawn certificate hears: a letter that names no course, and the reason on her own page."""

import pytest

from accounts.actions import open_letter
from accounts.models import Letter
from tests.training.finishing import finish
from training import actions
from training.choices import CertificateKind, WithdrawalReason
from training.models import Certificate


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
    for hidden in (certificate.heading, certificate.heading_source, "For our eyes", "not her own"):
        assert hidden not in words.text


def test_the_page_says_why(certificate, official, manager, at, sign_in):
    withdraw(certificate, manager, WithdrawalReason.NOT_HER_WORK, at)

    page = sign_in(official).get("/en/learning/certificates/").content.decode()

    assert "Reason given: The answers were not her own." in page
    assert "For our eyes" not in page


def test_who_asked_for_it_gets_none_and_who_gets_a_new_one_is_told_so(certificate, manager, at):
    user = certificate.learner.user
    user.language = "en"
    user.save()
    completion = Certificate.objects.get(kind=CertificateKind.COMPLETION)

    assert not withdraw(certificate, manager, WithdrawalReason.ASKED, at)
    (letter,) = withdraw(completion, manager, WithdrawalReason.NAME_WRONG, at)
    assert "A new one is ready for you" in open_letter(letter).text
