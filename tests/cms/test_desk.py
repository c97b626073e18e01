"""The translation desk: who may open what, and switch languages."""

import pytest

from accounts.models import AuditEntry
from languages import actions, queries
from tests.cms.translating import unit_of
from tests.languages.conftest import BY

pytestmark = [pytest.mark.usefixtures("no_memory"), pytest.mark.either]


@pytest.mark.parametrize("path", ["", "po/", "import/"])
def test_other_languages_do_not_exist_for_a_translator(desk, address, path):
    assert desk.get(address("sw", path)).status_code == 404
    assert desk.get(address("en", path)).status_code == 404


def test_other_languages_texts_cannot_be_decided(desk, leaflet, segment, at):
    unit = actions.save_target(segment=segment("heading"), language="sw", text="Kabla", version=0, by=BY, at=at)

    assert desk.post(f"/en/desk/text/{unit.pk}/", {"verb": "submit"}).status_code == 404
    assert desk.get("/en/desk/review/sw/").status_code == 404


@pytest.mark.parametrize(
    "url", ["/en/desk/accounts.user/1/fr/", "/en/desk/no.such/1/fr/", "/en/desk/sample.leaflet/99999/fr/"]
)
def test_what_is_not_translated_does_not_exist(desk, db, url):
    assert desk.get(url).status_code == 404


@pytest.mark.parametrize("role", ["learner", "operator", "supervisor", "trainer", "analyst", "focal_point"])
def test_other_roles_find_no_desk(sign_in, person, role):
    assert sign_in(person(role)).get("/en/desk/").status_code == 404


def test_the_desk_wants_the_second_factor(sign_in, translator):
    answer = sign_in(translator, second_factor=False).get("/en/desk/")

    assert answer.status_code == 302
    assert "desk" not in answer.url.partition("?")[0]


def test_managers_work_in_every_language_and_read_only_their_own(sign_in, person, french, address):
    client = sign_in(person("manager", language="en", spoken="en"))

    assert client.get(address("sw")).status_code == 200
    assert client.post(address(tail="all/"), {"verb": "read"}).status_code == 404
    assert unit_of().native_read_at is None


@pytest.mark.both
def test_only_administrators_switch_languages(desk, sign_in, person):
    switch = {"code": "ht", "state": "off", "reason": "no speaker"}
    assert desk.get("/en/desk/languages/").status_code == 200
    assert desk.post("/en/desk/languages/", switch).status_code == 404

    client = sign_in(person("administrator"))
    shown = client.get("/en/desk/languages/?code=ht").context["form"]["seen"].value()
    answer = client.post("/en/desk/languages/", switch | {"seen": shown}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        "Switched. Texts and recordings stay as they are."
    ]
    assert "ht" not in queries.languages_on()
    assert (
        "It stays public."
        in client.post("/en/desk/languages/", {"code": "en", "state": "off", "reason": "x"}).content.decode()
    )
    assert AuditEntry.objects.latest("seq").verb == "language.switched"
