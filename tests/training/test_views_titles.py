"""What the course of a certificate is called for readers of other languages, and in which language its paper is."""

import pytest
from bs4 import BeautifulSoup

from tests.training.finishing import finish
from training.models import Certificate, Course

pytestmark = pytest.mark.either

ENGLISH = "Trafficking before the court"


@pytest.fixture
def certificate(official, course, at):
    """The certificate of completion of an official whose account is in French."""
    return Certificate.objects.get(enrolment=finish(official, course, at), kind="completion")


def titles(client, path, selector):
    """Return the titles that a page shows, each with the language that is said of it."""
    found = BeautifulSoup(client.get(path).content, "html.parser").select(selector)
    return {(one.get_text(strip=True), (one.find(lang=True) or {}).get("lang", "")) for one in found}


def mine(client, language):
    return titles(client, f"/{language}/learning/certificates/", "article h2")


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_her_page_calls_the_course_as_it_is_called_in_the_language_of_the_page(
    certificate, official, sign_in, language
):
    title = getattr(Course.objects.get(), f"heading_{language}")

    assert title not in ("", ENGLISH)
    assert mine(sign_in(official), language) == {(title, "")}


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_whoever_checks_a_code_reads_the_title_in_her_language(certificate, client, language):
    title = getattr(Course.objects.get(), f"heading_{language}")
    page = client.get(f"/{language}/verify/{certificate.code}/").content.decode()

    assert title in page
    assert ENGLISH not in page


def test_without_a_title_in_the_language_it_is_that_of_the_next_language_and_says_so(certificate, official, sign_in):
    Course.objects.update(heading_ar="")

    assert mine(sign_in(official), "ar") == {(ENGLISH, "en")}


def test_a_course_that_is_called_otherwise_since_keeps_the_title_of_the_certificate(certificate, official, sign_in):
    Course.objects.update(heading_en="Quite another course", heading_ar="دورة أخرى")

    client = sign_in(official)
    assert mine(client, "ar") == {(ENGLISH, "en")}
    assert mine(client, "fr") == {(certificate.heading, "")}


def test_beside_the_pdf_stands_its_language_where_that_is_not_the_pages(certificate, official, sign_in):
    client = sign_in(official)
    english, french = (client.get(f"/{code}/learning/certificates/").content.decode() for code in ("en", "fr"))

    assert certificate.language == "fr"
    assert english.count("the language in which it was written, and stays so") == 2
    assert "The PDF is in French" in BeautifulSoup(english, "html.parser").find("article").get_text()
    assert "the language in which it was written, and stays so" not in french
    assert 'href="/en/profile/">Your profile</a>' in english
