"""A file changes a question that readers had and have no more, or have with another draft: nothing is lost or promised in vain."""

import pytest
from django.urls import reverse

from languages.models import Unit
from tests.training.quizzes import en
from tests.training.test_question_files_claimed import asked, bring, said_of
from tests.training.test_views_question_files import confirm, send
from tests.training.test_wagtail_hooks import typed
from training import question_files
from training.models import Question
from training.queries.question_imports import plan_import
from training.question_files import Item, Outgoing, Part

WAIT = "read the file again then"


def tongues(words, french=""):
    """A question with the key `fresh`, in English and, if wanted, with French beside it."""
    told = [en(words) | ({"fr": french} if french else {}), en("Amina"), en("Brahim")]
    return Item("single", told[0], (Part(told[1], en("Yes."), True), Part(told[2], en("No."))))


def file_of(item, form="gift"):
    return question_files.WRITERS[form]([Outgoing("fresh", item)])


def drafts():
    """What waits of `fresh` at the translation desk."""
    row = Question.objects.get(key="fresh")
    return sorted(
        Unit.objects.filter(object_id=row.pk, content_type__model="question").values_list("draft", flat=True)
    )


def noted(plan):
    return [note.code for row in plan.rows for note in row.notes if note.code.startswith("translations")]


@pytest.fixture
def live(course, manager, at):
    bring(course, question_files.read(file_of(asked("Who comes first?")).encode()), manager, at)
    Question.objects.get(key="fresh").get_latest_revision().publish()
    return course


@pytest.fixture
def off(live):
    Question.objects.get(key="fresh").unpublish()
    return live


def test_a_question_that_was_taken_off_and_emptied_in_the_editor_is_written_by_its_id(editor, off):
    url = reverse("wagtailsnippets_training_question:edit", args=[Question.objects.get(key="fresh").pk])
    fields = {name: value for name, value in typed(editor.get(url)).items() if not name.startswith("body_en")}
    editor.post(url, fields | {"body_en-count": "0"})
    row = Question.objects.get(key="fresh")
    emptied = (row.body_en.get_prep_value(), row.live, row.first_published_at is None)

    report = send(editor, file_of(tongues("Who comes second?", "Qui vient ensuite ?")))
    done = confirm(editor, report)

    assert emptied == ([], False, False)
    assert "1 changed" in report.content.decode()
    assert WAIT in report.content.decode()
    assert done.status_code == 200
    assert f"{WAIT}: fresh." in done.content.decode()
    assert said_of("fresh") == "Who comes second?"


def test_what_comes_back_into_an_emptied_question_bears_an_id_of_its_own(off, manager, at):
    row = Question.objects.get(key="fresh")
    block = row.body_en.get_prep_value()[0]
    Question.objects.create(key="renamed", course=off, live=False, body_en=[block])
    row.body_en = []
    row.save_revision(clean=False)
    row.save()

    bring(off, question_files.read(file_of(asked("Who comes second?")).encode()), manager, at)

    draft = Question.objects.get(key="fresh").get_latest_revision_as_object()
    assert draft.body_en.get_prep_value()[0]["id"] != block["id"]


@pytest.mark.parametrize("form", question_files.WRITERS)
def test_translations_of_a_question_that_was_taken_off_wait_as_the_report_says_and_come_in_once_it_is_out(
    off, manager, at, form
):
    reading = question_files.read(file_of(tongues("Who comes second?", "Qui vient ensuite ?"), form).encode())

    plan, done = bring(off, reading, manager, at)
    before, had = drafts(), Question.objects.get(key="fresh").body_en[0].value["question"]
    Question.objects.get(key="fresh").get_latest_revision().publish()
    again, then = bring(off, reading, manager, at)

    assert (noted(plan), done.waiting, done.translations, before) == (["translations_wait"], ["fresh"], 0, [])
    assert had == "Who comes first?"
    assert (noted(again), then.waiting, then.translations) == (["translations"], [], 1)
    assert drafts() == ["Qui vient ensuite ?"]


@pytest.mark.parametrize("is_live", [True, False])
def test_translations_of_what_stands_in_the_bank_are_drafts_at_once(live, manager, at, is_live):
    if not is_live:
        Question.objects.get(key="fresh").unpublish()
    reading = question_files.read(file_of(tongues("Who comes first?", "Qui vient d’abord ?")).encode())

    plan, done = bring(live, reading, manager, at)

    assert (noted(plan), done.waiting, drafts()) == (["translations"], [], ["Qui vient d’abord ?"])


def test_translations_follow_what_readers_see_and_not_the_draft_beside_it(live, manager, at):
    bring(live, question_files.read(file_of(asked("Who comes second?")).encode()), manager, at)
    of_draft = question_files.read(file_of(tongues("Who comes second?", "Qui vient ensuite ?")).encode())
    of_row = question_files.read(file_of(tongues("Who comes first?", "Qui vient d’abord ?")).encode())

    plan, done = bring(live, of_draft, manager, at)
    back, then = bring(live, of_row, manager, at)

    assert (noted(plan), done.waiting, done.translations) == (["translations_wait"], ["fresh"], 0)
    assert (noted(back), then.waiting, then.translations) == (["translations"], [], 1)


def test_a_question_that_was_never_published_takes_words_and_translations_at_once(course, manager, at):
    bring(course, question_files.read(file_of(asked("Who comes first?")).encode()), manager, at)
    reading = question_files.read(file_of(tongues("Who comes second?", "Qui vient ensuite ?")).encode())

    plan, _done = bring(course, reading, manager, at)

    assert (noted(plan), drafts()) == (["translations"], ["Qui vient ensuite ?"])
    assert Question.objects.get(key="fresh").body_en[0].value["question"] == "Who comes second?"
    assert plan_import(course, reading, by=manager).counts()["same"] == 1
