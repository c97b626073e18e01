"""What an import writes is what its report showed, whatever becomes of a question and however it stands in the bank."""

import itertools
import json
from dataclasses import replace

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from accounts.models import AuditEntry
from languages.models import Unit
from tests.training.test_question_files_claimed import bring
from training import actions, question_files
from training.models import Question
from training.queries.question_imports import plan_import
from training.question_files import Item, Outgoing, Part, item_of

KEY = "fresh"
NAMES = ("Amina", "Brahim", "Celeste")
STATES = ("new", "draft", "live", "beside", "off", "off_beside", "emptied")


def said(words, is_french):
    """Words in English and, if wanted, French that tells by itself to which English it belongs."""
    return {"en": words} | ({"fr": f"FR {words}"} if is_french else {})


def item(kind="single", names=NAMES, *, asked="Who comes first?", right=0, is_french=True):
    sides = [said(f"{name} goes", is_french) if kind == "match" else {} for name in names]
    parts = tuple(
        Part(said(name, is_french), said(f"Why {name}.", is_french), kind == "single" and place == right, match=side)
        for place, (name, side) in enumerate(zip(names, sides, strict=True))
    )
    return Item(kind, said(asked, is_french), parts)


EDITS = {
    "same": {},
    "asked": {"asked": "Who comes last?"},
    "reworded": {"names": ("Amina", "Bilal", "Celeste")},
    "more": {"names": ("Amina", "Bilal", "Brahim", "Celeste")},
    "fewer": {"names": ("Amina", "Celeste")},
    "order": {"names": ("Celeste", "Brahim", "Amina"), "right": 2},
    "swapped": {"names": ("Brahim", "Amina", "Celeste"), "right": 1},
    "other right": {"right": 1},
    "other words": {"names": ("Xenia", "Yusuf", "Zora"), "asked": "Who stays?"},
}


def in_french(one, french):
    """The item with all its French, or with a gap in it."""
    if french != "gap":
        return one
    first, *rest = one.parts
    return replace(one, parts=(replace(first, feedback={"en": first.feedback["en"]}), *rest))


def read(one, form):
    return question_files.read(question_files.WRITERS[form]([Outgoing(KEY, one)]).encode())


def row():
    return Question.objects.get(key=KEY)


def in_state(state, kind, is_french, course, manager, at):
    """Bring the question of the tests into the bank and into a state."""
    if state == "new":
        return
    bring(course, read(item(kind, is_french=is_french), "moodle_xml"), manager, at)
    if state == "draft":
        return
    row().get_latest_revision().publish()
    if state in {"off", "off_beside", "emptied"}:
        row().unpublish()
    if state in {"beside", "off_beside"}:
        bring(course, read(item(kind, ("Amina", "Dora"), is_french=False), "moodle_xml"), manager, at)
    if state == "emptied":
        question = row()
        question.body_en = []
        question.save()


def units():
    kind = ContentType.objects.get_for_model(Question)
    return Unit.objects.filter(content_type=kind, object_id=row().pk, is_retired=False, segment__retired_at=None)


def drafts():
    """Each French draft of the question beside the source that it stands at."""
    return set(units().exclude(draft="").values_list("segment__text", "draft"))


def audited():
    """What the last import says in the audit that it wrote: new questions, and changed ones."""
    told = AuditEntry.objects.filter(verb="training.questions_imported").latest("pk")
    facts = json.loads(told.body)
    return facts["new"], facts["changed"]


def pairs(reading):
    """Each English text of a file's question with its French."""
    told = reading.rows[0].item.told()
    return {(words["en"], words["fr"]) for words in told if "fr" in words}


def promised(planned):
    return [note.code for note in planned.notes if note.code.startswith("translations")]


def check(course, reading, manager, at):
    """Bring a file in and compare what was done with what was told."""
    stood = Question.objects.filter(key=KEY).first()
    before = drafts() if stood else set()
    plan, done = bring(course, reading, manager, at)
    (planned,), now = plan.rows, row()
    waits = promised(planned) == ["translations_wait"]

    is_changed = planned.state == "changed" and not (waits and planned.is_only_texts)
    assert (done.new, done.changed) == ([KEY] * (planned.state == "new"), [KEY] * is_changed)
    assert audited() == (len(done.new), len(done.changed))
    assert done.waiting == [KEY] * waits
    assert done.left == []
    assert all(draft == f"FR {source}" for source, draft in drafts())
    if promised(planned) == ["translations"]:
        assert pairs(reading) <= drafts()
    else:
        assert (done.translations, drafts()) == (0, before)
    if stood and stood.first_published_at:  # what readers have, or had, stays
        assert now.body_en.get_prep_value() == stood.body_en.get_prep_value()
    (block,) = now.get_latest_revision_as_object().body_en.get_prep_value()
    english = {"en"}
    assert item_of(block).in_languages(english) == reading.rows[0].item.in_languages(english)

    (again,) = plan_import(course, reading, by=manager).rows
    assert again.state == "same" or waits and promised(again) == ["translations_wait"]


@pytest.mark.either
@pytest.mark.parametrize(("kind", "is_french"), [("single", True), ("single", False), ("match", True)])
@pytest.mark.parametrize("state", STATES)
def test_what_is_written_is_what_was_told(course, manager, at, state, kind, is_french):
    in_state(state, kind, is_french, course, manager, at)
    failed = []
    cases = [(form, edit, "all") for form, edit in itertools.product(question_files.WRITERS, EDITS)]
    cases += [("moodle_xml", "same", "gap"), ("moodle_xml", "reworded", "gap")]
    for form, edit, french in cases:
        try:
            with transaction.atomic():
                check(course, read(in_french(item(kind, **EDITS[edit]), french), form), manager, at)
                transaction.set_rollback(True)
        except (AssertionError, ValueError) as error:
            failed.append((form, edit, french, repr(error)[:900]))
    assert not failed


def test_a_report_by_which_texts_wait_is_shown_anew_once_they_need_not(course, manager, at):
    in_state("live", "single", False, course, manager, at)
    reading = read(item(**EDITS["swapped"]), "gift")
    bring(course, reading, manager, at)
    told = plan_import(course, reading, by=manager)
    row().get_latest_revision().publish()

    with pytest.raises(actions.BankChanged):
        actions.import_questions(course=course, reading=reading, confirmed=told.fingerprint, by=manager, at=at)

    assert promised(told.rows[0]) == ["translations_wait"]
    assert drafts() == set()


@pytest.mark.parametrize("missing", ["a text", "a language", "nothing"])
def test_a_text_that_is_not_in_the_file_is_no_difference(course, manager, at, missing):
    in_state("live", "single", True, course, manager, at)
    one = in_french(item(is_french=missing != "a language"), "gap" if missing == "a text" else "all")

    plan, done = bring(course, read(one, "moodle_xml"), manager, at)

    assert (plan.counts()["same"], plan.rows[0].notes) == (1, ())
    assert (done.changed, done.translations, audited()) == ([], 0, (0, 0))


@pytest.mark.parametrize("kept", ["draft", "live"])
def test_what_readers_see_is_no_difference_while_another_text_waits_at_the_desk(course, manager, at, kept):
    in_state("live", "single", True, course, manager, at)
    for unit in units():
        facts = {"draft": unit.draft, "live": unit.draft} | {
            "live" if kept == "draft" else "draft": "Autre.",
            "live_version": 1,
            "freshness": 3,
        }
        units().filter(pk=unit.pk).update(**facts)
    before = drafts()

    plan, done = bring(course, read(item(), "moodle_xml"), manager, at)

    assert plan.counts()["same"] == 1
    assert (done.changed, audited(), drafts()) == ([], (0, 0), before)


def test_texts_alone_count_as_a_change_once_something_is_written(course, manager, at):
    in_state("live", "single", False, course, manager, at)

    plan, done = bring(course, read(item(), "moodle_xml"), manager, at)

    assert (promised(plan.rows[0]), plan.rows[0].is_only_texts) == (["translations"], True)
    assert (done.changed, done.spoken, audited()) == ([KEY], [KEY], (0, 1))
    assert plan_import(course, read(item(), "moodle_xml"), by=manager).counts()["same"] == 1
