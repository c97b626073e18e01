"""The doors of the roof: alive, the way out, what cannot be read."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from languages import table

pytestmark = pytest.mark.either


def test_livez_answers_without_a_database(client):
    response = client.get("/livez")

    assert response.status_code == 200
    assert response.content == b"ok"


@pytest.mark.parametrize("address", ["/hsds/", "/hsds/services", "/hsds/services/1/?page=2"])
def test_the_address_reserved_for_the_directory_is_missing_in_no_language(client, db, address):
    answer = client.get(address, headers={"Accept-Language": "fr"})

    assert answer.status_code == 404
    assert "Set-Cookie" not in answer.headers


def test_other_addresses_without_a_language_lead_to_the_readers(client, db):
    answer = client.get("/liberia/?a=1", headers={"Accept-Language": "fr"})

    assert (answer.status_code, answer["Location"]) == (302, "/fr/liberia/?a=1")


def test_leave_without_script_goes_to_the_neutral_page(client, db):
    response = client.get("/leave/")

    assert response.status_code == 302
    assert response["Location"] == "https://www.wikipedia.org/"


def test_leave_ends_the_session(sign_in, person, liberia):
    client = sign_in(person("operator", country=liberia))

    client.get("/leave/")

    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(("language", "words"), [("en", "Go back and send less."), ("ar", 'dir="rtl"')])
def test_more_files_than_are_read_is_told_in_the_readers_language(db, client, settings, language, words):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    files = [SimpleUploadedFile("a.wav", b"a") for _count in range(3)]

    answer = client.post(f"/{language}/account/login/", {"files": files})

    assert answer.status_code == 413
    assert words in answer.content.decode()


def test_request_that_cannot_be_read_is_told_without_naming_the_host(client, settings):
    settings.ALLOWED_HOSTS = ["line.example.org"]

    answer = client.get("/fr/languages/", headers={"host": "evil.example"})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert '<html lang="fr"' in page
    assert "evil" not in page


@pytest.mark.parametrize(
    "trick", ["/..//evil.example", "//evil.example", "/\\evil.example", "https://evil.example/", "x"]
)
def test_links_to_other_languages_stay_on_the_site(db, client, trick):
    page = client.get("/en/languages/", {"next": trick}).content.decode()

    links = re.findall(r'<a href="([^"]*)" hreflang="([^"]*)"', page)
    assert sorted(links) == sorted((f"/{code}/", code) for code in table.CODES)


def test_links_to_other_languages_keep_the_page_and_what_was_asked_of_it(db, client):
    page = client.get("/en/languages/", {"next": "/en/profile/?page=2"}).content.decode()

    assert 'href="/fr/profile/?page=2"' in page


def test_a_missing_page_promises_nothing_of_what_was_written(client, db):
    page = client.get("/en/nowhere/").content.decode()

    assert "The address may be mistyped or old, or the page may not be open to you." in page
    assert "lost" not in page
