"""What the forms of this room do when somebody else changed the same thing while one was open."""

from accounts.forms.differences import differences


class ShowsBoth:
    """A form page that shows what was sent beside what stands now; its first values hold the mark `seen`."""

    told = None

    def get_form_kwargs(self):
        """Give the form what was sent, with the new mark where it is shown again."""
        kwargs = super().get_form_kwargs()
        return kwargs if self.told is None else kwargs | {"data": self.told}

    def show_both(self, sentence: str):
        """Show both; saving it again is a new act on what stands now."""
        first = self.get_initial()
        self.told = self.request.POST.copy()
        self.told["seen"] = first["seen"]
        sent = self.get_form()
        sent.add_error(None, sentence)
        stands = differences(self.form_class(initial=first), sent)
        return self.render_to_response(self.get_context_data(form=sent, stands=stands), status=409)
