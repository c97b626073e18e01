"""Whoever learns, calls, visits or answers for an agency meets no English word in a language that is still partly done.

The pages are opened, and each message that the interface asks for is looked up in the catalogue of the page's language.
"""

import re

import pytest

from accounts.models import User
from cms.models import HomePage
from tests.cms.test_public_words import PARTLY, asked, untranslated
from training.models import Enrolment, Lesson

__all__ = ["asked"]
LEARNERS = [f"{name}@example.org" for name in ("learner.mw", "learner3.mw", "learner.mg", "learner3.mg")]
MINE = ("learning/history/", "learning/certificates/", "learning/join/", "learning/code/", "my/waiting/", "wipe/")
KEPT = ("keep/", "keep/lists/", "keep/wipe/")
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
    """Fail a test of the first course, as a learner who has not tried yet, and look at what is left to do."""
    learner = User.objects.get(email=LEARNERS[PARTLY.index(code)])
    client.force_login(learner)
    for path in ("learning/", "profile/", "courses/", *MINE):
        client.get(f"/{code}/{path}")
    client.post(f"/{code}/learning/join/", {"code": "nothing"})
    key = Enrolment.objects.filter(learner__user=learner).first().course.key
    test = client.post(f"/{code}/learning/{key}/test/")
    client.get(test.url)
    client.post(test.url, {})
    client.post(test.url, {"anyway": "1"}, follow=True)
    for path in KEPT:
        client.get(f"/{code}/{path}")
    for path in (f"learning/{key}/keep/", f"learning/{key}/paper/", "account/logout/"):
        client.get(f"/{code}/{path}")
    client.logout()


def _learn_without_an_account(client, code):
    """Begin a course by a code, look at what a phone keeps, make a new code, erase everything, and open what is gone."""
    begin = f"/{code}/learning/safe-migration/without-account/"
    client.get(begin)
    client.post(begin, {})
    assert client.post(begin, {"country": "other"}).context["code"]
    for path in ("learning/", "learning/code/new/", "learning/safe-migration/keep/", "my/waiting/", "wipe/", *KEPT):
        client.get(f"/{code}/{path}")
    for path in ("learning/code/new/", "learning/code/account/", "wipe/everywhere/", "wipe/"):
        client.get(f"/{code}/{path}")
        client.post(f"/{code}/{path}", {}, follow=True)
    client.post(f"/{code}/learning/code/", {"code": "wrong"})
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
@pytest.mark.either
def test_nobody_outside_the_house_meets_an_untranslated_word(client, asked, settings, begun, time_machine):
    settings.DEMO = settings.SIMULATOR = settings.KEEPS_LETTERS = True
    time_machine.move_to(begun)
    missing = []

    for code in PARTLY:
        asked.clear()
        for walk in (_visit, _learn, _learn_without_an_account, _answer_for_an_agency, _call):
            walk(client, code)
        missing += untranslated(code, asked)

    assert not missing, "\n".join(missing)
