"""Files of texts at the translation desk: out, and back in."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AuditEntry
from tests.cms.translating import unit_of
from tests.languages.conftest import FRENCH

pytestmark = pytest.mark.usefixtures("no_memory")


def test_a_file_goes_out_and_comes_back(desk, french, address, tmp_path):
    po = desk.get(address(tail="po/"))
    assert po.headers["Content-Disposition"] == f'attachment; filename="leaflet-{french.pk}-fr.po"'
    filled = po.content.decode().replace(FRENCH["heading"], "Avant le départ")

    shown = _upload(desk, address(tail="import/"), filled)
    html = shown.content.decode()
    assert "Keep 1 text as draft" in html
    assert unit_of().draft == FRENCH["heading"]

    fields = dict(re.findall(r'name="(content|confirmed)" value="([^"]*)"', html))
    desk.post(address(tail="import/"), fields)
    assert unit_of().draft == "Avant le départ"
    assert AuditEntry.objects.latest("seq").verb == "translation.imported"


@pytest.mark.parametrize("content", ["", "no base64!", "eA=="])
def test_a_confirmation_that_got_lost_begins_anew(desk, french, address, content):
    answer = desk.post(address(tail="import/"), {"content": content, "confirmed": "0" * 16}, follow=True)

    assert answer.status_code == 200
    assert unit_of().draft == FRENCH["heading"]


def test_a_wrong_file_is_refused_with_a_sentence(desk, french, address):
    po = desk.get(address(tail="po/")).content.decode()

    assert "This is no PO file." in _upload(desk, address(tail="import/"), "hello").content.decode()
    assert "The file is about something else" in _upload(desk, address("ht", "import/"), po).content.decode()


def _upload(desk, url, content):
    return desk.post(url, {"file": SimpleUploadedFile("x.po", content.encode())})
