"""Letters that could not leave: whom they were for, why, and what can be done."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import ListView

from accounts import actions
from accounts.queries import letters


class Letters(ListView):
    """The lost letters that the user is told of, oldest first."""

    template_name = "accounts/letters.html"
    paginate_by = 50

    def get_queryset(self):
        """Return those letters."""
        return letters.lost_letters_visible_to(self.request.user)

    def paginate_queryset(self, queryset, page_size):
        """Return the page asked for, or the nearest there is."""
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get("page"))
        return paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs):
        """Add the lines, and how many of them may go again."""
        context = super().get_context_data(**kwargs)
        lines = letters.lost_lines(context["object_list"], self.request.user)
        return context | {"lines": lines, "again": len(_at_once(lines))}


def _line(request, public_id) -> letters.Lost | None:
    """Return the line of a lost letter; None once somebody saw to it, as with a second press."""
    found = letters.lost_letters_visible_to(request.user).filter(public_id=public_id)
    lines = letters.lost_lines(found, request.user)
    if lines:
        return lines[0]
    if not letters.letters_visible_to(request.user).filter(public_id=public_id, settled_at__isnull=False).exists():
        raise Http404
    return None


def _settled(request):
    messages.info(request, _("This letter is off the list already."))
    return redirect("accounts:letters")


def _at_once(lines: list[letters.Lost]) -> list[letters.Lost]:
    """Return the lines that may go again without a look at each: not those whose address was refused."""
    return [line for line in lines if line.may_go_again and not line.has_bad_address]


def letter_again(request, public_id):
    """Send one invitation again."""
    line = _line(request, public_id)
    if line is None:
        return _settled(request)
    if not line.may_go_again:
        raise Http404
    try:
        actions.send_letter_again(letter=line.letter, by=request.user, at=timezone.now())
    except actions.NotAgain as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("A new link is on its way; the old one is closed."))
    return redirect("accounts:letters")


def letters_again(request):
    """Send every invitation again that the first page of the list shows and that may go."""
    lines = letters.lost_lines(letters.lost_letters_visible_to(request.user)[: Letters.paginate_by], request.user)
    due = [line.letter for line in _at_once(lines)]
    count = actions.send_letters_again(letters=due, by=request.user, at=timezone.now())
    words = ngettext("%(count)s invitation was sent again.", "%(count)s invitations were sent again.", count)
    messages.success(request, words % {"count": count})
    return redirect("accounts:letters")


def letter_off(request, public_id):
    """Take a letter off the list."""
    line = _line(request, public_id)
    if line is None:
        return _settled(request)
    actions.take_letter_off(letter=line.letter, by=request.user, at=timezone.now())
    messages.success(request, _("The letter is off the list."))
    return redirect("accounts:letters")
