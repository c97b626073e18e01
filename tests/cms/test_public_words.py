"""Whoever opens an account and keeps it meets no English word in a language that is still partly done.

Each message that the interface asks for is looked up in the catalogue of the page's language. The forms are sent with
wrong values in English too: no refusal reads alike in both languages.
"""

import polib
import pytest
from django.conf import settings
from django.utils import timezone, translation

from accounts import actions
from accounts.models import Letter, User
from languages import table

PARTLY = ("rw", "wo", "mg", "ny")
NAME = "Uwase Clerk Court"
GOOD = "seven quiet lanterns"
WRONG = {
    "nothing": ("", ""),
    "short": ("wet sun", "wet sun"),
    "common": ("1q2w3e4r5t6y", "1q2w3e4r5t6y"),
    "digits": ("829150372647", "829150372647"),
    "name": ("uwase.clerk.court", "uwase.clerk.court"),
    "long": ("very " * 30, "very " * 30),
    "two that differ": (GOOD, f"{GOOD} again"),
}


def _catalogue(code):
    folder = table.BY_CODE[code].folder
    return polib.pofile(str(settings.BASE_DIR / "locale" / folder / "LC_MESSAGES" / "django.po"))


@pytest.fixture
def asked(monkeypatch):
    """Collect what the interface asks for while a page is made: (language, context, message)."""
    found = set()
    real = translation._trans

    def note(context, message):
        found.add((translation.get_language(), context, str(message)))

    watched = {
        "gettext": lambda message: (note("", message), kept["gettext"](message))[1],
        "pgettext": lambda context, message: (note(context, message), kept["pgettext"](context, message))[1],
        "ngettext": lambda one, many, n: (note("", one), kept["ngettext"](one, many, n))[1],
        "npgettext": lambda context, one, many, n: (note(context, one), kept["npgettext"](context, one, many, n))[1],
    }
    kept = {name: getattr(real, name) for name in watched}
    for name, function in watched.items():
        monkeypatch.setattr(real, name, function)
    return found


def untranslated(code, asked):
    """Return the messages that pages of a language asked for and its catalogue leaves empty."""
    empty = {(entry.msgctxt or "", entry.msgid) for entry in _catalogue(code) if not entry.translated()}
    met = {(context, message) for where, context, message in asked if where == code}
    return [f"{code}: {context}|{message}" for context, message in sorted(met & empty)]


def _refusals(client, code, path, *told):
    """Send a form with each of the values told; return what it says of each, which must be something."""
    said = set()
    for values in told:
        answer = client.post(f"/{code}/{path}", values)
        with translation.override(code):
            words = {str(word) for errors in answer.context["form"].errors.values() for word in errors}
        assert words, (code, path, values)
        said |= words
    return said


def _pairs(**more):
    return [{"password1": first, "password2": second} | more for first, second in WRONG.values()]


def _link(part):
    """Return the path, after the language, of the link in the last letter."""
    text = actions.open_letter(Letter.objects.latest("pk")).text
    link = next(line for line in text.splitlines() if f"/{part}/" in line)
    return link[link.index(f"{part}/") :]


def _open_an_account(client, code, country, by):
    """Follow an invitation: every wrong password, then a good one; then the link once more."""
    address = f"uwase.clerk.{code}@example.org"
    actions.invite(email=address, name=NAME, roles=["learner"], country=country, language=code, by=by,
                   at=timezone.now())  # fmt: skip
    path = _link("invitation")
    client.get(f"/{code}/{path}")
    said = _refusals(client, code, path, *_pairs(name=NAME), {"name": "", "password1": GOOD, "password2": GOOD})
    client.post(f"/{code}/{path}", {"name": NAME, "password1": GOOD, "password2": GOOD}, follow=True)
    assert client.get(f"/{code}/{path}").status_code == 410
    return address, said


def _keep_an_account(client, code, address):
    """Change the password, the profile, the second step and the sessions of somebody signed in, each time wrongly."""
    said = _refusals(client, code, "account/password/change/", *_pairs(oldpassword=GOOD), *_pairs(oldpassword="other"))
    seen = '{"name": "Another", "language": "en", "spoken": [], "theme": ""}'
    profile = {"name": NAME, "language": code, "theme": ""}
    wrong = [{"name": ""}, {"name": "U" * 151}, {"name": "U\nwase"}, {"name": "U\u202ewase"}, {"language": ""},
             {"theme": "?"}, {"language": "xx"}, {"name": "Mine", "seen": seen}]  # fmt: skip
    said |= _refusals(client, code, "profile/", *(profile | one for one in wrong))
    said |= _refusals(client, code, "account/2fa/totp/activate/", {"code": ""}, {"code": "1"}, {"code": "1" * 21})
    said |= _refusals(client, code, "account/reauthenticate/", {"password": ""}, {"password": "other"})
    for path in ("profile/", "account/sessions/", "account/2fa/"):
        client.get(f"/{code}/{path}")
    client.post(f"/{code}/account/sessions/", follow=True)
    client.post(f"/{code}/profile/", profile, follow=True)
    person = User.objects.get(email=address)
    person.set_unusable_password()
    person.save()
    client.force_login(person, backend="accounts.sessions.AuthenticationBackend")
    said |= _refusals(client, code, "account/password/set/", *_pairs())
    client.post(f"/{code}/account/logout/", follow=True)
    return said


def _come_back(client, code, address):
    """Ask for a new password, choose it wrongly, then rightly; then sign in wrongly until the house waits."""
    said = _refusals(client, code, "account/password/reset/", {"email": ""}, {"email": "uwase"})
    client.post(f"/{code}/account/password/reset/", {"email": address}, follow=True)
    link = f"/{code}/{_link('account/password/reset/key')}"
    path = client.get(link, follow=True).redirect_chain[-1][0].split("/", 2)[2]
    said |= _refusals(client, code, path, *_pairs())
    client.post(f"/{code}/{path}", {"password1": GOOD, "password2": GOOD}, follow=True)
    client.logout()
    client.get(link, follow=True)
    wrong = {"login": address, "password": "other"}
    tries = [{"login": "", "password": ""}, {"login": "uwase", "password": "x"}, *[wrong] * 12]
    said |= _refusals(client, code, "account/login/", *tries)
    User.objects.filter(email=address).update(is_active=False)
    return said


@pytest.mark.either
@pytest.mark.parametrize("code", PARTLY)
def test_no_form_of_an_account_refuses_in_english(code, client, asked, person, liberia):
    by, said = person("administrator"), {}

    for language in ("en", code):
        address, said[language] = _open_an_account(client, language, liberia, by)
        said[language] |= _keep_an_account(client, language, address) | _come_back(client, language, address)

    missing = sorted(said[code] & said["en"]) + untranslated(code, asked)
    assert not missing, "\n".join(missing)
