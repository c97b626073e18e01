"""Short text: graded in any language of the course, for practice only."""

import unicodedata

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from languages import actions as language_actions
from tests.training.answers import address, token_of
from training import exchange, grading
from training.exchange import BadCourse
from training.grading import Item
from training.models import Compiled, Event, Lesson, Question

SHORT_KEY = "7a1f0f9a-52a4-4c55-9a39-0c0f0f9a52a4"
SHORT = Item("q", "short", answer="Safe house\nShelter\nÉlan")


@pytest.mark.parametrize(
    ("response", "right"),
    [
        ("shelter", True),
        ("  SAFE \u00a0 house ", True),
        (unicodedata.normalize("NFD", "élan"), True),
        ("elan", False),
        ("safehouse", False),
        ("house", False),
        (" ", False),
    ],
)
def test_grade_of_a_short_text_is_as_by_hand(response, right):
    mark = grading.grade(SHORT, response)

    assert (mark.points, mark.right) == (1000 if right else 0, right)


@given(st.text(min_size=1, max_size=60).filter(lambda text: text.split()), st.sampled_from(["NFC", "NFD"]))
def test_what_is_accepted_is_right_however_it_is_spaced_or_composed(text, form):
    line = " ".join(text.split())
    item = Item("q", "short", answer=f"other\n{line}")

    typed = "  " + unicodedata.normalize(form, line.replace(" ", " \t ")) + " "

    assert grading.grade(item, typed).right


@given(st.text(max_size=60), st.lists(st.text(max_size=20), max_size=5))
def test_a_short_text_is_worth_all_or_nothing(response, lines):
    mark = grading.grade(Item("q", "short", answer="\n".join(lines)), response)

    assert mark.points in (0, grading.FULL)
    assert mark.right is (mark.points == grading.FULL)


def short_block(answers="Shelter\nSafe house"):
    return {
        "type": "short",
        "id": SHORT_KEY,
        "value": {
            "heading": "",
            "question": "What is a house called in which a person is safe?",
            "answers": answers,
            "right_feedback": "Yes: a shelter.",
            "wrong_feedback": "It is called a shelter.",
        },
    }


@pytest.fixture
def lesson(lessons):
    """The first lesson, with a short text at its end."""
    page = lessons[0]
    page.body_en = [*page.body_en.get_prep_value(), short_block()]
    page.go_live()
    return Lesson.objects.get(pk=page.pk)


def answer(client, lesson, text, language="en"):
    html = client.get(address(lesson, language)).content.decode()
    token = token_of(html, 'data-check="short"')
    return client.post(address(lesson, language), {"token": token, "r": text}, follow=True).content.decode()


def translate(lesson, language, texts, at):
    path = f"body.{short_block()['id']}."
    told = {path + name: text for name, text in texts.items()}
    language_actions.seed_languages(lesson, {language: told}, by="test", at=at)


def test_a_short_text_is_answered_by_form_and_explained(client, sign_in, official, lesson):
    sign_in(official)

    right, wrong = answer(client, lesson, "safe  HOUSE"), answer(client, lesson, "cellar")

    assert "Yes: a shelter." in right
    assert "It is called a shelter." in wrong
    assert list(Event.objects.filter(verb="answered").values_list("source", flat=True)) == ["form", "form"]


def test_what_is_right_in_one_language_stays_right_in_another(client, sign_in, official, lesson, at):
    french = {"question": "Où est-on en sécurité ?", "answers": "Foyer\nRefuge", "right_feedback": "Oui, un foyer.",
              "wrong_feedback": "On dit un foyer."}  # fmt: skip
    translate(lesson, "fr", french, at)
    sign_in(official)

    first, switched = answer(client, lesson, "refuge", "fr"), client.get(address(lesson, "en")).content.decode()

    assert "Oui, un foyer." in first
    assert "Yes: a shelter." in switched
    rows = Compiled.objects.filter(page=lesson.pk, part="").values_list("language", "body")
    assert {code for code, body in rows if "Foyer" in body and "Shelter" in body} >= {"en", "fr"}


def test_a_test_never_asks_a_short_text(course):
    question = Question.objects.create(key="short", course=course, live=True, body_en=[short_block()])

    question.go_live()

    body = course.versions.order_by("-number").first().body
    assert short_block()["id"] not in body
    assert '"kind":"short"' not in body


@pytest.mark.parametrize(("button", "is_kept"), [({}, True), ({"action-publish": "1"}, False)])
def test_the_editor_keeps_a_short_text_as_draft_and_refuses_to_publish_it(editor, course, button, is_kept):
    value = {f"body_en-0-value-{name}": text for name, text in short_block()["value"].items()}
    block = {"body_en-count": "1", "body_en-0-deleted": "", "body_en-0-order": "0", "body_en-0-type": "short"}
    facts = {"key": "word", "course": str(course.pk), "form": "2", "objective": "", "position": "0"}

    answer = editor.post(reverse("wagtailsnippets_training_question:add"), facts | block | value | button)

    assert Question.objects.filter(key="word", live=False).exists() is is_kept
    assert ("A short text is for practice" in answer.content.decode()) is not is_kept


def test_where_the_kind_is_chosen_the_editor_says_that_no_test_asks_a_short_text(editor):
    page = editor.get(reverse("wagtailsnippets_training_question:add")).content.decode()

    assert "A short text is for practice in a lesson: here it stays a draft" in page
    assert "a short text (for practice in a lesson; no test asks it)" in page


def test_a_course_folder_with_a_short_text_in_its_test_is_refused(tmp_path):
    folder = tmp_path / "course"
    folder.mkdir()
    (folder / "course.toml").write_text(
        'key = "c"\nslug = "c"\nheading = "C"\nsummary = "S"\ncurriculum = "k"\n[[modules]]\nkey = "m"\nlessons = []\n'
    )
    (folder / "quiz.toml").write_text('[[items]]\nkey = "q"\ntype = "short"\nquestion = "Which word?"\n')

    with pytest.raises(BadCourse, match="short text"):
        exchange.read_course(folder)
