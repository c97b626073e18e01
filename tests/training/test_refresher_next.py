"""From a part of a refresher on to the next one that is due, with a word of how many are left; then back to My learning."""

import datetime as dt
import html
import re

import pytest
import time_machine

from tests.training.answers import address, token_of
from tests.training.finishing import finish
from tests.training.stories import changed, play, publish
from tests.training.without_account import allowed, begin
from training import actions
from training.choices import Form
from training.models import Course, Enrolment, Lesson
from training.queries import id_of_test

__all__ = ["allowed"]
ON, LEARNING, DONE = "/en/learning/judicial/on/", "/en/learning/", "Your refresher is done."


def ask_anew(lessons, at):
    """Publish material changes of lessons, one after the other."""
    for place, lesson in enumerate(lessons):
        lesson.aim_en += "!"
        lesson.save()
        moment = at + dt.timedelta(days=20, minutes=place)
        actions.course_changed(Course.objects.get(), by="test", at=moment, material=str(lesson.translation_key))


@pytest.fixture
def later_on(at):
    """Ten days after the changes."""
    with time_machine.travel(at + dt.timedelta(days=30), tick=True):
        yield


@pytest.fixture
def due(client, sign_in, official, course, lessons, at, later_on):
    """The first and the third lesson, of which an official who has finished owes both."""
    finish(official, course, at)
    parts = [lessons[0], lessons[2]]
    ask_anew(parts, at)
    sign_in(official)
    return parts


def end(client, lesson, language="en"):
    """Press the button at the end of a lesson; return where that led, and what the page says first."""
    shown = client.get(address(lesson, language)).content.decode()
    answer = client.post(address(lesson, language), {"token": token_of(shown, "data-next")}, follow=True)
    return answer.redirect_chain[-1][0], banner(answer.content.decode())


def banner(page):
    found = re.search(r'<div class="stack-s" role="status">.*?</div></div>', page, re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", "", found.group(0))) if found else ""


def test_each_part_leads_to_the_next_one_that_is_due_and_the_last_one_to_my_learning(client, lessons, due):
    second = end(client, due[0])
    last = end(client, due[1])

    assert second[0] == address(due[1])
    assert f"Next in your refresher: {due[1].heading_en} · 1 part left" in second[1]
    assert last[0] == LEARNING
    assert DONE in last[1]
    assert "Next in your refresher" not in last[1]


def test_the_number_of_parts_is_told_while_several_are_left(client, due, lessons, at):
    ask_anew([lessons[1]], at + dt.timedelta(hours=1))

    where, told = end(client, due[1])

    assert where == address(due[0])
    assert f"{due[0].heading_en} · 2 parts left" in told


def test_the_script_of_a_phone_is_told_the_same_address_as_the_form(client, due, lessons):
    risen, other = (client.get(address(one)).content.decode() for one in (due[0], lessons[1]))

    assert f'data-next="{ON}"' in risen
    assert f'href="{address(lessons[2])}"' in other.split('class="pager"')[1]


def test_who_has_not_finished_goes_from_a_changed_lesson_to_the_next_changed_one_then_on(
    client, sign_in, official, course, lessons, at, later_on
):
    finish(official, course, at, lessons=3, passed=False)
    sign_in(official)
    ask_anew([lessons[0], lessons[2]], at)
    actions.move_to_newest(enrolment=Enrolment.objects.get(), language="en", at=at + dt.timedelta(days=29))

    changed_one, told = end(client, lessons[0])
    onward, nothing = end(client, lessons[2])

    assert changed_one == address(lessons[2])
    assert f"Next that has changed: {lessons[2].heading_en} · 1 part left" in told
    assert onward == address(lessons[3])
    assert nothing == ""


def test_who_has_the_certificate_of_completion_alone_is_led_on_too(
    client, sign_in, official, course, lessons, at, later_on
):
    finish(official, course, at, passed=False)
    ask_anew([lessons[0], lessons[2]], at)
    sign_in(official)

    second, last = end(client, lessons[0]), end(client, lessons[2])

    assert second[0] == address(lessons[2])
    assert f"Next in your refresher: {lessons[2].heading_en} · 1 part left" in second[1]
    assert (last[0], DONE in last[1]) == (LEARNING, True)


def owe_a_new_one(user, course, lessons, at, passed):
    """Let a person finish without the last lesson, which is asked of her later, with the first one; return it."""
    added = lessons[3]
    Lesson.objects.filter(pk=added.pk).update(required=False)
    actions.course_changed(Course.objects.get(), by="test", at=at)
    finish(user, course, at, passed=passed, without=[str(added.translation_key)])
    added.required = True
    ask_anew([lessons[0], added], at)
    return added


@pytest.mark.parametrize("passed", [True, False], ids=["finished", "completion alone"])
def test_a_lesson_that_she_never_read_and_is_asked_now_is_a_part_of_it(
    client, sign_in, official, course, lessons, at, later_on, passed
):
    added = owe_a_new_one(official, course, lessons, at, passed)
    sign_in(official)

    other, told = end(client, added)
    last, done = end(client, lessons[0])

    assert other == address(lessons[0])
    assert f"Next in your refresher: {lessons[0].heading_en} · 1 part left" in told
    assert (last, DONE in done) == (LEARNING, True)


@pytest.mark.parametrize("passed", [True, False], ids=["finished", "completion alone"])
def test_it_is_also_what_comes_next(client, sign_in, official, course, lessons, at, later_on, passed):
    added = owe_a_new_one(official, course, lessons, at, passed)
    sign_in(official)

    where, told = end(client, lessons[0])

    assert where == address(added)
    assert f"{added.heading_en} · 1 part left" in told


def test_a_story_that_is_left_comes_after_the_lessons_and_leads_on_as_well(
    client, sign_in, official, course, lessons, at, later_on
):
    story = publish(course)
    enrolment = finish(official, course, at)
    play(official, enrolment, story, at)
    with time_machine.travel(at + dt.timedelta(days=20), tick=True):
        publish(course, changed(lambda _story, nodes: nodes["a1"]["choices"][0].update(safety=1)), change="material")
    ask_anew([lessons[2]], at + dt.timedelta(hours=1))
    sign_in(official)
    where = "/en/scenario/small-file/?path=look"
    token = token_of(client.get(where).content.decode(), 'name="token"')
    ended = client.post(where, {"token": token, "choice": "care"}, follow=True).content.decode()
    first = client.get(ON, follow=True)

    assert f'<a class="button" href="{ON}">Go on with my course' in ended
    assert first.redirect_chain == [(address(lessons[2]), 302)]
    assert "1 part left" in banner(first.content.decode())
    assert end(client, lessons[2])[0] == LEARNING


def test_the_test_that_a_refresher_asks_is_told_where_nothing_else_is_left(
    client, sign_in, official, course, lessons, at, later_on
):
    finish(official, course, at)
    Course.objects.update(pass_minimum=course.pass_minimum + 1)
    material = id_of_test(course, Form.POST)
    actions.course_changed(Course.objects.get(), by="test", at=at + dt.timedelta(days=19), material=material)
    ask_anew([lessons[0]], at)
    sign_in(official)

    where, told = end(client, lessons[0])

    assert where == LEARNING
    assert "Left in your refresher: answer the questions again." in told


def test_the_name_of_the_next_part_bears_its_own_language_and_is_no_markup(client, due):
    Lesson.objects.filter(pk=due[0].pk).update(heading_en="Sentence <b>anew</b>")
    actions.compile_course(Course.objects.get())

    page = client.get("/pt/learning/judicial/on/", follow=True).content.decode()
    said = page.split('class="stack-s" role="status"')[1].split("</div>")[0]

    assert '<span lang="en" dir="ltr">Sentence &lt;b&gt;anew&lt;/b&gt;</span>' in said


def test_nobody_who_has_not_begun_is_led_anywhere_and_who_owes_nothing_to_her_courses(
    client, sign_in, official, person, countries, course, at, later_on
):
    finish(official, course, at)
    sign_in(official)
    hers = client.get(ON)
    sign_in(person("learner", country=countries["HT"]))

    assert (hers.status_code, hers["Location"]) == (302, LEARNING)
    assert client.get(ON).status_code == 404
    assert client.get("/en/learning/no-such/on/").status_code == 404


def test_who_learns_with_a_code_is_led_on_as_with_an_account(client, allowed, lessons, at, later_on):
    begin(client)
    for lesson in lessons:
        end(client, lesson)
    with time_machine.travel(at + dt.timedelta(days=32), tick=True):
        ask_anew([lessons[0], lessons[2]], at + dt.timedelta(days=11))
        actions.move_to_newest(enrolment=Enrolment.objects.get(), language="en", at=dt.datetime.now(dt.UTC))
        where, told = end(client, lessons[0])

    assert where == address(lessons[2])
    assert "1 part left" in told


def test_the_way_on_costs_few_queries(client, due, django_assert_max_num_queries):
    client.get(LEARNING)

    with django_assert_max_num_queries(8):
        client.get(ON)
