"""The operator console: the page, its live parts, what the operator is doing, and the call at hand."""

from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import TemplateView
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import User
from accounts.rules import allowed
from hotline import actions
from hotline.actions.answering import ANSWERING, keep_answering, leave_case
from hotline.actions.desks import SEEN_EVERY, keep_alive
from hotline.actions.follow_up import TALK_TOPICS, short_topics
from hotline.actions.in_hand import open_sheet
from hotline.choices import OFFLINE, LegRole, State
from hotline.forms.console import MEANT_FOR_A_CALL, PresenceForm, with_keys
from hotline.models import Contact
from hotline.queries import contacts_visible_to
from hotline.queries.alarm import alarm_of
from hotline.queries.answering import answerer_of
from hotline.queries.at_hand import call_at_hand
from hotline.queries.console import SHIFT_STATES, desk
from hotline.queries.in_hand import holder_of
from hotline.queries.notices import notice_mark
from hotline.queries.pulse import pulse
from hotline.queries.safety import safety_rows
from hotline.rules import RULES
from hotline.views.access import contact_for, go_to, in_local_time, reads, told_of
from hotline.views.conversation import thread_panel
from hotline.views.panels import live_panel, note_panel, sheet_panel

NO_SHEET = "none"  # stands in place of a sheet's mark on a page that has none: the parts have no place for one there


def console_url(contact: Contact | None = None, question: str = "") -> str:
    """Return the address of the console with a contact, and a question of its sheet, opened."""
    query = f"?contact={contact.public_id}" if contact else ""
    query += f"&q={question}" if contact and question else ""
    return reverse("hotline:console") + query


def live_context(request, contact: Contact | None, mark: str = "") -> dict:
    """Return what the live parts of the console show; `mark` is the one that was read a moment ago, where it was."""
    at = timezone.now()
    shown = desk(request.user, at=at, contact=contact, mark=mark)
    for bar in shown.bars:
        if bar.is_mine and bar.supervising and bar.supervising.waits_to_be_shown:
            actions.note_shown(contact=bar.contact, by=request.user, at=at)
    return {
        "desk": shown,
        "now": at,
        "shift_states": SHIFT_STATES,
        "talk_topics": with_keys(TALK_TOPICS),
        "meant_for_a_call": MEANT_FOR_A_CALL,
        "bars": [(bar, with_keys(short_topics(bar.contact.kind))) for bar in shown.bars],
        "opened": contact,
        "notice_mark": notice_mark(),
    }


class Console(TemplateView):
    """The console with the contact that is held, or one opened by hand."""

    template_name = "hotline/console.html"
    typed = (None, "")  # a text that was not sent: its form, and what its writer had seen

    def get(self, request, *args, **kwargs):
        """Show the console; with a contact that is erased, unknown or another country's it says so, and stays usable."""
        try:
            self.opened = _taken_up(request, _opened(request))
        except Http404:
            self.opened = None
            messages.warning(request, _("This contact is not here any more. It was erased, or its address is wrong."))
            return self.render_to_response(self.get_context_data(**kwargs), status=404)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        """Return the live parts, and the sheet of the contact at hand."""
        actions.release_lapsed_claims(at=timezone.now())
        context = super().get_context_data(**kwargs) | live_context(self.request, self.opened)
        shown = context["desk"].contact
        if shown is not None:
            context |= sheet_panel(self.request, shown, self.request.GET.get("q", ""))
            context |= note_panel(self.request, shown, holder=context["holder"]) if context["may_read"] else {}
            context["safety_rows"] = safety_rows(shown)
            context |= thread_panel(self.request, shown, *self.typed, may_read=context["may_read"])
        return context


def _opened(request) -> Contact | None:
    """Return the contact that the address opens by hand, or None; one that she may not open raises 404.

    A conversation that she answered and may not read on, for it became a colleague's case, is given back here.
    """
    if not (asked := _uuid(_asked(request)) if _asked(request) else ""):
        return None
    contact, at = contact_for(request.user, asked, "open_contact"), timezone.now()
    if answerer_of(contact, at) != request.user or allowed(request.user, RULES, "read_sheet", contact):
        return contact
    leave_case(contact=contact, by=request.user, at=at)
    return contact_for(request.user, asked, "open_contact")


def _taken_up(request, contact: Contact | None) -> Contact | None:
    """Let the open sheet of a visit, letter or report be hers who opens it, where nobody has it; that she reads it is on record."""
    user, at = request.user, timezone.now()
    if contact is None or contact.kind not in OFFLINE or contact.state != State.WRAP_UP:
        return contact
    if holder_of(contact, user, at) is not None or not reads(user, contact):
        return contact
    open_sheet(contact=contact, by=user, at=at)
    return contact_for(user, contact.public_id, "open_contact")


def _asked(request) -> str:
    """Return the public id of the contact that stands open on the page, or ""."""
    return request.GET.get("contact") or request.POST.get("contact", "")


def _of_sheet(request) -> Contact | None:
    """Return the contact whose sheet stands on a page that opened none by hand: hers until a moment ago, say."""
    mark = request.GET.get("sheet") or request.POST.get("sheet", "")
    rows = contacts_visible_to(request.user).select_related("line", "country", "case", "claimed_by", "owner")
    contact = rows.filter(public_id=_uuid(mark.partition(".")[0])).first() if "." in mark else None
    return contact if contact is not None and allowed(request.user, RULES, "open_contact", contact) else None


def _uuid(value: str) -> str:
    """Return a value that a UUID column accepts, or one that fits no row."""
    compact = value.replace("-", "").lower()
    is_hex = len(compact) == 32 and all(char in "0123456789abcdef" for char in compact)
    return value if is_hex else "00000000-0000-0000-0000-000000000000"


def live(request):
    """Answer the console's question whether anything changed: 204, or its live parts anew."""
    at = timezone.now()
    opened = _uuid(_asked(request)) if _asked(request) else ""
    beat = pulse(request.user, at=at, opened=opened)
    if beat.has_lapsed:
        actions.release_lapsed_claims(at=at)
        return live_parts(request)
    if beat.waits_for_end:
        actions.end_without_worker(at=at)
    if beat.seen_at and at - beat.seen_at > SEEN_EVERY:
        keep_alive(user=request.user, seen_at=beat.seen_at, at=at)
    if beat.answers_until and beat.answers_until < at + ANSWERING - SEEN_EVERY:
        keep_answering(contact=opened, by=request.user, at=at)
    if request.GET.get("seen") == beat.mark and request.GET.get("notice", "") == notice_mark():
        return HttpResponse(status=204)
    return live_parts(request, mark=beat.mark)


@in_local_time
def live_parts(request, *, mark: str = "", **more):
    """Return the live parts of the console anew; the whole page where the contact opened has gone meanwhile.

    From whom a conversation was taken over stays said as long as its page is open.
    """
    try:
        contact = _opened(request)
    except Http404:
        return HttpResponseClientRedirect(f"{console_url()}?{urlencode({'contact': _asked(request)})}")
    context = live_context(request, contact, mark)
    if context["desk"].contact is None and (left := _of_sheet(request)) is not None:
        context = live_context(request, left)
    shown = context["desk"].contact
    more.setdefault("taken_from", _taken_from(request))
    if shown is not None and request.GET.get("sheet") == NO_SHEET:
        return HttpResponseClientRedirect(console_url(contact))  # a colleague handed her call over, say
    return render(request, "hotline/_live.html", context | live_panel(request, shown, context["now"]) | more)


def _taken_from(request) -> User | None:
    """Return from whom the conversation on the page was taken over, as the page names her; None where nobody is named."""
    asked = request.GET.get("taken", "")
    rows = User.objects.filter(country_id=request.user.country_id)
    return rows.filter(public_id=_uuid(asked)).first() if asked else None


@require_GET
def at_hand(request):
    """Answer whether the call at hand is still as it was seen: 204, or its words anew; none when nothing is at hand."""
    call = call_at_hand(request.user)
    if call is None:
        return HttpResponse()
    if request.GET.get("seen") == call.mark:
        return HttpResponse(status=204)
    return render(request, "components/call_at_hand_link.html", {"call_at_hand": call})


@require_GET
def alarm(request):
    """Answer whether the alarm is still as it was seen: 204, or its words anew; none while there is nothing to tell."""
    now = alarm_of(request.user)
    if now is None or request.GET.get("seen", "") == now.mark:
        return HttpResponse(status=204)
    return render(request, "components/alarm_words.html", {"alarm": now})


@require_POST
def set_state(request):
    """Change what the operator is doing."""
    form = PresenceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was changed."))
    else:
        try:
            actions.set_presence(
                user=request.user, state=form.cleaned_data["state"], by=request.user, at=timezone.now()
            )
        except actions.NotReady:
            messages.error(request, _("End the call and wrap it up first."))
        except actions.BreakOwed as owed:
            words = _("You heard much that is hard. Your break goes until %(time)s; colleagues take the calls.")
            messages.warning(request, words % {"time": time_format(timezone.localtime(owed.until), "H:i")})
    return go_to(request, console_url())


@require_POST
def take(request, public_id):
    """Take a waiting call: one operator wins, the other reads who has it."""
    contact = contact_for(request.user, public_id, "take_call")
    try:
        actions.take_call(contact=contact, by=request.user, at=timezone.now())
    except actions.AlreadyTaken as taken:
        messages.warning(request, told_of(contact, _("%(name)s has taken this call.") % {"name": taken.holder}))
        return go_to(request, console_url())
    except actions.NobodyRings:
        messages.warning(request, _("Calls cannot be rung through now. The caller is put through to a telephone."))
        return go_to(request, console_url())
    except actions.NoTelephone:
        messages.warning(request, _("No call of this line can reach you: you have no verified telephone."))
        return go_to(request, "hotline:telephone")
    except actions.NotReady:
        messages.warning(request, _("Set yourself to “Ready” first, and wrap up the last call."))
        return go_to(request, console_url())
    return go_to(request, console_url(contact))


CONTROLS = {
    "hold": actions.hold,
    "unhold": actions.unhold,
    "mute": actions.mute,
    "unmute": actions.unmute,
    "end": actions.end_call,
    "interpreter": actions.ask_interpreter,
    "hand_over": actions.hand_over,
    "leave": actions.leave_call,
    "stay": actions.stay_in,
    "help": actions.ask_help,
    "no_help": partial(actions.release_third, role=LegRole.SUPERVISOR),
    "let_in": actions.let_in,
    "keep_out": actions.keep_out,
    "no_colleague": partial(actions.release_third, role=LegRole.COLLEAGUE),
    "take_over": actions.take_over,
    "not_now": actions.not_now,
    "no_service": partial(actions.release_third, role=LegRole.AGENCY),
    "no_interpreter": partial(actions.release_third, role=LegRole.INTERPRETER),
}
# Why an act of the bar was not done now.
NO_INTERPRETER = _("No interpreter can be rung for this call now. Ask a colleague or a supervisor.")
NOT_NOW: dict[type[Exception], str] = {
    actions.NobodyToRing: NO_INTERPRETER,
    actions.NobodyRings: NO_INTERPRETER,
    actions.NotConfirmed: _("Not confirmed by the network yet: the call would end with you. Wait a moment."),
    actions.OnHold: _("Take the caller back first: nobody leaves a caller on hold."),
    actions.CallerComing: _("The caller is not in the room yet. Wait a moment, then press it again."),
    actions.NotReady: _("Set yourself to “Ready” first, and wrap up the last call."),
    actions.NotInRoom: _("Your telephone is no longer in this call."),
}
# The same where an act means something else by it.
NOT_ASKED = _("This is not asked any more.")
NOT_NOW_OF: dict[tuple[str, type[Exception]], str] = {
    ("help", actions.NobodyRings): _("Nobody can be rung now: call your supervisor yourself, or the duty phone."),
    ("take_over", actions.NotInRoom): NOT_ASKED,
    ("not_now", actions.NotInRoom): NOT_ASKED,
}


@require_POST
def control(request, public_id, act):
    """Do an act of the bar: hold, mute, end, have somebody rung or let go, hand over, leave, take a colleague's call over."""
    contact = contact_for(request.user, public_id, "take_call")
    if act not in CONTROLS:
        raise Http404
    problem = ""
    try:
        CONTROLS[act](contact=contact, by=request.user, at=timezone.now())
    except tuple(NOT_NOW) as error:
        problem = NOT_NOW_OF.get((act, type(error)), NOT_NOW[type(error)])
    if request.htmx:
        return live_parts(request, bar_problem=problem)
    if problem:
        messages.warning(request, problem)
    return go_to(request, console_url(contact))
