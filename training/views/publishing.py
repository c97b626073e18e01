"""What publishing does: the page that an editor reads before she presses the button a second time."""

from django.contrib import messages
from django.db import models
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from wagtail import hooks
from wagtail.admin import messages as editor_messages
from wagtail.models import Page

from accounts.views.clocks import in_own_time
from languages.clocks import timed
from training import actions, queries
from training.actions.shipped import editor_of
from training.forms import ShownForm, said_of_need, said_of_publishing
from training.models import Course, Curriculum, Lesson, Module, Question, Scenario

KINDS = {one._meta.model_name: one for one in (Curriculum, Course, Module, Lesson, Question, Scenario)}


@require_GET
@in_own_time
def publishing(request, kind, pk):
    """Show what publishing the latest draft of a page of the school, a question or a story will do; nothing is written.

    Who comes from the button "Publish" of its form, with the draft in hand, finds here the button that publishes it.
    """
    thing, now = _thing(kind, pk), timezone.now()
    found = queries.publishing(thing, at=now, country=request.user.country_id or "")
    mark = request.GET.get("mark", "")
    context = {
        "found": found,
        "kind": kind,
        "editor": editor_of(found.thing),
        "mark": mark if actions.is_shown_draft(thing, mark, request.user) else "",
        "is_later": _is_later(found.thing),
    }
    if found.thing.expire_at and found.thing.expire_at > now:
        context |= {"end": found.thing.expire_at, "off": queries.taking_off(thing, request.user, at=now)}
    return render(request, "training/publishing.html", context)


@require_POST
@in_own_time
def publish(request, kind, pk):
    """Publish the draft of which the page told what it does."""
    thing = _thing(kind, pk)
    form = ShownForm(request.POST)
    try:
        actions.publish_draft(thing=thing, mark=form.data.get("mark", "") if form.is_valid() else "", by=request.user)
    except actions.DraftChanged:
        told = _(
            "Nothing was published: another draft was saved after the one that you were shown. Here is what the new one "
            "does. To publish it, open it in the editor and press Publish."
        )
        messages.error(request, told)
        return redirect("training:publishing", kind, pk)
    except actions.CourseOfOthers as theirs:
        messages.error(request, said_of_publishing(theirs.refusal))
        return redirect("training:publishing", kind, pk)
    except actions.QuestionNeeded as needed:
        messages.error(request, said_of_need(needed.lack))
        return redirect("training:publishing", kind, pk)
    except actions.NothingWaits:
        messages.info(request, _("Nothing is left to publish: the latest draft was published or planned already."))
        return redirect("training:publishing", kind, pk)
    thing = _thing(kind, pk)
    _tell(request, thing)
    for follow in hooks.get_hooks("after_publish_page" if isinstance(thing, Page) else "after_publish"):
        follow(request, thing)
    return redirect(_list_of(thing))


def shown_first(request, thing: models.Model):
    """Answer the first press of Publish, where readers have the thing already, with the page of what it will do.

    The form was found fit and its draft was kept a moment ago.
    """
    if not is_shown_first(thing):
        return None
    kind = thing._meta.model_name
    mark = actions.draft_mark(_thing(kind, thing.pk).latest_revision, request.user)
    return redirect(f"{reverse('training:publishing', args=[kind, thing.pk])}?{urlencode({'mark': mark})}")


def is_shown_first(thing: models.Model) -> bool:
    """Tell whether publishing a thing is shown before it is done.

    What readers have is, and a lesson, course, question or story that they had while somebody is in its course; and a
    lesson or story that is new in a course which they have: who finished it may be asked for one more. A module that they
    do not have is where its lessons come back with it, or where it is to be taken off at a time.
    """
    if KINDS.get(thing._meta.model_name) is not type(thing):
        return False
    was_live = thing.first_published_at is not None
    if isinstance(thing, Module) and thing.expire_at:
        return True
    if was_live and thing.live:
        return True
    if isinstance(thing, Module):
        return was_live and queries.is_begun(thing) and bool(queries.lessons_back(thing))
    if was_live and not isinstance(thing, Curriculum) and queries.is_begun(thing):
        return True
    return isinstance(thing, (Lesson, Scenario)) and queries.courses_of(thing).exists()


def _thing(kind: str, pk: int) -> models.Model:
    thing = models.QuerySet(KINDS[kind]).filter(pk=pk).first() if kind in KINDS else None
    if thing is None:
        raise Http404
    return thing


def _is_later(draft: models.Model) -> bool:
    """Tell whether a draft is planned: published now, it goes live at a time that was chosen."""
    return draft.go_live_at is not None and draft.go_live_at > timezone.now()


def tell_schedule(request, thing: models.Model) -> None:
    """Say when what was published goes live and when it is taken off, where that was planned, and by which clock."""
    draft, now = thing.get_latest_revision_as_object(), timezone.now()
    if _is_later(draft):
        told = _("It goes live on %(time)s, as chosen in the editor.")
        messages.info(request, told % {"time": timed(draft.go_live_at)})
    if draft.expire_at and draft.expire_at > now:
        told = _("At %(when)s it is taken off by itself, as its schedule says.")
        messages.info(request, told % {"when": timed(draft.expire_at)})


def _tell(request, thing: models.Model) -> None:
    name = thing.get_admin_display_title() if isinstance(thing, Page) else str(thing)
    is_planned = thing.live_revision_id != thing.latest_revision_id
    told = _("“%(name)s” goes live at the time that was chosen.") if is_planned else _("“%(name)s” is published.")
    buttons = [editor_messages.button(editor_of(thing), _("Edit"))]
    if isinstance(thing, Page) and thing.url:
        buttons.insert(0, editor_messages.button(thing.url, _("View live"), new_window=False))
    editor_messages.success(request, told % {"name": name}, buttons=buttons)


def _list_of(thing: models.Model) -> str:
    if isinstance(thing, Page):
        return reverse("wagtailadmin_explore", args=[thing.get_parent().pk])
    return reverse(f"wagtailsnippets_training_{thing._meta.model_name}:list")
