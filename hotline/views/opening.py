"""The way from a contact's sheet to a case; without the person's yes it asks why first."""

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from accounts.rules import allowed
from hotline import triage
from hotline.actions import sheets
from hotline.actions.in_hand import InHand
from hotline.forms.opening import OpeningForm
from hotline.queries.sheets import newest_sheet
from hotline.rules import RULES
from hotline.views.access import became_case, contact_for, go_to, in_hand_words
from hotline.views.console import console_url
from referral.actions import NoPathwayForCountry
from referral.queries.runs import takes_new_cases


class OpenCase(FormView):
    """Open a case from the sheet; pressed again, it leads to the case that was opened and says so."""

    template_name = "hotline/open_case.html"
    form_class = OpeningForm

    def setup(self, request, *args, **kwargs):
        """Load the contact and what stands on its sheet."""
        super().setup(request, *args, **kwargs)
        self.contact = contact_for(request.user, kwargs["public_id"], "open_contact")
        self.sheet = newest_sheet(self.contact)

    def dispatch(self, request, *args, **kwargs):
        """Answer whoever may write on the sheet; to others say that it became a case."""
        if not allowed(request.user, RULES, "edit_sheet", self.contact):
            return became_case(request, self.contact)
        return super().dispatch(request, *args, **kwargs)

    @property
    def said(self) -> str:
        """Return the answer to the question whether the person may be written down."""
        return str(triage.answer_of(self.sheet.answers, "consent_case"))

    def get(self, request, *args, **kwargs):
        """Ask why; where there is nothing to ask, go back to the console, to the button that opens it.

        Where nothing on consent stands on the sheet yet it leads to the basis without it: who was cut off cannot be asked.
        """
        answers = self.sheet.answers
        if self.contact.case_id or not takes_new_cases(self.contact.country):
            return go_to(request, console_url(self.contact))
        if not triage.may_open_case(answers):
            return go_to(request, console_url(self.contact, triage.BASIS) + "&at=answer")
        if not triage.needs_reason(answers):
            return go_to(request, console_url(self.contact) + "#open-case")
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        """Open the case: at once with the button of the console, with a reason where the page asked for one."""
        return super().post(request, *args, **kwargs) if "said" in request.POST else self.open()

    def get_initial(self):
        """Return the reason that the sheet names already, and what the person said."""
        return {"reason": triage.reason_of(self.sheet.answers), "said": self.said}

    def get_context_data(self, **kwargs):
        """Add the contact and whether the answer was a no."""
        said_no, back = self.said == triage.NO, console_url(self.contact, "consent_case")
        return super().get_context_data(**kwargs) | {"contact": self.contact, "said_no": said_no, "back": back}

    def form_valid(self, form):
        """Open the case for the reason given."""
        return self.open(**form.cleaned_data)

    def open(self, **why):
        """Do it and go to the case, or say what stands in its way."""
        request, had_one = self.request, self.contact.case_id is not None
        try:
            case = sheets.open_case(contact=self.contact, by=request.user, at=timezone.now(), **why)
        except sheets.ReasonNeeded:
            return self.ask(why)
        except InHand as other:
            messages.error(request, in_hand_words(other))
            return go_to(request, console_url(self.contact))
        except sheets.ConsentNotAsked:
            messages.error(request, _("Ask for consent first, or write down the basis without consent."))
            return go_to(request, console_url(self.contact, "consent_case"))
        except NoPathwayForCountry:
            messages.error(
                request, _("This country has no published pathway yet. A programme manager must publish one.")
            )
            return go_to(request, console_url(self.contact))
        if had_one:
            words = _("This case was opened from this contact before. No second one was opened.")
            messages.info(
                request, f"{words} {_('For another person, open another case in the console or under Cases.')}"
            )
        return go_to(request, "referral:case_detail", code=case.code)

    def ask(self, why: dict):
        """Lead to the page that asks why; say so when the answer on it is no longer the one that stands."""
        if why:
            who = self.sheet.saved_by.get_short_name() if self.sheet.saved_by else "–"
            words = _("%(name)s saved another answer meanwhile. Read it, then answer again.")
            messages.warning(self.request, words % {"name": who})
        return go_to(self.request, "hotline:open_case", public_id=self.contact.public_id)
