"""Two managers at one page: neither overwrites the other unawares, and nobody is warned of herself."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.models import EditingSession

from accounts.models import User
from tests.cms.editing import publish
from training.models import Curriculum

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(editor, homes, person):
    """A second client, signed in as a manager of another country."""
    other = person("manager", country=homes["HT"].country, is_staff=True)
    other.groups.add(Group.objects.get(name="manager"))
    client = Client()
    client.force_login(other, backend="accounts.sessions.AuthenticationBackend")
    session = client.session
    session["demo_second_factor"] = True
    session.save()
    return client


def test_who_publishes_what_somebody_else_saved_meanwhile_is_asked_first(editor, colleague, curriculum):
    opened = {"summary_en": "Short", "loaded_revision_id": str(curriculum.latest_revision_id)}
    publish(colleague, curriculum, heading_en="Theirs", **opened)

    back = publish(editor, curriculum, heading_en="Mine", **opened)
    page = BeautifulSoup(back.content, "html.parser")
    kept = Curriculum.objects.get(pk=curriculum.pk)
    again = {"loaded_revision_id": page.select_one("[name=loaded_revision_id]")["value"]}
    publish(editor, curriculum, heading_en="Mine", **opened | again)

    assert "Somebody else saved this page while you wrote" in page.get_text()
    assert page.select_one("[name=heading_en]")["value"] == "Mine"
    assert kept.heading_en == "Theirs"
    assert Curriculum.objects.get(pk=curriculum.pk).heading_en == "Mine"


@pytest.fixture
def opened(curriculum):
    """The marks of the page's form as it was opened."""
    revision = curriculum.latest_revision
    return {
        "summary_en": "Short",
        "loaded_revision_id": str(revision.pk),
        "loaded_revision_created_at": revision.created_at.isoformat(),
    }


def keep(client, page, **fields):
    """Keep what is typed as the editor does by itself, and return its answer."""
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = {"slug": page.slug, "title": page.title, "change": "wording", "body_en-count": "0"} | fields
    form |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    return client.post(url, form, headers={"Accept": "application/json"}).json()


def marks_of(answer):
    return {"loaded_revision_id": answer["revision_id"], "loaded_revision_created_at": answer["revision_created_at"]}


def test_what_the_editor_kept_by_itself_is_nobody_elses(editor, colleague, curriculum, opened):
    """The browser puts each answer into the form, and the number of the row that is kept again and again beside it."""
    first = keep(editor, curriculum, heading_en="Half", **opened)
    kept = opened | marks_of(first)
    kept |= marks_of(keep(editor, curriculum, heading_en="More", overwrite_revision_id=first["revision_id"], **kept))

    publish(editor, curriculum, heading_en="Mine", **kept)
    assert Curriculum.objects.get(pk=curriculum.pk).heading_en == "Mine"

    back = publish(colleague, curriculum, heading_en="Theirs", **opened)
    assert "Somebody else saved this page" in BeautifulSoup(back.content, "html.parser").get_text()


@pytest.mark.parametrize("first", ["publish", "keep", "keep again"])
def test_a_second_window_of_the_same_person_puts_nothing_back_unawares(editor, curriculum, opened, first):
    """Whether the other window published, or only kept by itself; also when it kept into the same row again."""
    if first == "keep again":
        opened |= marks_of(keep(editor, curriculum, heading_en="Half", **opened))
    if first == "publish":
        publish(editor, curriculum, heading_en="One", **opened)
    else:
        more = {"overwrite_revision_id": opened["loaded_revision_id"]} if first == "keep again" else {}
        assert keep(editor, curriculum, heading_en="One", **opened, **more)["success"]

    back = publish(editor, curriculum, heading_en="Two", **opened)
    page = BeautifulSoup(back.content, "html.parser")
    kept = Curriculum.objects.get(pk=curriculum.pk).latest_revision.content["heading_en"]
    names = ("loaded_revision_id", "loaded_revision_created_at")
    publish(
        editor,
        curriculum,
        heading_en="Two",
        **opened | {name: page.find(attrs={"name": name})["value"] for name in names},
    )

    assert "You saved this page in another window while you wrote here" in page.get_text()
    assert page.select_one("[name=heading_en]")["value"] == "Two"
    assert kept == "One"
    assert Curriculum.objects.get(pk=curriculum.pk).heading_en == "Two"


@pytest.mark.parametrize("odd", ["x", "-1", "9" * 40, "\u0663", "\0"])
def test_an_odd_number_of_a_revision_is_no_fault_and_saves_nothing(editor, curriculum, odd):
    answer = publish(editor, curriculum, heading_en="Mine", summary_en="Short", loaded_revision_id=odd)

    assert answer.status_code == 200
    assert Curriculum.objects.get(pk=curriculum.pk).heading_en == "Law"


def test_the_list_of_who_else_edits_keeps_no_session_awake(editor, curriculum, settings, time_machine):
    """The editor asks for that list every few seconds, with nobody at the keys."""
    settings.STAFF_IDLE_SECONDS, settings.STAFF_SESSION_SECONDS = 900, 43200
    start = timezone.now()
    manager = User.objects.get(pk=editor.session["_auth_user_id"])
    own = EditingSession.objects.create(user=manager, content_object=curriculum, last_seen_at=start)
    url = reverse("wagtailadmin_editing_sessions:ping", args=["training", "curriculum", curriculum.pk, own.pk])

    for minute in (0, 5, 10, 14):
        time_machine.move_to(start + dt.timedelta(minutes=minute))
        assert editor.post(url).status_code == 200
    time_machine.move_to(start + dt.timedelta(minutes=16))

    assert editor.post(url, headers={"Accept": "application/json"}).status_code in (302, 401)
    assert "_auth_user_id" not in editor.session
