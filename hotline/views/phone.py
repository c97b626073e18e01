"""The on-screen phone of the demo. It writes down what was done; the simulator's own process does it."""

import json
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from hotline.actions import simulation
from hotline.callers import called_number
from hotline.choices import ActKind
from hotline.forms.phone import CALLERS, COUNTRIES, KEYS, DialForm, KeyForm, TextForm, WordsForm
from hotline.models import SimulatorPhone
from hotline.queries.lines import line_called, memory
from hotline.queries.prompts import lines_kept_by
from hotline.queries.simulation import number_to_dial, phone_picture, practice_lines

# Who types what she says is speaking: an act of speech without its words.
PLAIN_ACTS = {"answer": ActKind.ANSWER, "hang_up": ActKind.HANG_UP, "cut": ActKind.CUT, "typing": ActKind.SPEAK}


def in_demo_only(view):
    """Return the view for demo and training sites, and 404 everywhere else."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not settings.SIMULATOR:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def by_own_page(view):
    """Return the view for forms that our own pages send, whoever signed in or out since; any other needs its token.

    A sign-in makes a new token, and this page is nobody's. That a form is ours is told by `Origin`, which a browser
    writes itself and lets no page change: another site's page bears its own there, or "null". Who sends anything else
    by hand has no other person's browser to send it for.
    """
    by_token = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def guarded(request, *args, **kwargs):
        is_own = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
        return (view if is_own else by_token)(request, *args, **kwargs)

    return guarded


def phone_url(phone: SimulatorPhone) -> str:
    """Return the address of a phone on the screen."""
    return reverse("hotline:phone_screen", args=[phone.public_id])


def screen_context(phone: SimulatorPhone | None, dial: DialForm | None = None) -> dict:
    """Return what the screen of a phone shows."""
    at = timezone.now()
    lines = practice_lines(at)
    numbers = {caller: number_to_dial(lines, COUNTRIES.get(caller, "")) for caller, _words in CALLERS}
    caller = phone.number if phone else CALLERS[0][0]
    first = (phone.dialled if phone else "") or numbers.get(caller) or number_to_dial(lines, "")
    picture = phone_picture(phone, at=at) if phone else None
    return {
        "phone": phone,
        "picture": picture,
        "mark": screen_mark(picture) if picture else "",
        "lines": lines,
        "numbers": json.dumps(numbers),
        "keys": KEYS,
        "dial_form": dial or DialForm(initial={"to": first, "caller": caller}),
        "words_form": WordsForm(),
        "text_form": TextForm(initial={"to": first}),
        "now": at,
    }


@by_own_page
@in_demo_only
def phone(request):
    """Show a phone that has not dialled yet; dialling puts it on the screen."""
    if request.method == "POST":
        form = DialForm(request.POST)
        if form.is_valid():
            to = form.cleaned_data["to"]
            made = simulation.new_phone(number=form.cleaned_data["caller"], typed=to, at=timezone.now())
            if not {"text", "wait"} & set(request.POST):
                simulation.do(phone=made, kind=ActKind.DIAL, at=timezone.now(), to=to)
                simulation.let_first_caller_go(called=to, at=timezone.now())
            return redirect(phone_url(made))
        return render(request, "hotline/phone.html", screen_context(None, form))
    return render(request, "hotline/phone.html", screen_context(None))


def _shown(request, context: dict, page: str = "hotline/phone.html", status: int = 200) -> HttpResponse:
    """Return a page, or part, of a phone that was on the line, by the clock of the line that it dialled."""
    line = line_called(called_number(context["phone"].dialled))
    with timezone.override(line.hours.zone if line else None):
        return render(request, page, context, status=status)


@in_demo_only
@require_GET
def phone_screen(request, public_id):
    """Show a phone, its call and what was heard."""
    row = get_object_or_404(SimulatorPhone, public_id=public_id)
    return _shown(request, screen_context(row) | {"flow": _flow_tried(request.user, row)})


def _flow_tried(user, row: SimulatorPhone) -> int | None:
    """Return the line whose draft this phone dialled, for whoever sets it up: she goes back to it."""
    line = memory().drafts.get(called_number(row.dialled))
    return line.id if line and user.is_authenticated and lines_kept_by(user).filter(pk=line.id).exists() else None


@in_demo_only
@require_GET
def phone_live(request, public_id):
    """Answer whether anything was heard since: 204, or the live parts of the phone anew."""
    row = get_object_or_404(SimulatorPhone, public_id=public_id)
    simulation.keep_open(phone=row, at=timezone.now())
    context = screen_context(row)
    if request.GET.get("seen") == context["mark"]:
        return HttpResponse(status=204)
    return _shown(request, context, "hotline/_phone_live.html")


def screen_mark(picture) -> str:
    """Return a mark that differs as soon as the phone would look different."""
    contact = picture.contact
    changed = contact.changed_at.isoformat() if contact else ""
    return f"{picture.phone.changes}|{changed}|{picture.waits_for_network}"


def _form(request, act: str) -> Form:
    """Return the form of an act with what was typed."""
    forms = {"dial": DialForm, "press": KeyForm, "speak": WordsForm}
    return forms.get(act, TextForm)(request.POST)


def _payload(form: Form, act: str) -> tuple[str, dict]:
    """Return what was done on the phone and with which values."""
    kinds = {"dial": ActKind.DIAL, "press": ActKind.PRESS, "speak": ActKind.SPEAK}
    said = {name: value for name, value in form.cleaned_data.items() if value}
    values = {"to": form.cleaned_data["to"]} if act == "dial" else said
    return kinds.get(act, ActKind.TEXT), values


@csrf_exempt  # nobody's session is used, and a page opened before somebody signed in beside it goes on working
@in_demo_only
@require_http_methods(["GET", "POST"])
def phone_act(request, public_id, act):
    """Write down a key, a hang-up, a cut line, a text message; what cannot be sent stays in its field, with the reason."""
    row = get_object_or_404(SimulatorPhone, public_id=public_id)
    if request.method == "GET":
        return redirect(phone_url(row))
    form = None if act in PLAIN_ACTS else _form(request, act)
    if form is not None and not form.is_valid():
        return _refused(request, row, act, form)
    kind, values = (PLAIN_ACTS[act], {}) if form is None else _payload(form, act)
    problem = ""
    try:
        simulation.do(phone=row, kind=kind, at=timezone.now(), **values)
        if kind == ActKind.DIAL:
            simulation.let_first_caller_go(called=values["to"], at=timezone.now())
    except simulation.PhoneIsBusy:
        problem = _("Hang up before you dial again.")
    except simulation.NoCall:
        problem = _("No call goes on. Dial first.")
    if act == "typing":  # nobody pressed anything: there is nothing to tell
        return HttpResponse(status=204)
    if request.htmx and not problem:
        return HttpResponse(status=204, headers={"HX-Trigger": "phone-acted"})
    if problem:
        messages.error(request, problem)
    return redirect(phone_url(row))


def _refused(request, phone: SimulatorPhone, act: str, form: Form):
    """Show the form as it was typed and why it cannot be sent; what has no field on the screen is told above."""
    context = screen_context(phone)
    name = _form_shown(context["picture"], act)
    if request.htmx or not name or not form.errors.keys() & {field.name for field in form.visible_fields()}:
        messages.error(request, _("This could not be sent. Check what you typed."))
        return redirect(phone_url(phone))
    return _shown(request, context | {name: form}, status=422)


def _form_shown(picture, act: str) -> str:
    """Return the name of an act's form where the screen shows it now, or ""."""
    shown = {
        "dial": "" if picture.in_call else "dial_form",
        "speak": "words_form" if picture.records else "",
        "text": "text_form" if picture.phone.number else "",
    }
    return shown.get(act, "")
