"""Files of questions: what the bank holds, out as GIFT or Moodle XML, in after a dry run.

Between dry run and yes what was read waits in the session of whoever brought it, as the import of officials does.
"""

import base64
import json
import zlib

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView

from accounts.forms.officials import PLAN_LASTS
from accounts.queries import admits
from accounts.views.clocks import in_own_time
from languages.clocks import timed
from languages.text import listed
from training import actions, question_files
from training.blocks import CHECKS
from training.forms import ExportQuestions, QuestionFile
from training.models import Course
from training.queries import question_files as banks
from training.queries import question_imports as imports
from training.queries.figures import figures_of
from training.queries.regrading import courses_with_corrections
from training.question_words import KIND_OF_TYPE, REFUSALS, note_in_words
from training.statistics import FEWEST

KEPT = "questions_file"
KINDS = dict(CHECKS)
SUFFIXES = {"gift": ("gift.txt", "text/plain"), "moodle_xml": ("xml", "application/xml")}


def _course(key: str) -> Course:
    course = banks.courses_with_bank().filter(key=key).first()
    if course is None:
        raise Http404
    return course


@require_GET
def questions(request):
    """Show the bank of each course: how many questions, and the ways in and out."""
    courses = list(banks.courses_with_bank())
    may_regrade = admits("training:regrade", request.user)
    corrected = courses_with_corrections(request.user, courses) if may_regrade else set()
    rows = [
        {"course": course, "form": ExportQuestions(prefix=course.key), "is_corrected": course.pk in corrected}
        for course in courses
    ]
    return render(request, "training/questions.html", {"rows": rows})


@require_GET
def figures(request, key):
    """Show how hard each question of a course is, how well it tells apart, and where a language differs."""
    course = _course(key)
    return render(
        request, "training/figures.html", {"course": course, "figures": figures_of(course), "fewest": FEWEST}
    )


@require_POST
@in_own_time
def export_questions(request, key):
    """Send the published questions of a course as a file, with their keys; audited."""
    course = _course(key)
    form = ExportQuestions(request.POST, prefix=key)
    if not form.is_valid():
        messages.error(request, _("Choose a format."))
        return redirect("training:questions")
    found = banks.outgoing(course, translated=form.cleaned_data["translated"])
    try:
        text = question_files.WRITERS[form.cleaned_data["format"]](found)
    except question_files.CannotBeWritten as error:
        told = _("GIFT cannot say these questions without changing them: %(keys)s. Choose Moodle XML.")
        messages.error(request, told % {"keys": listed(error.keys, get_language())})
        return redirect("training:questions")
    now, (suffix, kind) = timezone.now(), SUFFIXES[form.cleaned_data["format"]]
    told = {"rows": len(found), "form": form.cleaned_data["format"]}
    actions.note_questions_exported(course=course, by=request.user, at=now, **told)
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{course.key}-{timezone.localdate():%Y-%m-%d}.{suffix}"'
    return response


@method_decorator(in_own_time, name="dispatch")
class ImportQuestions(FormView):
    """Take a file and show, question by question, what would happen. Nothing is written here."""

    form_class = QuestionFile
    template_name = "training/import_questions.html"

    def setup(self, request, *args, **kwargs):
        """Find the course; answer 404 for one that there is not."""
        super().setup(request, *args, **kwargs)
        self.course = _course(kwargs["key"])

    def get(self, request, *args, **kwargs):
        """Show the report of the file that waits, or the empty form; who says "No" is told that nothing was written."""
        if "report" in request.GET:
            return self.report(request)
        if "no" in request.GET:
            request.session.pop(KEPT, None)
            messages.info(request, _("Nothing was written."))
        return super().get(request, *args, **kwargs)

    def report(self, request):
        """Plan the waiting file against the bank as it now stands; without one, lead back to the form."""
        reading = _kept(request, self.course)
        if reading is None:
            messages.info(
                request, _("This report was answered, or is older than an hour. Read the file again to see one.")
            )
            return redirect("training:import_questions", self.course.key)
        plan = imports.plan_import(self.course, reading, by=request.user)
        context = {
            "course": self.course,
            "reading": reading,
            "plan": plan,
            "counts": plan.counts(),
            "rows": [_line(planned) for planned in plan.rows],
        }
        return render(request, "training/import_questions_report.html", context)

    def get_context_data(self, **kwargs):
        """Add the course."""
        return super().get_context_data(**kwargs) | {"course": self.course}

    def form_valid(self, form):
        """Keep what was read in the session and lead to its report."""
        packed = base64.b64encode(zlib.compress(json.dumps(form.reading.plain()).encode())).decode()
        kept = {"course": self.course.key, "reading": packed, "at": timezone.now().timestamp()}
        self.request.session[KEPT] = kept
        return redirect(f"{reverse('training:import_questions', args=[self.course.key])}?report")


def _kept(request, course: Course) -> question_files.Reading | None:
    """Return what was read of the file that waits for a yes about this course, for an hour."""
    kept = request.session.get(KEPT)
    if kept is None or timezone.now().timestamp() - kept["at"] > PLAN_LASTS:
        request.session.pop(KEPT, None)
        return None
    if kept["course"] != course.key:
        return None
    return question_files.reading_of(json.loads(zlib.decompress(base64.b64decode(kept["reading"]))))


def _line(planned: imports.PlannedRow) -> dict:
    """Return a question as the report shows it."""
    return {
        "row": planned.row,
        "kind": _kind_words(planned.row),
        "state": planned.state,
        "key": planned.key,
        "standing": planned.standing,
        "refusal": _refusal_words(planned),
        "notes": [note_in_words(note.code, note.detail) for note in imports.all_notes(planned)],
    }


def _kind_words(row: question_files.Row) -> str:
    """Return the kind of a question as the editor names it; nothing where the file's own word has to do."""
    kind = row.item.kind if row.item else KIND_OF_TYPE.get(row.type, "")
    return str(KINDS[kind].label) if kind else ""


def _refusal_words(planned: imports.PlannedRow) -> str:
    """Return why a question is refused; of one that is locked, since when."""
    if planned.refusal is None:
        return ""
    locked_at = planned.standing.question.locked_at if planned.standing else None
    told = {"detail": planned.refusal.detail, "since": timed(locked_at) if locked_at else "–"}
    return REFUSALS[planned.refusal.code] % told


@require_POST
def confirm_questions(request, key):
    """Write exactly what the dry run showed, as drafts."""
    course = _course(key)
    reading = _kept(request, course)
    if reading is None:
        messages.error(request, _("This report is too old or was answered. Read the file again."))
        return redirect("training:import_questions", key)
    confirmed = request.POST.get("plan", "")[:64]
    try:
        done = actions.import_questions(
            course=course, reading=reading, confirmed=confirmed, by=request.user, at=timezone.now()
        )
    except actions.BankChanged as error:
        messages.error(request, _changed_words(error.plan))
        return redirect(f"{reverse('training:import_questions', args=[key])}?report")
    request.session.pop(KEPT, None)
    for words in _done_words(done) + (_way_to_drafts(request.user, course) if _drafts(done) else []):
        messages.success(request, words)
    return redirect("training:questions")


def _changed_words(plan: imports.Plan) -> str:
    """Return that the bank has changed since the report; where nothing is left to write there is nothing to confirm."""
    if plan.written:
        return _("Somebody worked on these questions meanwhile. Look at the new report and confirm again.")
    return _("Somebody worked on these questions meanwhile. Look at the new report.")


def _way_to_drafts(user, course: Course) -> list[str]:
    """Return a link to the course's questions in the editor, for whoever may open it."""
    if not user.has_perm("wagtailadmin.access_admin"):
        return []
    url = f"{reverse('wagtailsnippets_training_question:list')}?course={course.pk}"
    return [format_html('<a href="{}">{}</a>', url, _("To the drafts in the editor"))]


def _drafts(done: actions.Imported) -> int:
    return len(done.new) + len(done.changed) - len(done.spoken)


def _done_words(done: actions.Imported) -> list[str]:
    """Return what an import did, in sentences."""
    told = []
    if count := _drafts(done):
        told.append(
            ngettext(
                "%(count)s question is a draft now; publish it in the editor.",
                "%(count)s questions are drafts now; publish them in the editor.",
                count,
            )
            % {"count": count}
        )
    if done.translations:
        told.append(
            ngettext(
                "%(count)s text in another language waits at the translation desk.",
                "%(count)s texts in other languages wait at the translation desk.",
                done.translations,
            )
            % {"count": done.translations}
        )
    if done.left:
        where = listed(dict.fromkeys(done.left), get_language())
        told.append(_("Texts that do not fit their source were left out: %(where)s.") % {"where": where})
    if done.waiting:
        keys = listed(done.waiting, get_language())
        told.append(
            _("Texts in other languages wait until their question is published; read the file again then: %(keys)s.")
            % {"keys": keys}
        )
    if done.held:
        keys = listed(done.held, get_language())
        told.append(_("Locked in the editor and left as they are: %(keys)s.") % {"keys": keys})
    return told or [_("Nothing was written.")]
