"""The editor goes by the clock of the country of who edits, and names it wherever a time of a schedule is typed or told."""

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.users.models import UserProfile

from accounts.models import Country, User
from tests.training.test_planned_ends import press, shown, words
from tests.training.test_taking_off import things
from training import actions
from training.models import Module, Question

__all__ = ["things"]

DHAKA = "Asia/Dhaka"


@pytest.fixture
def manager(signed, countries, course):
    """A manager of Haiti, whose clock is that of Dhaka here: six hours before UTC's, all the year."""
    Country.objects.filter(pk="HT").update(time_zone=DHAKA)
    return signed("manager", countries["HT"])


def edit(thing):
    return reverse("wagtailadmin_pages:edit", args=[thing.pk])


def fields(client, thing):
    """Return the words of the editor's page, its windows too, and what the fields of the schedule hold."""
    page = client.get(edit(thing)).content.decode()
    inputs = {name: re.search(rf'<input[^>]*name="{name}"[^>]*>', page)[0] for name in ("go_live_at", "expire_at")}
    held = {name: re.search(r'value="([^"]*)"', tag) for name, tag in inputs.items()}
    return page.replace("\u2068", "").replace("\u2069", ""), {name: one and one[1] for name, one in held.items()}


def plan(client, thing, **times):
    """Publish a thing with its schedule; return the page on which the second press publishes it."""
    return shown(client, press(client, thing, **times))


def send(client, page):
    """Press the button on the page that tells what publishing does; return the page to which it led."""
    form = page.select_one("form[action$='/publish/']") or page.select_one("main form")
    sent = {one["name"]: one.get("value", "") for one in form.select("input[name]")}
    return client.post(form["action"], sent, follow=True)


def told(answer):
    return " ".join(
        words(BeautifulSoup(answer.content, "html.parser")).replace("\u2068", "").replace("\u2069", "").split()
    )


def test_a_time_is_typed_in_the_country_of_who_edits_and_stands_there_again(manager, things):
    page = plan(manager, things["module"], expire_at="2126-12-01 09:00")

    answer = send(manager, page)

    assert Module.objects.get(pk=things["module"].pk).expire_at == dt.datetime(2126, 12, 1, 3, tzinfo=dt.UTC)
    assert "1 December 2126, 09:00 (Asia/Dhaka)" in told(answer)
    assert fields(manager, things["module"])[1]["expire_at"] == "2126-12-01 09:00"


def test_the_window_names_the_zone_of_both_times(manager, things):
    page, _values = fields(manager, things["module"])

    assert page.count('<div class="help">Time zone: Asia/Dhaka</div>') == 2


def test_what_publishing_does_names_the_zone_and_so_does_the_message(manager, things):
    page = plan(manager, things["module"], expire_at="2126-12-01 09:00")

    assert "At 1 December 2126, 09:00 (Asia/Dhaka) it is taken off" in words(page)
    answer = told(send(manager, page))
    assert "is published." in answer
    assert "At 1 December 2126, 09:00 (Asia/Dhaka) it is taken off by itself, as its schedule says." in answer
    assert "until 1 December 2126, 09:00 (Asia/Dhaka)" in answer  # the list


def test_a_time_to_come_is_told_with_its_zone_before_and_after(manager, things):
    lesson = things["lesson"]
    lesson.go_live_at, lesson.heading_en = dt.datetime(2126, 12, 1, 3, tzinfo=dt.UTC), "Another"
    lesson.save_revision(clean=False, user=User.objects.get(roles__contains="manager"))
    mark = actions.draft_mark(lesson.latest_revision, lesson.latest_revision.user)

    page = BeautifulSoup(
        manager.get(f"{reverse('training:publishing', args=['lesson', lesson.pk])}?mark={mark}").content, "html.parser"
    )

    assert "It goes live on 1 December 2126, 09:00 (Asia/Dhaka), as chosen in the editor." in words(page)
    assert "It goes live on 1 December 2126, 09:00 (Asia/Dhaka), as chosen in the editor." in told(send(manager, page))


def test_what_was_planned_before_keeps_its_instant(manager, things):
    at = dt.datetime(2126, 12, 1, 9, tzinfo=dt.UTC)
    module = things["module"]
    module.expire_at = at
    module.save_revision(clean=False).publish()

    values = fields(manager, module)[1]

    assert values["expire_at"] == "2126-12-01 15:00"
    press(manager, module, expire_at=values["expire_at"])
    assert Module.objects.get(pk=module.pk).get_latest_revision_as_object().expire_at == at


def test_who_has_no_country_goes_by_utc_and_reads_so(signed, things):
    page, _values = fields(signed("administrator"), things["module"])

    assert page.count("Time zone: UTC") == 3  # both fields, and the state of the page


def test_a_choice_of_a_zone_is_not_offered_and_an_old_one_does_not_count(manager, things):
    UserProfile.objects.create(user=User.objects.get(roles__contains="manager"), current_time_zone="America/Lima")

    page, _values = fields(manager, things["module"])

    assert page.count("Time zone: Asia/Dhaka") == 3
    assert "current_time_zone" not in manager.get(reverse("wagtailadmin_account")).content.decode()


def test_the_list_of_questions_says_until_when_one_stands(manager, course):
    Question.objects.filter(course=course).update(expire_at=dt.datetime(2126, 12, 1, 3, tzinfo=dt.UTC))

    answer = told(manager.get(reverse("wagtailsnippets_training_question:list")))

    assert "until 1 December 2126, 09:00 (Asia/Dhaka)" in answer
