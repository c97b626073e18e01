"""No page of the site can be made private: the number of the line stays in everybody's reach."""

import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction, Site, get_page_models

pytestmark = [pytest.mark.django_db, pytest.mark.either]

PASSWORD = {"restriction_type": "password", "password": "open", "groups": ""}


@pytest.fixture
def pages(homes, curriculum):
    """One page of every kind that a manager of Liberia works on."""
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "testserver", "root_page": homes["front"], "site_name": "Fanal"}
    )
    homes["LR"].save_revision().publish()
    return {"home": homes["LR"], "curriculum": curriculum}


@pytest.mark.parametrize("kind", ["home", "curriculum"])
@pytest.mark.parametrize("act", ["get", "post"])
def test_nobody_makes_a_page_private(editor, pages, kind, act):
    page = pages[kind]

    answer = getattr(editor, act)(reverse("wagtailadmin_pages:set_privacy", args=[page.pk]), PASSWORD, follow=True)

    assert answer.status_code == 404
    assert not PageViewRestriction.objects.exists()


@pytest.mark.parametrize("kind", ["home", "curriculum"])
def test_the_editor_offers_no_privacy(editor, pages, kind):
    page = editor.get(reverse("wagtailadmin_pages:edit", args=[pages[kind].pk]))

    assert page.status_code == 200
    assert BeautifulSoup(page.content, "html.parser").find(string=re.compile("privacy|Visible to")) is None


@pytest.mark.both
@pytest.mark.parametrize("kind", ["home", "curriculum"])
@pytest.mark.parametrize("kind_of_lock", ["password", "login", "groups"])
def test_a_restriction_from_an_old_backup_keeps_nobody_from_the_page(pages, kind, kind_of_lock):
    page = Page.objects.get(pk=pages[kind].pk)
    PageViewRestriction.objects.create(page=page, restriction_type=kind_of_lock, password="open")

    answer = Client().get(f"/en{page.get_url()}" if not page.get_url().startswith("/en") else page.get_url())

    assert answer.status_code == 200
    assert 'type="password"' not in answer.content.decode()


def test_every_kind_of_page_has_no_privacy_to_choose():
    assert [model for model in get_page_models() if model.private_page_options] == []
