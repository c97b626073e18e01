"""What of the editor was deleted meanwhile: who sends its form gets back what she wrote; who opens an entry, a question or
the like, or deletes it once more, alone or with others, is led to the list.

The answer is made of what was sent; it says nothing of what was there. Everybody else gets the 404 she got before.
"""

import json
from dataclasses import dataclass

from django.apps import apps
from django.contrib import messages
from django.db import models
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.fields import StreamField
from wagtail.models import get_page_models
from wagtail.snippets.models import get_snippet_models

from cms.rules import EDITORS
from languages import table

FORMS = ("wagtailadmin_pages:edit", "wagtailimages:edit", "wagtaildocs:edit")
OF_ONE = ("edit", "delete", "copy", "history", "usage")  # pages of one entry, question or the like
FILES = ("wagtailimages.Image", "wagtaildocs.Document")
LISTS = {
    "wagtailcore.Page": "wagtailadmin_explore_root",
    "wagtailimages.Image": "wagtailimages:index",
    "wagtaildocs.Document": "wagtaildocs:index",
}
TEXTS = (models.CharField, models.TextField)


@dataclass(frozen=True)
class Typed:
    """One thing that was sent: what its field is called, and the words."""

    label: str
    words: str


class GoneFromEditor:
    """Answers where the editor would say that a page does not exist: 410 with the words that were sent, or the list."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 404 or not _is_by_editor(request):
            return response
        name = request.resolver_match.view_name
        room, _sign, what = name.rpartition(":")
        is_snippet = room.startswith("wagtailsnippets_")
        if request.method == "POST" and (name in FORMS or is_snippet and what == "edit"):
            return render(request, "cms/gone.html", {"typed": typed(request.POST)}, status=410)
        if way_out := f"{room}:list" if is_snippet and what in OF_ONE else _list_of_many(request.resolver_match):
            messages.warning(request, _("This is not there any more"))
            return redirect(way_out)
        return response


def _is_by_editor(request) -> bool:
    is_page = request.resolver_match is not None and request.headers.get("Accept") != "application/json"
    return is_page and request.user.is_authenticated and request.user.has_role(*EDITORS)


def _list_of_many(match) -> str:
    """Return the list in which things were chosen together that are gone, or "" where none were."""
    if match.view_name != "wagtail_bulk_action":
        return ""
    app, name, act = (match.kwargs[part] for part in ("app_label", "model_name", "action"))
    if not bulk_action_registry.get_bulk_action_class(app, name, act):
        return ""
    model = apps.get_model(app, name)
    if model in get_snippet_models():
        return model.snippet_viewset.get_url_name("list")
    return LISTS.get(model._meta.label, "")


def typed(sent) -> list[Typed]:
    """Return the words that somebody wrote in a form of the editor, in the order in which they were sent."""
    labels, found = _labels(), []
    for name, value in sent.items():
        part, _sign, rest = name.partition("-")
        is_text = name in labels or (part in labels and rest.partition("-value")[1])
        if words := _plain(value) if is_text else "":
            found.append(Typed(labels[part], words))
    return found


def _labels() -> dict[str, str]:
    """Return what each field for words is called, by its name in a form, in whatever kind of thing it stands."""
    found = {}
    for model in (*get_page_models(), *get_snippet_models(), *map(apps.get_model, FILES)):
        for field in model._meta.get_fields():
            if isinstance(field, (*TEXTS, StreamField)) and not field.choices and field.editable:
                base = field.name.removesuffix(f"_{table.SOURCE}")
                found.setdefault(field.name, capfirst(str(model._meta.get_field(base).verbose_name)))
    return {name: label for name, label in found.items() if name != "slug"}


def _plain(value: str) -> str:
    """Return the words of a field; the editor sends long texts as a list of paragraphs."""
    try:
        told = json.loads(value)
    except ValueError:
        return value.strip()
    if isinstance(told, dict) and isinstance(told.get("blocks"), list):
        return "\n".join(str(one.get("text", "")) for one in told["blocks"] if isinstance(one, dict)).strip()
    return value.strip()
