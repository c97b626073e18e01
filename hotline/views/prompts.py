"""What a line says, by language: heard, uploaded, confirmed by another person, removed."""

from pathlib import PurePath

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from accounts.rules import allowed
from hotline import sounds
from hotline.actions import recordings
from hotline.choices import SOUND_FAULTS
from hotline.forms.lines import RecordingForm, RecordingsForm
from hotline.models import Prompt, PromptRecording
from hotline.queries.lines import reachable
from hotline.queries.prompts import lines_heard_by, spoken_on
from hotline.rules import RULES
from hotline.views.lines import kept_line
from languages import table

SPEAKER = "recording_speaker"  # who spoke in the last upload of this session


def heard_line(user, public_id):
    """Return a line whose recordings this person may hear, else raise 404."""
    line = get_object_or_404(lines_heard_by(user), public_id=public_id)
    if not allowed(user, RULES, "hear_prompt", line):
        raise Http404
    return line


def _language(code: str) -> table.Row:
    if code not in table.BY_CODE:
        raise Http404
    return table.BY_CODE[code]


class Prompts(TemplateView):
    """Every language of the house: on the line, possible, or not yet, and what is missing."""

    template_name = "hotline/prompts.html"

    def get_context_data(self, **kwargs):
        """Add the languages, and the table of prompts by those of the line and the country."""
        line = heard_line(self.request.user, kwargs["line"])
        spoken = spoken_on(line)
        shown = {*line.language_codes, *line.country.language_codes.split()}
        columns = [one for one in spoken if one.language.code in shown]
        rows = zip(*(one.cells for one in columns), strict=True)
        return super().get_context_data(**kwargs) | {
            "line": line, "spoken": spoken, "columns": columns,
            "may_edit": allowed(self.request.user, RULES, "edit_line", line),
            "shows_words": not reachable(line), "has_draft": spoken[0].in_draft is not None,
            "rows": [(cells[0], list(zip(columns, cells, strict=True))) for cells in rows],
        }  # fmt: skip


def page(request, line, code: str, *, refused: str = "", faults: list[str] | None = None, status: int = 200):
    """Return the page of one language; `faults` say why the file of the prompt `refused` was not kept."""
    spoken = spoken_on(line, [code])[0]
    view = PromptsIn()
    view.setup(request, line=line, language=code)
    speaker = request.POST.get("speaker", "")[:40] or request.session.get(SPEAKER, "")
    context = {
        "line": line, "spoken": spoken, "refused": refused,
        "form": RecordingForm(initial={"speaker": speaker}), "many": RecordingsForm(initial={"speaker": speaker}),
        "faults": faults, "most_seconds": sounds.MOST_SECONDS,
        "may_edit": allowed(request.user, RULES, "edit_line", line),
        "groups": [[cell for cell in spoken.cells if cell.is_piece is is_piece] for is_piece in (False, True)],
        "drafted_keys": {cell.prompt.key for cell in spoken.drafted},
        "me": str(request.user.public_id), "seen_at": f"{timezone.now().timestamp():.6f}",
    }  # fmt: skip
    return view.render_to_response(view.get_context_data(**context), status=status)


class PromptsIn(TemplateView):
    """One language of a line: each prompt with its words and its recording."""

    template_name = "hotline/prompts_in.html"

    def get(self, request, *args, **kwargs):
        """Show the language."""
        line, language = heard_line(request.user, kwargs["line"]), _language(kwargs["language"])
        return page(request, line, language.code)


def _back(line, code: str, key: str = ""):
    """Return to the prompt that was dealt with; without one to the top, where the page says what is wrong."""
    address = reverse("hotline:prompts_in", kwargs={"line": line.public_id, "language": code})
    return redirect(f"{address}#{key}" if key else address)


@require_POST
def upload(request, line, language, key):
    """Keep a recording of one prompt; another person has to hear it before callers do."""
    row, code = kept_line(request.user, line), _language(language).code
    get_object_or_404(Prompt, key=key)
    form = RecordingForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, row, code, refused=key, faults=_faults(form), status=422)
    data = form.cleaned_data
    try:
        recordings.upload_recording(
            line=row, key=key, language=code, audio=data["file"], recorded_by=data["speaker"], by=request.user,
            at=timezone.now(), seen=form.seen, is_drafted="drafted" in request.POST,
        )  # fmt: skip
    except recordings.RecordingRefused as fault:
        return page(request, row, code, refused=key, faults=[str(fault)], status=422)
    request.session[SPEAKER] = data["speaker"]
    messages.success(request, _("The recording is kept. Callers hear it once another person has heard it here."))
    return _back(row, code, key)


@require_POST
def upload_many(request, line, language):
    """Keep recordings of several prompts, each file named after its prompt; say of each refused one why."""
    row, code = kept_line(request.user, line), _language(language).code
    form = RecordingsForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, row, code, faults=_faults(form), status=422)
    kept, faults = 0, []
    for file in form.cleaned_data["files"]:
        try:
            speaker = form.cleaned_data["speaker"]
            _keep_named(file, line=row, language=code, recorded_by=speaker, by=request.user, seen=form.seen)
        except recordings.RecordingRefused as fault:
            faults.append(f"{file.name[:60]}: {fault}")
        else:
            kept += 1
    request.session[SPEAKER] = form.cleaned_data["speaker"]
    if kept:
        words = ngettext(
            "%(count)s recording is kept. Callers hear it once another person has heard it here.",
            "%(count)s recordings are kept. Callers hear them once another person has heard them here.",
            kept,
        )
        messages.success(request, words % {"count": kept})
    return page(request, row, code, faults=faults, status=422) if faults else _back(row, code)


def _keep_named(file, **facts) -> None:
    key = PurePath(file.name).stem.strip().lower().replace("-", "_")
    if file.size > sounds.MOST_BYTES:
        raise recordings.RecordingRefused(SOUND_FAULTS["large"])
    recordings.upload_recording(key=key, audio=file.read(), at=timezone.now(), **facts)


def _faults(form) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]


def _recording(line, pk: int) -> PromptRecording:
    return get_object_or_404(line.recordings.select_related("prompt").defer("audio"), pk=pk)


@require_POST
def confirm(request, line, recording):
    """Let callers hear a recording that this person has heard against its words."""
    row = heard_line(request.user, line)
    sound = _recording(row, recording)
    try:
        recordings.confirm_recording(recording=sound, by=request.user, at=timezone.now())
    except recordings.HearerSpoke as fault:
        messages.error(request, str(fault))
        return _back(row, sound.language)
    except recordings.NotWaiting:
        return _too_late(request, row, sound)
    messages.success(request, _("Callers hear this recording from now on."))
    return _back(row, sound.language, sound.prompt.key)


def _too_late(request, row, sound):
    messages.error(request, _("This recording was replaced, removed or confirmed meanwhile."))
    return _back(row, sound.language)


@require_POST
def remove(request, line, recording):
    """Take a recording of the line away."""
    row = kept_line(request.user, line)
    sound = _recording(row, recording)
    try:
        recordings.remove_recording(recording=sound, by=request.user, at=timezone.now())
    except recordings.NotWaiting:
        return _too_late(request, row, sound)
    except recordings.StillNeeded as fault:
        messages.error(request, str(fault))
        return _back(row, sound.language)
    messages.success(request, _("The recording is removed."))
    return _back(row, sound.language, sound.prompt.key)
