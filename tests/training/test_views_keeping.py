"""What a phone keeps of a course: the same bytes for everybody, sizes and hashes that hold, one test drawn with it."""

import datetime as dt
import hashlib
import json
import re

import pytest

from accounts.models import PublicContact
from languages.table import CODES
from tests.training.answers import address
from training import actions, queries
from training.models import Attempt, CourseVersion, Enrolment, Overlay

pytestmark = pytest.mark.either

PAPER = "/en/learning/judicial/paper/"


@pytest.fixture
def version(course):
    """The public id of the newest edition for Haiti."""
    return str(CourseVersion.objects.filter(course=course, country="HT").order_by("-number").first().public_id)


@pytest.fixture
def told(client, sign_in, official, version):
    """What the phone of the official is told to fetch."""
    sign_in(official)
    return client.get(f"/en/keep/judicial/{version}/keep.json").json()


def pages(told) -> list[dict]:
    """Return the files that are pages."""
    return [one for one in told["files"] if "/keep/" in one["url"]]


def test_each_file_has_the_size_and_the_hash_that_were_told(client, told):
    for one in pages(told):
        content = client.get(one["url"]).content

        assert (len(content), hashlib.sha256(content).hexdigest()) == (one["bytes"], one["sha256"])
    assert {one["kind"] for one in told["files"]} == {"text"}
    assert len(pages(told)) == 4 + len(told["lessons"]) == 8


def assert_whole_at_every_moment(client, files):
    """Fail unless each page is listed after all that it asks for: what came before a list broke off is served."""
    urls = [one["url"] for one in files]
    for place, url in enumerate(urls):
        if "/keep/" not in url:
            continue
        page = client.get(url).content.decode()
        needed = set(re.findall(r'(?:src|href)="(/(?:static|media|clips)/[^"#]+)', page))
        assert len(needed) > 5
        assert needed <= set(urls[:place])


def test_a_page_is_fetched_after_all_that_it_needs_and_those_without_a_network_first(client, told):
    assert_whole_at_every_moment(client, told["files"])

    assert [one["url"] for one in pages(told)][:2] == ["/en/keep/wipe/", "/en/keep/"]
    assert told["files"][-1]["url"] == told["start"]


def test_a_kept_page_is_the_same_for_everybody_and_names_nobody(client, sign_in, person, official, told):
    sign_in(person("learner", name="Somebody Else"))
    for one in pages(told):
        theirs = client.get(one["url"]).content
        client.logout()
        nobodys = client.get(one["url"] + "?screen=x").content
        sign_in(official)
        hers = client.get(one["url"]).content

        assert theirs == hers == nobodys
        text = hers.decode()
        assert "csrfmiddlewaretoken" not in text
        assert official.name not in text
        assert str(actions.learner_of(official).public_id) not in text
        assert "<title>Help and training</title>" in text


def test_a_kept_page_does_what_the_online_page_does_not(client, told):
    page = client.get(told["lessons"][0]).content.decode()

    assert 'data-kept-check="' in page
    assert re.search(r'data-right="[0-9a-f-]{36}"', page)
    assert "Who to call" in page
    assert "style=" not in page


def test_the_test_page_holds_no_question(client, told, version):
    page = client.get(f"/en/keep/judicial/{version}/test/").content.decode()

    assert "data-item" not in page
    assert 'type="radio"' not in page
    assert "Take the test" in client.get(told["start"]).content.decode()


def test_the_list_names_for_each_page_of_the_course_its_like_that_is_kept(client, told, course, lessons, version):
    kept = {one["url"] for one in pages(told)} - {"/en/keep/wipe/", "/en/keep/"}
    twins = {f"/en{url}": twin for url, twin in told["twins"].items()}

    assert {twin.partition("#")[0] for twin in twins.values()} == kept - {f"{told['start']}test/"}
    assert [twins[address(one, "en")] for one in lessons] == told["lessons"]
    assert twins[address(course, "en")] == twins["/en/learning/judicial/keep/"] == told["start"]
    assert twins["/en/learning/judicial/test/"] == f"{told['start']}#test"
    assert 'id="test"' in client.get(told["start"]).content.decode()


@pytest.mark.parametrize("language", CODES)
def test_the_addresses_of_the_list_are_the_same_in_every_language(client, sign_in, official, version, told, language):
    sign_in(official)

    there = client.get(f"/{language}/keep/judicial/{version}/keep.json").json()["twins"]

    assert there == {url: f"/{language}{twin[3:]}" for url, twin in told["twins"].items()}


@pytest.mark.parametrize("language", CODES)
def test_every_language_can_be_kept(client, sign_in, official, version, language):
    sign_in(official)

    told = client.get(f"/{language}/keep/judicial/{version}/keep.json").json()
    page = client.get(told["lessons"][-1]).content.decode()

    assert told["language"] == language
    assert f'<html lang="{language}"' in page


@pytest.mark.both
def test_unchanged_it_is_not_sent_again_and_a_change_is_told(client, sign_in, official, version, told, countries, at):
    address, mark = f"/en/keep/judicial/{version}/keep.json", f'"{told["etag"]}"'

    assert client.get(address, headers={"If-None-Match": mark}).status_code == 304
    assert client.get(address, headers={"If-None-Match": f"W/{mark}"}).status_code == 304
    PublicContact.objects.create(
        country=countries["HT"], kind="hotline", name_en="Line", number="840", checked_at=at.date()
    )
    after = client.get(address, headers={"If-None-Match": mark})
    assert after.status_code == 200
    assert after.json()["etag"] != told["etag"]


@pytest.mark.both
def test_an_older_edition_leads_to_the_newest_and_is_on_phones_only(
    client, sign_in, official, version, told, course, at
):
    course.pass_minimum -= 1
    course.save()
    actions.publish_version(course, by="test", at=at)

    after = client.get(f"/en/keep/judicial/{version}/keep.json").json()

    assert after["version"] != version
    assert client.get(told["lessons"][0]).status_code == 404
    assert client.get(after["lessons"][0]).status_code == 200


@pytest.mark.both
def test_the_same_queries_whatever_the_number_of_lessons(client, told, version, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        client.get(f"/en/keep/judicial/{version}/keep.json")
    with django_assert_max_num_queries(8):
        client.get(told["lessons"][0])


@pytest.mark.parametrize("tail", ["", "test/", "keep.json", "00000000-0000-4000-8000-000000000000/"])
def test_an_edition_that_is_none_is_missing(client, sign_in, official, tail):
    sign_in(official)

    assert client.get(f"/en/keep/judicial/00000000-0000-4000-8000-000000000000/{tail}").status_code == 404


@pytest.mark.both
def test_one_test_is_drawn_with_the_course_and_stays_until_it_is_handed_in(client, sign_in, official, at):
    sign_in(official)

    first, second = (client.post(PAPER).json() for _time in range(2))

    attempt = Attempt.objects.get()
    assert first["test"]["attempt"] == second["test"]["attempt"] == str(attempt.public_id)
    assert first["who"] == str(official.learner.public_id)
    assert {one["id"] for one in first["test"]["items"]} == set(first["test"]["item_versions"])
    actions.submit_attempt(attempt=attempt, responses={}, language="en", at=at)
    assert client.post(PAPER).json()["test"]["attempt"] != first["test"]["attempt"]


def test_the_test_on_the_phone_carries_no_key(client, sign_in, official, course):
    sign_in(official)

    told = client.post(PAPER).json()["test"]

    assert not {"right", "answer", "groups", "key"} & set(json.dumps(told["items"]).split('"'))
    assert "data-right" not in told["html"]
    for entry in queries.items_of(Attempt.objects.get()):
        assert told["html"].count(entry.id) >= 1


@pytest.mark.both
def test_what_was_done_before_comes_along(client, sign_in, official, enrolment, lessons, at):
    sign_in(official)
    arrival = actions.Arrival(
        id=actions.uuid_of("00000000-0000-4000-8000-000000000001"), verb="reached",
        activity=str(lessons[0].translation_key), version=str(enrolment.version.public_id), language="fr",
        occurred_at=at, payload={"screen": "end"},
    )  # fmt: skip
    actions.record_events(learner=enrolment.learner, arrivals=[arrival], source="form", at=at)

    assert client.post(PAPER).json()["done"] == [str(lessons[0].translation_key)]


def test_keeping_switched_off_takes_it_away_and_leaves_the_rest(client, sign_in, official, version, settings):
    settings.KEEPING = False
    sign_in(official)

    worker = client.get("/sw.js").content.decode()

    assert "unregister" in worker
    assert "deleteDatabase" not in worker
    assert re.findall(r"/\^fanal.*?\$/", worker) == ["/^fanal-.+-attendance$/"]
    assert client.get(f"/en/keep/judicial/{version}/").status_code == 404
    assert client.post(PAPER).status_code == 404
    page = client.get("/en/learning/judicial/keep/").content.decode()
    assert "switched off" in page
    assert "data-keep" not in page


def test_the_worker_is_asked_for_anew_and_answers_for_kept_pages_only(client):
    answer = client.get("/sw.js")

    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert "/api/" not in answer.content.decode()


def test_the_page_that_keeps_warns_and_names_the_price_before_anything_is_fetched(client, sign_in, official):
    sign_in(official)

    page = client.get("/en/learning/judicial/keep/").content.decode()

    assert "Does somebody else use this phone?" in page
    assert page.index("What to keep") < page.index(">Keep this course<")
    assert "sw.js" in page
    assert Enrolment.objects.count() == 0


def test_only_my_learning_can_be_put_on_a_home_screen_in_neutral_words(client, sign_in, official, lessons):
    sign_in(official)

    told = client.get("/en/home.webmanifest")

    assert told["Content-Type"] == "application/manifest+json"
    assert told.json()["name"] == "Help and training"
    assert 'rel="manifest"' in client.get("/en/learning/").content.decode()
    assert 'rel="manifest"' not in client.get("/en/courses/").content.decode()


def checked_on(person, at, *days):
    """Let Tunisia's first entries be checked on days of December, and the others not yet."""
    Overlay.objects.filter(country="TN").update(checked_at=None, confirmed=False)
    entries = list(Overlay.objects.filter(country="TN").order_by("pk"))
    for entry, day in zip(entries, days, strict=False):
        entry.checked_at, entry.change = dt.date(2026, 11, day), "minor"
        entry.save()
        actions.overlay_changed(overlay=entry, by=person("manager"), at=at)


@pytest.mark.both
@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((12, 3, 7), "Law checked between 3 November 2026 and 12 November 2026;"),
        ((12, 12), "Law checked on 12 November 2026."),
    ],
)
def test_a_kept_course_says_between_which_days_its_law_was_checked(client, course, person, at, days, words):
    checked_on(person, at, *days)
    version = CourseVersion.objects.filter(course=course, country="TN").order_by("-number").first().public_id

    page = client.get(f"/en/keep/judicial/{version}/").content.decode()

    assert words in page


@pytest.mark.both
def test_a_kept_course_without_law_says_no_day_of_checking(client, course, lessons):
    Overlay.objects.update(checked_at=dt.date(2026, 5, 13), confirmed=True)
    for lesson in lessons:
        body = lesson.body_en.get_prep_value()
        lesson.body_en, lesson.change = [block for block in body if block["type"] != "law"], "material"
        lesson.save_revision().publish()
    version = CourseVersion.objects.filter(course=course, country="TN").order_by("-number").first().public_id

    page = client.get(f"/en/keep/judicial/{version}/").content.decode()

    assert "Kept on this phone" in page
    assert "Law checked" not in page
