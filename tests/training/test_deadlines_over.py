"""A deadline is set to a day that is still to come, by the clock of the country; one that is over is marked as over."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from tests.training.cohorts import cohort, member, trainer
from tests.training.finishing import finish
from tests.training.group_pages import clock, page_of, shown, trains, words
from training import actions
from training.models import Cohort, Reminder

__all__ = ["clock", "cohort", "member", "trainer", "trains"]
IS_OVER = "This day is over. Choose today or a later day."


def change(client, cohort, trainer, **more):
    given = {"name": "Clerks", "begins_on": "2026-11-18", "trainers": [trainer.pk], "languages": ["fr"]}
    return client.post(reverse("training:change_cohort", args=[cohort.public_id]), given | more)


def deadline(cohort, day):
    Cohort.objects.filter(pk=cohort.pk).update(due_on=day)


def chips(page):
    return [chip.get_text(strip=True) for chip in shown(page).select(".chip")]


def test_a_deadline_is_not_set_to_a_day_that_is_over(trains, cohort, member, trainer, at):
    answer = change(trains, cohort, trainer, due_on="2026-11-24")

    assert answer.status_code == 422
    assert IS_OVER in words(answer)
    assert shown(answer).select_one("#id_due_on")["aria-invalid"] == "true"
    actions.write_reminders(at=at + dt.timedelta(hours=7))
    assert not Reminder.objects.exists()


@pytest.mark.parametrize("day", ["2026-11-25", "2026-12-20", ""])
def test_today_or_a_later_day_is_taken_and_none_too(trains, cohort, trainer, day):
    assert change(trains, cohort, trainer, due_on=day).status_code == 302
    cohort.refresh_from_db()
    assert str(cohort.due_on or "") == day


def test_a_day_is_over_by_the_clock_of_the_country(trains, cohort, trainer, time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 26, 2, 30, tzinfo=dt.UTC))  # 21:30 of the 25th there

    assert change(trains, cohort, trainer, due_on="2026-11-24").status_code == 422
    assert change(trains, cohort, trainer, due_on="2026-11-25").status_code == 302


def test_a_deadline_that_was_met_long_ago_may_stand_while_another_thing_is_changed(trains, cohort, trainer):
    deadline(cohort, dt.date(2026, 11, 20))

    assert change(trains, cohort, trainer, due_on="2026-11-20").status_code == 302
    assert change(trains, cohort, trainer, due_on="2026-11-21").status_code == 422
    cohort.refresh_from_db()
    assert (cohort.name, cohort.due_on) == ("Clerks", dt.date(2026, 11, 20))


def test_no_group_begins_with_a_deadline_that_is_over(trains, trainer):
    given = {"name": "New", "course": "judicial", "begins_on": "2026-11-01", "due_on": "2026-11-20"}

    answer = trains.post(reverse("training:new_cohort"), given | {"trainers": [trainer.pk]})

    assert answer.status_code == 422
    assert IS_OVER in words(answer)
    assert not Cohort.objects.exists()


@pytest.mark.parametrize(("day", "is_over"), [(24, True), (25, False)])
def test_my_groups_and_those_of_the_trainer_mark_a_deadline_that_is_over(
    sign_in, trainer, official, cohort, member, day, is_over
):
    deadline(cohort, dt.date(2026, 11, day))
    hers, mine = (sign_in(official).get(f"/en/learning/{page}") for page in ("groups/", ""))
    client = sign_in(trainer)

    pages = [hers, mine, client.get(reverse("training:cohorts")), client.get(page_of(cohort))]

    assert ["Over" in chips(page) for page in pages] == [is_over] * 4
    assert ("You can go on with the course all the same" in words(hers)) is is_over


def test_my_learning_ends_the_day_by_the_clock_of_the_country(sign_in, official, cohort, member, at):
    deadline(cohort, at.date())
    client, midnight = sign_in(official), dt.datetime(2026, 11, 26, 5, tzinfo=dt.UTC)  # in Haiti
    over = []

    for minutes in (-1, 0):
        with time_machine.travel(midnight + dt.timedelta(minutes=minutes), tick=False):
            over.append("Over" in chips(client.get("/en/learning/")))

    assert over == [False, True]


def test_a_code_is_never_offered_until_a_day_that_is_over(trains, cohort):
    deadline(cohort, dt.date(2026, 11, 20))

    page = shown(trains.get(page_of(cohort)))

    assert page.select_one("input[name=until]")["value"] == "2026-11-25"


def test_who_has_finished_is_not_asked_to_go_on(sign_in, official, course, cohort, member, at):
    finish(official, course, at)
    deadline(cohort, dt.date(2026, 11, 24))

    page = sign_in(official).get("/en/learning/groups/")

    assert "Over" in chips(page)
    assert "You can go on" not in words(page)
