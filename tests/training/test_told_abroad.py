"""What an edit reaches is told in small numbers to the managers of the country only; an administrator of none is told of ten."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from tests.training.test_taking_off import words
from training import actions, queries
from training.models import Progress
from training.queries.reach import Reach
from training.queries.reach_told import told_abroad


def numbers(**known):
    one = told_abroad([Reach("Haiti", **{"under_way": 0, "finished": 0, "refreshed": 0, "code": "HT"} | known)])[0]
    return one.under_way, one.finished, one.refreshed, one.certified


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({}, (0, 0, 0, 0)),
        ({"under_way": 9, "finished": 10, "refreshed": 10}, (None, 10, 10, 0)),
        ({"under_way": 10, "finished": 9, "refreshed": 9}, (10, None, None, 0)),
        ({"finished": 30, "refreshed": 21}, (0, 30, None, 0)),  # nine of them are not asked
        ({"finished": 30, "refreshed": 20}, (0, 30, 20, 0)),
        ({"finished": 30, "refreshed": 33, "under_way": 12, "certified": 3}, (12, 30, None, 0)),
        ({"finished": 0, "refreshed": 12, "under_way": 40, "certified": 12}, (40, 0, 12, 12)),
    ],
)
def test_nobody_or_ten_and_more_is_told_and_nothing_that_gives_less_away(known, told):
    assert numbers(**known) == told


@pytest.fixture
def finished(person, countries, course):
    """Officials of Haiti who have finished: finished(3)."""

    def make(many):
        for _one in range(many):
            learner = actions.learner_of(person("learner", country=countries["HT"]))
            enrolment = actions.enrol(learner=learner, course=course, country="HT", at=timezone.now())
            Progress.objects.filter(enrolment=enrolment).update(completed_at=timezone.now())

    return make


@pytest.fixture
def drafted(lessons):
    """A lesson with a material draft."""
    draft = lessons[0].get_latest_revision_as_object()
    draft.aim_en, draft.change = "The law changed.", "material"
    draft.save_revision()
    return lessons[0]


def officials(client, lesson):
    page = client.get(reverse("training:publishing", args=["lesson", lesson.pk])).content
    part = next(one for one in BeautifulSoup(page, "html.parser").select("section") if "Officials" in one.get_text())
    return words(part)


def test_who_is_of_no_country_is_told_no_small_number_before_publishing(signed, countries, drafted, finished):
    finished(3)

    abroad = officials(signed("administrator"), drafted)
    at_home = officials(signed("manager", countries["HT"]), drafted)

    assert "Where a dash stands below, some who have finished get a refresher." in abroad
    assert "Those who have finished are written to" in abroad
    assert "3 officials" not in abroad
    assert "Nobody who has finished" not in abroad
    assert "3 officials who have finished get a refresher" in at_home
    assert "dash" not in at_home


def test_ten_are_told_to_everybody(signed, drafted, finished):
    finished(10)

    assert "10 officials who have finished get a refresher" in officials(signed("administrator"), drafted)


def test_an_entry_tells_others_than_its_countrys_managers_no_small_number(course, finished, at):
    finished(3)
    entry = queries.entries_seen(course, country="HT")[0]
    entry.text_en, entry.change = "The law changed.", "material"

    own, other = (queries.entry_effects(entry, at=timezone.now(), is_own=is_own) for is_own in (True, False))

    assert [(one.finished, one.refreshed) for one in own.reach] == [(3, 3)]
    assert [(one.finished, one.refreshed) for one in other.reach] == [(None, None)]
    assert (own.is_withheld, other.is_withheld) == (False, True)
