import pytest
from django.urls import reverse

from accounts.queries import is_our_path, route_for
from accounts.rules import Route

pytestmark = pytest.mark.either


def test_an_undeclared_route_is_no_route():
    assert route_for("somewhere:else") is None


def test_the_longest_pattern_wins():
    assert route_for("wagtailusers_users:add").who == ()
    assert "manager" in route_for("wagtailadmin_home").who


def test_head_goes_with_get():
    assert Route("GET POST").allowed_methods == ["GET", "POST", "HEAD"]
    assert Route("POST").allowed_methods == ["POST"]


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "trace"])
def test_another_method_is_answered_with_the_ones_allowed(client, db, method):
    response = getattr(client, method)(reverse("account_login"))

    assert response.status_code == 405
    assert response["Allow"] == "GET, POST, HEAD"


def test_missing_and_forbidden_look_the_same(sign_in, person, liberia):
    client = sign_in(person("manager", country=liberia))

    forbidden = client.get(reverse("accounts:audit"))
    missing = client.get("/en/nothing/here/")

    assert (forbidden.status_code, missing.status_code) == (404, 404)
    assert forbidden.content.replace(b"/en/audit/", b"") == missing.content.replace(b"/en/nothing/here/", b"")
    assert forbidden.headers.keys() == missing.headers.keys()


def test_a_stranger_is_led_to_sign_in_with_the_way_back(client, db):
    response = client.get("/en/people/?role=operator")

    assert response["Location"] == "/en/account/login/?next=%2Fen%2Fpeople%2F%3Frole%3Doperator"


@pytest.mark.parametrize(
    ("page", "back"),
    [
        ("http://testserver/en/people/?role=operator", "?next=%2Fen%2Fpeople%2F%3Frole%3Doperator"),
        ("https://elsewhere.example/en/people/", ""),
        ("", ""),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_part_asked_for_by_htmx_is_told_where_to_sign_in_and_come_back(client, db, method, page, back):
    answer = getattr(client, method)("/en/people/", headers={"HX-Request": "true", "HX-Current-URL": page})

    assert (answer.status_code, answer["HX-Redirect"]) == (401, f"/en/account/login/{back}")


@pytest.mark.parametrize("path", ["/en/cases/%00/", "/%00", "/en/people/%00", "/admin/%00/"])
def test_a_path_with_nul_is_refused_before_any_view(sign_in, person, liberia, path):
    client = sign_in(person("supervisor", "manager", country=liberia))

    assert client.get(path).status_code == 400


@pytest.mark.parametrize(
    ("path", "accept", "is_page"),
    [
        ("/fr/cases/%00/", "*/*", True),
        ("/admin/%00/", "*/*", True),
        ("/%00", "text/html,*/*", True),
        ("/%00", "*/*", False),
        ("/api/progress/%00", "application/json", False),
    ],
)
def test_a_path_with_nul_is_answered_to_people_with_our_page(client, db, path, accept, is_page):
    answer = client.get(path, headers={"Accept": accept})

    assert (answer.status_code, answer.content != b"") == (400, is_page)
    if path.startswith("/fr/"):
        assert 'lang="fr"' in answer.content.decode()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_address_that_only_takes_a_form_says_so_to_people(sign_in, person, liberia, language):
    client, other = sign_in(person("administrator")), person("operator", country=liberia)

    answer = client.get(f"/{language}/people/{other.public_id}/close/")

    page = answer.content.decode()
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert f'lang="{language}"' in page
    assert f'href="/{language}/' in page
    if language == "en":
        assert "<h1>This address only takes a form</h1>" in page
        assert "Go back to the page with the button and press it there." in page


def test_parts_and_machines_get_no_page_where_a_method_is_not_allowed(sign_in, person, liberia):
    client, other = sign_in(person("administrator")), person("operator", country=liberia)

    part = client.get(f"/en/people/{other.public_id}/close/", headers={"HX-Request": "true"})
    api = client.put("/livez")

    assert [(answer.status_code, answer.content) for answer in (part, api)] == [(405, b""), (405, b"")]


def test_guarded_pages_are_not_kept_and_not_indexed(sign_in, person, liberia):
    response = sign_in(person("manager", country=liberia)).get(reverse("accounts:people"))

    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


def test_every_page_carries_the_strict_policy(client, db):
    policy = client.get(reverse("account_login"))["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_only_the_editor_gets_the_looser_policy(sign_in, person, liberia):
    client = sign_in(person("manager", country=liberia, is_staff=True))

    assert "unsafe-inline" in client.get("/admin/")["Content-Security-Policy"]
    assert "unsafe" not in client.get(reverse("accounts:people"))["Content-Security-Policy"]


def test_every_answer_refuses_other_sites(client, db):
    response = client.get("/livez")

    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in response["Permissions-Policy"]
    assert "fullscreen=(self)" in response["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/en/nowhere/", "/en/verify/NONE-NONE-NONE/", "/en/profile"])
def test_what_is_moved_or_not_there_is_asked_anew(client, db, path):
    answer = client.get(path)

    assert answer.status_code in {301, 404}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("path", ["/en/profile/", "/ar/people/?page=2", "/admin/", "/fr/"])
def test_is_our_path_knows_our_pages(db, path):
    assert is_our_path(path)


@pytest.mark.parametrize(
    "path", ["", "//x", "/\\x", "https://x/", "/en/../x", "/..//x", "/en/audit\n", "/api/progress/x", "/livez\0"]
)
def test_is_our_path_refuses_tricks(db, path):
    assert not is_our_path(path)


def test_a_page_without_a_language_leads_on_in_the_language_of_the_person(sign_in, person, liberia):
    client = sign_in(person("manager", country=liberia, language="ar"), second_factor=False)

    assert client.get("/admin/")["Location"].startswith("/ar/account/2fa/")
    assert client.get("/fr/people/")["Location"].startswith("/fr/account/2fa/")


def test_a_part_without_a_language_leads_on_in_the_language_of_its_page(client, db):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/ar/people/"}

    answer = client.get("/admin/", headers=headers)

    assert answer.status_code == 401
    assert answer["HX-Redirect"].startswith("/ar/account/login/")
