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
    client.force_login(other, backend="allauth.account.auth_backends.AuthenticationBackend")
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


def test_what_the_editor_kept_by_itself_is_nobody_elses(editor, colleague, curriculum):
    """The browser sends the revision with which the page was opened, also after the editor has kept a newer one."""
    revision = curriculum.latest_revision
    opened = {
        "summary_en": "Short",
        "loaded_revision_id": str(revision.pk),
        "loaded_revision_created_at": revision.created_at.isoformat(),
    }
    url = reverse("wagtailadmin_pages:edit", args=[curriculum.pk])
    fields = opened | {"heading_en": "Half", "slug": curriculum.slug, "title": "Judicial", "change": "wording"}
    fields |= {"body_en-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    kept = editor.post(url, fields, headers={"Accept": "application/json"})
    assert kept.json()["success"]

    publish(editor, curriculum, heading_en="Mine", **opened)
    assert Curriculum.objects.get(pk=curriculum.pk).heading_en == "Mine"

    back = publish(colleague, curriculum, heading_en="Theirs", **opened)
    assert "Somebody else saved this page" in BeautifulSoup(back.content, "html.parser").get_text()


@pytest.mark.parametrize("odd", ["x", "-1", "9" * 40, "\u0663", "\0"])
def test_an_odd_number_of_a_revision_is_no_fault(editor, curriculum, odd):
    publish(editor, curriculum, heading_en="Mine", summary_en="Short", loaded_revision_id=odd)

    assert Curriculum.objects.get(pk=curriculum.pk).heading_en == "Mine"


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
