"""The address on a certificate: one answer for every code that is not known, in the reader's language, no guessing."""

import pytest

from training.views import verify

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


@pytest.mark.django_db
def test_who_tries_many_codes_waits(client, monkeypatch):
    monkeypatch.setattr(verify, "CODES_AN_ADDRESS", 2)
    tries = [client.get(f"/en/verify/CODE{number}/").status_code for number in range(3)]

    last = client.get("/en/verify/ABC/")

    assert tries == [404, 404, 429]
    assert (last.status_code, last["Retry-After"]) == (429, "600")
    assert SENTENCE not in last.content.decode()
    assert client.get("/en/verify/ABC/", REMOTE_ADDR="203.0.113.9").status_code == 404


@pytest.mark.django_db
def test_the_address_takes_no_form(client):
    assert client.post("/en/verify/ABC/").status_code == 405
