"""Whoever learns, calls, visits or answers for an agency meets no English word in a language that is still partly done.

The pages are opened, and each message that the interface asks for is looked up in the catalogue of the page's language.
"""

import re

import polib
import pytest
from django.conf import settings
from django.utils import timezone, translation

from accounts.models import User
from cms import demo
from cms.models import HomePage
from languages import table
from training.models import Enrolment, Lesson

PARTLY = ("rw", "wo", "mg", "ny")
VISITED = (
    "",
    "courses/",
    "languages/",
    "account/login/",
    "account/password/reset/",
    "demo/",
    "demo/phone/",
    "nowhere/",
)


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


def _visit(client, code):
    """Open the public addresses of a language: country homes and what they link to, courses and their lessons."""
    linked = {f"/{code}/{path}" for path in VISITED}
    for home in HomePage.objects.live():
        address = f"/{code}/{home.slug}/"
        linked |= {address, *re.findall(rf'href="(/{code}/[^"#]+)"', client.get(address).content.decode())}
    linked |= {f"/{code}/{lesson.url.split('/', 2)[2]}" for lesson in Lesson.objects.live()[:6]}
    for address in sorted(linked):
        client.get(address.replace("&amp;", "&"))


def _learn(client, code):
    """Fail a test of the first course, as a learner, and look at what is left to do."""
    client.force_login(User.objects.get(email="learner.mw@example.org"))
    for path in ("learning/", "profile/", "courses/"):
        client.get(f"/{code}/{path}")
    key = Enrolment.objects.filter(learner__user__email="learner.mw@example.org").first().course.key
    test = client.post(f"/{code}/learning/{key}/test/")
    client.get(test.url)
    client.post(test.url, {})
    client.post(test.url, {"anyway": "1"}, follow=True)
    client.logout()


def _answer_for_an_agency(client, code):
    """Open the links of the demo's letters with a wrong code."""
    letters = client.get("/en/demo/letters/").content.decode()
    links = set(re.findall(r"/\w[\w-]*/a/([\w-]+)/", letters))
    assert links
    for link in links:
        client.get(f"/{code}/a/{link}/")
        client.post(f"/{code}/a/{link}/", {"code": "000000"})


def _call(client, code):
    """Dial, press a key, write a text on the demo's phone."""
    client.get(f"/{code}/demo/phone/")
    phone = client.post(f"/{code}/demo/phone/", {"to": "2883"}).url
    for act, told in (("press", {"digits": "1"}), ("dial", {"to": "2883"}), ("text", {"to": "2883", "body": "?"})):
        client.post(f"{phone}{act}/", told)
        client.get(phone)


@pytest.mark.long
@pytest.mark.django_db
def test_nobody_outside_the_house_meets_an_untranslated_word(client, asked, settings):
    settings.DEMO = settings.SIMULATOR = settings.KEEPS_LETTERS = True
    demo.load(timezone.now())
    missing = []

    for code in PARTLY:
        asked.clear()
        for walk in (_visit, _learn, _answer_for_an_agency, _call):
            walk(client, code)
        empty = {(entry.msgctxt or "", entry.msgid) for entry in _catalogue(code) if not entry.translated()}
        met = {(context, message) for where, context, message in asked if where == code}
        missing += [f"{code}: {context}|{message}" for context, message in sorted(met & empty)]

    assert not missing, "\n".join(missing)
