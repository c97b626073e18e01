"""A number far beyond all measure, typed where a number is asked for: it is not right, and nothing breaks, by any road."""

import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.training.answers import address, paper, token_of
from training import progress, queries
from training.models import Event, Lesson, Progress, Question

ABSURD = ["1e1000000", "-1e1000000", "1E+999999999", "1e-1000000", "0e1000000", "1e99999999999999999999"]
BLOCK = {
    "type": "number",
    "id": "1f0c7a52-0d0e-4b55-8c1a-7a1f0f9a52a4",
    "value": {
        "heading": "",
        "question": "How many years?",
        "answer": "20",
        "tolerance": "0",
        "unit": "",
        "right_feedback": "Yes: twenty.",
        "wrong_feedback": "It is twenty.",
    },
}


@pytest.fixture
def lesson(lessons):
    """The first lesson, with a number at its end."""
    page = lessons[0]
    page.body_en = [*page.body_en.get_prep_value(), BLOCK]
    page.go_live()
    return Lesson.objects.get(pk=page.pk)


@pytest.fixture
def question(course):
    """A number in the test after the course, in place of another question."""
    Question.objects.filter(course=course).last().delete()
    made = Question.objects.create(key="years", course=course, live=True, body_en=[BLOCK])
    made.go_live()
    return made


@pytest.fixture
def begun(question, attempt):
    """A test that asks for the number."""
    assert "number" in {item.kind for item in queries.items_of(attempt)}
    return attempt


def sent(attempt, text, at):
    """Return what a phone sends: a lesson's end, the test with this number, another lesson's end."""
    version = attempt.enrolment.version
    edition = progress.version_of(str(version.public_id), version.body)
    lessons = edition.lessons
    answers = [
        {"item": item.id, "item_version": 1, "response": text if item.kind == "number" else item.right[0]}
        for item in queries.items_of(attempt)
    ]
    told = [
        ("reached", lessons[0].id, {"screen": "end"}),
        ("submitted", edition.test(attempt.form).id, {"attempt": str(attempt.public_id), "answers": answers}),
        ("reached", lessons[1].id, {"screen": "end"}),
    ]
    return [
        {
            "id": str(uuid.uuid4()), "seq": seq, "verb": verb, "activity": activity, "version": str(version.public_id),
            "language": "fr", "occurred_at": at.isoformat(), "payload": payload,
        }
        for seq, (verb, activity, payload) in enumerate(told, 1)
    ]  # fmt: skip


def is_marked_wrong(attempt):
    """Tell whether all but the number is right."""
    attempt.refresh_from_db()
    return attempt.submitted_at is not None and attempt.right == len(queries.items_of(attempt)) - 1


@pytest.mark.parametrize("text", ABSURD)
def test_in_a_lesson_it_is_not_right_and_the_lesson_is_read_on(client, sign_in, official, lesson, text):
    sign_in(official)
    html = client.get(address(lesson)).content.decode()
    token = token_of(html, 'data-check="number"')

    answer = client.post(address(lesson), {"token": token, "r": text})
    page = client.get(address(lesson))

    assert (answer.status_code, page.status_code) == (302, 200)
    assert Event.objects.get(verb="answered").payload.count(text) == 1
    assert "It is twenty." in page.content.decode()


def test_a_visitor_is_told_that_it_is_not_right(client, lesson):
    token = token_of(client.get(address(lesson)).content.decode(), 'data-check="number"')

    page = client.post(address(lesson), {"token": token, "r": "1e1000000"})

    assert page.status_code == 200
    assert "It is twenty." in page.content.decode()


@pytest.mark.parametrize("text", ABSURD)
def test_from_a_phone_it_stops_no_neighbour(client, begun, text, at):
    body = {"schema": "progress/1", "who": str(begun.enrolment.learner.public_id), "device": str(uuid.uuid4()),
            "sent_at": at.isoformat(), "events": sent(begun, text, at)}  # fmt: skip

    answer = client.post("/api/progress/", body, content_type="application/json")

    assert [one["status"] for one in answer.json()["results"]] == ["accepted"] * 3
    assert is_marked_wrong(begun)
    assert Progress.objects.get().done == 2


@pytest.mark.parametrize("text", ABSURD)
def test_by_the_form_of_the_test_it_is_one_wrong_answer(client, begun, text):
    item = next(one for one in queries.items_of(begun) if one.kind == "number")
    answers = {f"{one.id}-r": one.right[0] for one in queries.items_of(begun) if one.right}

    answer = client.post(paper(begun), answers | {f"{item.id}-r": text}, follow=True)

    assert answer.status_code == 200
    assert is_marked_wrong(begun)


def test_in_the_file_of_a_phone_it_counts_with_its_neighbours(client, sign_in, person, countries, begun, at):
    sign_in(person("trainer", country=countries["HT"]))
    told = {"schema": "kept/1", "who": str(begun.enrolment.learner.public_id), "device": str(uuid.uuid4()),
            "offset_ms": 0, "events": sent(begun, "1e1000000", at)}  # fmt: skip

    file = SimpleUploadedFile("answers.json", json.dumps(told).encode())
    page = client.post("/en/reports/from-a-phone/", {"file": file})

    assert "3 of 3 records are with the server." in page.content.decode()
    assert is_marked_wrong(begun)


def test_an_editor_is_told_that_no_answer_could_be_compared_with_it(editor, course):
    value = {f"body_en-0-value-{name}": text for name, text in (BLOCK["value"] | {"answer": "1e1000000"}).items()}
    block = {"body_en-count": "1", "body_en-0-deleted": "", "body_en-0-order": "0", "body_en-0-type": "number"}
    facts = {"key": "years", "course": str(course.pk), "form": "2", "objective": "", "position": "0"}

    url = reverse("wagtailsnippets_training_question:add")
    page = editor.post(url, facts | block | value | {"action-publish": "1"})

    assert "far too large or too small" in page.content.decode()
    assert not Question.objects.filter(key="years").exists()
