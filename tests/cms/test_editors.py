import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Country
from cms import editors
from cms.models import FrontPage, HomePage, SafetySettings, StandardPage

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


@pytest.fixture
def homes(root, liberia):
    """The homes of Liberia and Haiti below the front page, by code, and a standing page below Haiti's."""
    haiti = Country.objects.create(code="HT", name_en="Haiti", slug="haiti", language_codes="fr ht")
    front = root.add_child(instance=FrontPage(title="Fanal", slug="fanal", heading_en="Fanal"))
    pages = {
        country.pk: front.add_child(
            instance=HomePage(title=country.name, slug=country.slug, country=country, heading_en=country.name)
        )
        for country in (liberia, haiti)
    }
    pages["below"] = pages["HT"].add_child(instance=StandardPage(title="About", slug="about", heading_en="About"))
    return pages


def opens(client, page, act="edit"):
    return client.get(reverse(f"wagtailadmin_pages:{act}", args=[page.pk])).status_code == 200


def test_a_manager_edits_the_home_of_her_own_country_and_no_other(editor, homes):
    assert opens(editor, homes["LR"])
    assert not opens(editor, homes["HT"])
    assert not opens(editor, homes["below"])


@pytest.mark.parametrize("act", ["delete", "unpublish", "move", "copy"])
def test_a_manager_does_nothing_else_with_another_countrys_home(editor, homes, act):
    homes["HT"].save_revision().publish()

    assert not opens(editor, homes["HT"], act)


@pytest.mark.parametrize(("code", "heading"), [("LR", "Changed"), ("HT", "Haiti")])
def test_a_manager_publishes_the_home_of_her_own_country_alone(editor, homes, code, heading):
    page = homes[code]
    form = {"title": page.title, "slug": page.slug, "heading_en": "Changed", "summary_en": "", "change": "wording"}

    editor.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        form
        | {"body_en-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "action-publish": "1"},
    )

    page.refresh_from_db()
    assert page.heading_en == heading


def test_a_manager_opens_no_home_for_a_country(editor, homes):
    front = homes["LR"].get_parent()

    answer = editor.get(reverse("wagtailadmin_pages:add", args=["cms", "homepage", front.pk]))

    assert answer.status_code == 302


def test_a_manager_adds_pages_below_the_home_of_her_own_country_alone(editor, homes):
    answers = {
        code: editor.get(reverse("wagtailadmin_pages:add", args=["cms", "standardpage", homes[code].pk])).status_code
        for code in ("LR", "HT")
    }

    assert answers == {"LR": 200, "HT": 302}


def test_the_country_of_a_home_is_not_a_managers_to_change(editor, homes):
    page = editor.get(reverse("wagtailadmin_pages:edit", args=[homes["LR"].pk])).content.decode()

    assert 'name="heading_en"' in page
    assert 'name="country"' not in page


@pytest.mark.parametrize(("role", "status"), [("manager", 302), ("administrator", 200)])
def test_the_safety_settings_are_the_administrators_alone(root, person, liberia, sign_in, role, status):
    editors.grant()
    user = person(role, country=liberia, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    address = reverse("wagtailsettings:edit", args=["cms", "safetysettings", SafetySettings.load().pk])

    assert sign_in(user).get(address).status_code == status


def test_an_administrator_edits_every_home(root, homes, person, liberia, sign_in):
    editors.grant()
    user = person("administrator", country=liberia, is_staff=True)
    user.groups.add(Group.objects.get(name="administrator"))
    client = sign_in(user)

    assert [opens(client, page) for page in homes.values()] == [True, True, True]
