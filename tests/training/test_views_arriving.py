"""Each page by which somebody signs in bears the script that forgets whose attendance lists a phone may show."""

import pytest
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Letter
from tests.training.group_pages import shown
from tests.training.without_account import BEGIN, allowed

pytestmark = pytest.mark.either

__all__ = ["allowed"]
SCRIPT = "training/arriving"


def link_of_the_letter(part):
    """Return the path in the last letter that has a part in it."""
    text = accounts.open_letter(Letter.objects.latest("id")).text
    line = next(line for line in text.splitlines() if part in line)
    return line[line.index("/en/") :]


def by_invitation(client, countries, person):
    accounts.invite(
        email="new@example.org", name="New", roles=["trainer"], country=countries["HT"], language="en",
        by=person("administrator"), at=timezone.now(),
    )  # fmt: skip
    return link_of_the_letter("/invitation/")


def by_a_new_password(client, countries, person):
    user = person("trainer", country=countries["HT"])
    user.set_password("nine old lanterns")
    user.save()
    client.post(reverse("account_reset_password"), {"email": user.email})
    return link_of_the_letter("/password/reset/key/")


ROADS = {
    "account/login.html": lambda *_given: reverse("account_login"),
    "account/password_reset_from_key.html": by_a_new_password,
    "accounts/accept.html": by_invitation,
    "accounts/demo_people.html": lambda *_given: reverse("accounts:demo_people"),
    "demo/start.html": lambda *_given: "/en/demo/",
    "training/begin.html": lambda *_given: BEGIN,
    "training/open_code.html": lambda *_given: reverse("training:open_code"),
}


@pytest.mark.parametrize("template", ROADS)
def test_a_page_by_which_somebody_signs_in_forgets_whose_lists_may_be_shown(
    client, allowed, countries, person, settings, template
):
    settings.DEMO = settings.DEMO_SIGN_IN = True
    address = ROADS[template](client, countries, person)

    page = client.get(address, follow=True)

    assert template in {one.name for one in page.templates}
    assert any(SCRIPT in script["src"] for script in shown(page).find_all("script", src=True))


def test_every_template_that_bears_the_script_is_opened_here(settings):
    """So that a page that is added is tried with the others."""
    folders = [
        settings.BASE_DIR / room / "templates" for room in ("accounts", "cms", "hotline", "referral", "training")
    ]
    bearing = {
        file.relative_to(folder).as_posix()
        for folder in folders
        for file in folder.rglob("*.html")
        if "training/_arriving.html" in file.read_text(encoding="utf-8")
    }

    assert bearing == set(ROADS)
    assert all(get_template(name) for name in ROADS)
