"""Addresses of this room: `urlpatterns` under the language prefix, `plain_patterns` at the root."""

from django.urls import path

from training import api
from training.views import (
    badges,
    certificates,
    keeping,
    kept,
    learning,
    pages,
    printed,
    question_files,
    reports,
    stories,
    verify,
    waiting,
)

app_name = "training"
urlpatterns = [
    path("courses/", pages.catalogue, name="catalogue"),
    path("courses/<slug:key>/aide.pdf", printed.aide, name="aide"),
    path("learning/", learning.learning, name="learning"),
    path("learning/history/", learning.history, name="history"),
    path("learning/history.csv", learning.history_csv, name="history_csv"),
    path("learning/<uuid:enrolment>/newest/", learning.move, name="move"),
    path("learning/<slug:key>/test/", learning.start_test, name="start_test"),
    path("scenario/<slug:key>/", stories.scenario, name="scenario"),
    path("scenario/<slug:key>/cards.pdf", printed.cards, name="scenario_cards"),
    path("scenario/<slug:key>/debrief.pdf", printed.debrief, name="scenario_debrief"),
    path("learning/<slug:key>/track/", learning.choose_track, name="choose_track"),
    path("test/<uuid:attempt>/", learning.test, name="test"),
    path("test/<uuid:attempt>/result/", learning.result, name="result"),
    path("learning/<slug:key>/keep/", keeping.keep, name="keep"),
    path("learning/<slug:key>/paper/", keeping.paper, name="paper"),
    path("keep/", kept.index, name="kept_index"),
    path("keep/<slug:key>/<uuid:version>/", kept.course, name="kept_course"),
    path("keep/<slug:key>/<uuid:version>/keep.json", kept.manifest, name="keep_manifest"),
    path("keep/<slug:key>/<uuid:version>/test/", kept.test, name="kept_test"),
    path("keep/<slug:key>/<uuid:version>/<uuid:lesson>/", kept.lesson, name="kept_lesson"),
    path("home.webmanifest", kept.webmanifest, name="webmanifest"),
    path("my/waiting/", waiting.waiting, name="waiting"),
    path("wipe/", waiting.wipe, name="wipe"),
    path("learning/certificates/", certificates.mine, name="certificates"),
    path("learning/certificates/<uuid:certificate>/name/", certificates.name, name="certificate_name"),
    path("learning/certificates/<uuid:certificate>/sheet.pdf", certificates.sheet, name="certificate_pdf"),
    path("learning/certificates/<uuid:certificate>/badge.svg", certificates.badge, name="certificate_badge"),
    path("reports/certificates/", certificates.issued, name="issued"),
    path("reports/certificates/<uuid:certificate>/withdraw/", certificates.withdraw, name="withdraw"),
    path("reports/completion/", reports.completion, name="completion"),
    path("reports/completion.csv", reports.completion_file, {"kind": "csv"}, name="completion_csv"),
    path("reports/completion.xlsx", reports.completion_file, {"kind": "xlsx"}, name="completion_xlsx"),
    path("reports/statements.jsonl", reports.statements, name="statements"),
    path("reports/people/file/", reports.learners_file, name="learners_file"),
    path("school/questions/", question_files.questions, name="questions"),
    path("school/<slug:key>/questions/figures/", question_files.figures, name="figures"),
    path("school/<slug:key>/questions/import/", question_files.ImportQuestions.as_view(), name="import_questions"),
    path("school/<slug:key>/questions/yes/", question_files.confirm_questions, name="confirm_questions"),
    path("school/<slug:key>/questions/export/", question_files.export_questions, name="export_questions"),
    path("reports/people/", reports.people, name="people"),
    path("reports/from-a-phone/", waiting.kept_file, name="kept_file"),
    path("reports/courses/", reports.gates, name="gates"),
    # Certificates carry /verify/<code>/; without a language it leads here, in the reader's.
    path("verify/", verify.type_code, name="type_code"),
    path("verify/<path:code>/", verify.verify, name="verify"),
]
plain_patterns = [
    path("api/progress/", api.progress_view, name="progress"),
    path("sw.js", kept.worker, name="worker"),
    path(".well-known/did.json", badges.did, name="did"),
    path("credentials/status/<int:number>", badges.status, name="status_list"),
]
