"""What is written is what the dry run showed: another fact or another translation is another plan."""

import pytest

from languages.models import Unit
from training import actions, question_files
from training.models import Question
from training.queries import question_files as banks
from training.queries.question_imports import plan_import

ASKED = "// [id:fresh] [tag:{fact}]\n::fresh::[plain]{{mlang en}}Who?{{mlang}}{{mlang fr}}{french}{{mlang}}{{=A ~B}}\n"


def read(fact="objective: consent", french="Qui ?"):
    return question_files.read(ASKED.format(fact=fact, french=french).encode())


@pytest.mark.parametrize(
    "change",
    [
        {"fact": "objective: offers"},
        {"fact": "critical"},
        {"fact": "form: 1"},
        {"fact": "form: 3"},
        {"fact": "tracks: youth"},
        {"french": "Lequel ?"},
    ],
)
def test_another_fact_or_translation_is_not_what_was_shown(course, manager, at, change):
    shown = plan_import(course, read(), by=manager)
    assert plan_import(course, read(), by=manager).fingerprint == shown.fingerprint

    with pytest.raises(actions.BankChanged):
        actions.import_questions(course=course, reading=read(**change), confirmed=shown.fingerprint, by=manager, at=at)

    assert not Question.objects.filter(key="fresh").exists()


def test_a_translation_that_came_meanwhile_is_not_written_over_unseen(course, manager, at):
    question = Question.objects.filter(course=course).order_by("position").first()
    text = question_files.WRITERS["moodle_xml"](banks.outgoing(course, translated=True))
    path = f"body.{question.body_en.get_prep_value()[0]['id']}.question"
    units = Unit.objects.filter(object_id=question.pk, content_type__model="question", segment__path=path)
    french = units.get(language="fr")
    reading = question_files.read(text.replace(french.live, "Autre phrase ?").encode())
    shown = plan_import(course, reading, by=manager)
    units.filter(language="fr").update(draft="Une phrase meilleure ?")

    with pytest.raises(actions.BankChanged):
        actions.import_questions(course=course, reading=reading, confirmed=shown.fingerprint, by=manager, at=at)

    assert units.get(language="fr").draft == "Une phrase meilleure ?"


def test_a_key_that_is_free_again_brings_a_question_under_an_id_of_its_own(course, manager, at):
    def bring():
        reading = read()
        shown = plan_import(course, reading, by=manager).fingerprint
        actions.import_questions(course=course, reading=reading, confirmed=shown, by=manager, at=at)

    bring()
    Question.objects.filter(key="fresh").update(key="renamed")
    bring()

    ids = [Question.objects.get(key=key).body_en[0].id for key in ("fresh", "renamed")]
    assert len(set(ids)) == 2


def test_new_questions_are_written_by_their_keys_and_stand_in_the_order_of_the_file(course, manager, at):
    reading = question_files.read(
        b"// [id:second]\nWho?{=A#a ~B#b}\n\n// [id:first]\nWhen?{=A#a ~B#b}\n",
    )
    shown = plan_import(course, reading, by=manager).fingerprint

    actions.import_questions(course=course, reading=reading, confirmed=shown, by=manager, at=at)

    new = Question.objects.filter(key__in=["first", "second"])
    assert [*new.order_by("pk").values_list("key", flat=True)] == ["first", "second"]
    assert [*new.order_by("position").values_list("key", flat=True)] == ["second", "first"]
