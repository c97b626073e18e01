"""Where the editor offers "Copy": not on pages that exist once, nor on those a person may not edit."""

import pytest
from django.urls import reverse

from cms import editors
from cms.models import StandardPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(root, homes, person, sign_in):
    editors.grant()
    return sign_in(person("administrator", is_staff=True, is_superuser=True))


def offered(client, page):
    """Return where "Copy" of a page is offered: in the list of its parent, and in its own head."""
    act = reverse("wagtailadmin_pages:copy", args=[page.pk])
    seen = {
        "list": reverse("wagtailadmin_explore", args=[page.get_parent().pk]),
        "head": reverse("wagtailadmin_pages:edit", args=[page.pk]),
    }
    return {where for where, address in seen.items() if act in client.get(address, follow=True).content.decode()}


@pytest.mark.parametrize("name", ["front", "HT"])
def test_a_page_that_exists_once_is_not_offered_for_copying(administrator, homes, name):
    assert offered(administrator, homes[name]) == set()


def test_a_standing_page_is_still_offered(administrator, homes):
    page = homes["LR"].add_child(instance=StandardPage(title="Own", slug="own", heading_en="Own"))

    assert offered(administrator, page) == {"list", "head"}


def test_a_manager_is_offered_no_copy_of_another_countrys_page(editor, homes):
    own = homes["LR"].add_child(instance=StandardPage(title="Own", slug="own", heading_en="Own"))
    other = homes["HT"].add_child(instance=StandardPage(title="Other", slug="other", heading_en="Other"))

    assert (offered(editor, own), offered(editor, other)) == ({"list", "head"}, set())
