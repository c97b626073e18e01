"""A question of the bank is changed by one row of a file at most; in whatever order the rows stand, none is lost or doubled unseen."""

import itertools
import random
from collections import Counter

import pytest
from django.db import transaction

from tests.training.quizzes import en
from training import actions, question_files
from training.models import Question
from training.queries import question_files as banks
from training.queries.question_imports import plan_import
from training.question_files import Item, Outgoing, Part, item_of

BANK = {"fresh": "Who comes first?", "other": "Who comes last?"}
WORDS = (*BANK.values(), "Who comes second?", "Who comes third?")


def asked(words):
    return Item("single", en(words), (Part(en("Amina"), en("Yes."), True), Part(en("Brahim"), en("No."))))


def file_of(rows, form="gift"):
    """A file of rows: id or none, words, critical or not."""
    told = [
        Outgoing(key, asked(words), facts={"critical": "yes"} if critical else {}) for key, words, critical in rows
    ]
    return question_files.read(question_files.WRITERS[form](told).encode())


def bring(course, reading, by, at):
    """Bring a file in and say yes to it; return its plan and what was done."""
    plan = plan_import(course, reading, by=by)
    done = actions.import_questions(course=course, reading=reading, confirmed=plan.fingerprint, by=by, at=at)
    return plan, done


def said(course):
    """How often each question of the tests stands in the bank, as it was last written."""
    found = (one.item.question["en"] for one in banks.standing_in(course))
    return Counter(words for words in found if words in WORDS)


def said_of(key):
    block = Question.objects.get(key=key).get_latest_revision_as_object().body_en.get_prep_value()[0]
    return item_of(block).question["en"]


@pytest.fixture
def bank(course, manager, at):
    bring(course, file_of([(key, words, False) for key, words in BANK.items()]), manager, at)
    return course


@pytest.fixture
def live(bank):
    for key in BANK:
        Question.objects.get(key=key).get_latest_revision().publish()
    return bank


@pytest.mark.parametrize("form", question_files.WRITERS)
@pytest.mark.parametrize("critical", [False, True])
@pytest.mark.parametrize("backwards", [False, True])
def test_the_words_of_a_question_that_the_file_changes_are_a_new_question_in_a_row_without_id(
    bank, manager, at, form, critical, backwards
):
    rows = [("fresh", "Who comes second?", False), ("", "Who comes first?", critical)]

    plan, done = bring(bank, file_of(rows[::-1] if backwards else rows, form), manager, at)

    assert plan.counts() == {"new": 1, "changed": 1, "same": 0, "refused": 0}
    assert said(bank) == Counter(["Who comes first?", "Who comes last?", "Who comes second?"])
    assert said_of("fresh") == "Who comes second?"
    assert Question.objects.get(key=done.new[0]).critical is critical
    (copy,) = [one for one in plan.rows if one.state == "new"]
    assert ("repeats", "fresh") in [(note.code, note.detail) for note in copy.notes]


def some_rows(seed):
    """Rows as one file may hold them: no id twice, words and facts as they come."""
    drawn = random.Random(seed)  # noqa: S311 -- an order, no secret
    keys = drawn.sample([*BANK, "fourth", "fifth"], drawn.randint(2, 3)) + [""] * drawn.randint(1, 2)
    return [(key, drawn.choice(WORDS), drawn.random() < 0.3) for key in keys]


@pytest.mark.either
@pytest.mark.parametrize("form", question_files.WRITERS)
@pytest.mark.parametrize("seed", range(8))
def test_in_any_order_the_bank_holds_what_the_report_says(bank, manager, at, form, seed):
    rows, before = some_rows(seed), said(bank)
    orders = random.Random(seed).sample([*itertools.permutations(rows)], 4)  # noqa: S311 -- an order, no secret
    ends = []
    for order in orders:
        with transaction.atomic():
            plan, done = bring(bank, file_of(order, form), manager, at)
            after = said(bank)
            transaction.set_rollback(True)
        counts = plan.counts()
        assert after.total() == before.total() + counts["new"]
        assert (len(done.new), len(set(done.changed))) == (counts["new"], counts["changed"])
        assert {words for _key, words, _critical in order} <= set(after)
        claimed = {words for key, words in BANK.items() if key in done.changed}
        assert set(before) - claimed <= set(after)
        ends.append((after, counts))

    assert all(end == ends[0] for end in ends)


def test_two_rows_that_say_the_same_are_one_question_whatever_line_they_stand_on(bank, manager, at):
    text = question_files.WRITERS["moodle_xml"]([Outgoing("a", asked("Who?")), Outgoing("b", asked("Who?"))])

    plan, _done = bring(bank, question_files.read(" ".join(text.split("\n")).encode()), manager, at)

    assert [(one.state, one.refusal and one.refusal.code) for one in plan.rows] == [
        ("new", None), ("refused", "double_question"),
    ]  # fmt: skip


def test_what_readers_see_of_a_question_with_another_draft_is_refused_with_its_id(live, manager, at):
    bring(live, file_of([("fresh", "Who comes second?", False)]), manager, at)

    plan, done = bring(live, file_of([("", "Who comes first?", True)]), manager, at)

    (row,) = plan.rows
    assert (row.state, row.refusal.code, row.refusal.detail) == ("refused", "seen_now", "fresh")
    assert (done.new, done.changed) == ([], [])
    assert said(live) == Counter(["Who comes second?", "Who comes last?"])


def test_a_new_id_beside_what_the_bank_says_already_is_told(live, manager, at):
    bring(live, file_of([("fresh", "Who comes second?", False)]), manager, at)

    plan = plan_import(live, file_of([("a", "Who comes first?", False), ("b", "Who comes last?", False)]), by=manager)

    assert [[note.detail for note in row.notes if note.code == "repeats"] for row in plan.rows] == [
        ["fresh"], ["other"],
    ]  # fmt: skip


def test_a_key_made_for_a_row_without_id_is_nobody_elses(bank, manager, at):
    row = [("", "Who comes third?", False)]
    made = []
    for words in ("A?", "B?", "C?"):
        _plan, done = bring(bank, file_of(row), manager, at)
        made += done.new
        bring(bank, file_of([(done.new[0], words, False)]), manager, at)

    assert len(set(made)) == 3


def empty(key, *, only_draft):
    """Leave a question without its words, as the editor keeps a draft: for readers it stays as it is."""
    question = Question.objects.get(key=key)
    question.body_en = []
    question.save_revision(clean=False)
    if not only_draft:
        question.save()


@pytest.mark.parametrize("only_draft", [False, True])
def test_a_question_whose_draft_was_emptied_is_written_by_its_id(bank, manager, at, only_draft):
    Question.objects.get(key="other").get_latest_revision().publish()
    empty("other" if only_draft else "fresh", only_draft=only_draft)
    key = "other" if only_draft else "fresh"

    plan, done = bring(bank, file_of([(key, "Who comes second?", True), ("", "Who comes third?", False)]), manager, at)

    assert plan.counts()["changed"] == plan.counts()["new"] == 1
    assert said_of(key) == "Who comes second?"
    assert done.changed == [key]
