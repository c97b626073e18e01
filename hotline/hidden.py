"""What was hidden from somebody while she acted in it is not there for her: one answer for every view."""

from django.http import Http404
from django.utils import timezone

from hotline.actions.own_rows import NamesHer
from hotline.actions.shielding import note_met


class HiddenMeanwhile:
    """Answers 404 where a contact was hidden from who acts between its look-up and her act; that she tried is on record."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        """Say nothing of it, as for whoever asks for what is hidden from her; the act itself is undone by now."""
        if isinstance(exception, NamesHer):
            note_met(public_id=exception.contact.public_id, by=request.user, at=timezone.now())
            raise Http404
