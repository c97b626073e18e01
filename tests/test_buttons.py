"""No button leads nowhere: in the demo each person opens her pages, follows every link and presses every button."""

import datetime as dt

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import translation

import accounts.demo
import hotline.demo.day
import hotline.demo.lines
from accounts.choices import Role
from accounts.models import User
from accounts.queries import ROOMS, declared_routes
from cms import demo
from referral import actions
from referral.models import Case
from tests.hotline.conftest import forget_all
from tests.test_house import HOLDER, STRANGER
from tests.walking import HOST, Walk
from training.actions import begin_without_account, open_lesson
from training.models import Course, Lesson
from training.queries import Holder, mark_of
from training.views.guests import KEY

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.either]
AT = dt.datetime(2026, 11, 25, 10, 0, tzinfo=dt.UTC)
PLACES = ("LR", "TN")  # the second for those whom the demo's first page offers


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Two countries of the demo, at a fixed instant; Liberia's supervisor has just given a reason for every second case."""
    sessions = override_settings(SESSION_ENGINE="django.contrib.sessions.backends.cache")
    with pytest.MonkeyPatch.context() as less, django_db_blocker.unblock(), sessions:
        less.setattr(accounts.demo, "PLACES", [place for place in accounts.demo.PLACES if place.code in PLACES])
        own = [plan for plan in hotline.demo.lines.PLANS if plan.country in PLACES]
        less.setattr(hotline.demo.lines, "PLANS", own)
        less.setattr(hotline.demo.day, "ABROAD", ())
        with time_machine.travel(AT, tick=False), translation.override("en"), transaction.atomic():
            forget_all()
            demo.load(AT)
            supervisor = User.objects.get(email="supervisor.lr@example.org")
            for case in Case.objects.filter(country="LR").order_by("pk")[::2]:
                actions.open_with_reason(case=case, reason="Cover", key=case.code, by=supervisor, at=AT)
            yield
            transaction.set_rollback(True)
    forget_all()


def rooms_of(walk: Walk):
    """Return the pages of our rooms that need no argument and open to the person."""
    for name, route in declared_routes().items():
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        is_room = resolve(address).func.__module__.split(".")[0] in ROOMS
        if is_room and not route.is_public and walk.admits(name, "GET"):
            yield HOST + address


def holders_walk(rows: int) -> Walk:
    """Let somebody who has finished a lesson with a progress code walk in the same way."""
    course = Course.objects.get(key="safe-migration")
    told = {"course": course, "country": None, "address": "walk", "at": AT}
    learner, _enrolment, _code = begin_without_account(**told)
    lesson = Lesson.objects.live().filter(path__startswith=course.path).order_by("path").first()
    open_lesson(user=Holder(learner), course=course, lesson=str(lesson.translation_key), language="en", at=AT)
    walk = Walk(Holder(learner), rows=rows, session={KEY: [str(learner.public_id), mark_of(learner)]})
    return walk.begin([f"{HOST}/en/", *rooms_of(walk)])


def walked(role: str, rows: int) -> Walk:
    """Let one person of the demo walk from the front page and from each page that is hers."""
    if role == HOLDER:
        return holders_walk(rows)
    mail = f"{role}@example.org" if role == Role.ADMINISTRATOR else f"{role}.lr@example.org"
    walk = Walk(None if role == STRANGER else User.objects.get(email=mail), rows=rows)
    return walk.begin([f"{HOST}/en/", *rooms_of(walk)])


@pytest.mark.parametrize("role", [STRANGER, HOLDER, *Role.values])
def test_no_button_leads_nowhere_on_any_of_several_rows(world, role):
    walk = walked(role, rows=5)

    assert walk.wrong == []
    assert sum(walk.opened.values()) > 10
