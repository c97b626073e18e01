"""Pictures and documents, which pages of all countries share: whose they are to change, and two people at one of them."""

import io

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection, GroupCollectionPermission

from accounts.models import User
from cms import editors

pytestmark = pytest.mark.either

OVERTAKEN = "This file was saved by somebody else, or in another window"


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def enter(editor, homes, person):
    """A function that returns a client of one more person who may enter the editor."""

    def by(role, code):
        user = person(role, country=homes[code].country, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        client = Client()
        client.force_login(user, backend="accounts.sessions.AuthenticationBackend")
        session = client.session
        session["demo_second_factor"] = True
        session.save()
        return client

    return by


@pytest.fixture(params=["image", "document"])
def thing(request, editor):
    """A picture and a document that the manager of Liberia uploaded."""
    owner = User.objects.get(pk=editor.session["_auth_user_id"])
    if request.param == "document":
        return Document.objects.create(
            title="Before", file=SimpleUploadedFile("a.txt", b"Text"), uploaded_by_user=owner
        )
    target = io.BytesIO()
    Picture.new("RGB", (8, 6), "navy").save(target, format="PNG")
    return Image.objects.create(
        title="Before", file=SimpleUploadedFile("a.png", target.getvalue()), uploaded_by_user=owner
    )


def address(thing, act="edit"):
    return reverse(f"wagtail{'images' if isinstance(thing, Image) else 'docs'}:{act}", args=[thing.pk])


def typed(answer):
    """What the form on a page would send back untouched."""
    form = BeautifulSoup(answer.content, "html.parser").select_one("form[enctype]")
    fields = {one["name"]: one.get("value", "") for one in form.select("input[name]") if one.get("type") != "file"}
    return fields | {one["name"]: one.text.removeprefix("\n") for one in form.select("textarea[name]")}


def test_who_saves_what_somebody_else_saved_meanwhile_is_asked_first(editor, enter, thing):
    other, url = enter("administrator", "HT"), address(thing)
    mine, theirs = typed(editor.get(url)), typed(other.get(url))
    assert other.post(url, theirs | {"title": "Theirs"}).status_code == 302

    back = editor.post(url, mine | {"tags": "gate"})
    thing.refresh_from_db()
    kept, again = thing.title, typed(back)
    sent = editor.post(url, again)

    assert OVERTAKEN in back.content.decode()
    assert "Stands there now: Theirs" in back.content.decode()
    assert (kept, again["title"]) == ("Theirs", "Before")
    assert sent.status_code == 302
    thing.refresh_from_db()
    assert thing.title == "Before"
    assert list(thing.tags.names()) == ["gate"]


def test_a_double_click_and_a_second_change_are_no_conflict(editor, thing):
    url = address(thing)
    fields = typed(editor.get(url)) | {"title": "New", "tags": "gate, night"}

    answers = [editor.post(url, fields).status_code for _click in range(2)]
    later = editor.post(url, typed(editor.get(url)) | {"title": "Newer"})

    assert (answers, later.status_code) == ([302, 302], 302)
    thing.refresh_from_db()
    assert thing.title == "Newer"


@pytest.mark.parametrize("act", ["edit", "delete"])
@pytest.mark.parametrize(
    ("role", "code", "opens"), [("manager", "LR", False), ("manager", "HT", False), ("administrator", "HT", True)]
)
def test_a_file_is_its_uploaders_and_the_administrators_to_change(editor, enter, thing, role, code, opens, act):
    other, url = enter(role, code), address(thing, act)

    assert editor.get(url).status_code == 200
    assert (other.get(url).status_code == 200) is opens
    other.post(url, {"title": "Theirs"})
    assert type(thing).objects.filter(pk=thing.pk, title="Before").exists() is not opens


@pytest.mark.parametrize("act", ["add_tags", "delete"])
def test_a_manager_changes_no_files_of_others_in_bulk(enter, thing, act):
    room = "wagtailimages/image" if isinstance(thing, Image) else "wagtaildocs/document"
    url = reverse("wagtail_bulk_action", args=[*room.split("/"), act])

    page = enter("manager", "HT").post(f"{url}?id={thing.pk}&next=/admin/", {"tags": "odd"}, follow=True)

    assert "Nothing was done" in page.content.decode()
    assert list(type(thing).objects.get(pk=thing.pk).tags.names()) == []


def test_a_second_grant_takes_from_managers_what_an_older_one_gave(editor, enter, thing, root):
    for permission in Permission.objects.filter(codename__in=editors.ADMINISTRATORS_ACTS):
        GroupCollectionPermission.objects.create(
            group=Group.objects.get(name="manager"), collection=Collection.get_first_root_node(), permission=permission
        )

    editors.grant()

    assert enter("manager", "HT").get(address(thing)).status_code != 200


def test_the_page_of_a_person_in_the_editor_asks_for_no_name(editor):
    page = editor.get(reverse("wagtailadmin_account")).content.decode()

    assert "first_name" not in page
    assert "avatar-avatar" in page
