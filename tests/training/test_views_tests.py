"""The test of a course, taken by form."""

import datetime as dt

import pytest
import time_machine

from tests.training.answers import address, paper, right, shown_by, wrong
from tests.training.group_pages import shown
from training import actions, progress, queries
from training.models import Attempt, Course, Curriculum, Enrolment, Progress, Question

pytestmark = pytest.mark.either


@pytest.mark.both
def test_passing_the_test_by_form_shows_a_reason_for_every_answer(client, attempt):
    asked = client.get(paper(attempt)).content.decode()
    response = client.post(paper(attempt), right(attempt))
    html = client.get(response["Location"]).content.decode()

    assert asked.count("<fieldset>") == 6
    assert "feedback" not in asked
    assert Progress.objects.get().passed_at is not None
    assert html.count('class="reason small"') == 6
    assert "6" in html


def test_keys_and_feedback_never_stand_in_an_open_test(client, attempt):
    html = client.get(paper(attempt, "en")).content.decode()

    for item in queries.paper_view(attempt, "en").items:
        for choice in item.question.choices:
            assert choice.feedback not in html


def test_a_test_that_comes_back_with_open_questions_shows_no_reason(client, attempt):
    answers = wrong(attempt, 0)
    answers.pop(next(reversed(answers)))

    html = client.post(paper(attempt, "en"), answers, follow=True).content.decode()

    assert html.count(" checked>") == 5
    assert "reason" not in html
    assert "verdict" not in html


def test_kept_answers_wait_in_every_language_and_are_no_mark(client, attempt):
    answers = wrong(attempt, 0)
    answers.pop(next(reversed(answers)))

    kept = client.post(paper(attempt, "fr"), answers | {"keep": "1"})
    html = client.get(paper(attempt, "ar")).content.decode()

    attempt.refresh_from_db()
    assert kept["Location"] == paper(attempt, "fr")
    assert html.count(" checked>") == 5
    assert "reason" not in html
    assert (attempt.submitted_at, Progress.objects.get().best) == (None, 0)


def test_an_open_test_of_which_answers_were_kept_is_gone_on_with(client, attempt, course):
    def told():
        pages = [client.get(url).content.decode() for url in (address(course), "/en/learning/")]
        return ["Go on with your test" in page for page in pages], ["Take the test" in page for page in pages]

    began = told()
    client.post(paper(attempt, "en"), right(attempt) | {"keep": "1"})
    kept = told()
    client.post(paper(attempt, "en"), wrong(attempt, 0, 1, 2, 3))

    assert began[0] == [False, False]
    assert kept == ([True, began[1][1]], [False, False])
    assert told()[0] == [False, False]


def test_five_right_pass_unless_a_critical_one_is_wrong(client, attempt):
    critical = progress.read(attempt.paper)["critical"]
    places = [item.id for item in queries.items_of(attempt)]
    plain = next(place for place, key in enumerate(places) if key not in critical)

    client.post(paper(attempt), wrong(attempt, places.index(critical[0])))
    client.post("/en/learning/judicial/test/")
    second = Attempt.objects.get(number=2)
    client.post(paper(second), wrong(second, plain))

    attempt.refresh_from_db()
    second.refresh_from_db()
    assert (attempt.right, attempt.passed) == (5, False)
    assert (second.right, second.passed) == (5, True)
    html = client.get(paper(attempt, "en", "result/")).content.decode()
    assert "1 question marked ★ was not right" in html


def test_an_open_question_is_asked_for_and_the_warning_itself_hands_in_as_it_is(client, attempt):
    answers = right(attempt)
    left = next(iter(answers))
    answers.pop(left)

    asked = client.post(paper(attempt, "en"), answers)
    page = shown(client.get(asked["Location"]))
    warning = page.find(role="alert")
    button = warning.find("button")

    assert (asked.status_code, asked["Location"]) == (302, f"{paper(attempt, 'en')}?open=1")
    assert "1 question is still open." in warning.get_text()
    assert page.find(class_="has-error").find(attrs={"name": left}) is not None
    assert button.get_text() == "Hand in although questions are open"
    assert button.find_parent("form") == page.find("form", class_="questions")
    assert "Keep my answers" not in warning.get_text()

    first = page.find("form", class_="questions").find(attrs={"type": "submit"})
    assert first.get("name") is None
    assert "open" in client.post(paper(attempt, "en"), answers)["Location"]
    client.post(paper(attempt, "en"), answers | {button["name"]: button["value"]})
    attempt.refresh_from_db()
    assert attempt.right == 5


def test_the_warning_is_a_page_that_can_be_gone_back_to_and_says_nothing_that_is_over(client, attempt):
    answers = right(attempt)
    warning = client.post(paper(attempt, "en"), dict(list(answers.items())[1:]))["Location"]
    client.post(paper(attempt, "en"), answers | {"keep": "1"})

    assert "still open" not in client.get(warning).content.decode()
    client.post(paper(attempt, "en"), answers)
    assert client.get(warning)["Location"] == paper(attempt, "en", "result/")


def test_an_answer_that_is_taken_out_again_is_open(client, attempt):
    answers = right(attempt)
    client.post(paper(attempt, "en"), answers | {"keep": "1"})
    answers.pop(next(iter(answers)))

    with time_machine.travel(attempt.started_at + dt.timedelta(minutes=1)):
        html = client.post(paper(attempt, "en"), answers | shown_by(client, attempt), follow=True).content.decode()

    assert html.count(" checked>") == 5
    assert "1 question is still open." in html


@pytest.mark.both
def test_handing_in_twice_keeps_the_first_result(client, attempt):
    client.post(paper(attempt), wrong(attempt, 0, 1, 2))
    again = client.post(paper(attempt), right(attempt))

    attempt.refresh_from_db()
    assert again["Location"] == paper(attempt, "fr", "result/")
    assert (attempt.right, attempt.passed) == (3, False)


@pytest.mark.parametrize("button", [{}, {"keep": "1"}])
def test_what_is_sent_of_a_test_that_was_handed_in_is_told_not_to_count(client, attempt, button):
    client.post(paper(attempt, "en"), right(attempt))

    page = client.post(paper(attempt, "en"), wrong(attempt, 0) | button, follow=True).content.decode()
    later = client.get(paper(attempt, "en", "result/")).content.decode()

    assert "This test was handed in before. What you sent now does not count." in page
    assert "6 of 6 right" in page
    assert "handed in before" not in later


@pytest.mark.both
def test_the_same_answers_sent_twice_are_no_word_worth(client, attempt):
    client.post(paper(attempt, "en"), right(attempt))

    again = client.post(paper(attempt, "en"), right(attempt), follow=True).content.decode()
    opened = client.get(paper(attempt, "en"), follow=True).content.decode()

    assert "handed in before" not in again + opened


def test_a_test_begun_in_one_language_ends_in_another(client, attempt):
    client.get(paper(attempt, "fr"))
    client.post(paper(attempt, "ar"), right(attempt))

    attempt.refresh_from_db()
    assert (attempt.language, attempt.passed) == ("fr", True)
    for language in ("fr", "ar", "en", "ht"):
        assert client.get(paper(attempt, language, "result/")).status_code == 200


@pytest.mark.both
def test_somebody_elses_test_and_enrolment_do_not_exist(client, sign_in, person, attempt, enrolment):
    sign_in(person("learner"))

    assert client.get(paper(attempt)).status_code == 404
    assert client.post(paper(attempt), right(attempt)).status_code == 404
    assert client.get(paper(attempt, "fr", "result/")).status_code == 404
    assert client.post(f"/fr/learning/{enrolment.public_id}/newest/").status_code == 404


def test_odd_answers_in_a_test_count_as_open(client, attempt):
    answers = dict.fromkeys(right(attempt), "\x00<script>") | {"anyway": "1"}

    response = client.post(paper(attempt), answers)

    attempt.refresh_from_db()
    assert response.status_code == 302
    assert attempt.right == 0


@pytest.fixture
def without_questions(course, at):
    """The judicial course after its last question was taken off the site."""
    for question in Question.objects.all():
        question.unpublish()
    actions.course_changed(course, by="test", at=at)
    return course


def test_a_test_without_questions_is_explained_and_enrols_nobody(client, sign_in, official, without_questions):
    sign_in(official)

    response = client.post("/en/learning/judicial/test/")

    assert response.status_code == 409
    assert "The test is not ready" in response.content.decode()
    assert f'href="/en/{without_questions.url.split("/", 2)[2]}"' in response.content.decode()
    assert not Enrolment.objects.exists()


def test_the_page_that_explains_it_can_be_read_in_another_language(client, sign_in, official, without_questions):
    sign_in(official)
    client.post("/en/learning/judicial/test/")

    switched = client.get("/fr/learning/judicial/test/")

    assert switched["Location"] == f"{address(without_questions, 'fr')}#test"
    assert client.get("/fr/learning/nothing/test/").status_code == 404
    assert not Enrolment.objects.exists()


def test_a_course_that_was_never_published_is_explained_too(client, sign_in, official, front, countries):
    curriculum = front.add_child(instance=Curriculum(title="New", slug="new", heading_en="New"))
    curriculum.add_child(
        instance=Course(title="New", slug="new", key="new", heading_en="New", summary_en="New", audience_en="All")
    )
    sign_in(official)

    response = client.post("/en/learning/new/test/")

    assert response.status_code == 409
    assert "/en/courses/" in response.content.decode()
