"""A form of the editor whose page or entry was deleted meanwhile: its sender gets back what she wrote.

The answer is made of what was sent; it says nothing of what was there. Everybody else gets the 404 she got before.
"""

import json
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.shortcuts import render
from django.utils.text import capfirst
from wagtail.fields import StreamField
from wagtail.models import get_page_models
from wagtail.snippets.models import get_snippet_models

from cms.rules import EDITORS
from languages import table

FORMS = ("wagtailadmin_pages:edit", "wagtailimages:edit", "wagtaildocs:edit")
FILES = ("wagtailimages.Image", "wagtaildocs.Document")
TEXTS = (models.CharField, models.TextField)


@dataclass(frozen=True)
class Typed:
    """One thing that was sent: what its field is called, and the words."""

    label: str
    words: str


class GoneFromEditor:
    """Answers 410 with the words that were sent, where the editor would say that the page does not exist."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 404 or not _is_form_of_editor(request):
            return response
        return render(request, "cms/gone.html", {"typed": typed(request.POST)}, status=410)


def _is_form_of_editor(request) -> bool:
    name = getattr(request.resolver_match, "view_name", None) or ""
    is_form = name in FORMS or (name.startswith("wagtailsnippets_") and name.endswith(":edit"))
    is_sent = request.method == "POST" and request.headers.get("Accept") != "application/json"
    return is_sent and is_form and request.user.is_authenticated and request.user.has_role(*EDITORS)


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
