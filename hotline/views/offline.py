"""Contacts that no telephone brings, and what binds a contact to other contacts, or hides it."""

import uuid

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from accounts.rules import allowed
from hotline.actions import same_person, shielding
from hotline.actions.written_down import WrittenOtherwise, write_down
from hotline.forms.offline import OfflineForm, ShieldForm, UndoLinkForm, new_key
from hotline.models import ContactLink
from hotline.queries.contacts import contacts_visible_to
from hotline.queries.log import lines_of
from hotline.queries.shields import kept_out_by, offices_to_name, people_to_name, shields_of
from hotline.rules import RULES
from hotline.views.access import contact_for, go_to
from hotline.views.console import console_url

SHIELD_FAULTS = {
    "nobody_left": gettext_lazy("Not hidden: nobody of this country would be left who could go on with it."),
    "talking": gettext_lazy("Not hidden: you talk to the person now, and would lose the call. End the call first."),
}


class WriteDown(FormView):
    """Write down a visit, a letter, a message from the radio or a report of the community.

    Each page has a key in its address. Who goes back to it after the contact was made comes to that contact's sheet.
    """

    template_name = "hotline/write_down.html"
    form_class = OfflineForm

    def get(self, request, *args, **kwargs):
        """Show the form of this key, or the contact that was made with it; a page without a key gets one."""
        key = _key(request.GET.get("key", ""))
        if key is None:
            return go_to(request, f"{request.path}?key={new_key()}")
        made = contacts_visible_to(request.user).filter(public_id=key).first()
        return go_to(request, console_url(made)) if made else super().get(request, *args, **kwargs)

    def get_initial(self):
        """Return the key that stands in the address."""
        return super().get_initial() | {"key": _key(self.request.GET.get("key", "")) or new_key()}

    def get_form_kwargs(self):
        """Return the lines of the country, and which day it is there."""
        return super().get_form_kwargs() | {"lines": lines_of(self.request.user), "today": timezone.localdate()}

    def form_valid(self, form):
        """Make the contact and open its sheet."""
        told = {name: form.cleaned_data[name] for name in ("key", "kind", "happened_on", "language", "line")}
        try:
            contact = write_down(**told, by=self.request.user, at=timezone.now())
        except WrittenOtherwise:
            form.begin_anew()
            return self.form_invalid(form)
        return go_to(self.request, console_url(contact))

    def form_invalid(self, form):
        """Show what to correct."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


def _key(words: str) -> uuid.UUID | None:
    """Return the key that stands in an address, None where it is none."""
    try:
        return uuid.UUID(words)
    except ValueError:
        return None


class OfContact(FormView):
    """A form about one contact that this person may open."""

    action = "open_contact"

    def dispatch(self, request, *args, **kwargs):
        """Load the contact."""
        self.contact = contact_for(request.user, kwargs["public_id"], self.action)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        """Return the contact beside the form."""
        return super().get_context_data(**kwargs) | {"contact": self.contact, "back": console_url(self.contact)}

    def form_invalid(self, form):
        """Show what to correct."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


@require_POST
def link(request, public_id, other):
    """Say that two contacts of one number are of one person."""
    contact = contact_for(request.user, public_id, "see_number")
    theirs = contact_for(request.user, other, "see_number")
    try:
        same_person.link_contacts(contact=contact, other=theirs, by=request.user, at=timezone.now())
    except same_person.CannotLink:
        messages.error(request, _("These two cannot be linked: no number says that they are of one person."))
    return go_to(request, "hotline:contact", public_id=contact.public_id)


@require_POST
def unlink(request, public_id, link):
    """Take back that two contacts are of one person, and keep why."""
    contact = contact_for(request.user, public_id, "see_number")
    row = get_object_or_404(ContactLink.objects.all(), pk=link)
    for one in (row.one, row.other):
        contact_for(request.user, one.public_id, "see_number")
    form = UndoLinkForm(request.POST)
    if contact.pk in (row.one_id, row.other_id) and form.is_valid():
        same_person.undo_link(link=row, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
    else:
        messages.error(request, _("Choose why they are not of one person."))
    return go_to(request, "hotline:contact", public_id=contact.public_id)


class HideContact(OfContact):
    """Hide the contact from people whom it names; show from whom it is hidden."""

    template_name = "hotline/hide_contact.html"
    form_class = ShieldForm
    action = "shield_contact"

    def get_form_kwargs(self):
        """Return whom it can name."""
        country = self.contact.country_id
        return super().get_form_kwargs() | {"offices": offices_to_name(country), "people": people_to_name(country)}

    def get_context_data(self, **kwargs):
        """Return from whom it is hidden already."""
        may_lift = allowed(self.request.user, RULES, "lift_shield", self.contact)
        return super().get_context_data(**kwargs) | {"shields": shields_of(self.contact), "may_lift": may_lift}

    def form_valid(self, form):
        """Show whom it would keep out, then hide it; whoever is among the hidden ones is led away."""
        kept_out = kept_out_by(self.contact, **form.whom)
        if form.cleaned_data["shown"] != kept_out.mark:
            form.having_shown(kept_out.mark)
            is_me = self.request.user in kept_out.people
            return self.render_to_response(self.get_context_data(form=form, kept_out=kept_out, is_me=is_me))
        try:
            shield = shielding.shield_contact(
                contact=self.contact, by=self.request.user, at=timezone.now(), **form.whom
            )
        except shielding.ShieldRefused as refused:
            form.add_error(None, SHIELD_FAULTS[refused.code])
            return self.form_invalid(form)
        if any(one == shield and not one.people for one in shields_of(self.contact)):
            messages.error(self.request, _("No account of the line is of this office. Choose the account."))
        else:
            messages.success(self.request, _("Hidden. The supervisors who may see it are told."))
        if not contacts_visible_to(self.request.user).filter(pk=self.contact.pk).exists():
            return go_to(self.request, "hotline:call_log")
        return go_to(self.request, "hotline:hide_contact", public_id=self.contact.public_id)


@require_POST
def lift(request, public_id, shield):
    """Let people see the contact again."""
    contact = contact_for(request.user, public_id, "lift_shield")
    shielding.lift_shield(shield=get_object_or_404(contact.shields, pk=shield), by=request.user, at=timezone.now())
    return go_to(request, "hotline:hide_contact", public_id=contact.public_id)
