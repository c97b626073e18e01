import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from cms import editors

pytestmark = pytest.mark.django_db


def test_migrating_lets_managers_edit_pages():
    call_command("migrate", verbosity=0)

    group = Group.objects.get(name="manager")
    assert group.permissions.filter(codename="access_admin").exists()
    assert sorted(group.page_permissions.values_list("permission__codename", flat=True)) == sorted(editors.PAGE_ACTS)


def test_grant_twice_changes_nothing():
    editors.grant()
    before = Group.objects.get(name="manager").permissions.count()

    editors.grant()

    assert Group.objects.get(name="manager").permissions.count() == before


def test_translators_do_not_enter_the_editor():
    editors.grant()

    assert not Group.objects.filter(name="translator", permissions__codename="access_admin").exists()
