"""What administrators do on the screen of the safety settings, and translators with the banner."""

from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from cms import editors
from cms.models import SafetySettings

NEUTRAL = "https://www.wikipedia.org/"


def address() -> str:
    """Return the address of the screen."""
    return reverse("wagtailsettings:edit", args=["cms", "safetysettings", SafetySettings.load().pk])


def administrator(person) -> Client:
    """Return the browser of a new administrator."""
    editors.grant()
    user = person("administrator", is_staff=True)
    user.groups.add(Group.objects.get(name="administrator"))
    return signed_in(user)


def signed_in(user) -> Client:
    """Return a browser of its own, signed in with the second factor."""
    client = Client()
    client.force_login(user, backend="accounts.sessions.AuthenticationBackend")
    session = client.session
    session["demo_second_factor"] = True
    session.save()
    return client


def opened(client) -> dict:
    """Open the screen; return what its form holds."""
    page = BeautifulSoup(client.get(address()).content, "html.parser")
    form = {
        "seen": page.select_one("[name=seen]")["value"],
        "exit_address": page.select_one("[name=exit_address]")["value"],
        "banner_kind": page.select_one("[name=banner_kind] [selected]")["value"],
        "banner_en": page.select_one("[name=banner_en]").get("value") or page.select_one("[name=banner_en]").text,
    }
    return form | ({"is_banner_on": "on"} if page.select_one("[name=is_banner_on]").has_attr("checked") else {})


def save(client, form=None, **changes):
    """Send the form as it was opened, with changes; None takes a field out, as an empty box does."""
    told = (opened(client) if form is None else form) | changes
    answer = client.post(address(), {name: value for name, value in told.items() if value is not None})
    cache.clear()  # within a test nothing is committed, so what pages keep for a moment is not forgotten
    return answer


def put_up(client, words="The line is closed today. Call 999.", **changes):
    """Switch the banner on with words."""
    return save(client, is_banner_on="on", banner_en=words, **changes)


def text_of(answer) -> str:
    """Return the words of a page."""
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())
