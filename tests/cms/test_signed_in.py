"""What a page of the staff asks before a form is sent: who is signed in now."""

import pytest
from django.urls import reverse

from accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.either]

PAGE = "/en/roster/"
ASKED = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{PAGE}"}
URL = "/signed-in/"


@pytest.fixture
def supervisor(person, liberia):
    return person("supervisor", country=liberia)


def test_it_names_the_person_and_the_token_of_the_session(sign_in, supervisor):
    answer = sign_in(supervisor).get(URL, headers=ASKED)

    assert answer.json()["person"] == str(supervisor.public_id)
    assert len(answer.json()["token"]) == 64
    assert "no-store" in answer["Cache-Control"]


def test_without_a_session_it_leads_to_sign_in_and_back_to_the_page(client):
    answer = client.get(URL, headers=ASKED)

    assert answer.status_code == 401
    assert answer["HX-Redirect"] == f"{reverse('account_login')}?next=%2Fen%2Froster%2F"
    assert answer.content == b""


@pytest.mark.parametrize("page", [PAGE, "/en/cases/", "/en/calls/", "/en/console/"])
def test_every_page_of_the_staff_can_ask(sign_in, supervisor, page):
    html = sign_in(supervisor).get(page).content.decode()

    assert f'data-ask="{URL}" data-person="{supervisor.public_id}"' in html
    assert "js/session" in html


@pytest.mark.parametrize("role", ["supervisor", "learner"])
def test_the_profile_can_ask(sign_in, person, liberia, role):
    user = person(role, country=liberia)

    html = sign_in(user).get(reverse("accounts:profile")).content.decode()

    assert html.count(f'data-ask="{URL}" data-person="{user.public_id}"') == 1
    assert "js/session" in html
    assert "htmx" not in html


@pytest.mark.parametrize("name", ["account_change_password", "account_set_password", "mfa_index", "mfa_activate_totp"])
def test_a_page_of_passwords_and_codes_holds_nothing_back(sign_in, supervisor, name):
    """What is typed there is typed again: it does not stay on the screen of somebody who is signed out."""
    html = sign_in(supervisor).get(reverse(name), follow=True).content.decode()

    assert "<form" in html or name == "mfa_index"
    assert "signed-out" not in html
    assert "js/session" not in html


def test_a_page_that_needs_no_session_asks_nothing(client, settings):
    settings.SIMULATOR = True

    html = client.get("/en/demo/phone/").content.decode()

    assert "signed-out" not in html
    assert "js/session" not in html


@pytest.mark.parametrize("name", ["wagtailadmin_home", "pathways:index", "wagtailimages:index"])
def test_every_page_of_the_editor_can_ask(editor, name):
    html = editor.get(reverse(name)).content.decode()

    assert html.count(f'data-ask="{URL}" data-person="{User.objects.get().public_id}"') == 1
    assert html.index("js/editor-session") < html.index("js/session")


@pytest.mark.parametrize(
    "asked", [{"Accept": "application/json"}, {"X-Requested-With": "XMLHttpRequest"}], ids=["autosave", "a chooser"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_the_editor_asks_in_the_background_is_told_that_the_session_is_over(client, db, asked, method):
    here = {"Referer": f"http://testserver{reverse('wagtailadmin_home')}"}

    answer = getattr(client, method)(reverse("wagtailadmin_home"), headers=asked | here)

    assert answer.status_code == 401
    assert answer.json() == {"success": False, "error_code": "signed_out"}
    assert "messages" not in answer.cookies


def test_a_page_of_the_editor_still_leads_to_sign_in(client, db):
    answer = client.get(reverse("wagtailadmin_home"), headers={"Accept": "text/html,*/*"})

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
