"""Country entries in the editor: whose they are, and that none is taken away unasked where readers would miss it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail import hooks

from accounts import rules
from languages.text import listed
from training import actions, queries
from training.models import Overlay
from training.queries.entries import entries_read


def _refuse_foreign(user, things) -> None:
    """Refuse an entry of another country to everybody but administrators."""
    for thing in things:
        if isinstance(thing, Overlay) and not (
            user.is_superuser or rules.allowed(user, rules.RULES, "edit_country", thing)
        ):
            raise PermissionDenied


@hooks.register("before_edit_snippet")
def edit_own_overlays(request, thing):
    """Let a manager change the entries of her own country only."""
    _refuse_foreign(request.user, [thing])


@hooks.register("before_delete_snippet")
def delete_own_overlays(request, things):
    """Let a manager delete the entries of her own country only."""
    _refuse_foreign(request.user, things)


@hooks.register("before_delete_snippet", order=2)  # after it was told what would be read instead
def keep_what_is_confirmed(request, things):
    """Refuse to delete a confirmed entry that readers of a live course have: its form takes the confirmation back, and
    shows first whom that reaches, and which courses nobody could begin any more."""
    kept = queries.missed_without([thing for thing in things if isinstance(thing, Overlay)])
    if not kept:
        return None
    messages.error(
        request,
        _(
            "Nothing was deleted. These entries are confirmed, and a course that is published shows or needs them: "
            "%(names)s. First take their confirmation back: the form shows whom that reaches. Then delete them."
        )
        % {"names": listed((str(thing) for thing in kept), get_language())},
    )
    if len(kept) > 1:
        return redirect("wagtailsnippets_training_overlay:list")
    return redirect("wagtailsnippets_training_overlay:edit", kept[0].pk)


@hooks.register("before_delete_snippet", order=1)  # after it was asked whose they are
def keep_what_says_otherwise(request, things):
    """Refuse to delete an entry of a curriculum behind which one for every curriculum says something else.

    Its readers would read other law from then on, and nobody would have said which kind of change that is.
    """
    gone = [thing for thing in things if isinstance(thing, Overlay)]
    others = {thing.pk: queries.other_text_behind(thing) for thing in gone}
    deleted = set(others)
    kept = [thing for thing in gone if others[thing.pk] and others[thing.pk].pk not in deleted]
    if not kept:
        return None
    messages.error(
        request,
        _(
            "Nothing was deleted. Without these entries, readers of their curriculum would read the entry for every "
            "curriculum, which says something else: %(names)s. First give each the words of that one: its form asks which "
            "kind of change that is, and shows whom it reaches. Then delete it."
        )
        % {"names": listed((str(thing) for thing in kept), get_language())},
    )
    return redirect("wagtailsnippets_training_overlay:list")


@hooks.register("before_delete_snippet", order=3)  # after it was asked which stay
def delete_one_by_one(request, things):
    """Refuse to delete many entries at once where readers have one of them: what that does is shown of each."""
    is_bulk = request.resolver_match.url_name == "wagtail_bulk_action"
    read = entries_read([thing for thing in things if isinstance(thing, Overlay)]) if is_bulk else []
    if not read:
        return None
    if len(things) == 1:
        return redirect("wagtailsnippets_training_overlay:delete", read[0].pk)
    messages.error(
        request,
        _(
            "Nothing was deleted. Readers have these entries, and what deleting one does is shown one entry at a time: "
            "%(names)s. Open each and choose Delete there."
        )
        % {"names": listed((str(thing) for thing in read), get_language())},
    )
    return redirect("wagtailsnippets_training_overlay:list")


@hooks.register("after_delete_snippet")
def follow_deleted_overlays(request, things):
    """Show courses without the country entries that were deleted."""
    gone = [thing for thing in things if isinstance(thing, Overlay)]
    if gone:
        actions.overlays_deleted(overlays=gone, by=request.user, at=timezone.now())
