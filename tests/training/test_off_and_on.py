"""What is taken off and put on again goes on from its number: who owed it owes it, and who did it did it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Country
from tests.training.finishing import finish
from tests.training.off_and_on import fresh, newest, number_of, off, on
from tests.training.stories import play, publish
from training import actions, queries
from training.models import Certificate, Course, Enrolment, Module, Overlay, Question
from training.queries.earned import due

BOTH = pytest.mark.parametrize("is_first", [True, False], ids=["owed, then off and on", "off and on, then material"])


def stands(enrolment, days=200):
    """Return how somebody stands in some days."""
    return queries.standing(Enrolment.objects.get(pk=enrolment.pk), timezone.now() + dt.timedelta(days=days))


def asked(enrolment, days=1):
    return {one.id for one in stands(enrolment, days).asked}


@pytest.fixture
def finished(course, official, at):
    """Somebody in Haiti who finished the course."""
    enrolment = finish(official, course, at)
    assert stands(enrolment, 0).state == "current"
    return enrolment


@BOTH
def test_a_lesson(course, lessons, finished, is_first):
    lesson, key = lessons[0], str(lessons[0].translation_key)
    if is_first:
        on(lesson, "material", aim_en="The law changed.")
    off(lesson)
    while_off = asked(finished)
    on(lesson)
    back = number_of(course, key)
    if not is_first:
        on(lesson, "material", aim_en="The law changed.")

    assert while_off == set()
    assert back == (2 if is_first else 1)
    assert number_of(course, key) == number_of(course, key, None) == 2
    assert asked(finished) == {key}


@BOTH
def test_a_module(course, lessons, finished, is_first):
    lesson, module = lessons[0], Module.objects.get(path=lessons[0].path[: -lessons[0].steplen])
    if is_first:
        on(lesson, "material", aim_en="The law changed.")
    off(module)
    on(module)
    if not is_first:
        assert asked(finished) == set()
        on(lesson, "material", aim_en="The law changed.")

    assert asked(finished) == {str(lesson.translation_key)}


@BOTH
def test_a_story(course, official, is_first):
    story = publish(course)
    on(story, "material", intro_en="You are the magistrate. It is made up.")
    finished = finish(official, course, timezone.now())
    play(official, finished, story, timezone.now())
    assert stands(finished, 1).state == "current"
    if is_first:
        on(story, "material", intro_en="You are the judge. It is made up.")
    off(story)
    on(story)
    if not is_first:
        assert asked(finished) == set()
        on(story, "material", intro_en="You are the judge. It is made up.")

    assert number_of(course, story.activity) == 2
    assert asked(finished) == {str(story.activity)}


@BOTH
def test_the_test(course, finished, at, is_first):
    bank, test = Question.objects.filter(course=course, form=2), queries.id_of_test(course)

    def change():
        Course.objects.filter(pk=course.pk).update(pass_minimum=4)
        actions.course_changed(fresh(course), by="test", at=timezone.now(), material=test)

    def switch(live):
        bank.update(live=live)
        actions.course_changed(fresh(course), by="test", at=timezone.now())

    if is_first:
        change()
    switch(False)
    assert newest(course)[0].test(2) is None
    switch(True)
    if not is_first:
        assert asked(finished) == set()
        change()

    assert number_of(course, test) == 2
    assert asked(finished) == {test}


def test_with_other_content_it_rises_where_that_was_said_to_be_material_and_else_does_not(course, lessons, finished):
    first, second, third = lessons[:3]
    for one in (first, second, third):
        off(one)

    on(first, "material", aim_en="The law changed.")
    on(second, "minor", aim_en="Better said.")
    on(third, "material")

    assert [number_of(course, one.translation_key) for one in (first, second, third)] == [2, 1, 1]
    assert newest(course)[1].change_class == "minor"  # the last of these editions; the first of them asked
    assert asked(finished) == {str(first.translation_key)}


def test_the_edition_in_which_it_comes_back_changed_moves_who_is_under_way(course, lessons, enrolment):
    off(lessons[0])
    on(lessons[0], "material", aim_en="The law changed.")

    assert newest(course)[1].change_class == "material"
    assert list(queries.overtaken(timezone.now() + dt.timedelta(days=1))) == [enrolment]


def test_who_finished_while_it_was_off_is_not_asked_when_it_comes_back_as_it_was(course, lessons, official, at):
    key = str(lessons[0].translation_key)
    off(lessons[0])
    enrolment = finish(official, course, timezone.now())
    assert stands(enrolment, 1).state == "current"

    on(lessons[0])
    back = stands(enrolment)
    on(lessons[0], "material", aim_en="The law changed.")

    assert (back.state, back.current_to, back.asked) == ("current", newest(course)[1].number - 1, ())
    assert asked(enrolment) == {key}


def test_who_had_done_it_before_it_changed_and_finished_while_it_was_off_is_asked(course, lessons, official, at):
    actions.enrol(learner=actions.learner_of(official), course=course, country="HT", at=at)
    enrolment = finish(official, course, at, lessons=1, passed=False)
    on(lessons[0], "material", aim_en="The law changed.")
    off(lessons[0])
    actions.move_to_newest(enrolment=Enrolment.objects.get(pk=enrolment.pk), language="fr", at=timezone.now())
    finish(official, course, timezone.now())
    assert stands(enrolment, 1).state == "current"

    on(lessons[0])

    assert asked(enrolment) == {str(lessons[0].translation_key)}


def test_no_second_certificate_is_due_because_a_lesson_was_off_for_a_while(course, lessons, official, at):
    actions.enrol(learner=actions.learner_of(official), course=course, country="HT", at=at)
    finish(official, course, at, lessons=1, passed=False)
    off(lessons[0])
    actions.move_to_newest(enrolment=Enrolment.objects.get(), language="fr", at=timezone.now())
    finish(official, course, timezone.now())
    held = set(Certificate.objects.values_list("kind", "version__number"))
    on(lessons[0])

    assert held == {("completion", 2), ("achievement", 2)}
    assert due(Enrolment.objects.get(), timezone.now()) == []


def test_law_that_changes_while_the_lesson_that_shows_it_is_off_is_asked_once_it_is_back(
    course, lessons, finished, manager_of_haiti
):
    lesson = next(one for one in lessons if any(block.block_type == "law" for block in one.body_en))
    slot = next(block.value["slot"] for block in lesson.body_en if block.block_type == "law")
    entry = entry_of(course, slot)
    off(lesson)

    save(entry, manager_of_haiti, "material", text_en="Another law.")
    meanwhile = asked(finished)
    on(lesson)

    assert meanwhile.isdisjoint({str(lesson.translation_key)})
    assert str(lesson.translation_key) in asked(finished)
    assert number_of(course, lesson.translation_key, None) == 1  # the law of one country
    assert newest(course)[1].change_class == "material"


@pytest.mark.parametrize(("text", "number"), [("The law as it was.", 1), ("Another law.", 2)])
def test_an_entry_that_was_deleted_and_made_again_asks_only_for_other_law(
    course, lessons, manager_of_haiti, at, text, number
):
    lesson = next(one for one in lessons if any(block.block_type == "law" for block in one.body_en))
    slot = next(block.value["slot"] for block in lesson.body_en if block.block_type == "law")
    entry = entry_of(course, slot)
    save(entry, manager_of_haiti, "minor", text_en="The law as it was.")
    kept = {name: getattr(entry, name) for name in ("country", "curriculum", "slot", "source_en", "article")}
    dated = {"checked_at": entry.checked_at, "confirmed": entry.confirmed}
    Overlay.objects.filter(pk=entry.pk).delete()
    actions.overlays_deleted(overlays=[entry], by=manager_of_haiti, at=timezone.now())

    again = Overlay(**kept, **dated)
    save(again, manager_of_haiti, "material", text_en=text)

    assert number_of(course, lesson.translation_key) == number


def test_a_country_that_is_put_back_is_asked_for_what_changed_while_it_was_off(course, lessons, finished):
    key, country = str(lessons[0].translation_key), Country.objects.get(pk="HT")
    course.countries.remove(country)
    course.save()
    on(lessons[0], "material", aim_en="The law changed.")
    assert asked(finished) == set()

    now = fresh(course)
    now.countries.add(country)
    now.save()
    actions.course_changed(fresh(course), by="test", at=timezone.now())

    assert number_of(course, key) == number_of(course, key, None) == 2
    assert asked(finished) == {key}
    assert queries.unasked_of(course) == {}


def test_a_chain_from_before_editions_said_what_rests_is_looked_through(course, lessons, finished, monkeypatch):
    on(lessons[0], "material", aim_en="The law changed.")
    with monkeypatch.context() as earlier:
        earlier.setattr(actions.editions.Numbers, "resting", lambda numbers: {})
        off(lessons[0])

    on(lessons[0])

    assert number_of(course, lessons[0].translation_key) == 2


def test_of_a_long_chain_no_more_is_read_than_of_a_short_one(course, lessons, finished):
    def cost():
        off(lessons[0])
        with CaptureQueriesContext(connection) as told:
            on(lessons[0])
        return len([one for one in told.captured_queries if "training_courseversion" in one["sql"]])

    short = cost()
    for round in range(4):
        on(lessons[1], "minor", aim_en=f"Said better: {round}.")

    assert cost() == short


def test_the_days_on_which_nobody_could_do_it_are_not_counted_against_the_grace(course, lessons, finished):
    on(lessons[0], "material", aim_en="The law changed.")
    before = stands(finished, 1)
    off(lessons[0])
    on(lessons[0])
    after = stands(finished, 1)

    rows = newest(course)[1].course.versions.filter(country="HT").order_by("number")
    risen, gone, back = (row.published_at for row in rows[1:4])
    assert after.since == before.since
    assert after.until - before.until == pytest.approx((back - gone) / dt.timedelta(milliseconds=1), abs=1)
    assert risen < gone < back


def entry_of(course, slot):
    """Return the entry of Haiti in a slot."""
    found = Overlay.objects.filter(country="HT", slot=slot).first()
    assert found is not None
    return found


def save(entry, by, change, **words):
    """Save a country entry as its form does."""
    for name, value in words.items():
        setattr(entry, name, value)
    entry.change = change

    def keep():
        entry.save()
        return entry

    actions.save_overlay(overlay=entry, save=keep, by=by, at=timezone.now())


@pytest.fixture
def manager_of_haiti(person, countries):
    """A manager of Haiti."""
    return person("manager", country=countries["HT"])


@pytest.mark.parametrize("kind", ["lesson", "story", "question"])
def test_put_on_again_as_it_was_nothing_is_proposed_and_nothing_told_as_new(course, lessons, at, kind):
    thing = {"lesson": lambda: lessons[0], "story": lambda: publish(course), "question": lambda: question_of(course)}[
        kind
    ]()
    off(thing)

    told = queries.publishing(fresh(thing), at=at)

    assert (told.proposal.change, told.changes) == ("", ())
    assert told.comes_back


def test_put_on_again_with_other_words_it_is_compared_with_what_readers_had(course, lessons, at):
    off(lessons[0])
    draft = fresh(lessons[0]).get_latest_revision_as_object()
    draft.aim_en = "Another aim altogether."
    draft.save_revision()

    told = queries.publishing(fresh(lessons[0]), at=at)

    assert told.proposal.change
    assert [one.kind for one in told.changes] == ["changed"]


def question_of(course):
    """The first question of a course that readers have."""
    return Question.objects.filter(course=course, live=True).order_by("position").first()


@pytest.mark.parametrize(("roles", "counted"), [(("manager",), 0), (("manager", "learner"), 1), (("operator",), 1)])
def test_a_manager_who_looks_at_a_lesson_is_no_official_under_way(course, lessons, person, countries, roles, counted):
    user = person(*roles, country=countries["HT"], language="fr")
    lesson, now = str(lessons[0].translation_key), timezone.now()
    actions.open_lesson(user=user, course=course, lesson=lesson, language="fr", at=now)

    told = queries.publishing(lessons[0], at=now, country="HT")

    assert sum(one.under_way for one in told.reach) == counted
