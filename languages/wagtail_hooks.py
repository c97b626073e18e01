"""What the editor of pages must do for translations: copy units with pages, refuse aliases, tell what went out of date."""

from django.contrib import messages
from django.db import models
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin import messages as editor_messages
from wagtail.models import Page

from languages import actions, queries, table
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


@hooks.register("after_publish_page")
@hooks.register("after_publish")
def tell_what_went_out_of_date(request, thing):
    """Say how many texts in which languages a publish put out of date, with the way to each at the desk."""
    if not translated_fields(type(thing)):
        return
    live = models.QuerySet(type(thing)).get(pk=thing.pk)
    if live.live_revision_id != live.latest_revision_id or len(queries.live_languages(live)) < 2:
        return  # it goes live later, or nothing of it is translated
    counts = queries.put_out_of_date(live, live.last_published_at)
    if not counts:
        editor_messages.info(request, _("No translation went out of date."))
        return
    buttons = [
        editor_messages.button(
            reverse("desk:thing", args=[live._meta.label_lower, live.pk, code]), f"{table.BY_CODE[code].own}: {count}"
        )
        for code, count in counts.items()
    ]
    editor_messages.warning(request, _out_of_date(sum(counts.values()), len(counts)), buttons=buttons)


def _out_of_date(texts: int, languages: int) -> str:
    told = ngettext(
        "%(count)d translated text is out of date now.", "%(count)d translated texts are out of date now.", texts
    ) % {"count": texts}
    where = ngettext("It concerns %(count)d language.", "It concerns %(count)d languages.", languages) % {
        "count": languages
    }
    return f"{told} {where} " + _(
        "Readers see these texts marked until they are translated anew. Open them at the desk:"
    )
