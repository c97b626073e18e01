"""The safety settings: two administrators at once, where Leave may lead, a banner that says nothing, what the log keeps."""

import pytest
from bs4 import BeautifulSoup

from accounts.models import AuditEntry
from cms.models import SafetySettings
from tests.cms.safety import NEUTRAL, address, administrator, opened, put_up, save, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_memory", "root")]


@pytest.fixture
def admin(person):
    """The browser of an administrator."""
    return administrator(person)


def test_who_saves_what_somebody_else_changed_meanwhile_sees_both_first(admin, person):
    other = administrator(person)
    before = opened(other)
    put_up(admin, "Danger at the border.", banner_kind="bad")

    back = save(other, before, exit_address="https://www.weather.com/")

    assert back.status_code == 409
    assert "Somebody else saved this while you had it open" in text_of(back)
    assert "stands now: Danger at the border. ; yours: –" in text_of(back)
    assert "stands now: https://www.wikipedia.org/ ; yours: https://www.weather.com/" in text_of(back)
    assert "stands now: yes ; yours: no" in text_of(back)
    kept = SafetySettings.objects.get()
    assert (kept.is_banner_on, kept.banner_en, kept.banner_kind) == (True, "Danger at the border.", "bad")
    assert kept.exit_address == NEUTRAL

    shown = BeautifulSoup(back.content, "html.parser")
    assert shown.select_one("[name=exit_address]")["value"] == "https://www.weather.com/"
    save(other, before | {"seen": shown.select_one("[name=seen]")["value"]}, exit_address="https://www.weather.com/")

    kept = SafetySettings.objects.get()
    assert (kept.is_banner_on, kept.exit_address) == (False, "https://www.weather.com/")


def test_nobody_is_warned_of_what_she_saved_herself(admin):
    put_up(admin)

    answer = save(admin, exit_address="https://www.weather.com/")

    assert answer.status_code == 302
    assert SafetySettings.objects.get().is_banner_on
    assert opened(admin)["exit_address"] == "https://www.weather.com/"


def test_a_form_that_never_was_shown_changes_nothing(admin):
    assert save(admin, opened(admin) | {"seen": ""}, exit_address="https://www.weather.com/").status_code == 409
    assert SafetySettings.objects.get().exit_address == NEUTRAL


@pytest.mark.either
@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("ftp://x.example/", "must begin with https://"),
        ("http://www.wikipedia.org/", "must begin with https://"),
        ("http://127.0.0.1:8131/en/liberia/", "must begin with https://"),
        ("https://fanal.example.org/en/liberia/", "Leave would lead back here"),
        ("https://FANAL.example.org./", "Leave would lead back here"),
        ("https://www.fanal.example.org/", "Leave would lead back here"),
        ("https://testserver/", "Enter a valid URL"),
        ("https://other.example.net/", "Leave would lead back here"),
        ("https://a.wild.example.net/", "Leave would lead back here"),
        ("https://user:word@www.wikipedia.org/", "plain address of a public page"),
        ("https://www.wikipedia.org:8443/", "plain address of a public page"),
        ("https://93.184.216.34/", "plain address of a public page"),
        ("https://[::1]/", "plain address of a public page"),
        ("https://localhost/", "plain address of a public page"),
    ],
)
def test_leave_leads_to_a_public_page_that_is_not_ours(admin, settings, where, words):
    settings.PUBLIC_URL = "https://fanal.example.org"
    settings.ALLOWED_HOSTS = ["testserver", "other.example.net", ".wild.example.net"]

    answer = save(admin, exit_address=where)

    assert words in text_of(answer)
    assert SafetySettings.objects.get().exit_address == NEUTRAL


@pytest.mark.either
@pytest.mark.parametrize(
    "where", ["https://www.bbc.co.uk/weather", "https://meteo.example.org/?q=1", "https://météo.fr/"]
)
def test_other_public_pages_are_kept(admin, settings, client, where):
    settings.PUBLIC_URL = "https://fanal.example.org"

    assert save(admin, exit_address=where).status_code == 302
    assert SafetySettings.objects.get().exit_address == where


@pytest.mark.parametrize(
    "stored", ["http://127.0.0.1:8000/en/liberia/", "ftp://x.example/", "https://testserver/", "https://["]
)
def test_leave_leads_to_the_neutral_page_where_what_is_stored_is_not_sound(client, root, stored):
    SafetySettings.load()
    SafetySettings.objects.update(exit_address=stored)

    assert client.get("/leave/")["Location"] == NEUTRAL
    assert f'data-exit="{NEUTRAL}"' in client.get("/en/languages/").content.decode()


@pytest.mark.either
@pytest.mark.parametrize("words", ["", "   "])
def test_a_banner_without_words_is_refused(admin, words):
    answer = put_up(admin, words)

    assert "Write the words first" in text_of(answer)
    assert not SafetySettings.objects.get().is_banner_on


def test_the_audit_log_keeps_who_changed_the_banner_and_where_leave_leads(admin):
    put_up(admin, banner_kind="wait")
    save(admin, exit_address="https://www.weather.com/")
    save(admin)

    banner, exit_ = AuditEntry.objects.filter(verb__startswith="safety.").order_by("seq")
    assert '"is_on":true' in banner.body
    assert '"kind":"wait"' in banner.body
    assert "banner_en" in banner.body
    assert (exit_.verb, '"address":"https://www.weather.com/"' in exit_.body) == ("safety.exit_changed", True)
    assert banner.actor == exit_.actor != ""


def test_the_old_address_of_the_screen_is_ours(admin):
    assert admin.get(address()).resolver_match.view_name == "wagtailadmin_safety"
