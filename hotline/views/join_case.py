"""Joining a contact to a case that is open: the cases to choose from, then what will be joined, then the joining."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from accounts.rules import allowed
from hotline import triage
from hotline.actions import case_joining
from hotline.actions.in_hand import InHand
from hotline.actions.sheets import ContactIsErased
from hotline.forms.offline import FindCaseForm
from hotline.models import Contact
from hotline.queries.in_hand import holder_of
from hotline.queries.joinable import Joinable, is_joined, joinable
from hotline.queries.sheets import newest_sheet
from hotline.rules import RULES
from hotline.views.access import became_case, contact_for, go_to, in_hand_words
from hotline.views.console import console_url
from languages.text import clean
from referral import actions as referral
from referral.choices.cases import LEFT_BEHIND
from referral.models import Case
from referral.rules import RULES as CASE_RULES

NOT_THERE = 422


class JoinCase(TemplateView):
    """Join the contact to a case that this person works on, once she was shown which one it is."""

    template_name = "hotline/join_case.html"

    def dispatch(self, request, *args, **kwargs):
        """Answer whoever may write on the sheet; to others say that it became a case. Pressed twice, it is joined all the same."""
        self.contact = contact_for(request.user, kwargs["public_id"], "open_contact")
        if self._is_repeat():
            return self._say_joined(self.contact.case)
        if not allowed(request.user, RULES, "edit_sheet", self.contact) or self.contact.case_id:
            return became_case(request, self.contact)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, *args, **kwargs):
        """Show the cases, narrowed by a part of a code, or the one that was chosen."""
        if "case" in request.GET:
            return self._choose(request.GET["case"])
        form = FindCaseForm(request.GET or None)
        return self._list(form, _code_in(form))

    def post(self, request, *args, **kwargs):
        """Join it to the case that the page has shown; one that it has not shown is shown first."""
        code = request.POST.get("case", "")
        chosen = self._case(code)
        if chosen is None or request.POST.get("shown") != chosen.case.code:
            return self._choose(code)
        try:
            case = case_joining.join_case(contact=self.contact, case=chosen.case, by=request.user, at=timezone.now())
        except case_joining.ConsentRefused:
            messages.error(request, _("Ask for consent first, or write down the basis without consent."))
            return go_to(request, console_url(self.contact, "consent_case"))
        except InHand as other:
            messages.error(request, in_hand_words(other))
            return go_to(request, console_url(self.contact))
        except case_joining.CaseNotThere:
            return self._refuse(code)
        except case_joining.InAnotherCase:
            return _moved_on(request, self.contact)
        except ContactIsErased:
            return _not_there(request, self.contact)
        return self._say_joined(case)

    def _is_repeat(self) -> bool:
        """Tell whether the contact is joined already, to the very case that was shown, and this person may read that."""
        case, sent = self.contact.case, self.request.POST
        return (
            case is not None and case.code == sent.get("case") == sent.get("shown") and is_joined(self.contact)
            and allowed(self.request.user, CASE_RULES, "view_case", case)
        )  # fmt: skip

    def _say_joined(self, case: Case):
        """Lead to the case and say what was joined, and that nobody has the case where its owner lost it by that."""
        words = _(
            "Contact %(contact)s is joined to case %(case)s. If this is the wrong case, take the contact out of it on the"
            " page of the contact."
        )
        messages.success(self.request, words % {"contact": self.contact.code, "case": case.code})
        _say_left(self.request, case)
        return go_to(self.request, "referral:case_detail", code=case.code)

    def _case(self, code: str) -> Joinable | None:
        """Return the case of a whole code, however it is typed; None where it cannot be joined by this person."""
        wanted = _code_in(FindCaseForm({"code": code})).upper()
        found = joinable(self.request.user, self.contact, timezone.now(), wanted) if wanted else []
        return next((row for row in found if row.case.code == wanted), None)

    def _choose(self, code: str):
        """Show what will be joined to what, before it is; that the case was looked at is recorded."""
        row = self._case(code)
        if row is None:
            return self._refuse(code)
        owner = row.case.owner
        page = self._show(row=row, is_owner_named=owner is not None and self.contact.hides_from(owner)).render()
        referral.read_case(case=row.case, by=self.request.user, at=timezone.now())
        return page

    def _refuse(self, code: str):
        """Say that no case of this code can be joined, above those that can."""
        return self._list(FindCaseForm(), "", refused=clean(code).strip()[:16] or "–", status=NOT_THERE)

    def _list(self, form: FindCaseForm, code: str, *, refused: str = "", status: int = 200):
        rows = joinable(self.request.user, self.contact, timezone.now(), code.strip())
        return self._show(rows=rows, form=form, code=code, refused=refused, status=status)

    def _show(self, status: int = 200, **shown):
        """Show a step, and what would stand in the way of the last one: a colleague has the call, or no yes is written down."""
        holder = holder_of(self.contact, self.request.user, timezone.now())
        needs_yes = not triage.may_join_case(newest_sheet(self.contact).answers)
        context = self.get_context_data(
            contact=self.contact, back=console_url(self.contact), ask=console_url(self.contact, "consent_case"),
            holder=holder, needs_yes=needs_yes, **shown,
        )  # fmt: skip
        return self.render_to_response(context, status=status)


def _code_in(form: FindCaseForm) -> str:
    """Return the code that a form was sent, "" where it was sent none or one that no code can be, as with a hidden sign."""
    return form.cleaned_data["code"] if form.is_valid() else ""


@require_POST
def part_case(request, public_id):
    """Take the contact out of the case to which it was joined by mistake."""
    contact = contact_for(request.user, public_id, "open_contact")
    case = contact.case
    if not allowed(request.user, RULES, "edit_sheet", contact):
        return became_case(request, contact)
    if case is None or case.code != request.POST.get("case"):
        return _moved_on(request, contact)
    try:
        now = case_joining.part_case(contact=contact, case=case, by=request.user, at=timezone.now())
    except case_joining.InAnotherCase:
        return _moved_on(request, contact)
    except ContactIsErased:
        return _not_there(request, contact)
    except InHand as other:
        messages.error(request, in_hand_words(other))
    except case_joining.NotJoined:
        words = _("This contact stays with its case: the case began with it, or is closed.")
        messages.error(request, words)
    except case_joining.CaseIsHeld:
        messages.error(request, _("The case is held. Nothing of it is erased until the hold is lifted."))
    else:
        words = _("Contact %(contact)s is not in case %(case)s any more.")
        messages.success(request, words % {"contact": contact.code, "case": case.code})
        _say_left(request, now)
    return go_to(request, "hotline:contact", public_id=contact.public_id)


def _say_left(request, case: Case) -> None:
    """Say it of a case that nobody has, to whoever may give it to a colleague: nobody else reads it."""
    if case.owner_id is None:
        messages.warning(request, LEFT_BEHIND)


def _moved_on(request, contact: Contact) -> HttpResponse:
    """Say that the contact has another case by now, or none, and show it as it stands."""
    messages.warning(request, _("This contact is in another case now, or in none. Nothing was done."))
    return go_to(request, "hotline:contact", public_id=contact.public_id)


def _not_there(request, contact: Contact) -> HttpResponse:
    """Answer 404, as for whoever asks for what is hidden from her or erased, where it became so while she acted in it."""
    contact_for(request.user, contact.public_id, "open_contact")
    raise Http404
