import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse
from modeltranslation.utils import build_localized_fieldname
from wagtail.models import Page
from wagtail.users.models import UserProfile

from accounts.models import User
from cms import editors
from cms.models import HomePage, SafetySettings, StandardPage
from cms.queries import KEPT_SECONDS
from languages import actions
from tests.cms.editing import publish

pytestmark = [pytest.mark.django_db, pytest.mark.either]


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

    publish(editor, page)

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


def test_the_form_of_the_banner_says_how_long_it_takes_until_every_page_shows_it(person, sign_in):
    editors.grant()
    user = person("administrator", is_staff=True)
    user.groups.add(Group.objects.get(name="administrator"))
    address = reverse("wagtailsettings:edit", args=["cms", "safetysettings", SafetySettings.load().pk])

    page = sign_in(user).get(address).content.decode()

    assert f"Every page follows within {KEPT_SECONDS} seconds." in page


def test_an_administrator_edits_every_home(root, homes, person, liberia, sign_in):
    editors.grant()
    user = person("administrator", country=liberia, is_staff=True)
    user.groups.add(Group.objects.get(name="administrator"))
    client = sign_in(user)

    assert [opens(client, page) for page in homes.values()] == [True] * len(homes)


@pytest.mark.parametrize("name", ["front", "shared"])
@pytest.mark.parametrize("act", ["edit", "delete", "unpublish", "move", "copy"])
def test_what_all_countries_share_is_no_managers_to_change(editor, homes, name, act):
    homes[name].save_revision().publish()

    assert not opens(editor, homes[name], act)


@pytest.mark.parametrize("name", ["front", "shared"])
def test_a_manager_who_made_a_shared_page_once_has_no_rights_on_it_now(editor, homes, name):
    page = homes[name]
    page.owner = User.objects.get(pk=editor.session["_auth_user_id"])
    page.save()
    before = page.heading_en

    assert not opens(editor, page, "delete")
    publish(editor, page)

    page.refresh_from_db()
    assert page.heading_en == before


@pytest.mark.parametrize("act", ["delete", "unpublish", "publish", "move"])
def test_shared_pages_withstand_acts_on_many(editor, homes, act):
    page = homes["shared"]
    page.save_revision().publish()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", act])

    editor.post(f"{address}?id={page.pk}&next=/", {"chooser": homes["LR"].pk, "move_applicable": "1"})

    page.refresh_from_db()
    assert page.live
    assert page.is_child_of(homes["front"])


def test_a_manager_makes_no_page_that_all_countries_share(editor, homes):
    front = homes["front"]
    own = homes["LR"].add_child(instance=StandardPage(title="Ours", slug="ours", heading_en="Ours", live=False))
    form = {"title": "Ours", "slug": "ours", "heading_en": "Ours", "summary_en": "", "change": "wording",
            "body_en-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}  # fmt: skip

    editor.post(reverse("wagtailadmin_pages:add", args=["cms", "standardpage", front.pk]), form)
    editor.post(reverse("wagtailadmin_pages:move_confirm", args=[own.pk, front.pk]))
    editor.post(
        reverse("wagtailadmin_pages:copy", args=[own.pk]),
        {"new_title": "Ours", "new_slug": "ours", "new_parent_page": str(front.pk), "alias": ""},
    )

    assert sorted(StandardPage.objects.child_of(front).values_list("slug", flat=True)) == ["privacy"]
    assert StandardPage.objects.child_of(homes["LR"]).count() == 1


def test_a_manager_may_begin_a_curriculum(editor, homes):
    address = reverse("wagtailadmin_pages:add", args=["training", "curriculum", homes["front"].pk])

    assert editor.get(address).status_code == 200


@pytest.mark.parametrize(("kind", "parent"), [("cms/standardpage", "LR"), ("training/curriculum", "front")])
def test_a_new_page_sent_without_an_address_is_published_under_its_name(editor, homes, kind, parent):
    form = {"title": "Where we are", "slug": "", "heading_en": "Where we are", "summary_en": "", "change": ""}
    extra = {"body_en-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "action-publish": "1"}

    editor.post(reverse("wagtailadmin_pages:add", args=[*kind.split("/"), homes[parent].pk]), form | extra)

    made = Page.objects.get(slug="where-we-are")
    assert made.live
    assert made.get_parent().pk == homes[parent].pk


@pytest.mark.parametrize(
    ("own", "spoken"),
    [("fr", "fr"), ("ar", "ar"), ("ht", "fr"), ("bn", "en"), ("pt", "pt-pt"), ("id", "id-id"), ("pt-br", "pt-br")],
)
def test_the_editor_speaks_the_language_of_the_profile_and_not_the_browsers(editor, homes, own, spoken):
    User.objects.update(language=own)

    for browser in ("en", "es"):
        page = editor.get(reverse("wagtailadmin_home"), headers={"Accept-Language": browser}).content.decode()
        assert f'lang="{spoken}"' in page.partition(">")[0] + page.partition("<html")[2].partition(">")[0]


@pytest.mark.parametrize("place", ["pathways:index", "flows:index", "triage_forms:index"])
@pytest.mark.parametrize(("own", "opening"), [("ar", 'lang="ar" dir="rtl"'), ("pt", 'lang="pt-pt" dir="ltr"')])
def test_our_own_pages_in_the_editor_speak_the_language_of_the_profile(editor, homes, place, own, opening):
    User.objects.update(language=own)

    for browser in ("en", "es"):
        page = editor.get(reverse(place), headers={"Accept-Language": browser}).content.decode()
        assert " ".join(page.partition("<html")[2].partition(">")[0].split()).startswith(opening)


def test_what_a_person_chose_in_the_editor_goes_before_the_profile(editor, homes):
    User.objects.update(language="fr")
    UserProfile.get_for_user(User.objects.get()).save()
    UserProfile.objects.update(preferred_language="es")

    page = editor.get(reverse("wagtailadmin_home")).content.decode()

    assert 'lang="es"' in page.partition("<html")[2].partition(">")[0]


@pytest.mark.parametrize("own", ["fr", "ar", "pt", "id", "ht"])
def test_an_edit_in_another_language_touches_the_english_text_alone(editor, homes, at, own):
    User.objects.update(language=own)
    column = build_localized_fieldname("heading", own)
    page = homes["LR"]
    page.save_revision().publish()
    actions.seed_languages(HomePage.objects.get(pk=page.pk), {own: {"heading": "Own words"}}, by="test", at=at)

    publish(editor, page)
    publish(editor, HomePage.objects.get(pk=page.pk))

    row = HomePage.objects.filter(pk=page.pk).values("heading_en", column, "live").get()
    assert row == {"heading_en": "Changed", column: "Own words", "live": True}


def told(client):
    """Return the messages of the next page of the editor, without its layout."""
    page = client.get(reverse("wagtailadmin_home")).content.decode()
    return " ".join(page.partition('class="messages"')[2].partition("</main>")[0].split())


def test_publishing_says_what_went_out_of_date_with_the_way_to_it(editor, curriculum):
    publish(editor, curriculum, "minor", summary_en="Short")

    words = told(editor)
    assert "2 translated texts are out of date now. It concerns 2 languages." in words
    for code, name in (("fr", "français"), ("ar", "العربيّة")):
        address = reverse("desk:thing", args=["training.curriculum", curriculum.pk, code])
        assert f'href="{address}"' in words
        assert f"{name}: 1" in words


@pytest.mark.parametrize("change", ["wording", "minor", "material"])
def test_texts_that_were_behind_already_are_not_counted_again(editor, curriculum, change):
    publish(editor, curriculum, "minor", summary_en="Short")
    told(editor)

    publish(editor, curriculum, change, summary_en="Short", heading_en="Changed again")

    assert "No translation went out of date." in told(editor)


def test_texts_that_were_behind_in_wording_only_are_counted(editor, curriculum):
    publish(editor, curriculum, "wording", summary_en="Short")
    told(editor)

    publish(editor, curriculum, "minor", summary_en="Short", heading_en="Changed again")

    assert "2 translated texts are out of date now." in told(editor)


def test_a_text_whose_source_came_back_to_what_it_translates_is_counted_anew(editor, curriculum):
    for words in ("Changed", "Law", "Changed again"):
        told(editor)
        publish(editor, curriculum, "minor", summary_en="Short", heading_en=words)

    assert "2 translated texts are out of date now." in told(editor)


def test_publishing_new_wording_puts_nothing_out_of_date_and_says_so(editor, curriculum):
    publish(editor, curriculum, "wording", summary_en="Short")

    assert "No translation went out of date." in told(editor)


@pytest.mark.parametrize("more", [{}, {"go_live_at": "2099-01-01 10:00"}])
def test_nothing_is_said_of_translations_where_there_are_none_or_nothing_was_published_yet(
    editor, homes, curriculum, more
):
    publish(editor, curriculum if more else homes["LR"], "minor", **more)

    assert "out of date" not in told(editor)


def test_before_the_button_stands_which_languages_an_edit_concerns(editor, curriculum):
    page = editor.get(reverse("wagtailadmin_pages:edit", args=[curriculum.pk])).content.decode()
    new = editor.get(reverse("wagtailadmin_pages:add", args=["training", "curriculum", curriculum.get_parent().pk]))

    words = " ".join(page.split())
    address = reverse("desk:thing", args=["training.curriculum", curriculum.pk, "fr"])
    assert f'<li><a href="{address}"><bdi lang="fr">français</bdi></a>: 2 texts</li>' in words
    assert "each text that you changed goes out of date" in words
    assert "Live in other languages" not in new.content.decode()


@pytest.mark.parametrize("act", ["delete", "unpublish", "publish", "move"])
def test_another_countrys_home_withstands_acts_on_many_and_the_editor_says_so(editor, homes, act):
    page = homes["HT"]
    page.save_revision().publish()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", act])

    answer = editor.post(
        f"{address}?id={page.pk}&next=/admin/pages/",
        {"chooser": homes["LR"].pk, "confirm_site_name": "Fanal"},
        follow=True,
    )

    page.refresh_from_db()
    assert page.live
    assert page.is_child_of(homes["front"])
    words = answer.content.decode()
    assert "0 pages" not in words
    assert "Nothing was done" in words


@pytest.mark.parametrize("alias", ["", "on"])
@pytest.mark.parametrize("name", ["front", "HT"])
def test_a_page_that_exists_once_is_not_copied(root, homes, person, sign_in, name, alias):
    editors.grant()
    user = person("administrator", is_staff=True, is_superuser=True)
    page, before = homes[name], Page.objects.count()
    form = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": str(page.get_parent().pk)}

    answer = sign_in(user).post(
        reverse("wagtailadmin_pages:copy", args=[page.pk]), form | ({"alias": alias} if alias else {}), follow=True
    )

    assert "Nothing was made." in answer.content.decode()
    assert Page.objects.count() == before


def test_publishing_says_how_many_new_texts_stand_in_english_alone_and_where(editor, homes, at):
    page = homes["LR"].add_child(instance=StandardPage(title="Help", slug="help", heading_en="Help"))
    page.save_revision().publish()
    actions.seed_languages(page, {"fr": {"heading": "Aide"}}, by="test", at=at)

    publish(editor, page, "wording", heading_en="Help", summary_en="A summary that is new.")
    new = told(editor)
    publish(editor, page, "wording", heading_en="Help", summary_en="A summary that is new.")

    assert "1 new text has no translation yet: readers of other languages read it in English, marked." in new
    assert f'href="{reverse("desk:thing", args=["cms.standardpage", page.pk, "fr"])}"' in new
    assert "new text" not in told(editor)
