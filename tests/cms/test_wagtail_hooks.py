"""Wagtail's editor in the colours of the house, with a way back."""

import json
import re

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


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
