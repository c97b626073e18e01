"""What publishing changes beside the texts: each fact in words, the countries that come and go, whom it asks anew."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Country
from languages.revisions import Change
from tests.training.folders import small_course
from tests.training.test_editor_refuses import errors
from tests.training.test_shown_before import first_press
from training import actions, queries
from training.models import Course, CourseVersion, Lesson, Progress, Question, Scenario

pytestmark = pytest.mark.either


@pytest.fixture
def small(front, countries, tmp_path, at):
    """The small course."""
    return actions.load_course(small_course(tmp_path / "small"), front, by="test", at=at)


@pytest.fixture
def finished(person, small, countries, at):
    """A factory of officials of a country who have finished the small course."""

    def make(country):
        learner = actions.learner_of(person(country=countries[country]))
        enrolment = actions.enrol(learner=learner, course=small, country=country, at=at)
        Progress.objects.filter(enrolment=enrolment).update(completed_at=at)

    return make


def keep(thing, countries=None, **facts):
    """Keep a draft."""
    thing = type(thing).objects.get(pk=thing.pk)
    for name, value in facts.items():
        setattr(thing, name, value)
    if countries is not None:
        thing.countries.set(countries)
    thing.save_revision()


def shown(client, thing):
    """Return the page as text without its line breaks."""
    path = reverse("training:publishing", args=[thing._meta.model_name, thing.pk])
    return " ".join(client.get(path).content.decode().split())


def find(thing, **which):
    """Return what publishing the latest draft would do."""
    return queries.publishing(type(thing).objects.get(pk=thing.pk), at=timezone.now(), **which)


def told(thing):
    """Return what changes beside the texts, by name."""
    return {one.name: (one.before, one.after) for one in find(thing).facts}


def test_each_fact_of_a_course_that_changes_is_told_old_and_new(editor, small, countries):
    keep(small, [countries["HT"]], certificate_months=1, test_attempts=1, test_wait_hours=5, pass_minimum=2,
         is_open=False, without_account=True, tracks=["official"])  # fmt: skip

    facts, page = told(small), shown(editor, small)

    assert facts == {
        "Countries": ("Haiti, Tunisia", "Haiti"),
        "Groups of readers": (
            "I may go to work abroad, I advise or protect people as an official",
            "I advise or protect people as an official",
        ),
        "Open to everybody": ("yes", "no"),
        "May be begun without an account": ("no", "yes"),
        "Right answers to pass": ("3", "2"),
        "Tries at a test": ("as often as one likes", "1"),
        "Hours between two tries": ("none", "5 hours"),
        "Certificates run for (months)": ("until the course changes in law, procedure or right answer", "1 month"),
    }
    assert all(name in page for name in facts)
    assert "until the course changes in law, procedure or right answer" in page


def test_the_plan_is_told_row_by_row(editor, small):
    draft = Course.objects.get(pk=small.pk)
    rows = list(draft.blueprint.all())
    kept = [row for row in rows if (row.form, row.objective) != (1, "consent")]
    next(row for row in kept if (row.form, row.objective) == (2, "consent")).count = 1
    draft.blueprint.set(kept)
    draft.save_revision()

    assert told(small) == {
        "Row of the plan: Before the course (pre-test), Consent and vulnerability": ("1", "–"),
        "Row of the plan: After the course (test), Consent and vulnerability": ("2", "1"),
    }
    assert "After the course (test), Consent and vulnerability" in shown(editor, small)


def test_a_country_that_leaves_is_told_with_those_who_are_in_it_and_asks_nobody_there(
    editor, small, countries, finished
):
    for country in ("HT", "TN", "TN"):
        finished(country)
    keep(small, [countries["HT"]], pass_minimum=2, change="material")

    found = find(small)
    page, own = shown(editor, small), [find(small, country=code).reach[0] for code in ("HT", "TN")]
    before = CourseVersion.objects.filter(course=small, country="TN").count()
    Course.objects.get(pk=small.pk).latest_revision.publish()

    assert [(one.code, one.finished, one.refreshed) for one in own] == [("HT", 1, 1), ("TN", 2, 0)]
    assert [(one.code, one.finished, one.refreshed) for one in found.reach] == [("HT", None, None), ("TN", None, 0)]
    assert [(one.code, one.is_added, one.reach.finished) for one in found.moves] == [("TN", False, None)]
    assert [name for name, _gates in found.gates] == ["Haiti"]
    assert "<strong>Tunisia</strong>: the course is taken off." in page
    assert "How many officials that concerns, the managers of that country are told." in page
    assert CourseVersion.objects.filter(course=small, country="TN").count() == before
    last = CourseVersion.objects.filter(course=small, country="HT").latest("number")
    assert (last.number, last.change_class) == (2, Change.MATERIAL)


def test_a_country_that_comes_shows_what_it_lacks(editor, small, countries):
    keep(small, [countries["HT"]])
    Course.objects.get(pk=small.pk).latest_revision.publish()
    keep(small, countries.values())

    found, page = find(small, country="HT"), shown(editor, small)

    assert [(one.code, one.is_added, one.reach) for one in found.moves] == [("TN", True, None)]
    assert [name for name, _gates in found.gates] == ["Haiti", "Tunisia"]
    assert "<strong>Tunisia</strong>: the course is added." in page
    assert "<li><strong>Tunisia</strong>: The country has no hotline number." in page


def test_nobody_gets_a_refresher_where_the_test_stays_as_it_is(small, finished):
    finished("HT")
    keep(small, summary_en="Summed up anew.", certificate_months=1, change="material")

    found = find(small)
    Course.objects.get(pk=small.pk).latest_revision.publish()

    assert (found.change, found.refreshed) == ("material", 0)
    assert not CourseVersion.objects.filter(course=small, number__gt=1, change_class=Change.MATERIAL).exists()


@pytest.mark.parametrize(
    "edit",
    [{"certificate_months": "1"}, {"test_attempts": "2"}, {"countries": ["TN"]}, {"without_account": "on"},
     {"test_wait_hours": "3"}, {"is_open": ""}],
)  # fmt: skip
def test_a_kind_is_asked_for_what_changes_what_is_asked_of_officials(editor, small, edit):
    refused = errors(first_press(editor, small, **edit, change=""))
    taken = first_press(editor, small, **edit, change="minor")

    assert "This field is required." in refused["change"]
    assert taken.status_code == 302
    assert find(small).reasons == ("what is asked of people, or of whom, changes",)


def test_the_facts_of_a_lesson_a_question_and_a_story_are_told(small, lessons):
    lesson, question = Lesson.objects.get(slug="three"), Question.objects.get(key="s-2-1")
    story = Scenario.objects.create(
        key="s", course=small, heading_en="A story", intro_en="You.", note_en="Hard.", live=True
    )
    keep(lesson, minutes=14, required=False, tracks=[], objectives=["consent"])
    keep(question, critical=False, form=1, objective="consent", tracks=["migrant"], position=9)
    keep(story, minutes=20, required=False, start="yard")

    track = "I advise or protect people as an official"
    assert told(lesson) == {
        "Minutes": ("13", "14"),
        "Required": ("yes", "no"),
        "Asked of": (track, "everybody"),
        "Teaches": ("–", "Consent and vulnerability"),
    }
    assert told(question) == {
        "Form": ("After the course (test)", "Before the course (pre-test)"),
        "Objective": ("Elements, child rule, not smuggling", "Consent and vulnerability"),
        "Critical": ("yes", "no"),
        "Asked of": ("everybody", "I may go to work abroad"),
        "Position": (str(question.position), "9"),
    }
    assert told(story) == {"First scene": ("–", "yard"), "Minutes": ("10", "20"), "Required": ("yes", "no")}
    assert find(lesson).proposal.change == "minor"
    assert find(story).proposal.change == "minor"


def test_another_place_in_the_list_is_told_and_no_kind_is_asked(small):
    story = Scenario.objects.create(
        key="s", course=small, heading_en="A story", intro_en="You.", note_en="Hard.", live=True
    )
    keep(story, position=4)

    assert told(story) == {"Position": ("0", "4")}
    assert find(story).proposal.change == ""


def test_a_manager_whose_country_does_not_take_the_course_is_told_who_does(editor, small):
    small.countries.set(Country.objects.filter(pk="TN"))
    small.save()

    page = shown(editor, small)

    assert "Your country, <bdi>Haiti</bdi>, does not take this course; it is offered in Tunisia." in page
    assert "other country too" not in page


def test_a_manager_whose_country_leaves_is_told_so(editor, small, countries):
    keep(small, [countries["TN"]])

    page = shown(editor, small)

    assert "Your country, <bdi>Haiti</bdi>, takes this course no more once this is published." in page
    assert "does not take this course" not in page


def test_the_name_of_a_course_stands_once_in_its_heading(editor, small):
    head = shown(editor, small).partition('data-page="publishing"')[2].partition("<section")[0]

    assert head.count(small.heading_en) == 1


def contradicting():
    """Keep a lesson in which the other answer is right now, with the feedback of before."""
    lesson = Lesson.objects.get(slug="two")
    body = lesson.body_en.get_prep_value()
    body[1]["value"]["options"][0]["value"]["right"] = False
    body[1]["value"]["options"][1]["value"] |= {"right": True, "feedback": "It is that one."}
    keep(lesson, body_en=body)
    return lesson


def test_what_is_missing_and_feedback_that_contradicts_stand_above_the_button(editor, small):
    lesson = contradicting()

    page = shown(editor, lesson)
    (change,) = find(lesson).contradicted

    assert page.index("The lesson has no take-away.") < page.index("Kind of change")
    assert page.count("The lesson has no take-away.") == 1
    assert page.index("The right answer of “Which one?” changes") < page.index("Kind of change")
    assert [(one.text, one.is_right, one.feedback, one.is_left) for one in change.answers] == [
        ("This one", False, "It is this one.", True),
        ("That one", True, "It is that one.", False),
    ]
    assert '<span lang="en" dir="ltr">It is this one.</span><br>' in page
    assert page.count("says what it said before") == 2


def test_a_corrected_number_with_feedback_of_before_is_told_and_with_new_feedback_not(small):
    question = Question.objects.get(key="s-2-1")
    value = {
        "question": "How many?",
        "answer": "3",
        "tolerance": "0",
        "right_feedback": "Three.",
        "wrong_feedback": "3.",
    }
    block = {"type": "number", "id": "5f3f1c9e-0000-4000-8000-000000000000", "value": value}
    keep(question, body_en=[block])
    Question.objects.get(pk=question.pk).latest_revision.publish()

    keep(question, body_en=[block | {"value": value | {"answer": "4"}}])
    stale = find(question)
    keep(
        question,
        body_en=[block | {"value": value | {"answer": "4", "right_feedback": "Four.", "wrong_feedback": "4."}}],
    )

    assert [(one.feedback, one.is_left) for one in stale.contradicted[0].answers] == [("Three.", True), ("3.", True)]
    assert [(one.before, one.after) for one in find(question).keys] == [("3 ± 0", "4 ± 0")]
    assert find(question).contradicted == ()


def test_of_pairs_those_that_change_are_shown(small):
    question = Question.objects.get(key="s-2-1")
    pairs = [
        {"id": f"5f3f1c9e-0000-4000-8000-00000000000{n}", "type": "item",
         "value": {"left": f"Left {n}", "right": f"Right {n}", "feedback": f"Because {n}."}}
        for n in range(3)
    ]  # fmt: skip
    block = {
        "type": "match",
        "id": "5f3f1c9e-0000-4000-8000-00000000000f",
        "value": {"question": "Which?", "pairs": pairs},
    }
    keep(question, body_en=[block])
    Question.objects.get(pk=question.pk).latest_revision.publish()
    other = [*pairs[:2], pairs[2] | {"value": pairs[2]["value"] | {"right": "Right 1"}}]

    keep(question, body_en=[block | {"value": block["value"] | {"pairs": other}}])
    (change,) = find(question).keys

    assert (change.before, change.after) == ("Left 2 → Right 2", "Left 2 → Right 1")
    assert [one.is_left for one in change.answers] == [False, False, True]
