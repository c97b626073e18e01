"""Who is brought into a call: a service, whose enrolled number rings, or a colleague who takes it over."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.generic import FormView

from hotline import actions
from hotline.forms.services import ServiceForm
from hotline.forms.supervising import HandToForm
from hotline.queries.colleagues import colleagues_gone, colleagues_to_ask
from hotline.queries.sheets import speech_with
from hotline.queries.shields import services_to_bring
from hotline.views.access import contact_for, go_to
from hotline.views.console import NOT_NOW, console_url
from languages import table
from referral.queries.contacts import contacts_that_wait


class BringIn(FormView):
    """Choose a service of the directory, tick that the caller said yes, and have it rung."""

    template_name = "hotline/bring_in.html"
    form_class = ServiceForm

    def setup(self, request, *args, **kwargs):
        """Load the contact and the services that can be rung."""
        super().setup(request, *args, **kwargs)
        self.contact = contact_for(request.user, kwargs["public_id"], "take_call")
        self.agencies = services_to_bring(self.contact, timezone.now())

    def get_form_kwargs(self):
        """Return the services that the form offers."""
        return super().get_form_kwargs() | {"agencies": self.agencies}

    def get_context_data(self, **kwargs):
        """Add the way back, whether there is anything to choose, and how one may speak with the caller."""
        waiting = contacts_that_wait(self.contact.country_id or "", timezone.now())
        shown = {"contact": self.contact, "back": console_url(self.contact), "has_agencies": bool(self.agencies)}
        shown |= {"waiting": waiting, "speech": speech_with(self.contact)}
        return super().get_context_data(**kwargs) | shown

    def form_valid(self, form):
        """Have it rung, or say why it cannot be."""
        agency = next(one for one in self.agencies if str(one.public_id) == form.cleaned_data["agency"])
        try:
            actions.ask_agency(
                contact=self.contact, agency=agency, is_cold=form.cleaned_data["how"] == "leave", by=self.request.user,
                at=timezone.now(),
            )  # fmt: skip
        except (actions.CallerComing, actions.NotInRoom) as error:
            messages.warning(self.request, NOT_NOW[type(error)])
        except (actions.NobodyToRing, actions.NobodyRings):
            messages.warning(
                self.request, _("This service cannot be rung now. Try again, or give the caller its number.")
            )
        return go_to(self.request, console_url(self.contact))


def _words(person) -> str:
    """Return a colleague with her languages, each in its own letters."""
    spoken = [table.BY_CODE[code].own for code in person.speaks if code in table.BY_CODE]
    return f"{person} ({' · '.join(spoken)})"


class HandTo(FormView):
    """Choose a colleague who is ready, and ask her to take the call over; it stays where it is until she has it."""

    template_name = "hotline/hand_to.html"
    form_class = HandToForm

    def setup(self, request, *args, **kwargs):
        """Load the contact and who may be asked."""
        super().setup(request, *args, **kwargs)
        self.contact = contact_for(request.user, kwargs["public_id"], "take_call")
        self.people = colleagues_to_ask(self.contact, request.user, timezone.now())

    def get_initial(self):
        """Return the only colleague as chosen: she is asked, and may say no. Who comes in her place is chosen by hand."""
        only = {"person": str(self.people[0].public_id)} if len(self.people) == 1 else {}
        return super().get_initial() | only

    def get_form_kwargs(self):
        """Return the colleagues that the form offers."""
        return super().get_form_kwargs() | {"people": self.people, "words": _words}

    def get_context_data(self, **kwargs):
        """Add the way back, whether there is anybody to choose, and how one may speak with the caller."""
        mark = " ".join(str(one.public_id) for one in self.people)
        shown = {"contact": self.contact, "back": console_url(self.contact), "has_people": bool(self.people)}
        shown |= {"mark": mark, "speech": SimpleLazyObject(partial(speech_with, self.contact))}
        return super().get_context_data(**kwargs) | shown

    def form_valid(self, form):
        """Ask the colleague, or say why it cannot be."""
        person = next(one for one in self.people if str(one.public_id) == form.cleaned_data["person"])
        try:
            actions.ask_colleague(contact=self.contact, person=person, by=self.request.user, at=timezone.now())
        except (actions.CallerComing, actions.NotInRoom) as error:
            messages.warning(self.request, NOT_NOW[type(error)])
        except (actions.NobodyToRing, actions.NobodyRings):
            messages.warning(self.request, _("This colleague cannot be asked now. Choose somebody else."))
        return go_to(self.request, console_url(self.contact))


class HandToLive(HandTo):
    """Who may be asked now, asked every two seconds: 204, or the choice anew with what was chosen, and who is gone from it."""

    template_name = "hotline/_hand_to.html"
    http_method_names = ("get",)

    def get_initial(self):
        """Return whom the page has chosen."""
        return super().get_initial() | {"person": self.request.GET.get("person", "")}

    def render_to_response(self, context, **kwargs):
        """Answer that nothing changed, or show the choice."""
        seen = self.request.GET.get("seen", "")
        if seen == context["mark"]:
            return HttpResponse(status=204)
        gone = colleagues_gone(self.request.user, seen.split(), self.people)
        return super().render_to_response(context | {"is_renewed": True, "gone": gone}, **kwargs)
