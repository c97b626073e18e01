"""What the editor cannot read is answered in words and changes nothing; what it can read, it reads."""

import pytest
from django.urls import reverse
from wagtail.models import Page
from wagtail.search import index

pytestmark = pytest.mark.either

SEARCH = "The editor cannot search and filter like this at once."
NOTHING = "Nothing was changed."


@pytest.fixture
def liberia_page(homes):
    page = homes["LR"]
    page.save_revision().publish()
    return Page.objects.get(pk=page.pk)


@pytest.mark.parametrize("name", ["wagtailadmin_explore", "wagtailadmin_explore_results"])
@pytest.mark.parametrize(
    ("has_children", "found"), [("true", ["Haiti"]), ("false", ["Hair"]), ("", ["Haiti", "Hair"])]
)
def test_words_are_searched_beside_has_child_pages(editor, homes, name, has_children, found):
    page = homes["LR"]
    page.title = "Hair"
    page.save()
    for one in Page.objects.all():
        index.insert_or_update_object(one)

    answer = editor.get(reverse(name, args=[homes["front"].pk]), {"q": "Hai", "has_child_pages": has_children})

    assert answer.status_code == 200
    assert sorted(one.title for one in answer.context["object_list"]) == sorted(found)


def test_a_search_beside_another_filter_that_cannot_be_joined_is_told_in_words(editor, homes, monkeypatch):
    monkeypatch.setattr(Page, "search_fields", [one for one in Page.search_fields if one.field_name != "numchild"])
    address = reverse("wagtailadmin_explore", args=[homes["front"].pk])

    answer = editor.get(address, {"q": "a", "has_child_pages": "true"})

    assert answer.status_code == 400
    assert SEARCH in answer.content.decode()


@pytest.mark.parametrize("following", ["+231770001111", "x", "wagtailadmin_home"])
@pytest.mark.parametrize("way", ["form", "address"])
def test_an_act_that_leads_to_no_address_is_refused_before_it_is_done(editor, liberia_page, following, way):
    address = reverse("wagtailadmin_pages:unpublish", args=[liberia_page.pk])
    given = {"data": {"next": following}} if way == "form" else {"query_params": {"next": following}}

    answer = editor.post(address, **given)

    liberia_page.refresh_from_db()
    assert (answer.status_code, liberia_page.live) == (400, True)
    assert NOTHING in answer.content.decode()


def test_a_bad_address_that_somebody_typed_is_no_fault_in_the_log(editor, caplog):
    answer = editor.get("/admin/", {"next": "x"})

    told = [(one.levelname, one.message) for one in caplog.records if one.name.startswith("accounts")]
    assert (answer.status_code, told) == (400, [("INFO", "editor_refused")])


def test_what_the_editor_stumbles_over_is_a_warning_in_the_log(editor, caplog):
    answer = editor.get(f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', 'delete'])}?id=x")

    told = [(one.levelname, one.message) for one in caplog.records if one.name.startswith("accounts")]
    assert (answer.status_code, told) == (400, [("WARNING", "editor_refused")])


@pytest.mark.parametrize("following", ["", "/admin/pages/", "http://testserver/admin/"])
def test_an_act_that_leads_to_an_address_is_done(editor, liberia_page, following):
    address = reverse("wagtailadmin_pages:unpublish", args=[liberia_page.pk])

    answer = editor.post(address, {"next": following})

    liberia_page.refresh_from_db()
    assert (answer.status_code, liberia_page.live) == (302, False)
