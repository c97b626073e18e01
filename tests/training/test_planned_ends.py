"""A time at which something is taken off is shown before it is published, with what it does; a curriculum has none."""

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from tests.training.test_taking_off import begun, group, things, words
from tests.training.test_wagtail_hooks import typed
from training.models import Curriculum, Module

__all__ = ["begun", "group", "things"]

NONE = {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "body_en-count": "0", "nodes_en-count": "0"}


@pytest.fixture
def manager(signed, countries, course):
    """The manager of Haiti, where the course is offered as it is in Tunisia."""
    return signed("manager", countries["HT"])


def planned(days=2):
    return f"{timezone.now() + dt.timedelta(days=days):%Y-%m-%d %H:%M}"


def press(client, thing, **more):
    """Press Publish in the editor of a page with its form as it stands."""
    url = reverse("wagtailadmin_pages:edit", args=[thing.pk])
    return client.post(url, typed(client.get(url)) | NONE | {"action-publish": "1"} | more)


def refused(answer):
    """Tell whether the form came back saying that no schedule takes the thing off."""
    return "No schedule takes a curriculum off." in " ".join(answer.context["form"].non_field_errors())


def shown(client, answer):
    """Return the page to which a press led."""
    return BeautifulSoup(client.get(answer["Location"]).content, "html.parser")


def test_the_end_of_a_module_is_shown_before_it_is_planned(manager, things, begun):
    answer = press(manager, things["module"], expire_at=planned())

    part = shown(manager, answer).select_one("[data-end]")
    assert re.search(r"At .+, \d\d:\d\d \(America/Port-au-Prince\) it is taken off by itself", words(part))
    assert "Readers lose the module with its lessons." in words(part)
    assert "offered in other countries too: Tunisia" in words(part)
    assert Module.objects.get(pk=things["module"].pk).expire_at is None


def draft_page(client, lesson, **said):
    """Return the page that tells what publishing a draft of a lesson does."""
    for name, value in said.items():
        setattr(lesson, name, value)
    lesson.save_revision(clean=False)
    page = client.get(reverse("training:publishing", args=["lesson", lesson.pk])).content
    return BeautifulSoup(page, "html.parser").select_one("[data-end]")


def test_the_end_of_a_lesson_is_shown_with_the_groups_that_wait_for_it(manager, things, begun, group):
    group("Magistrates")

    part = draft_page(manager, things["lesson"], expire_at=timezone.now() + dt.timedelta(days=1))

    assert "Nobody is asked for it any more." in words(part)
    assert "Magistrates" in words(part)


@pytest.mark.parametrize("end", [None, dt.timedelta(days=-1)])
def test_what_has_no_end_to_come_says_none(manager, things, end):
    ends = end and timezone.now() + end

    assert draft_page(manager, things["lesson"], heading_en="Another heading", expire_at=ends) is None


def test_modules_with_an_end_are_not_published_many_at_once(manager, things):
    module = things["module"]
    module.expire_at = timezone.now() + dt.timedelta(days=1)
    module.save_revision(clean=False)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    manager.post(f"{url}?id={module.pk}&next=/admin/")

    assert Module.objects.get(pk=module.pk).expire_at is None


def test_a_curriculum_has_no_end(signed, things):
    answer = press(signed("administrator"), things["curriculum"], expire_at=planned())

    assert refused(answer)
    assert Curriculum.objects.get(pk=things["curriculum"].pk).expire_at is None
