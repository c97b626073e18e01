"""The words of a learner's history: a choice in a story is not the story played, a screen is told apart, in French too."""

import uuid

from tests.training.stories import play, publish
from training import actions, queries
from training.choices import Source
from training.progress import version_of


def said(user, language="en"):
    entries = queries.history(user, queries.events_of(user), language)
    return [(one.what, str(one.lesson), one.about) for one in entries]


def test_a_choice_is_told_as_one_and_a_story_as_played_at_its_end(official, course, at, later):
    story = publish(course)
    enrolment = actions.enrol(learner=actions.learner_of(official), course=course, country="HT", at=at)
    play(official, enrolment, story, later(1), path=("look",))
    play(official, enrolment, story, later(2), path=("look", "care"))

    assert said(official)[:2] == [
        ("Scenario played", story.heading_en, ""),
        ("Choice made in a story", story.heading_en, ""),
    ]


def read(enrolment, lesson, number, at):
    version = version_of(str(enrolment.version.public_id), enrolment.version.body)
    screens = version.activity(str(lesson.translation_key)).screens
    arrival = actions.Arrival(
        id=uuid.uuid4(), verb="reached", activity=str(lesson.translation_key), version=version.id, language="en",
        occurred_at=at, payload={"screen": screens[number - 1]},
    )  # fmt: skip
    actions.record_events(learner=enrolment.learner, arrivals=[arrival], source=Source.WEB, at=at)
    return len(screens)


def test_two_screens_of_a_lesson_are_told_apart(official, lessons, enrolment, later):
    many = read(enrolment, lessons[0], 1, later(1))
    read(enrolment, lessons[0], 2, later(2))

    assert [about for _what, _where, about in said(official)[:2]] == [f"2/{many}", f"1/{many}"]


def test_a_colon_in_french_stands_behind_a_blank_that_does_not_break(
    client, sign_in, official, lessons, enrolment, later
):
    many = read(enrolment, lessons[0], 1, later(1))
    sign_in(official)

    page = client.get("/fr/learning/history/").content.decode()

    assert f"\u202f: 1/{many}" in page
    assert f"Screen read: 1/{many}" in client.get("/en/learning/history/").content.decode()
