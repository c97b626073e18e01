"""Fixtures: a slot of Haiti with an entry of the curriculum and one for every curriculum, and who finished meanwhile."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from tests.training.finishing import finish
from tests.training.off_and_on import newest
from training import actions, progress, queries
from training.models import Curriculum, Enrolment, Overlay
from training.queries.said import kept_text, said_by

OWN, GENERAL, CHANGED = "Own law.", "General law.", "The age is 21."


@pytest.fixture
def slot(lessons):
    """The slot of the first lesson that shows law."""
    return next(block["value"]["slot"] for one in lessons for block in law_in(one))


def law_in(lesson):
    return [block for block in lesson.body_en.get_prep_value() if block["type"] == "law"]


@pytest.fixture
def curriculum(course):
    return Curriculum.objects.get(path=course.path[: -course.steplen])


@pytest.fixture
def save(manager):
    """A function that saves an entry as the editor does, with other words and a kind of change."""

    def write(entry, change="", text=None):
        entry = Overlay.objects.get(pk=entry.pk) if entry.pk else entry
        entry.text_en, entry.change = text or entry.text_en, change
        actions.save_overlay(
            overlay=entry, save=lambda: (entry.save(), entry)[1], by=manager, at=timezone.now() - dt.timedelta(hours=1)
        )
        return entry

    return write


def law(country, slot, curriculum, text):
    return Overlay(
        country=country,
        curriculum=curriculum,
        slot=slot,
        text_en=text,
        source_kind="statute",
        source_en="s",
        article="1",
    )


@pytest.fixture(params=["own is older", "general is older"])
def two(request, curriculum, countries, slot, save):
    """An own entry and a general one of Haiti in one slot."""
    Overlay.objects.filter(country="HT", slot=slot).delete()
    place, made = (countries["HT"], slot), {}
    texts = {"own": (curriculum, OWN), "general": (None, GENERAL)}
    for name in texts if request.param == "own is older" else reversed(texts):
        made[name] = save(law(*place, *texts[name]))
    return made


@pytest.fixture
def finished(two, course, official, at):
    """Somebody in Haiti who finished the course while both stood."""
    return finish(official, course, timezone.now() - dt.timedelta(days=1))


def asked(enrolment):
    """1 where somebody is asked anew, else 0."""
    return int(bool(queries.standing(Enrolment.objects.get(pk=enrolment.pk), timezone.now()).asked))


def seen(course, slot):
    """What the edition of Haiti holds in a slot."""
    skeleton = progress.read(newest(course)[1].body)
    return [one["content"] for one in skeleton["overlays"] if one["slot"] == slot]


def text_of(answer):
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


def content(entry):
    return kept_text(said_by(entry))[0]
