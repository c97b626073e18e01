"""Reminders: once a step and member, one a week a person, discreet, in her language; a letter, and a text if she asked."""

import datetime as dt

import pytest

from accounts.actions import open_letter
from accounts.models import Letter
from tests.training.cohorts import cohort, member, trainer
from training import actions
from training.actions import reminding, texting
from training.choices import Road, Step, TextState
from training.models import Progress, Reminder

__all__ = ["cohort", "member", "trainer"]
NUMBER = "+50934123456"


@pytest.fixture
def due(cohort, member, at):
    """The cohort with its member; it is to finish in six days."""
    cohort.due_on = at.date() + dt.timedelta(days=6)
    cohort.save()
    return cohort


@pytest.fixture
def noon(at):
    """A function that returns the instant at which it is noon in Haiti, some days later."""
    return lambda days: at.replace(hour=17) + dt.timedelta(days=days)


@pytest.fixture
def carrier():
    """Whoever sends texts: notes what it was given, and says what became of it."""
    sent, results = [], []

    def send(**told):
        sent.append(told)
        return results.pop(0) if results else "sent"

    earlier = list(texting.SENDERS)
    texting.SENDERS[:] = [send]
    yield sent, results
    texting.SENDERS[:] = earlier


@pytest.mark.parametrize(
    ("days", "step"),
    [(-8, None), (-7, "before"), (-1, "before"), (0, "day"), (6, "day"), (7, "after"), (13, "after"), (14, None)],
)
def test_each_step_has_a_week(days, step):
    deadline = dt.date(2026, 12, 1)

    assert actions.step_on(deadline + dt.timedelta(days=days), deadline) == step


def test_no_more_are_written_at_once_than_a_batch_and_the_rest_the_next_time(
    due, trainer, person, countries, at, noon, monkeypatch
):
    users = [person("learner", country=countries["HT"], language="fr") for _one in range(2)]
    actions.add_members(cohort=due, users=users, road=Road.FILE, by=trainer, at=at)
    monkeypatch.setattr(reminding, "BATCH", 2)

    assert [actions.write_reminders(at=noon(1)) for _time in range(3)] == [2, 1, 0]


def test_each_step_is_written_once(due, official, noon):
    counts = [actions.write_reminders(at=noon(days)) for days in range(-3, 25)]

    rows = Reminder.objects.order_by("at").values_list("step", "due_on", "at")
    assert list(rows) == [
        (step, due.due_on, noon(days)) for step, days in ((Step.BEFORE, -1), (Step.DAY, 6), (Step.AFTER, 13))
    ]
    assert sum(counts) == 3
    assert Letter.objects.filter(key__startswith="reminder:").count() == 3


def test_a_letter_says_how_much_waits_and_nothing_else_in_her_language(due, official, noon):
    actions.write_reminders(at=noon(0))

    letter = Letter.objects.get(key__startswith="reminder:")
    opened = open_letter(letter)
    assert (letter.language, opened.to) == ("fr", official.email)
    assert "/fr/learning/" in opened.text
    assert str(Progress.objects.get().of) in opened.text
    assert "2026" in opened.text
    for word in (due.name, "judic", "traite", "Judic"):
        assert word not in f"{letter.subject} {opened.text}"


@pytest.mark.parametrize(
    ("days", "words"), [(6, "Please finish by"), (7, "It was to be done by"), (13, "It was to be done by")]
)
def test_a_reminder_of_the_day_that_leaves_later_does_not_ask_for_a_day_that_is_over(due, official, noon, days, words):
    official.language = "en"
    official.save()
    actions.write_reminders(at=noon(days))

    letter = Letter.objects.get(key__startswith="reminder:")

    assert words in open_letter(letter).text


@pytest.mark.parametrize("hour", [0, 12, 1])
def test_nothing_is_written_at_night(due, at, hour):
    # In Haiti it is five hours earlier: seven in the evening is midnight, seven in the morning is noon.
    moment = at.replace(hour=hour) if hour else at.replace(hour=0) + dt.timedelta(days=1, hours=1)

    assert actions.write_reminders(at=moment) == 0


def test_who_has_finished_left_or_lost_her_account_hears_nothing(due, member, person, countries, trainer, at, noon):
    people = [person("learner", country=countries["HT"]) for _place in range(2)]
    actions.add_members(cohort=due, users=people, road=Road.FILE, by=trainer, at=at)
    Progress.objects.filter(enrolment=member.enrolment_id).update(completed_at=at)
    actions.take_out(member=due.members.get(number=2), by=trainer, at=at)
    people[1].is_active = False
    people[1].save()

    assert actions.write_reminders(at=noon(0)) == 0


def test_a_person_in_two_groups_hears_once_a_week(due, official, trainer, at, noon):
    other = actions.make_cohort(
        course=due.course, country=due.country, trainers=[trainer], by=trainer, at=at, name="Other",
        begins_on=at.date(), due_on=due.due_on + dt.timedelta(days=3),
    )  # fmt: skip
    actions.add_members(cohort=other, users=[official], road=Road.CODE, by=trainer, at=at)

    for days in range(30):
        actions.write_reminders(at=noon(days))

    moments = list(Reminder.objects.order_by("at").values_list("at", flat=True))
    assert len(moments) == 4
    assert all(
        later - earlier >= dt.timedelta(days=6, hours=12) for earlier, later in zip(moments, moments[1:], strict=False)
    )


def test_a_deadline_that_moves_is_told_anew(due, noon):
    actions.write_reminders(at=noon(0))
    due.due_on += dt.timedelta(days=9)
    due.save()

    written = [actions.write_reminders(at=noon(days)) for days in (1, 6, 8)]

    assert written == [0, 0, 1]
    assert Reminder.objects.count() == 2


def test_looking_costs_two_queries_when_nobody_is_to_be_told(due, noon, django_assert_num_queries):
    actions.write_reminders(at=noon(0))

    with django_assert_num_queries(2):
        assert actions.write_reminders(at=noon(0)) == 0


def test_a_text_goes_to_the_number_she_gave(due, official, noon, carrier):
    actions.keep_text_number(user=official, number=NUMBER, at=noon(0))
    actions.write_reminders(at=noon(0))

    done = [actions.send_reminder_texts(at=noon(0)) for _turn in range(2)]

    sent, _results = carrier
    assert done == [1, 0]
    assert [(one["country"], one["number"], one["is_again"]) for one in sent] == [("HT", NUMBER, False)]
    assert str(Progress.objects.get().of) in sent[0]["body"]
    assert Reminder.objects.get().text == TextState.SENT


def test_without_a_number_only_the_letter_goes(due, noon, carrier):
    actions.write_reminders(at=noon(0))

    assert actions.send_reminder_texts(at=noon(0)) == 0
    assert (carrier[0], Reminder.objects.get().text) == ([], "")


def test_a_carrier_that_is_away_is_asked_again_five_times(due, official, noon, carrier):
    sent, results = carrier
    results += ["later"] * 10
    actions.keep_text_number(user=official, number=NUMBER, at=noon(0))
    actions.write_reminders(at=noon(0))

    for minutes in range(0, 120, 5):
        actions.send_reminder_texts(at=noon(0) + dt.timedelta(minutes=minutes))

    assert [one["is_again"] for one in sent] == [False, True, True, True, True]
    assert Reminder.objects.get().text == TextState.NOT_SENT


@pytest.mark.parametrize("end", ["never", "removed", "nobody_sends"])
def test_a_text_that_cannot_leave_is_given_up(due, official, noon, carrier, end):
    actions.keep_text_number(user=official, number=NUMBER, at=noon(0))
    actions.write_reminders(at=noon(0))
    if end == "never":
        carrier[1].append("never")
    elif end == "removed":
        actions.remove_text_number(user=official, at=noon(0))
    else:
        texting.SENDERS.clear()

    assert actions.send_reminder_texts(at=noon(0)) == 0
    assert Reminder.objects.get().text == TextState.NOT_SENT
    assert actions.send_reminder_texts(at=noon(0) + dt.timedelta(minutes=20)) == 0


@pytest.mark.parametrize("change", ["left", "finished", "closed", "moved", "night"])
def test_a_text_that_is_no_more_wanted_does_not_leave(due, member, official, trainer, noon, carrier, change):
    actions.keep_text_number(user=official, number=NUMBER, at=noon(0))
    written = noon(0) + dt.timedelta(hours=7)  # seven in the evening
    actions.write_reminders(at=written)
    if change == "left":
        actions.take_out(member=member, by=trainer, at=written)
    elif change == "finished":
        Progress.objects.filter(enrolment=member.enrolment_id).update(completed_at=written)
    elif change == "closed":
        type(official).objects.filter(pk=official.pk).update(is_active=False)
    elif change == "moved":
        type(due).objects.filter(pk=due.pk).update(due_on=due.due_on + dt.timedelta(days=9))

    assert actions.send_reminder_texts(at=written + dt.timedelta(hours=1 if change == "night" else 0)) == 0
    assert (carrier[0], Reminder.objects.get().text) == ([], TextState.NOT_SENT)
