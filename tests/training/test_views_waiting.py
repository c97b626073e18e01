"""What waits on a phone: its page, the words of its script, an emptied phone, the bytes that all this costs a lesson."""

import gzip
import html
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from tests.training.answers import address
from training import actions
from training.templatetags.outbox_tags import outbox_words

pytestmark = pytest.mark.either

BUDGET = 13 * 512


def told(page: str, name: str):
    """Return what an attribute of a page holds as JSON."""
    return json.loads(html.unescape(re.search(rf'{name}="([^"]*)"', page).group(1)))


def test_the_script_of_a_lesson_keeps_its_budget(client, sign_in, official, lessons):
    sign_in(official)

    page = client.get(address(lessons[0], "en")).content.decode()

    names = re.findall(r'<script src="/static/([^"]+)"', page)
    files = [path for name in names for path in Path(settings.BASE_DIR).glob(f"*/static/{name}")]
    assert len(files) == len(names) == 3
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in files) <= BUDGET


def test_a_lesson_names_the_store_of_its_learner_and_nobody_elses(client, sign_in, official, person, lessons):
    sign_in(official)
    page = client.get(address(lessons[0], "en")).content.decode()
    sign_in(person("learner", country=official.country))
    other = client.get(address(lessons[0], "en")).content.decode()

    assert f'data-who="{official.learner.public_id}"' in page
    assert str(official.learner.public_id) not in other
    assert 'data-who="' in other


def test_a_visitor_gets_no_outbox(client, lessons):
    page = client.get(address(lessons[0], "en")).content.decode()

    assert "outbox" not in page
    assert "data-who" not in page


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [("en", 1, "# answer waiting on this phone"), ("en", 0, "# answers waiting on this phone"),
     ("en", 101, "# answers waiting on this phone")],
)  # fmt: skip
def test_the_count_is_said_in_the_plural_of_the_language(language, number, words):
    with translation.override(language):
        found = json.loads(outbox_words())

    assert found["forms"][int(found["form"][number])] == words


def test_no_word_of_the_outbox_says_saved(client, sign_in, official, enrolment):
    sign_in(official)

    page = client.get("/en/my/waiting/").content.decode()

    assert "saved" not in page.lower()
    assert "saved" not in outbox_words().lower()


def test_the_waiting_page_names_the_lessons_of_her_courses_and_every_reason(
    client, sign_in, official, enrolment, lessons
):
    sign_in(official)

    page = client.get("/en/my/waiting/").content.decode()

    assert told(page, "data-lessons")[str(lessons[0].translation_key)] == lessons[0].heading_en
    assert told(page, "data-words")["reasons"]["attempt_closed"] == "This test was handed in before."


def test_somebody_who_never_learned_has_a_page_and_no_store(client, sign_in, person):
    sign_in(person("translator"))

    page = client.get("/en/my/waiting/").content.decode()

    assert 'data-who=""' in page


def test_an_emptied_phone_forgets_everything_and_the_session_ends(client, sign_in, official):
    sign_in(official)

    answer = client.post("/en/wipe/")

    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert "no-store" in answer["Cache-Control"]
    assert client.get("/en/my/waiting/").status_code == 302


def test_emptying_works_signed_out_and_looking_at_the_page_empties_nothing(client, db):
    assert "Clear-Site-Data" not in client.get("/en/wipe/").headers
    assert client.post("/en/wipe/").status_code == 200


@pytest.mark.parametrize(("wipe", "is_cleared"), [("1", True), ("", False)])
def test_sign_out_clears_the_browser_only_where_its_page_found_nobody_elses_work(
    client, sign_in, official, wipe, is_cleared
):
    actions.learner_of(official)
    sign_in(official)

    page = client.get("/en/account/logout/").content.decode()
    answer = client.post("/en/account/logout/", {"wipe": wipe})

    assert f'data-who="{official.learner.public_id}"' in page
    assert ("Clear-Site-Data" in answer.headers) is is_cleared
    assert client.get("/en/my/waiting/").status_code == 302
