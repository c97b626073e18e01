"""What follows in this room when somebody signs in: who keeps a country hears of cases there that nobody sees."""

from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.template.loader import render_to_string
from django.utils import translation

from accounts.choices import Role
from referral.queries.unserved import unserved_for


@receiver(user_logged_in, dispatch_uid="referral.tell_unserved")
def tell_unserved(sender, request, user, **kwargs):
    """Tell an administrator on the page to which signing in leads; a manager's, the editor's first page, says it itself."""
    if request is None or not user.has_role(Role.ADMINISTRATOR):
        return
    with translation.override(user.language):
        for row in unserved_for(user):
            messages.warning(request, render_to_string("referral/_unserved.html", {"row": row}), fail_silently=True)
