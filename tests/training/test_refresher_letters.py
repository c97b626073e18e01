"""Letters of refreshers: once one is due and once before it lapses, discreet, to who still owes it and may be written to."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts import actions as accounts
from accounts.actions import deactivate, open_letter
from accounts.models import Letter
from tests.training.cohorts import cohort, member, trainer
from tests.training.finishing import ask_anew, finish, refresh
from tests.training.off_and_on import off, on
from training import actions, tasks
from training.actions import refreshing, texting
from training.choices import Step, TextState, Trained, WithdrawalReason
from training.models import Certificate, Course, Enrolment, Reminder, TrainedSpan

__all__ = ["cohort", "member", "trainer"]
NUMBER = "+50934123456"


@pytest.fixture
def noon(at):
    """A function that returns the instant at which it is noon in Haiti, some days later."""
    return lambda days: at.replace(hour=17) + dt.timedelta(days=days)


@pytest.fixture
def owing(official, course, lessons, noon):
    """An official who finished; at noon of the first day an edition asked a lesson anew. Her enrolment."""
    return _owing([official], course, lessons, noon)[0]


def _owing(people, course, lessons, noon):
    """Let people finish and then be asked for a lesson anew; return their enrolments."""
    found = [finish(user, course, noon(-9)) for user in people]
    ask_anew(lessons[0], noon(0))
    actions.fill_due_spans(at=noon(0))
    return found


@pytest.fixture
def carrier():
    """What whoever sends texts was given."""
    sent, earlier = [], list(texting.SENDERS)
    texting.SENDERS[:] = [lambda **told: sent.append(told) or "sent"]
    yield sent
    texting.SENDERS[:] = earlier


def written():
    return list(Reminder.objects.order_by("at").values_list("step", "due_on", "at"))


def letters():
    return Letter.objects.filter(key__startswith="reminder:")


def test_one_letter_once_it_is_due_and_one_two_weeks_before_it_lapses(owing, noon):
    counts = [actions.write_refresher_reminders(at=noon(days)) for days in range(100)]

    lapses = noon(90).date()
    assert written() == [(Step.REFRESH, lapses, noon(1)), (Step.LAPSING, lapses, noon(76))]
    assert (sum(counts), letters().count()) == (2, 2)


def test_a_letter_names_no_subject_and_is_in_her_language(owing, official, noon):
    official.language = "en"
    official.save()
    TrainedSpan.objects.update(language="en")
    actions.write_refresher_reminders(at=noon(1))
    actions.write_refresher_reminders(at=noon(76))

    first, second = (open_letter(one) for one in letters().order_by("queued_at"))

    assert first.to == official.email
    assert first.text.startswith("A refresher is waiting for you. Please finish by ")
    assert second.text.startswith("A refresher is still waiting for you. Please finish by ")
    assert "/en/learning/" in first.text
    for one in letters():
        assert one.subject == "A refresher is waiting for you"
        assert "udic" not in one.subject + open_letter(one).text


def test_a_letter_is_in_the_language_of_her_account(owing, official, noon):
    actions.write_refresher_reminders(at=noon(1))

    assert (letters().get().language, Reminder.objects.get().language) == ("fr", "fr")
    assert "/fr/learning/" in open_letter(letters().get()).text


def test_several_edits_of_an_afternoon_are_one_letter(owing, lessons, noon):
    ask_anew(lessons[1], noon(0) + dt.timedelta(hours=4))
    actions.fill_due_spans(at=noon(0) + dt.timedelta(hours=4))

    early = [actions.write_refresher_reminders(at=noon(0) + dt.timedelta(hours=hours)) for hours in range(10)]
    later = [actions.write_refresher_reminders(at=noon(1) + dt.timedelta(days=days)) for days in range(9)]

    assert (early, later) == ([0] * 10, [1] + [0] * 8)


def test_an_edit_weeks_later_is_no_letter_while_the_first_refresher_waits(owing, lessons, noon):
    actions.write_refresher_reminders(at=noon(1))
    ask_anew(lessons[1], noon(20))
    actions.fill_due_spans(at=noon(20))

    assert actions.write_refresher_reminders(at=noon(21)) == 0


def test_what_is_asked_after_she_did_it_is_another_letter(owing, official, course, lessons, noon):
    actions.write_refresher_reminders(at=noon(1))
    refresh(official, course, noon(2))
    actions.fill_due_spans(at=noon(2))
    ask_anew(lessons[0], noon(20))
    actions.fill_due_spans(at=noon(20))

    assert [actions.write_refresher_reminders(at=noon(day)) for day in (21, 22)] == [1, 0]
    assert [due_on for _step, due_on, _at in written()] == [noon(90).date(), noon(110).date()]


def test_nothing_is_written_at_night(owing, noon):
    night = [noon(1) + dt.timedelta(hours=hours) for hours in (8, 12, 14)]  # eight in the evening to two at night

    assert [actions.write_refresher_reminders(at=moment) for moment in night] == [0, 0, 0]


def test_the_day_is_that_of_her_country(owing, noon):
    late = noon(90).replace(hour=3)  # in Haiti it is the evening before
    TrainedSpan.objects.filter(state=Trained.REFRESHER_DUE).update(ends=late)

    actions.write_refresher_reminders(at=noon(1))

    assert Reminder.objects.get().due_on == late.date() - dt.timedelta(days=1)


def test_who_did_it_a_moment_ago_hears_nothing_before_her_standing_is_worked_out_and_after(
    owing, official, course, noon
):
    refresh(official, course, noon(1))

    assert actions.write_refresher_reminders(at=noon(1)) == 0
    actions.fill_due_spans(at=noon(1))
    assert actions.write_refresher_reminders(at=noon(1)) == 0


@pytest.mark.parametrize("why", ["closed", "off", "withdrawn", "country closed"])
def test_who_is_not_to_be_asked_hears_nothing(owing, official, course, manager, person, noon, why):
    if why == "closed":
        deactivate(person=official, by=person("administrator"), at=noon(1))
    elif why == "off":
        off(course)
    elif why == "country closed":
        type(official.country).objects.update(is_active=False)
    else:
        for one in Certificate.objects.filter(enrolment=owing):
            facts = {"by": manager, "reason": WithdrawalReason.IN_ERROR, "at": noon(1)}
            actions.withdraw_certificate(certificate=one, **facts)
        actions.fill_due_spans(at=noon(1))

    assert actions.write_refresher_reminders(at=noon(2)) == 0


def test_a_course_that_is_put_on_again_is_written_of(owing, course, noon):
    off(course)
    assert actions.write_refresher_reminders(at=noon(1)) == 0
    on(course)
    assert actions.write_refresher_reminders(at=noon(1)) == 1


def test_one_a_week_whatever_it_is_about(owing, course, noon, django_assert_num_queries):
    other = Enrolment.objects.create(
        learner=owing.learner, course=_second(course), version=owing.version, started_at=noon(0)
    )
    Reminder.objects.create(
        enrolment=other, step=Step.REFRESH, due_on=noon(80).date(), at=noon(0), language="fr"
    )  # fmt: skip

    with django_assert_num_queries(4):  # who heard lately is not found, so nobody is held
        assert [actions.write_refresher_reminders(at=noon(day)) for day in (1, 6)] == [0, 0]
    assert actions.write_refresher_reminders(at=noon(7)) == 1


def test_a_deadline_is_not_told_in_the_week_of_a_refresher(member, cohort, course, noon):
    cohort.due_on = noon(6).date()
    cohort.save()
    Reminder.objects.create(
        enrolment=member.enrolment, step=Step.REFRESH, due_on=noon(80).date(), at=noon(-3), language="fr"
    )

    assert [actions.write_reminders(at=noon(day)) for day in (0, 3, 4)] == [0, 0, 1]


def _second(course):
    """Another course of the same curriculum, of which nothing else is asked."""
    return Course.objects.exclude(pk=course.pk).first() or course.get_parent().add_child(
        instance=Course(title="Other", slug="other", key="other", heading_en="Other", summary_en="Other.")
    )


@pytest.mark.parametrize("many", [1, 12])
def test_finding_whom_to_write_to_costs_the_same_for_one_and_for_many(
    person, countries, course, lessons, noon, many, django_assert_num_queries
):
    _owing([person("learner", country=countries["HT"]) for _ in range(many)], course, lessons, noon)
    assert actions.write_refresher_reminders(at=noon(1)) == many

    with django_assert_num_queries(2):
        assert actions.write_refresher_reminders(at=noon(2)) == 0


def test_a_batch_is_bounded_and_the_next_one_goes_on(person, countries, course, lessons, noon, monkeypatch):
    _owing([person("learner", country=countries["HT"]) for _ in range(5)], course, lessons, noon)
    monkeypatch.setattr(refreshing, "BATCH", 2)
    tasks._NEXT.clear()

    assert [tasks.write_refresher_reminders(noon(1)) for _turn in range(5)] == [2, 2, 1, 0, 0]
    assert letters().count() == 5


def test_what_ends_between_row_and_letter_leaves_neither_and_the_next_turn_writes_both(owing, noon, monkeypatch):
    class Killed(BaseException):
        pass

    def die(**_told):
        raise Killed

    queue = accounts.queue_letter
    monkeypatch.setattr(accounts, "queue_letter", die)
    with pytest.raises(Killed):
        actions.write_refresher_reminders(at=noon(1))
    assert (Reminder.objects.count(), letters().count()) == (0, 0)

    monkeypatch.setattr(accounts, "queue_letter", queue)
    assert [actions.write_refresher_reminders(at=noon(1)) for _turn in range(2)] == [1, 0]
    assert letters().count() == 1


def test_the_database_keeps_a_second_one_out(owing, noon):
    facts = {"enrolment": owing, "step": Step.REFRESH, "due_on": noon(90).date(), "at": noon(1), "language": "fr"}
    Reminder.objects.create(**facts)

    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(**facts)


def test_a_text_goes_to_the_number_she_gave(owing, official, noon, carrier):
    official.language = "en"
    official.save()
    actions.keep_text_number(user=official, number=NUMBER, at=noon(0))
    actions.write_refresher_reminders(at=noon(1))

    assert [actions.send_reminder_texts(at=noon(1)) for _turn in range(2)] == [1, 0]
    assert [(one["number"], one["country"]) for one in carrier] == [(NUMBER, "HT")]
    assert carrier[0]["body"].startswith("A refresher is waiting for you. Please finish by")


@pytest.mark.parametrize("change", ["done", "off", "closed", "night"])
def test_a_text_that_is_no_more_wanted_does_not_leave(owing, official, course, noon, carrier, change):
    actions.keep_text_number(user=official, number=NUMBER, at=noon(0))
    evening = noon(1) + dt.timedelta(hours=7)
    actions.write_refresher_reminders(at=evening)
    if change == "done":
        refresh(official, course, evening)
        actions.fill_due_spans(at=evening)
    elif change == "off":
        off(course)
    elif change == "closed":
        type(official).objects.filter(pk=official.pk).update(is_active=False)

    assert actions.send_reminder_texts(at=evening + dt.timedelta(hours=1 if change == "night" else 0)) == 0
    assert (carrier, Reminder.objects.get().text) == ([], TextState.NOT_SENT)


def test_a_text_waits_while_her_standing_is_worked_out(owing, official, noon, carrier):
    actions.keep_text_number(user=official, number=NUMBER, at=noon(0))
    actions.write_refresher_reminders(at=noon(1))
    actions.mark_moved(user=official)

    assert actions.send_reminder_texts(at=noon(1)) == 0
    actions.fill_due_spans(at=noon(1))
    assert actions.send_reminder_texts(at=noon(1) + dt.timedelta(minutes=1)) == 1
