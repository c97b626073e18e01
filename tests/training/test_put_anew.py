"""A block that is put in anew, pasted or duplicated, bears other ids: it is compared with what it replaces all the same."""

import copy
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.training.answers import paper
from tests.training.streamed import sent
from tests.training.test_differences import block_of, chosen, thing
from tests.training.test_regrading import first_two, take
from training import actions, changing, queries
from training.models import Event, Question
from training.queries.differences import CHANGED, MOVED, changes
from training.queries.key_changes import key_changes
from training.queries.proposals import proposal_for, told_of
from training.queries.regrading import courses_with_corrections, regrading

pytestmark = pytest.mark.either

__all__ = ["chosen"]
PARTS = {"single": "options", "multiple": "options", "match": "pairs", "order": "steps", "scene": "choices"}


def anew(block):
    """Return a block as it is pasted: the same words, other ids."""
    found = copy.deepcopy(block) | {"id": str(uuid.uuid4())}
    for part in found["value"].get(PARTS.get(block["type"]), ()):
        part["id"] = str(uuid.uuid4())
    return found


def turn(block):
    """Make something else right in a question, by the same words."""
    value = block["value"]
    if block["type"] in ("single", "multiple"):
        value["options"][0]["value"]["right"], value["options"][1]["value"]["right"] = False, True
    elif block["type"] == "match":
        first, second = (part["value"] for part in value["pairs"][:2])
        first["right"], second["right"] = second["right"], first["right"]
    elif block["type"] == "order":
        value["steps"].reverse()
    else:
        value |= {"answers": "pears\nplums"} if block["type"] == "short" else {"answer": "9"}
    return block


def question(kind, chosen):
    block = block_of("question", kind, chosen)
    if kind in ("single", "multiple"):
        block["value"]["options"][0]["value"]["right"], block["value"]["options"][1]["value"]["right"] = True, False
    return block


@pytest.mark.parametrize("name", ["body", "question"])
@pytest.mark.parametrize("kind", ["single", "multiple", "match", "order", "number", "short"])
def test_another_right_answer_is_material_whatever_ids_the_question_bears(chosen, name, kind):
    block = question(kind, chosen)
    before, same, other = (thing(name, [one]) for one in (block, anew(block), turn(anew(block))))

    assert changing.proposal(told_of(before), told_of(same)) == changing.Proposal("wording", ("anew",))
    assert changing.proposal(told_of(before), told_of(other)) == changing.Proposal("material", ("answer",))
    assert list(key_changes(before, same)) == []
    assert len(list(key_changes(before, other))) == 1
    assert changes(before, same) == ()
    assert {row.kind for row in changes(before, other)} <= {CHANGED, MOVED}


def test_another_tolerance_is_another_right_answer(chosen):
    block = question("number", chosen)
    other = anew(block)
    other["value"]["tolerance"] = "7"

    proposed = changing.proposal(told_of(thing("body", [block])), told_of(thing("body", [other])))

    assert proposed == changing.Proposal("material", ("answer",))


def test_a_feedback_that_is_bettered_beside_leaves_the_answer_the_same_one(chosen):
    block = question("single", chosen)
    other = turn(anew(block))
    for part in other["value"]["options"]:
        part["value"]["feedback"] = f"Nobody must pay for {part['value']['text']}, said the court."

    before, after = thing("body", [block]), thing("body", [other])

    assert "answer" in changing.proposal(told_of(before), told_of(after)).reasons
    assert {row.kind for row in changes(before, after)} == {CHANGED}


def test_of_several_questions_with_like_words_the_most_alike_is_the_same(chosen):
    one, two = question("single", chosen), question("single", chosen)
    for block, words in ((one, ("a judge", "a clerk")), (two, ("a nurse", "a guard"))):
        for part, text in zip(block["value"]["options"], words, strict=True):
            part["value"]["text"] = text
    before = thing("body", [one, two])
    swapped, corrected = [anew(two), anew(one)], [turn(anew(two)), turn(anew(one))]

    assert changing.proposal(told_of(before), told_of(thing("body", swapped))).reasons == ("moved",)
    told = key_changes(before, thing("body", corrected))
    assert [(one.before, one.after) for one in told] == [("a nurse", "a guard"), ("a judge", "a clerk")]


def test_a_question_whose_slip_was_mended_is_the_same_one(chosen):
    block = question("single", chosen)
    block["value"]["question"] = "Is it trafficing by itself?"
    mended, other = anew(block), anew(block)
    mended["value"]["question"] = "Is it trafficking by itself?"
    other["value"]["question"] = "Is it smuggling by itself?"

    assert changing.questions_anew([block], [turn(other), turn(mended)]) == [(block, mended)]


@pytest.mark.parametrize(("kind", "other"), [("single", "multiple"), ("multiple", "single"), ("number", "short")])
def test_the_same_words_asked_in_another_way_are_another_question(chosen, kind, other):
    """A paper that was handed in is not marked by what is right in it."""
    had, gets = question(kind, chosen), anew(question(other, chosen))
    gets["value"]["question"] = had["value"]["question"]
    if "options" in gets["value"]:
        gets["value"]["options"] = anew(had)["value"]["options"]
    before, after = thing("body", [had]), thing("body", [turn(gets)])

    assert changing.questions_anew([had], [gets]) == []
    assert changing.as_known([had], [gets]) == [gets]
    assert list(key_changes(before, after)) == []
    assert "answer" not in changing.proposal(told_of(before), told_of(after)).reasons


def test_a_question_of_which_two_stand_is_not_the_one_that_was_deleted(chosen):
    """A duplicate beside the first one is a new question."""
    block = question("single", chosen)

    proposed = changing.proposal(told_of(thing("body", [block])), told_of(thing("body", [block, turn(anew(block))])))

    assert proposed == changing.Proposal("material", ("new",))


def test_what_changes_beside_a_block_put_in_anew_keeps_its_own_kind(chosen):
    text, law = block_of("body", "text", chosen), block_of("body", "law", chosen)
    after = [anew(text), copy.deepcopy(law)]
    after[1]["value"]["optional"] = not law["value"]["optional"]

    proposed = changing.proposal(told_of(thing("body", [text, law])), told_of(thing("body", after)))

    assert (proposed.change, proposed.reasons) in {("minor", ("law_optional",)), ("minor", ("law_needed",))}


def scene(chosen):
    block = block_of("nodes", "scene", chosen)
    for part, words in zip(block["value"]["choices"], ("Ask her alone.", "Call her employer."), strict=True):
        part["value"] |= {"key": words[:3], "text": words, "to": "end"}
    return block


@pytest.mark.parametrize(
    ("edit", "reasons"),
    [({}, ("other",)), ({"safety": -2}, ("story",)), ({"to": "elsewhere"}, ("story",))],
)
def test_a_choice_is_judged_anew_by_its_words_where_even_its_key_is_another(chosen, edit, reasons):
    block, end = scene(chosen), block_of("nodes", "end", chosen)
    other = anew(block)
    for part in other["value"]["choices"]:
        part["value"] |= {"key": f"new-{part['value']['key']}"}
    other["value"]["choices"][0]["value"] |= edit

    proposed = changing.proposal(told_of(thing("nodes", [block, end])), told_of(thing("nodes", [other, end])))

    assert proposed.reasons == reasons


def test_ends_and_scenes_put_in_anew_under_other_keys_lead_where_they_led(chosen):
    block, end = scene(chosen), block_of("nodes", "end", chosen)
    end["value"]["key"] = "end"
    other, last = anew(block), anew(end)
    last["value"]["key"] = "last"
    for part in other["value"]["choices"]:
        part["value"]["to"] = "last"
    before = told_of(thing("nodes", [block, end])) | {"story": {}}

    def proposed(outcome):
        last["value"]["outcome"] = outcome
        return changing.proposal(before, told_of(thing("nodes", [other, last])) | {"story": {}}).reasons

    assert "story" not in proposed(end["value"]["outcome"])
    assert proposed("lost") == ("story",)


def put_anew(row):
    """Put a question of the bank in anew, so that what `take` ticks is right."""
    [block] = row.body_en.get_prep_value()
    found = anew(block)
    wrong = next(part for part in reversed(found["value"]["options"]) if not part["value"]["right"])
    for part in found["value"]["options"]:
        part["value"]["right"] = part is wrong
    row.body_en = Question._meta.get_field("body_en").to_python([found])
    return row


@pytest.fixture
def failed(course, enrolment, at):
    """A test that was not passed by two questions."""
    attempt = take(enrolment, at, 2)
    assert not attempt.passed
    return attempt


@pytest.fixture
def replaced(course, failed, later):
    """Those two put in anew with another right answer: one in its place, of the other a copy while it is taken off."""
    one, two = Question.objects.filter(course=course, position__in=first_two(course)).order_by("position")
    assert proposal_for(put_anew(one)) == changing.Proposal("material", ("answer",))
    one.go_live()
    names = ("course", "position", "form", "critical", "objective", "tracks")
    body = put_anew(two).body_en
    Question.objects.filter(pk=two.pk).update(live=False)
    Question(key=f"{two.key}-anew", body_en=body, **{name: getattr(two, name) for name in names}).go_live()
    actions.course_changed(course, by="test", at=later(60), material=queries.id_of_test(course, 2))
    return failed


@pytest.mark.both
def test_tests_are_marked_anew_by_a_question_that_was_put_in_anew(course, manager, replaced, later):
    asked = {item.id for item in queries.items_of(replaced)[:2]}
    with CaptureQueriesContext(connection) as ran:
        assert courses_with_corrections(manager, [course]) == {course.pk}
    found = regrading(manager, course)

    assert len(ran) <= 5
    assert {one.item for one in found.questions} == asked
    assert all(one.question and one.more == 1 for one in found.questions)
    assert [one.attempt for one in found.gaining] == [replaced]

    assert actions.regrade(course=course, by=manager, at=later(70)) == 1
    replaced.refresh_from_db()
    assert (replaced.passed, replaced.right) == (True, 6)
    assert Event.objects.filter(verb="regraded").count() == 2
    assert regrading(manager, course).tests == 0
    assert list(actions.differences()) == []


@pytest.mark.both
def test_her_result_shows_the_question_that_was_put_in_anew_marked_by_the_corrected_key(
    sign_in, official, manager, course, replaced, later
):
    actions.regrade(course=course, by=manager, at=later(70))

    html = sign_in(official).get(paper(replaced, "en", "result/")).content.decode()

    assert "The right answers to 2 questions were corrected after you handed in." in html
    view = queries.result_view(replaced, "en", later(80))
    assert len(view.items) == 6
    assert all(item.is_right and not item.is_kept for item in view.items)


def test_a_question_in_other_words_is_another_one(course, manager, failed, later):
    for row in Question.objects.filter(course=course, position__in=first_two(course)):
        [block] = put_anew(row).body_en.get_prep_value()
        block["value"]["question"] += " Name all."
        row.body_en = Question._meta.get_field("body_en").to_python([block])
        row.go_live()
    actions.course_changed(course, by="test", at=later(60), material=queries.id_of_test(course, 2))

    assert regrading(manager, course).tests == 0


def test_the_editor_refuses_wording_for_another_right_answer_that_was_pasted(editor, course, lessons):
    row = Question.objects.filter(course=course, live=True, position__in=first_two(course)).first()
    url = reverse("wagtailsnippets_training_question:edit", args=[row.pk])
    pasted = put_anew(row).body_en.get_prep_value()

    page = editor.post(url, sent(editor.get(url), *pasted) | {"change": "wording", "action-publish": "1"})

    assert "because a right answer changes" in str(page.context["form"].errors["change"])
