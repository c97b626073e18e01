"""What stands beside what was sent, on a page in Arabic."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import translation

pytestmark = pytest.mark.django_db


def test_roles_are_joined_with_the_comma_of_the_language(sign_in, person, liberia):
    supervisor = person("operator", "supervisor", country=liberia)
    client = sign_in(person("administrator"))
    with translation.override("ar"):
        page = reverse("accounts:person", args=[supervisor.public_id])
    form = BeautifulSoup(client.get(page).content, "html.parser").select_one("form.choice-grid")
    seen = form.select_one("[name=seen]")["value"]
    sent = {"name": supervisor.name, "country": "LR", "language": "en", "seen": seen}
    assert client.post(page, sent | {"roles": ["operator"]}).status_code == 302

    stale = client.post(page, sent | {"roles": ["operator", "supervisor"]})

    told = BeautifulSoup(stale.content, "html.parser").select_one(".banner.wait").get_text()
    assert stale.status_code == 409
    assert "عامل خط المساعدة، مشرف" in told
