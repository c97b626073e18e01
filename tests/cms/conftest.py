"""What tests of the roof share: the roots that Wagtail's migrations make, and a manager who may enter the editor."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Collection, Locale, Page

from cms import editors


@pytest.fixture
def root(db):
    """The root of all pages, also where no migration made it."""
    Locale.objects.get_or_create(language_code="en")
    if not Collection.objects.filter(depth=1).exists():
        Collection.add_root(instance=Collection(name="Root"))
    return Page.objects.filter(depth=1).first() or Page.add_root(instance=Page(title="Root", slug="root"))


@pytest.fixture
def editor(root, person, liberia, sign_in):
    """A client signed in as a manager of Liberia, with the rights that the editing groups have."""
    editors.grant()
    manager = person("manager", country=liberia, is_staff=True)
    manager.groups.add(Group.objects.get(name="manager"))
    return sign_in(manager)
