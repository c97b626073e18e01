"""The agency's page: one address, one code, one answer. Nothing is shown before the code; every dead link looks the same."""

import secrets
from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from accounts.actions import count_attempt
from accounts.choices import ContactKind
from accounts.queries import client_address, contacts_of
from accounts.queries.clocks import zone_of
from referral import actions
from referral.choices import Basis, LinkPurpose
from referral.choices.cases import ACCEPT, DECLINE, HOLD, OFFER_QUESTIONS
from referral.forms.agency import ANSWER_HINTS, AnswerForm, CodeForm, DeletionForm
from referral.queries.sharing import givers_of
from referral.views.base import MOVED_ON, REFUSED, refusal

TRIES_AN_ADDRESS, WINDOW_SECONDS = 30, 600
SESSION_NAME, SENT_NAME = "agency_page", "agency_sent"
NEVER_KEPT, MOST_KEPT = {"csrfmiddlewaretoken", "note"}, 40  # fields, and signs of each, of an answer not taken


def _name(token: str) -> str:
    """Return under which name a session keeps the secret of a link; it says nothing of the token."""
    return actions.token_digest(token)[:16]


def _form_of(link) -> Callable:
    """Return what makes the form of what a link asks for."""
    if link.purpose == LinkPurpose.DELETION:
        return DeletionForm
    return partial(AnswerForm, need=link.referral.need)


def standing_answer(link) -> str:
    """Return the answer to a request as it stands, "" where it is still asked: the waiting list only by this very link."""
    state = link.referral.state
    if state == "on_hold":
        return HOLD if link.used_at else ""
    return {"accepted": ACCEPT, "in_progress": ACCEPT, "rejected": DECLINE}.get(state, "")


class Agency(View):
    """GET never uses the link up and shows no data; POST of the right code opens it for thirty minutes."""

    def dispatch(self, request, *args, **kwargs):
        """Answer with headers that leave no trace: nothing kept, not indexed; no page tells other sites its address."""
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def get(self, request, token):
        """Show the field for the code, or what this browser has opened."""
        at = timezone.now()
        link = actions.opened_link(token, self.secret(request, token), at)
        if link is not None:
            with timezone.override(zone_of(link.country_id)):
                return self.opened(request, link, at, **self.sent_before(request, link, token))
        try:
            link = actions.alive_link(token, at)
        except actions.DeadLink:
            return self.dead(request)
        return self.asking(request, link, CodeForm())

    def post(self, request, token):
        """Take the code, or the answer of a browser that gave it."""
        at = timezone.now()
        address = client_address(request)
        key = f"agency:address:{address}"
        if not count_attempt(key=key, limit=TRIES_AN_ADDRESS, seconds=WINDOW_SECONDS, at=at):
            slow = render(request, "referral/agency_slow.html", status=429)
            slow["Retry-After"] = str(WINDOW_SECONDS)
            return slow
        link = actions.opened_link(token, self.secret(request, token), at)
        if link is not None and request.POST.get("act") == "answer":
            with timezone.override(zone_of(link.country_id)):
                return self.answered(request, link, token, at)
        return self.coded(request, token, at)

    def secret(self, request, token) -> str:
        """Return what this browser holds for a link it opened."""
        return request.session.get(SESSION_NAME, {}).get(_name(token), "")

    def coded(self, request, token, at) -> HttpResponse:
        """Open the link with the code, or say that it was wrong."""
        form = CodeForm(request.POST)
        secret = secrets.token_urlsafe(24)
        try:
            link = actions.alive_link(token, at)
            if not form.is_valid():
                return self.asking(request, link, form, status=400)
            actions.redeem(token=token, code=form.cleaned_data["code"], secret=secret, at=at)
        except actions.DeadLink:
            return self.dead(request)
        except actions.WrongCode:
            return self.wrong(request, token, form, at)
        request.session[SESSION_NAME] = request.session.get(SESSION_NAME, {}) | {_name(token): secret}
        if not request.user.is_authenticated:
            request.session.set_expiry(0)
        return redirect("referral:agency", token)

    def wrong(self, request, token, form, at) -> HttpResponse:
        """Say how many tries are left; after the fifth the page is the dead one."""
        try:
            link = actions.alive_link(token, at)
        except actions.DeadLink:
            return self.dead(request)
        left = 5 - link.tries
        form.add_error("code", _("This is not the code. Tries left: %(left)s.") % {"left": left})
        return self.asking(request, link, form, status=400)

    def asking(self, request, link, form, status=200) -> HttpResponse:
        """Render the field for the code; what kind of letter it was is said, and nothing of the request."""
        context = {"form": form, "is_taken_back": link.purpose == LinkPurpose.DELETION}
        return render(request, "referral/agency_code.html", context, status=status)

    def dead(self, request) -> HttpResponse:
        """Render the one page for used, over, revoked and forged links."""
        return render(request, "referral/agency_dead.html", status=404)

    def opened(self, request, link, at, form=None, status=200, not_taken=()) -> HttpResponse:
        """Render what the agency may see now."""
        referral = link.referral
        with timezone.override(zone_of(link.country_id)):
            lines = [] if self.is_over(link) else actions.show(link=link, at=at)
            numbers = [one for one in contacts_of(link.country_id) if one.kind == ContactKind.HOTLINE and one.number]
            context = {
                "link": link,
                "referral": referral,
                "lines": lines,
                "stage": actions.stage_of(referral),
                "question": OFFER_QUESTIONS.get(referral.need, ""),
                "answer_hints": ANSWER_HINTS,
                "basis": Basis(referral.basis or Basis.DEFAULT).label,
                "form": form or _form_of(link)(),
                "number": numbers[0].number if numbers else "",
                "not_taken": not_taken,
                "givers": givers_of(referral, at),
            }
            return render(request, "referral/agency.html", context, status=status)

    def is_over(self, link) -> bool:
        """Tell whether nothing more is to be shown: declined, cancelled, a deletion."""
        return link.purpose == LinkPurpose.DELETION or link.referral.state not in (
            "requested", "on_hold", "accepted", "in_progress",
        )  # fmt: skip

    def answered(self, request, link, token, at) -> HttpResponse:
        """Write the answer down, once; another one than that which stands is not taken, and the page says so.

        What happened is shown by the page to which this leads, so that going back finds a page and sends nothing again.
        """
        form = _form_of(link)(request.POST)
        refused = ""
        if not self.not_taken(link, request.POST) and form.is_valid():
            refused = self.written(link, form, at)
            link.referral.refresh_from_db()
            link.refresh_from_db(fields=["used_at"])
        # another window may have been quicker by a moment
        if refused or form.errors or self.not_taken(link, request.POST):
            return self.not_written(request, link, token, at, form, refused)
        return redirect("referral:agency", token)

    def written(self, link, form, at) -> str:
        """Do the one action; return in words why it was refused, "" where it was not."""
        told = form.cleaned_data
        try:
            if link.purpose == LinkPurpose.DELETION:
                actions.confirm_deletion(link=link, at=at)
            else:
                actions.answer_by_link(
                    link=link, choice=told["answer"], reason=told["reason"], note=told["note"],
                    free_from=told["free_from"], at=at,
                )  # fmt: skip
        except MOVED_ON:
            return _("This request needs no answer any more. Thank you.")
        except REFUSED as error:
            return str(refusal(error))
        return ""

    def not_written(self, request, link, token, at, form, refused) -> HttpResponse:
        """Keep what was sent in the session that opened the link, for the page to which this leads.

        Not her own words, which stand nowhere unsealed: an answer with words that must be sent anew is shown at once.
        """
        if request.POST.get("note") and not self.not_taken(link, request.POST):
            if refused:
                form.add_error(None, refused)
            return self.opened(request, link, at, form, status=409 if refused else 400)
        names = [name for name in request.POST if name not in NEVER_KEPT]
        kept = urlencode({name: request.POST[name][:MOST_KEPT] for name in names[:MOST_KEPT]})
        before = request.session.get(SENT_NAME, {})
        request.session[SENT_NAME] = before | {_name(token): {"sent": kept, "refused": refused}}
        return redirect("referral:agency", token)

    def sent_before(self, request, link, token) -> dict:
        """Return what the page says once of an answer that could not be taken, and forget it."""
        before = request.session.get(SENT_NAME, {})
        if (kept := before.pop(_name(token), None)) is None:
            return {}
        request.session[SENT_NAME] = before
        sent = QueryDict(kept["sent"])
        if not_taken := self.not_taken(link, sent):
            return {"not_taken": not_taken}
        form = _form_of(link)(sent)
        if form.is_valid() and kept["refused"]:
            form.add_error(None, kept["refused"])
        return {"form": form}

    def not_taken(self, link, sent) -> tuple[str, str] | tuple[()]:
        """Return the answer that stands and the other one that was sent, in words; nothing where they agree."""
        words = dict(AnswerForm.base_fields["answer"].choices)
        stands, answer = standing_answer(link), sent.get("answer", "")
        if link.purpose == LinkPurpose.DELETION or stands in ("", answer) or answer not in words:
            return ()
        return str(words[stands]), str(words[answer])
