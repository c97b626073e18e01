"""Wagtail's editor in the colours of the house, with a way back."""

import json
import re

import pytest
from django.test import RequestFactory
from django.urls import reverse
from wagtail.models import Page, get_page_models

from accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def page(editor):
    return editor.get(reverse("wagtailadmin_home")).content.decode()


def test_the_editor_wears_our_mark_and_colours(page):
    assert "mark.svg" in page
    assert re.search(r'<link rel="stylesheet" href="[^"]*css/editor[^"]*\.css">', page)
    assert "Wagtail</title>" not in page


def links(node):
    """Walk the packed menu: name and address of each item."""
    if isinstance(node, dict) and str(node.get("_type", "")).endswith("LinkMenuItem"):
        given = node["_args"][0]
        yield given["name"], given["url"]
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from links(child)


def test_the_menu_leads_back_to_work_and_brings_no_news_of_wagtail(page):
    menu = re.search(r'<script id="wagtail-sidebar-props"[^>]*>(.*?)</script>', page, re.DOTALL)[1]

    items = dict(links(json.loads(menu)))
    assert items["work"] == reverse("referral:directory")
    assert not [name for name in items if name.startswith(("whats-new", "editor-guide"))]


@pytest.mark.parametrize("model", [m for m in get_page_models() if m is not Page], ids=lambda m: m.__name__)
def test_a_new_pages_address_is_filled_from_its_name(model, editor):
    handler = model.get_edit_handler()
    request = RequestFactory().get("/")
    request.user = User.objects.get()
    form = handler.get_form_class()(instance=model(), for_user=request.user)

    html = handler.get_bound_panel(instance=model(), request=request, form=form).render_html()

    title = re.search(r'<input[^>]*name="title"[^>]*>', html)[0]
    assert 'data-w-sync-target-value="#id_slug"' in title
    assert 'name="slug"' in html
