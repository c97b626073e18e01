"""What the editor of pages must do for translations: copy units with pages, refuse aliases, tell what went out of date."""

from collections import Counter
from urllib.parse import urlencode

from django.contrib import messages
from django.db import models, transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.actions.unpublish import UnpublishAction
from wagtail.admin import messages as editor_messages
from wagtail.models import Page

from languages import actions, queries, table
from languages.columns import translated_fields
from languages.revisions import SourceOnlyRevisions, changing

LAST = 1000  # after every hook that may refuse


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


@hooks.register("before_unpublish_page", order=LAST)
def take_off_whole(request, page):
    """Take a page off with what follows it, or not at all; the editor finds it done, and the pages below as asked."""
    if isinstance(page, SourceOnlyRevisions):
        with transaction.atomic():
            page.unpublish(user=request.user)
            if request.POST.get("include_descendants"):
                _take_off_below(page, request.user)


def _take_off_below(page: Page, user) -> None:
    for below in page.get_descendants().live().specific():
        if below.permissions_for_user(user).can_unpublish():
            below.unpublish(user=user)


@hooks.register("before_unpublish", order=LAST)
def take_off_thing_whole(request, thing):
    """Take off what is no page with what follows it, or not at all; the editor finds it done."""
    if isinstance(thing, SourceOnlyRevisions):
        with transaction.atomic():
            changing.send(sender=type(thing), thing=thing)
            UnpublishAction(thing, user=request.user).execute(skip_permission_checks=True)  # the editor has asked


@hooks.register("after_publish_page")
@hooks.register("after_publish")
def tell_what_went_out_of_date(request, thing):
    """Say how many texts in which languages a publish put out of date, with the way to each at the desk."""
    counts = _went_out_of_date(thing)
    if counts is not None:
        model, pk = thing._meta.label_lower, thing.pk

        def address(code):
            return reverse("desk:thing", args=[model, pk, code])

        _tell(request, counts, address)
        _tell_untranslated(request, _untranslated(thing), address)


@hooks.register("after_bulk_action")
def tell_what_went_out_of_date_together(request, action_type, objects, action):
    """Say the same of pages that were published together, with the way to the gravest text of each language."""
    if action_type != "publish" or not issubclass(action.model, Page):
        return
    counted = [_went_out_of_date(page) for page in _published_together(objects, action)]
    together = sum((Counter(counts) for counts in counted if counts), Counter())
    if any(counts is not None for counts in counted):

        def address(code):
            return f"{reverse('desk:next')}?{urlencode({'language': code})}"

        new = sum((Counter(_untranslated(page)) for page in _published_together(objects, action)), Counter())
        for tell, many in ((_tell, together), (_tell_untranslated, new)):
            tell(request, {code: many[code] for code in table.CODES if code in many}, address)


def _published_together(pages: list[Page], action) -> list[Page]:
    """Return pages that were published by one act: those that were marked, and where asked for what stands below."""
    ids = {page.pk for page in pages}
    if action.cleaned_form.cleaned_data.get("include_descendants"):
        for page in Page.objects.filter(pk__in=ids).exclude(last_published_at=None):
            below = page.get_descendants().filter(last_published_at__gte=page.last_published_at)
            ids.update(below.values_list("pk", flat=True))
    return list(Page.objects.filter(pk__in=ids).order_by("path").specific())


def _went_out_of_date(thing) -> dict[str, int] | None:
    """Return how many texts of a thing its publish put out of date, by language; None where nothing can have gone."""
    if not translated_fields(type(thing)):
        return None
    live = models.QuerySet(type(thing)).get(pk=thing.pk)
    if live.live_revision_id != live.latest_revision_id or len(queries.live_languages(live)) < 2:
        return None  # it goes live later, or nothing of it is translated
    return queries.put_out_of_date(live, live.last_published_at)


def _untranslated(thing) -> dict[str, int]:
    """Return how many texts of a thing are new by its publish and in no translation, by language; {} where it has none."""
    live = models.QuerySet(type(thing)).get(pk=thing.pk)
    is_live = translated_fields(type(thing)) and live.live_revision_id == live.latest_revision_id
    return queries.left_untranslated(live, live.last_published_at) if is_live else {}


def _tell_untranslated(request, counts: dict[str, int], address) -> None:
    if counts:
        most = max(counts.values())
        told = ngettext(
            "%(count)s new text has no translation yet: readers of other languages read it in English, marked.",
            "%(count)s new texts have no translation yet: readers of other languages read them in English, marked.",
            most,
        ) % {"count": most}
        editor_messages.warning(request, told, buttons=_buttons(counts, address))


def _buttons(counts: dict[str, int], address) -> list:
    return [
        editor_messages.button(address(code), f"{table.BY_CODE[code].own}: {count}") for code, count in counts.items()
    ]


def _tell(request, counts: dict[str, int], address) -> None:
    if not counts:
        editor_messages.info(request, _("No translation went out of date."))
        return
    editor_messages.warning(
        request, _out_of_date(sum(counts.values()), len(counts)), buttons=_buttons(counts, address)
    )


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
