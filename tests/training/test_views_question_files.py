"""Files of questions on screen: dry run, yes, drafts; and out again."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AuditEntry
from languages.models import Unit
from training import actions, question_files
from training.models import Course, Question
from training.queries import question_files as banks
from training.queries.question_imports import plan_import

pytestmark = pytest.mark.either

PAGE = "/en/school/judicial/questions/"
NEW = "// [id:fresh] [tag:objective: evidence] [tag:critical]\n::Fresh::Who is a child?{\n=Anyone under 18#Yes.\n~Anyone under 16#No.\n}\n"
TONGUES = (
    "// [id:tongues]\n{mlang en}Who?{mlang}{mlang fr}Qui ?{mlang}{\n"
    "={mlang en}Child{mlang}{mlang fr}Enfant{mlang}#Yes.\n~{mlang en}Adult{mlang}{mlang fr}Adulte {x}{mlang}#No.\n}\n"
).replace("{x}", "\\{x\\}")


@pytest.fixture
def manager_in(sign_in, manager):
    return sign_in(manager)


def send(client, text, name="questions.txt"):
    content = text if isinstance(text, bytes) else text.encode()
    return client.post(f"{PAGE}import/", {"file": SimpleUploadedFile(name, content)}, follow=True)


def plan_of(answer):
    return re.search(r'name="plan" value="([0-9a-f]+)"', answer.content.decode()).group(1)


def confirm(client, answer):
    return client.post(f"{PAGE}yes/", {"plan": plan_of(answer)}, follow=True)


@pytest.mark.both
def test_a_dry_run_writes_nothing_and_a_yes_makes_drafts(manager_in, course):
    before = Question.objects.count()
    versions = course.versions.count()

    report = send(manager_in, f"{NEW}\nEssay{{}}\n")
    unwritten = Question.objects.count()
    done = confirm(manager_in, report)

    told = report.content.decode()
    assert "1 new" in told
    assert "Essays are marked by a person" in told
    assert unwritten == before
    question = Question.objects.get(key="fresh")
    assert (question.live, question.has_unpublished_changes, question.objective, question.critical) == (
        False, True, "evidence", True,
    )  # fmt: skip
    assert question.latest_revision.user is not None
    assert "1 question is a draft now" in done.content.decode()
    assert course.versions.count() == versions
    entry = AuditEntry.objects.get(verb="training.questions_imported")
    assert '"new":1' in entry.body
    assert "child" not in entry.body


def test_after_an_import_a_link_leads_to_the_drafts_of_the_course(editor, course):
    page = BeautifulSoup(confirm(editor, send(editor, NEW)).content, "html.parser")
    (link,) = [one for one in page.select("a") if one.get_text() == "To the drafts in the editor"]

    listed = editor.get(link["href"])

    assert listed.status_code == 200
    assert "fresh" in listed.content.decode()


@pytest.mark.parametrize("writer", question_files.WRITERS)
def test_form_and_groups_of_readers_go_out_and_come_in_again(manager_in, course, writer):
    Course.objects.filter(pk=course.pk).update(tracks=["migrant", "official"])
    rows = Question.objects.filter(key="a-q1")
    rows.update(form=3, tracks=["official", "migrant"])
    text = question_files.WRITERS[writer](banks.outgoing(course, translated=False))
    rows.update(form=2, tracks=["migrant"])

    report = send(manager_in, text)
    confirm(manager_in, report)
    again = send(manager_in, text)

    assert "1 changed" in report.content.decode()
    draft = rows.get().get_latest_revision_as_object()
    assert (draft.form, sorted(draft.tracks), rows.get().form) == (3, ["migrant", "official"], 2)
    assert "6 same" in " ".join(again.content.decode().split())


def test_groups_of_readers_that_the_course_has_not_are_told_before_anything_is_written(manager_in, course):
    report = send(manager_in, NEW.replace("[tag:critical]", "[tag:tracks: migrant]")).content.decode()

    assert "The course does not have these groups of readers" in report


def test_what_a_written_row_loses_is_told_beside_it(manager_in, course):
    marked = NEW.replace("Who is a child?", "[html]<p>Who is <u>a child</u>?</p>")

    report = send(manager_in, marked).content.decode()

    assert "Markup that a question here cannot bear is left out: u" in report


def test_a_draft_of_a_file_is_published_in_the_editor_as_it_is(manager_in, course):
    confirm(manager_in, send(manager_in, NEW))

    Question.objects.get(key="fresh").get_latest_revision_as_object().go_live()

    assert Question.objects.get(key="fresh").live
    assert '"key":"fresh"' in course.versions.order_by("-number").first().body


@pytest.mark.both
def test_the_same_file_again_changes_nothing(manager_in, course):
    confirm(manager_in, send(manager_in, NEW))

    again = send(manager_in, NEW).content.decode()
    without_id = send(manager_in, NEW.replace("[id:fresh] ", "")).content.decode()

    assert "1 same" in again
    assert "1 same" in without_id
    assert 'name="plan"' not in again


@pytest.mark.both
def test_a_question_with_the_same_idnumber_is_changed_as_a_draft_only(manager_in, course):
    question = Question.objects.get(key="a-q1")
    options = [option["id"] for option in question.body_en.get_prep_value()[0]["value"]["options"]]
    text = question_files.WRITERS["gift"](banks.outgoing(course, translated=False))
    changed = text.replace("A border that the person has crossed", "A border that somebody has crossed")

    report = send(manager_in, changed)
    confirm(manager_in, report)

    assert "1 changed, 5 same" in " ".join(report.content.decode().split())
    question.refresh_from_db()
    draft = question.get_latest_revision_as_object().body_en.get_prep_value()[0]["value"]["options"]
    assert "A border that the person" in str(question.body_en.get_prep_value())
    assert "A border that somebody" in str(draft)
    assert [option["id"] for option in draft] == options
    assert question.has_unpublished_changes


def test_texts_in_other_languages_become_drafts_at_the_desk(manager_in, course):
    done = confirm(manager_in, send(manager_in, TONGUES))

    question = Question.objects.get(key="tongues")
    units = Unit.objects.filter(object_id=question.pk, content_type__model="question")
    assert {(unit.language, unit.state, unit.draft, unit.live) for unit in units} == {
        ("fr", "draft", "Qui ?", ""), ("fr", "draft", "Enfant", ""),
    }  # fmt: skip
    told = done.content.decode()
    assert "2 texts in other languages wait" in told
    assert "left out: tongues (fr)" in told


@pytest.mark.both
def test_a_report_whose_bank_was_changed_meanwhile_is_shown_anew(manager_in, course):
    report = send(manager_in, NEW)
    confirm(manager_in, send(manager_in, NEW))
    send(manager_in, NEW.replace("under 18", "below 18"))

    answer = manager_in.post(f"{PAGE}yes/", {"plan": plan_of(report)}, follow=True)

    assert "Look at the new report and confirm again." in answer.content.decode()
    assert "1 changed" in answer.content.decode()
    assert "under 18" in str(
        Question.objects.get(key="fresh").get_latest_revision_as_object().body_en.get_prep_value()
    )


def test_an_idnumber_of_another_course_is_refused(manager_in, course):
    other = type(course)(title="Other", slug="other", key="other", heading_en="Other", summary_en="Other")
    course.get_parent().add_child(instance=other)
    Question.objects.create(key="elsewhere", course=other, live=False)

    report = send(manager_in, NEW.replace("fresh", "elsewhere")).content.decode()

    assert "belongs to a question of another course" in report


def test_a_file_in_windows_1252_is_shown_before_it_is_written(manager_in, course):
    report = send(manager_in, "Où ?{=Là#Oui. ~Ici#Non.}".encode("cp1252"))

    told = report.content.decode()
    assert "it was read as windows-1252" in told
    assert "Où ?" in told
    assert not Question.objects.filter(key__startswith="judicial-ou").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty."),
        (b"x" * 5_300_000, "larger than 5 MB"),
        (b"PK\x03\x04", "This is no text file"),
        (b"<quiz>\n<question>", "at line 2"),
        (b'<!DOCTYPE q [<!ENTITY a "a">]><quiz>&a;</quiz>', "entities"),
        (b"<html></html>", "There is no question in this file"),
    ],
)
def test_a_bad_file_is_answered_in_words(manager_in, course, content, words):
    answer = send(manager_in, content)

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert AuditEntry.objects.filter(verb="training.questions_imported").count() == 0


def test_a_no_and_an_old_report_write_nothing(manager_in, course):
    report = send(manager_in, NEW)
    said_no = manager_in.get(f"{PAGE}import/?no").content.decode()

    late = manager_in.post(f"{PAGE}yes/", {"plan": plan_of(report)}, follow=True).content.decode()

    assert "Nothing was written." in said_no
    assert "too old or was answered" in late
    assert not Question.objects.filter(key="fresh").exists()


@pytest.mark.both
@pytest.mark.parametrize("form", ["gift", "moodle_xml"])
def test_the_published_bank_goes_out_and_comes_in_as_the_same(manager_in, course, form):
    answer = manager_in.post(f"{PAGE}export/", {"judicial-format": form, "judicial-translated": "on"})

    report = send(manager_in, answer.content).content.decode()

    assert "attachment" in answer["Content-Disposition"]
    assert "{mlang fr}" in answer.content.decode().replace("\\", "")
    assert "6 same, 0 refused" in " ".join(report.split())
    assert f'"format":"{form}"' in AuditEntry.objects.get(verb="training.questions_exported").body


def test_what_waits_for_publication_does_not_go_out(manager_in, course):
    confirm(manager_in, send(manager_in, NEW))

    answer = manager_in.post(f"{PAGE}export/", {"judicial-format": "gift"})

    assert "Who is a child?" not in answer.content.decode()
    assert "{mlang" not in answer.content.decode()


def test_changed_translations_alone_make_no_new_draft_of_the_question(manager_in, course):
    question = Question.objects.get(key="a-q1")
    revision = question.latest_revision_id
    block = question.body_en.get_prep_value()[0]
    path = f"body.{block['id']}.question"
    text = question_files.WRITERS["moodle_xml"](banks.outgoing(course, translated=True))
    french = Unit.objects.get(object_id=question.pk, content_type__model="question", language="fr", segment__path=path)

    report = send(manager_in, text.replace(french.live, "Autre phrase ?"))
    done = confirm(manager_in, report).content.decode()

    french.refresh_from_db()
    question.refresh_from_db()
    assert (french.draft, french.state) == ("Autre phrase ?", "draft")
    assert french.live != french.draft
    assert question.latest_revision_id == revision
    told = report.content.decode()
    assert "Yes, keep the texts in other languages as drafts at the translation desk" in told
    assert "as draft</button>" not in told
    assert "which become drafts at the translation desk: fr<" in told
    assert "1 text in another language waits" in done
    assert "is a draft now" not in done
    assert "To the drafts in the editor" not in done


def test_where_a_fact_alone_changes_the_report_promises_no_text_in_another_language(manager_in, course):
    text = question_files.WRITERS["gift"](banks.outgoing(course, translated=True))
    form = Question.objects.get(key="a-q1").form
    told_by = re.search(r"// \[id:a-q1\].*", text)[0]
    report = send(manager_in, text.replace(told_by, f"// [id:a-q1] [tag:form: {form % 3 + 1}]"))

    told = report.content.decode()
    assert "0 new, 1 changed" in " ".join(told.split())
    assert "Yes, keep 1 question as draft" in told
    assert "translation desk" not in told


@pytest.mark.both
def test_the_report_asks_as_often_for_one_question_as_for_many(course, manager, django_assert_max_num_queries):
    many = "\n".join(NEW.replace("fresh", f"fresh-{n}").replace("18", str(n)) for n in range(100, 160))

    with django_assert_max_num_queries(6):
        plan = plan_import(course, question_files.read(many.encode()), by=manager)

    assert plan.counts()["new"] == 60


@pytest.mark.both
def test_an_import_is_all_or_none(course, manager, at):
    reading = question_files.read(f"{NEW}\n{TONGUES}".encode())
    plan = plan_import(course, reading, by=manager)

    with pytest.raises(actions.BankChanged):
        actions.import_questions(course=course, reading=reading, confirmed="other", by=manager, at=at)
    before = Question.objects.filter(course=course).count()
    done = actions.import_questions(course=course, reading=reading, confirmed=plan.fingerprint, by=manager, at=at)

    assert (before, done.new, done.changed) == (6, ["fresh", "tongues"], [])


@pytest.mark.parametrize("fact", ["", "// [tag:critical]\n"])
def test_a_copy_of_a_question_that_its_own_row_changes_is_kept_as_the_report_says(manager_in, course, fact):
    asked, answers = "::first::Who comes first?", "{=Amina#Yes. ~Brahim#No.}"
    confirm(manager_in, send(manager_in, f"// [id:fresh]\n{asked}{answers}"))
    second = f"// [id:fresh]\n{asked.replace('first?', 'second?')}{answers}"

    report = send(manager_in, f"{second}\n\n{fact}::copy::Who comes first?{answers}")
    done = confirm(manager_in, report).content.decode()

    assert "1 new, 1 changed, 0 same" in " ".join(report.content.decode().split())
    assert "2 questions are drafts now" in done
    said = [one.item.question["en"] for one in banks.standing_in(course)]
    assert [words for words in said if words.startswith("Who comes")] == ["Who comes second?", "Who comes first?"]


def test_the_report_counts_as_its_language_lists_and_names_kinds_as_the_editor_does(manager_in, course):
    pairs = "Match {=a -> b =c -> d}"
    send(manager_in, f"{NEW}\n{pairs}\n\nNumber {{#many}}\n\nEssay{{}}\n\nHalf {{~%50%a ~%20%b ~%30%c}}")

    english = manager_in.get(f"{PAGE}import/?report").content.decode()
    arabic = manager_in.get(f"{PAGE.replace('/en/', '/ar/')}import/?report").content.decode()

    page = BeautifulSoup(english, "html.parser")
    kinds = [row.select("td")[1].get_text() for row in page.select("table.import tbody tr")]
    assert "2 new, 0 changed, 0 same, 3 refused.</p>" in english
    assert kinds == ["Question: one answer", "Question: match", "Question: a number", "essay", "multichoice"]
    counted = BeautifulSoup(arabic, "html.parser").select_one("main h1 + p").get_text()
    assert (counted.count("، "), counted.count(",")) == (3, 0)
    assert "Question: match" not in arabic
