"""A right answer that is corrected by exchanging words: marked anew by what was ticked, shown as it was shown then."""

import re

import pytest
from bs4 import BeautifulSoup

from languages.actions import seed_languages
from languages.segments import extract
from tests.training.answers import paper
from tests.training.test_regrading import first_two, take
from training import actions, progress, queries
from training.models import Event, Question
from training.queries.regrading import courses_with_corrections, regrading


def exchange(course, at, *places, change=None):
    """Let the words of the right answer and of the one that `take` gives change places; feedback follows its words."""
    for question in Question.objects.filter(course=course, position__in=places):
        body = question.body_en.get_prep_value()
        options = [option["value"] for option in body[0]["value"]["options"]]
        wrong, good = (
            next(one for one in reversed(options) if not one["right"]),
            next(one for one in options if one["right"]),
        )
        for name in ("text", "feedback"):
            good[name], wrong[name] = wrong[name], good[name]
        if change:
            change(good, wrong)
        good["feedback"], wrong["feedback"] = "Now it is right.", "Now it is wrong."
        question.body_en = Question._meta.get_field("body_en").to_python(body)
        question.go_live()
    actions.course_changed(course, by="test", at=at, material=queries.id_of_test(course, 2))


def told(client, attempt, language="en"):
    """Return each question of a result: what it asks, its options, which was ticked, and the mark above it."""
    page = BeautifulSoup(client.get(paper(attempt, language, "result/")).content.decode(), "html.parser")
    return [_question(card) for card in page.select("section.questions article")]


def reasons(client, attempt, language):
    """Return what each question of a result says beside its answers, after the verdicts."""
    page = BeautifulSoup(client.get(paper(attempt, language, "result/")).content.decode(), "html.parser")
    return [
        [
            re.sub(r"\s+", " ", "".join(one.find_all(string=True, recursive=False))).strip()
            for one in card.select(".reason")
        ]
        for card in page.select("section.questions article")
    ]


def _question(card):
    for reason in card.select(".reason"):
        reason.extract()
    options = {
        one.input["value"]: (one.get_text(" ", strip=True), one.input.has_attr("checked"))
        for one in card.select(".choice")
    }
    return (
        re.sub(r"\s+", " ", card.select_one(".label").get_text(" ", strip=True)),
        card.legend and card.legend.text,
        options,
    )


def test_who_ticked_the_words_that_are_right_now_passes_and_reads_them(
    sign_in, official, manager, course, enrolment, at, later
):
    attempt = take(enrolment, at, 2)
    assert not attempt.passed
    exchange(course, later(60), *first_two(course))

    found = regrading(manager, course)
    waiting = courses_with_corrections(manager, [course])
    actions.regrade(course=course, by=manager, at=later(70))

    attempt.refresh_from_db()
    assert (found.tests, found.gain, waiting) == (1, 1, {course.pk})
    assert (attempt.passed, attempt.right) == (True, 6)
    assert regrading(manager, course).tests == 0
    assert list(actions.differences()) == []
    shown = told(sign_in(official), attempt)
    entries = progress.read(attempt.paper)["items"]
    ticked = {option: text for _mark, _asked, options in shown for option, (text, is_on) in options.items() if is_on}
    given = progress.read(Event.objects.get(verb="submitted").payload)["answers"]
    first = Question.objects.get(key=entries[0]["key"], course=course).body_en.get_prep_value()[0]["value"]["options"]
    now_right = next(one["value"]["text"] for one in first if one["value"]["right"])
    assert set(ticked) == {one["response"] for one in given}
    assert ticked[given[0]["response"]] == now_right
    assert ["Marked anew" in mark for mark, _asked, _options in shown] == [True, True, False, False, False, False]


def test_a_result_says_what_the_test_said_whatever_is_published_later(sign_in, official, course, enrolment, at, later):
    attempt, client = take(enrolment, at, 0), sign_in(official)
    before = told(client, attempt)
    exchange(course, later(60), *first_two(course))

    after = told(client, attempt)

    assert any(is_on for _mark, _asked, options in before for _text, is_on in options.values())
    assert after == before


def test_a_result_says_it_in_the_words_of_its_language_then(sign_in, official, course, enrolment, at, later):
    attempt, client = take(enrolment, at, 0), sign_in(official)
    before = told(client, attempt, "fr")
    exchange(course, later(60), *first_two(course))
    for question in Question.objects.filter(course=course, position__in=first_two(course)):
        texts = {line.path: f"Nouveau : {line.path[-6:]}" for line in extract(question)}
        seed_languages(question, {"fr": texts}, by="test", at=later(80))
    actions.course_translated(course)

    after = told(client, attempt, "fr")

    assert before[0][1] != told(client, attempt)[0][1]
    assert after == before


def test_whoever_passed_keeps_it_and_reads_why_by_the_corrected_answer(
    sign_in, official, manager, course, enrolment, at, later
):
    attempt, client = take(enrolment, at, 0), sign_in(official)
    before = told(client, attempt)
    exchange(course, later(60), *first_two(course))

    kept = regrading(manager, course).keep
    actions.regrade(course=course, by=manager, at=later(70))

    attempt.refresh_from_db()
    html = client.get(paper(attempt, "en", "result/")).content.decode()
    assert (kept, attempt.passed, attempt.right) == (1, True, 6)
    assert [options for _mark, _asked, options in told(client, attempt)] == [options for _m, _a, options in before]
    assert html.count("For you it stays right.") == 2
    assert (html.count("Now it is right."), html.count("Now it is wrong.")) == (2, 2)


def test_a_translation_that_is_behind_does_not_explain_an_answer_that_was_corrected(
    sign_in, official, manager, course, enrolment, at, later
):
    attempt, client = take(enrolment, at, 0), sign_in(official)
    before = reasons(client, attempt, "fr")
    exchange(course, later(60), *first_two(course))

    actions.regrade(course=course, by=manager, at=later(70))

    after = reasons(client, attempt, "fr")
    assert all(one and all(one) for one in before)
    assert all(len(told) == 2 and not any(feedback for feedback in told) for told in after[:2])
    assert after[2:] == before[2:]


def test_a_test_that_is_open_goes_on_asking_what_it_asked(client, sign_in, official, course, enrolment, at, later):
    attempt = actions.start_attempt(enrolment=enrolment, language="en", at=at)
    shown = [one.question for one in queries.paper_view(attempt, "en").items]
    exchange(course, later(60), *first_two(course))

    now = [one.question for one in queries.paper_view(attempt, "en").items]

    assert now == shown


@pytest.mark.parametrize("is_repaired", [True, False])
def test_a_ticked_answer_that_was_reworded_as_well_is_marked_anew_only_where_it_was_a_repair(
    manager, course, enrolment, at, later, is_repaired
):
    take(enrolment, at, 2)

    def reword(good, _wrong):
        good["text"] = f"{good['text']} ." if is_repaired else "Something that nobody was ever asked about"

    exchange(course, later(60), *first_two(course), change=reword)

    assert regrading(manager, course).gain == int(is_repaired)


def test_rewording_alone_is_no_corrected_answer(manager, course, enrolment, at, later):
    take(enrolment, at, 2)
    for question in Question.objects.filter(course=course):
        body = question.body_en.get_prep_value()
        for option in body[0]["value"]["options"]:
            option["value"]["text"] = f"In other words: {option['value']['text']}"
        question.body_en = Question._meta.get_field("body_en").to_python(body)
        question.go_live()
    actions.course_changed(course, by="test", at=later(60), material=queries.id_of_test(course, 2))

    assert regrading(manager, course).tests == 0
    assert courses_with_corrections(manager, [course]) == set()


def test_the_words_of_a_paper_cost_nothing_until_they_changed(
    course, enrolment, at, later, django_assert_num_queries, django_assert_max_num_queries
):
    attempt = take(enrolment, at, 0)
    queries.paper_view(attempt, "fr")
    with django_assert_num_queries(2):
        queries.paper_view(attempt, "fr")
    exchange(course, later(60), *first_two(course))

    with django_assert_max_num_queries(9):
        queries.paper_view(attempt, "fr")
