"""The address on a certificate: one answer for every code that is not known, in the reader's language, no guessing."""

import datetime as dt

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.utils.formats import date_format

from tests.training.finishing import finish
from training import actions
from training.models import Certificate
from training.views import verify

pytestmark = pytest.mark.either

SENTENCE = "No certificate with this code is known here"


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["ABC", "0123456789ABCDE", "no/code/at-all", "%F0%9F%92%A1", "a" * 300])
def test_every_unknown_code_gets_the_same_page_of_ours(client, code):
    first = client.get("/en/verify/XYZ/")

    answer = client.get(f"/en/verify/{code}/")

    assert answer.status_code == 404
    assert SENTENCE in answer.content.decode()
    assert "letter by letter" in answer.content.decode()
    assert code not in answer.content.decode().partition("<main")[2].partition("</main>")[0]
    assert body(answer) == body(first)
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]


def body(answer):
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


@pytest.mark.django_db
@pytest.mark.parametrize(("spoken", "language"), [("ar", "ar"), ("fr-FR,fr;q=0.9", "fr"), ("de", "en")])
def test_the_address_without_a_language_answers_in_the_readers(client, spoken, language):
    answer = client.get("/verify/ABC/", headers={"Accept-Language": spoken}, follow=True)

    assert answer.redirect_chain[-1][0] == f"/{language}/verify/ABC/"
    assert answer.status_code == 404
    assert f'<html lang="{language}"' in answer.content.decode()
    assert 'data-page="verify"' in answer.content.decode()


@pytest.mark.both
@pytest.mark.django_db
def test_who_tries_many_codes_waits(client, monkeypatch):
    monkeypatch.setattr(verify, "CODES_AN_ADDRESS", 2)
    tries = [client.get(f"/en/verify/CODE{number}/").status_code for number in range(3)]

    last = client.get("/en/verify/ABC/")

    assert tries == [404, 404, 429]
    assert (last.status_code, last["Retry-After"]) == (429, "600")
    assert SENTENCE not in last.content.decode()
    assert client.get("/en/verify/ABC/", REMOTE_ADDR="203.0.113.9").status_code == 404


@pytest.fixture
def certificate(official, course, at):
    """The official's certificate of achievement."""
    return Certificate.objects.get(enrolment=finish(official, course, at), kind="achievement")


def typed(client, certificate, name):
    return client.post(f"/en/verify/{certificate.code}/", {"name": name})


@pytest.mark.both
@pytest.mark.parametrize("spell", [str, str.lower, lambda code: f" {code[:5]}-{code[5:10]} {code[10:]}"])
def test_a_code_is_known_in_any_spelling_and_says_all_but_the_name(client, certificate, official, spell):
    answer = client.get(f"/en/verify/{spell(certificate.code)}/")

    assert answer.status_code == 200
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]
    for words in ("This certificate holds", "Trafficking before the court", "Haiti", "1, of", "version 1", "Fanal"):
        assert words in body(answer)
    assert official.name not in body(answer)
    assert official.email not in body(answer)


def test_a_code_that_differs_in_one_sign_is_unknown(client, certificate):
    other = certificate.code[:-1] + ("2" if certificate.code[-1] != "2" else "3")

    assert client.get(f"/en/verify/{other}/").status_code == 404
    assert typed(client, Certificate(code=other), "Official, Haiti").status_code == 404


@pytest.mark.both
def test_it_answers_in_few_queries(client, certificate, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        client.get(f"/en/verify/{certificate.code}/")


@pytest.mark.both
@pytest.mark.parametrize(
    ("name", "is_match"),
    [("Official, Haiti", True), ("  official,   HAITI ", True), ("Official", False), ("Officia1, Haiti", False)],
)
def test_a_name_matches_or_does_not(client, certificate, name, is_match):
    answer = body(typed(client, certificate, name))

    assert ("The name is the one on the certificate." in answer) is is_match
    assert ("This is not the name" in answer) is not is_match


@pytest.mark.parametrize("name", ["", " ", "a" * 151, "a\u202eb", "a\x00b"])
def test_an_odd_name_is_asked_for_again(client, certificate, name):
    assert typed(client, certificate, name).status_code in {400, 422}


@pytest.mark.both
def test_five_names_an_hour_and_the_page_stays_readable(client, certificate):
    for number in range(5):
        typed(client, certificate, f"Name {number}")

    answer = typed(client, certificate, "Official, Haiti")

    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert "Five names were tried" in body(answer)
    assert "The name is the one" not in body(answer)
    assert client.get(f"/en/verify/{certificate.code}/").status_code == 200


def test_the_name_stands_there_while_its_holder_allows_it(client, certificate, official, at):
    actions.show_name(certificate=certificate, by=official, at=at)
    shown = body(client.get(f"/fr/verify/{certificate.code}/"))
    actions.hide_name(certificate=certificate, by=official, at=at)

    assert official.name in shown
    assert official.name not in body(client.get(f"/fr/verify/{certificate.code}/"))


def test_a_withdrawn_one_says_since_when_and_not_why(client, certificate, manager, official, at):
    actions.show_name(certificate=certificate, by=official, at=at)
    actions.withdraw_certificate(certificate=certificate, by=manager, reason="not_her_work", words="Copied.", at=at)

    answer = body(client.get(f"/en/verify/{certificate.code}/"))

    assert "This certificate was withdrawn" in answer
    assert "25 November 2026" in answer
    assert "Copied" not in answer
    assert "not her or his own" not in answer
    assert official.name not in answer


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "leads"),
    [("abcde 01234-56789", "ABCDE0123456789"), ("oil00 00000 00000", "011000000000000"), ("?/x", "%3F/x")],
)
def test_a_code_can_be_typed_where_the_paper_says(client, typed, leads):
    page = client.get("/en/verify/")
    answer = client.get("/en/verify/", {"code": typed})

    assert 'name="code"' in page.content.decode()
    assert answer["Location"] == f"/en/verify/{leads}/"
    assert client.get("/en/verify/", {"code": ""}).status_code == 422


def test_the_day_of_looking_stands_apart_from_the_state_and_is_no_day_of_an_event(client, certificate, manager, at):
    actions.withdraw_certificate(certificate=certificate, by=manager, reason="in_error", at=at)

    with time_machine.travel(at + dt.timedelta(days=10), tick=False):
        page = BeautifulSoup(client.get(f"/en/verify/{certificate.code}/").content, "html.parser")

    state, looked_at = page.select("main header p")[-2:]
    looked_on, withdrawn_on = (date_format(one, "DATE_FORMAT") for one in (at + dt.timedelta(days=10), at))
    assert state.get_text(strip=True) == "Withdrawn"
    assert looked_at.get_text(strip=True) == f"Checked on {looked_on}."
    assert page.find("dt", string="Withdrawn on").find_next("dd").get_text() == withdrawn_on
    assert page.text.count(looked_on) == 1
