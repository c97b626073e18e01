"""Figures of questions: counted once a day from first attempts; where a language stands apart its translators have work."""

import datetime as dt
import json

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from languages.models import Unit
from training import actions, progress, tasks
from training.models import CourseFigures, LanguageFinding, Question
from training.queries.figures import answers_of, figures_of

HARD = "a-q1"


@pytest.fixture
def answered(person, countries, course, at):
    """A function that lets somebody hand in her test in a language, with some keys of questions answered wrong."""

    def hand_in(language, wrong=(), again=False, user=None):
        user = user or person("learner", country=countries["HT"], language=language)
        attempt = actions.begin_test(user=user, course=course, language=language, at=at)
        entries = progress.read(attempt.paper)["items"]
        responses = {
            one["id"]: next(o for o in one["options"] if o not in one["right"])
            if one["key"] in wrong
            else one["right"][0]
            for one in entries
        }
        actions.submit_attempt(attempt=attempt, responses=responses, language=language, at=at)
        return user

    return hand_in


@pytest.fixture
def hard_in_french(answered, course, at):
    """Sixty tests: in French nearly nobody gets one question right, in English nearly everybody."""
    for place in range(30):
        other = ["a-q2"] if place % 3 == 0 else []
        answered("fr", wrong=[*other, *([HARD] if place % 10 else [])])
        answered("en", wrong=[*other, *([] if place % 10 else [HARD])])
    actions.count_figures(course=course, at=at)
    return LanguageFinding.objects.get()


def test_a_question_that_is_hard_in_one_language_only_becomes_work_there(hard_in_french, course):
    assert (hard_in_french.question.key, hard_in_french.language) == (HARD, "fr")
    assert (hard_in_french.is_harder, hard_in_french.answers, hard_in_french.settled_at) == (True, 30, None)
    found = next(one for one in figures_of(course).questions if one.question.key == HARD)
    assert (found.count, found.facility) == (60, 50)
    assert {(one.language, one.facility, one.verdict) for one in found.languages} == {
        ("en", 90, "apart"), ("fr", 10, "apart"),
    }  # fmt: skip
    assert sum(option.count for option in found.options) == 60


def test_counting_again_makes_no_second_finding_and_leaves_a_settled_one(hard_in_french, course, person, at, later):
    actions.settle_finding(finding=hard_in_french, outcome="same", by=person("translator"), at=at)

    actions.count_figures(course=course, at=later(5))

    found = LanguageFinding.objects.get()
    assert (found.outcome, found.found_at) == ("same", at)


def test_the_first_attempt_counts_and_no_later_one(answered, course):
    user = answered("en", wrong=[HARD])
    answered("en", user=user)

    asked = answers_of(course)

    hard = next(item for item in asked.values() if item.answers[0].points == 0)
    assert [len(item.answers) for item in asked.values()] == [1] * 6
    assert [one.points for one in hard.answers] == [0]
    assert hard.answers[0].rest == 1


def test_an_answer_to_an_earlier_version_of_a_question_is_left_out(answered, course):
    answered("en")
    question = Question.objects.get(key=HARD)
    block = question.body_en.get_prep_value()
    block[0]["value"]["question"] += " Really?"
    question.body_en = block
    question.go_live()

    counts = {key: len(asked.answers) for key, asked in answers_of(course).items()}

    assert counts[block[0]["id"]] == 0
    assert sorted(counts.values()) == [0, 1, 1, 1, 1, 1]


def test_the_worker_counts_each_course_once_a_day(course, answered, at, later):
    answered("en")

    done = [tasks.count_figures(instant) for instant in (at, later(60), at + dt.timedelta(days=1, minutes=1))]

    assert done == [1, 0, 1]
    assert CourseFigures.objects.get(course=course).counted_at == at + dt.timedelta(days=1, minutes=1)


def test_the_figures_hold_no_person(hard_in_french, course):
    body = json.loads(CourseFigures.objects.get(course=course).body)

    assert {key for entry in body for key in entry} == {
        "question", "count", "facility", "discrimination", "options", "languages",
    }  # fmt: skip


def test_a_manager_sees_the_figures_and_few_answers_say_nothing(client, sign_in, manager, answered, course, at):
    answered("en")
    actions.count_figures(course=course, at=at)

    page = sign_in(manager).get("/en/school/judicial/questions/figures/").content.decode()

    assert "1 answer so far; figures begin at 30." in page


def test_the_screen_names_the_language_in_which_it_is_harder(client, sign_in, manager, hard_in_french, course,
                                                             django_assert_num_queries):  # fmt: skip
    page = sign_in(manager).get("/en/school/judicial/questions/figures/").content.decode()
    with django_assert_num_queries(2):
        figures_of(course)

    assert "Harder here only" in page
    assert "Its translators are asked to compare both texts." in page


@pytest.fixture
def translator(person, countries):
    user = person("translator", country=countries["HT"], language="fr")
    user.spoken = "fr"
    user.save()
    return user


def test_the_translator_sees_both_texts_side_by_side_and_says_what_she_found(
    client, sign_in, translator, hard_in_french
):
    sign_in(translator)
    question = hard_in_french.question
    french = Unit.objects.filter(object_id=question.pk, content_type__model="question", language="fr").first().live

    page = client.get(reverse("desk:findings")).content.decode()
    done = client.post(reverse("desk:settle_finding", args=[hard_in_french.pk]), {"outcome": "changed"}, follow=True)

    assert question.body_en[0].value["question"].split("?")[0] in page
    assert " ".join(french.split()) in page
    assert reverse("desk:thing", args=["training.question", question.pk, "fr"]) in page
    assert "No question waits to be compared" in done.content.decode()
    hard_in_french.refresh_from_db()
    assert (hard_in_french.outcome, hard_in_french.settled_by) == ("changed", str(translator.public_id))
    assert AuditEntry.objects.filter(verb="training.finding_settled").count() == 1


def test_a_finding_is_settled_once_and_only_with_an_outcome(client, sign_in, translator, hard_in_french):
    sign_in(translator)
    address = reverse("desk:settle_finding", args=[hard_in_french.pk])

    nothing = client.post(address, {"outcome": "gone"}, follow=True).content.decode()
    client.post(address, {"outcome": "same"})
    again = client.post(address, {"outcome": "changed"}, follow=True).content.decode()

    assert "Say what you found." in nothing
    assert "Somebody settled this before." in again
    hard_in_french.refresh_from_db()
    assert hard_in_french.outcome == "same"


def test_a_translator_of_another_language_has_no_such_work(client, sign_in, translator, hard_in_french):
    translator.language = translator.spoken = "ar"
    translator.save()
    sign_in(translator)

    page = client.get(reverse("desk:findings")).content.decode()
    answer = client.post(reverse("desk:settle_finding", args=[hard_in_french.pk]), {"outcome": "same"})

    assert "No question waits to be compared" in page
    assert answer.status_code == 404
