"""A course that is not on offer in a person's country is read by its address, and not begun; what she began goes on."""

import json
import uuid

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from tests.training.answers import address, check_of, choose, fields, paper, right, token_of
from training import actions, progress, queries
from training.choices import END
from training.forms import sign
from training.models import Attempt, CourseVersion, Enrolment, Event, Progress, RefusedEvent

TEST = "/en/learning/judicial/test/"
PROMISES = ("data-send", "Begin with lesson 1", "Finish this lesson", "Take the test", "lessons done", TEST)


@pytest.fixture(autouse=True)
def production(settings):
    """The rule as it holds outside the demo."""
    settings.DEMO = False


@pytest.fixture
def vouch(course, countries):
    """A function after which Haiti offers the course: its numbers checked, its entries confirmed."""

    def go():
        haiti, now = countries["HT"], timezone.now()
        for kind in ("hotline", "referral"):
            haiti.contacts.create(kind=kind, name_en=kind, number="840", checked_at=now.date())
        haiti.overlays.update(confirmed=True, checked_at=now.date())
        actions.course_changed(course, by="test", at=now)

    return go


@pytest.fixture
def withdraw(countries):
    """A function after which Haiti offers it no longer."""
    return lambda: countries["HT"].contacts.all().delete()


@pytest.fixture
def version(course):
    """Haiti's newest edition."""
    return CourseVersion.objects.filter(course=course, country="HT").first()


def rows():
    return tuple(model.objects.count() for model in (Enrolment, Event, Attempt, Progress))


def enrol(user, course):
    learner = actions.learner_of(user)
    return actions.enrol(learner=learner, course=course, country=user.country_id, at=timezone.now())


def send(client, version):
    """Send the end of the first lesson as a page does; return what became of it."""
    hello = client.get("/api/progress/").json()
    event = {
        "id": str(uuid.uuid4()), "seq": 1, "verb": "reached", "language": "fr", "occurred_at": hello["now"],
        "activity": progress.version_of("", version.body).lessons[0].id, "version": str(version.public_id),
        "payload": {"screen": END},
    }  # fmt: skip
    body = {"schema": "progress/1", "who": hello["who"], "device": str(uuid.uuid4()), "sent_at": hello["now"]}
    answer = client.post("/api/progress/", json.dumps(body | {"events": [event]}), content_type="application/json")
    return answer.json()["results"][0]


@pytest.mark.parametrize("place", ["course", "lesson"])
def test_its_pages_say_so_and_keep_nothing(client, sign_in, official, course, lessons, place):
    sign_in(official)

    page = client.get(address(course if place == "course" else lessons[0])).content.decode()

    told = BeautifulSoup(page, "html.parser").select_one("main [data-closed]")
    assert "This course is not on offer in your country yet (Haiti)." in told.text
    assert "Your office or the programme manager of your country can tell you" in told.text
    assert told.a["href"] == "/en/courses/"
    assert [word for word in PROMISES if word in page] == []
    assert rows() == (0, 0, 0, 0)


def test_an_answer_is_explained_as_for_a_visitor_and_the_end_leads_on(client, sign_in, official, lessons):
    sign_in(official)

    answer, _token = choose(client, lessons[0], right=True)
    end = token_of(client.get(address(lessons[0])).content.decode(), "pager")
    onward = client.post(address(lessons[0]), {"token": end})

    assert ("That is right." in answer.content.decode(), "Nothing is kept." in answer.content.decode()) == (True, True)
    assert onward["Location"] == address(lessons[1])
    assert rows() == (0, 0, 0, 0)


@pytest.mark.parametrize("item", ["end", "check"])
def test_a_form_that_names_her_is_refused(client, sign_in, official, lessons, version, item):
    lesson = lessons[0]
    sign_in(official)
    place = {"who": str(official.public_id), "lesson": str(lesson.translation_key), "version": str(version.public_id)}
    token = sign(place | {"item": END if item == "end" else check_of(lesson)["id"], "turn": 1})

    answer = client.post(address(lesson), {"token": token} | fields(check_of(lesson), True))

    fault = BeautifulSoup(answer.content, "html.parser").select_one("main [role=alert]")
    assert (answer.status_code, fault.text.strip()) == (409, "The course is not on offer in your country yet.")
    assert rows() == (0, 0, 0, 0)


def test_a_record_that_is_sent_is_refused_and_named(client, sign_in, official, version):
    sign_in(official)

    result = send(client, version)

    assert (result["status"], result["reason"]) == ("rejected", "not_offered")
    assert RefusedEvent.objects.get().reason == "not_offered"
    assert "The course is not on offer in your country yet." in client.get("/en/learning/").content.decode()
    assert rows() == (0, 0, 0, 0)


def test_its_test_does_not_begin_and_the_page_says_why(client, sign_in, official, course):
    sign_in(official)

    answer = client.post(TEST)

    page = BeautifulSoup(answer.content, "html.parser").main
    assert answer.status_code == 409
    assert "This course is not on offer in your country yet (Haiti)." in page.select_one("[data-closed]").text
    assert [link["href"] for link in page.select("a.button")] == ["/en/courses/", address(course)]
    assert "no published question" not in page.text
    assert rows() == (0, 0, 0, 0)


def test_once_it_is_on_offer_everything_is_kept(client, sign_in, official, lessons, course, vouch):
    vouch()
    version = CourseVersion.objects.filter(course=course, country="HT").first()
    sign_in(official)

    page = client.get(address(lessons[0])).content.decode()
    sent, test = send(client, version), client.post(TEST)

    assert ("data-closed" in page, "Finish this lesson" in page) == (False, True)
    assert (sent["status"], test.status_code) == ("accepted", 302)
    assert rows() == (1, 2, 1, 1)


def test_what_was_begun_while_it_was_on_offer_goes_on_to_its_end(
    client, sign_in, official, lessons, course, vouch, withdraw
):
    vouch()
    version = CourseVersion.objects.filter(course=course, country="HT").first()
    sign_in(official)
    client.get(address(lessons[0]))
    withdraw()

    pages = [client.get(address(one)).content.decode() for one in (lessons[1], course)]
    sent = send(client, version)
    client.post(TEST)
    attempt = Attempt.objects.get()
    client.post(paper(attempt, "en"), right(attempt))

    assert [card.key for card in queries.catalogue("HT", "en")] == []
    assert ["data-closed" in page for page in pages] == [False, False]
    assert (sent["status"], Progress.objects.get().done) == ("accepted", 1)
    assert Attempt.objects.get().passed


def test_who_began_nothing_before_it_was_withdrawn_begins_nothing(client, sign_in, official, lessons, vouch, withdraw):
    vouch()
    withdraw()
    sign_in(official)

    page = client.get(address(lessons[0])).content.decode()

    assert ("data-closed" in page, rows()) == (True, (0, 0, 0, 0))


@pytest.mark.parametrize(("country", "is_closed"), [("HT", False), ("TN", True), ("", False), ("XX", False)])
def test_list_page_and_enrolment_hold_to_one_rule(client, person, countries, course, vouch, country, is_closed):
    vouch()
    learner = person("learner", country=countries.get(country))

    listed = [card.key for card in queries.catalogue(country, "fr")]
    page = client.get(address(course, "fr", f"?country={country}")).content.decode()

    assert (listed == [], "data-closed" in page) == (is_closed, is_closed)
    if is_closed:
        with pytest.raises(actions.NotOffered):
            enrol(learner, course)
    else:
        assert enrol(learner, course).course_id == course.pk


def test_a_visitor_is_told_on_the_course_before_she_signs_in(client, course, countries):
    pages = [client.get(address(course, "en", query)).content.decode() for query in ("?country=HT", "")]

    told = [BeautifulSoup(page, "html.parser").select_one("main [data-closed]") for page in pages]
    assert "not on offer in your country yet (Haiti)." in told[0].text
    assert told[0].a["href"] == "/en/courses/?country=HT"
    assert "This course is not on offer in any country yet." in told[1].text
    assert ["Sign in to take the test" in page for page in pages] == [False, False]


def test_in_the_demo_it_is_begun_and_the_rule_asks_nothing(
    settings, client, sign_in, official, lessons, course, at, django_assert_num_queries
):
    settings.DEMO = True
    with django_assert_num_queries(0):
        assert queries.may_begin(course.pk, "HT", at)
    sign_in(official)

    page = client.get(address(lessons[0])).content.decode()

    assert ("data-closed" in page, "Finish this lesson" in page, rows()) == (False, True, (1, 1, 0, 1))


def test_the_rule_costs_three_queries_and_a_lesson_two_more_until_it_is_begun(
    official, course, lessons, at, vouch, django_assert_num_queries
):
    vouch()
    now = timezone.now()
    told = {"language": "en", "user": official, "at": now}
    with django_assert_num_queries(3):
        assert queries.may_begin(course.pk, "HT", now)
    queries.lesson_view(lessons[0], **told)

    with django_assert_num_queries(4):  # when it was built, her place, the country, its numbers
        queries.lesson_view(lessons[0], **told)
    actions.enrol(learner=actions.learner_of(official), course=course, country="HT", at=now)
    with django_assert_num_queries(2):
        queries.lesson_view(lessons[0], **told)
