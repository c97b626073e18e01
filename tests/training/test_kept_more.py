"""What a phone keeps besides lessons and a test: stories, her group of readers, what a refresher asks."""

import hashlib
import re
import uuid

import pytest

from cms.models import FrontPage
from tests.training.conftest import AT
from tests.training.finishing import finish
from tests.training.folders import small_course
from tests.training.once import once
from tests.training.stories import STORY, publish
from tests.training.without_account import allowed, begin  # noqa: F401 -- a fixture
from training import actions
from training.choices import Form
from training.models import Attempt, Course, CourseVersion, Lesson

PAPER = "/en/learning/small/paper/"


@pytest.fixture(scope="module")
def plain_once(school, django_db_blocker, tmp_path_factory):
    """The number of a course of three lessons, one of them for officials only, with a paper of each form."""
    folder = small_course(tmp_path_factory.mktemp("content") / "small")
    with once(
        django_db_blocker, lambda: actions.load_course(folder, FrontPage.objects.get(), by="test", at=AT).pk
    ) as pk:
        yield pk


@pytest.fixture
def plain(plain_once, front, countries):
    """The same course as a row."""
    return Course.objects.get(pk=plain_once)


@pytest.fixture
def small(plain):
    """The same course with a story."""
    publish(plain)
    return plain


@pytest.fixture
def told(client, sign_in, official, small):
    """What the phone of the official is told to fetch."""
    sign_in(official)
    version = CourseVersion.objects.filter(course=small, country="HT").order_by("-number").first()
    return client.get(f"/en/keep/small/{version.public_id}/keep.json").json()


@pytest.fixture
def send(official, small, at):
    """Record one event of the official as her page sends it."""

    def go(verb, activity="", **payload):
        version = CourseVersion.objects.filter(course=small, country="HT").order_by("-number").first()
        arrival = actions.Arrival(
            id=uuid.uuid4(), verb=verb, activity=activity, version=str(version.public_id), language="en", occurred_at=at,
            payload=payload, device=uuid.uuid4(), seq=1,
        )  # fmt: skip
        return actions.record_events(learner=actions.learner_of(official), arrivals=[arrival], source="web", at=at)[0]

    return go


def story_page(client, told) -> str:
    """Return the kept page of the story."""
    return client.get(f"{told['start']}story/small-file/").content.decode()


def test_a_story_is_one_of_the_files_and_costs_what_is_told(client, told):
    url = f"{told['start']}story/small-file/"
    (file,) = [one for one in told["files"] if one["url"] == url]
    content = client.get(url).content

    assert (file["kind"], file["bytes"]) == ("text", len(content))
    assert file["sha256"] == hashlib.sha256(content).hexdigest()
    assert url in client.get(told["start"]).content.decode()


def test_its_page_holds_every_scene_choice_and_reason_once_and_nothing_of_anybody(client, told, official):
    page = story_page(client, told)

    for node in STORY["nodes"]:
        assert page.count(f'data-node="{node["key"]}"') == 1
        for choice in node.get("choices", ()):
            assert f'data-choice="{choice["key"]}" data-to="{choice["to"]}"' in page
            assert page.count(f">{choice['feedback']}<") == 1
    assert len(re.findall(r"data-end", page)) == 3
    assert official.name not in page
    assert "csrfmiddlewaretoken" not in page
    assert 'name="token"' not in page


def test_what_its_script_sends_is_taken(client, told, send, small):
    page = story_page(client, told)
    story, graph = (re.search(rf'data-{name}="([^"]+)"', page).group(1) for name in ("story", "graph"))
    play = str(uuid.uuid4())

    for path in (["family"], ["family", "reopen"], ["family", "reopen", "care"]):
        assert send("chose", story, play=play, graph=graph, path=path).status == "accepted"

    store = client.post(PAPER).json()
    assert store["plays"] == {story: {"play": play, "path": ["family", "reopen", "care"]}}
    assert story in store["done"]


def test_an_unknown_story_is_missing(client, told):
    assert client.get(f"{told['start']}story/no-such/").status_code == 404


def test_her_group_of_readers_comes_along_and_the_lists_say_for_whom_a_lesson_is(client, told, send):
    assert send("tracked", track="migrant").status == "accepted"

    assert client.post(PAPER).json()["track"] == "migrant"
    for page in (told["start"], told["lessons"][0]):
        marks = re.findall(r'data-for="([^"]*)"', client.get(page).content.decode())
        assert marks == ["", "", "official"]


def test_the_lessons_stand_under_the_headings_of_their_modules(client, told):
    page = client.get(told["start"]).content.decode()

    assert re.findall(r"<section data-module><h3[^>]*>(?:<[^>]+>)*([^<]+)", page) == ["All of it"]
    assert page.index("All of it") < page.index('data-for=""')


def test_who_has_not_finished_is_asked_nothing_anew(client, told):
    store = client.post(PAPER).json()

    assert store["refresher"] is None
    assert Attempt.objects.get().form == Form.POST


def test_a_refresher_comes_along_with_what_it_asks_and_until_when(client, official, sign_in, plain, at):
    finish(official, plain, at)
    lesson = Lesson.objects.filter(path__startswith=plain.path).order_by("path").first()
    lesson.aim_en, lesson.change = "Another aim.", "material"
    lesson.save_revision().publish()
    sign_in(official)

    refresher = client.post(PAPER).json()["refresher"]

    assert refresher["asked"] == [str(lesson.translation_key)]
    assert (refresher["test"], refresher["minutes"]) == (False, lesson.minutes)
    assert refresher["until"]


def test_where_a_refresher_asks_the_questions_again_its_test_is_the_one_that_goes_along(
    client, official, sign_in, plain, at
):
    finish(official, plain, at)
    Attempt.objects.update(submitted_at=at)
    plain.pass_minimum, plain.change = plain.pass_minimum + 1, "material"
    plain.save_revision().publish()
    sign_in(official)

    store = client.post(PAPER).json()

    assert store["refresher"]["test"]
    assert Attempt.objects.get(public_id=store["test"]["attempt"]).form == Form.CHECKUP


def test_the_same_queries_with_a_story_and_one_more(client, told, django_assert_max_num_queries):
    with django_assert_max_num_queries(13):
        client.get(f"{told['start']}keep.json")
    with django_assert_max_num_queries(9):
        story_page(client, told)


def test_a_phone_knows_who_learns_without_an_account_and_has_no_trainer_to_give_a_file(client, allowed):  # noqa: F811
    begin(client)

    told = client.post("/en/learning/judicial/paper/").json()

    assert told["guest"] is True
    assert client.get("/en/my/waiting/").content.decode().count("hidden>Take them out as a file") == 1


def test_who_has_an_account_has(client, sign_in, official, plain):
    sign_in(official)

    assert client.post(PAPER).json()["guest"] is False
    assert "hidden>Take them out as a file" not in client.get("/en/my/waiting/").content.decode()


def test_a_course_of_which_a_module_is_off_is_kept_without_its_lessons(client, sign_in, official, small):
    lesson = Lesson.objects.descendant_of(small).live().order_by("path").last()
    version = CourseVersion.objects.filter(course=small, country="HT").order_by("-number").first()
    address = f"/en/keep/small/{version.public_id}/keep.json"
    sign_in(official)
    before = len(client.get(address).json()["lessons"])
    module = lesson.get_parent().specific
    gone = Lesson.objects.child_of(module).live().count()
    module.unpublish()

    response = client.get(address)

    assert response.status_code == 200
    assert len(response.json()["lessons"]) == before - gone
    assert not [one for one in response.json()["lessons"] if one.endswith(f"{lesson.translation_key}/")]
