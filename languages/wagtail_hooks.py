"""What the editor of pages must do for translations: copy units with pages, refuse aliases."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Page

from languages import actions
from languages.columns import translated_fields


@hooks.register("before_copy_page")
def refuse_alias(request, page):
    """Refuse an alias: it would keep translations of its own that nobody sees to."""
    if request.method == "POST" and request.POST.get("alias"):
        messages.error(request, _("A page exists once, in all languages: make a copy instead of an alias."))
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None


@hooks.register("after_copy_page")
def carry_units(request, page, new_page):
    """Copy the translations with the page, and with what stands under it, pairing both trees in order."""
    originals = page.get_descendants(inclusive=True).order_by("path").specific()
    copies = new_page.get_descendants(inclusive=True).order_by("path").specific()
    if len(originals) != len(copies):
        originals, copies = [page.specific], [new_page.specific]
    pairs = [(old, new) for old, new in zip(originals, copies, strict=True) if _is_translated(old, new)]
    actions.copy_units(pairs, by=str(request.user.public_id), at=timezone.now())


def _is_translated(original: Page, copy: Page) -> bool:
    return type(original) is type(copy) and bool(translated_fields(type(original)))
