"""Cohorts: made, joined, changed; who may reach which, and how each stands."""

import datetime as dt
import uuid

import pytest
import time_machine
from bs4 import BeautifulSoup

from accounts.models import AuditEntry, Office
from tests.training.cohorts import cohort, member, sent, session, trainer
from training import actions, lists, progress, queries
from training.choices import Done, Road, Verb
from training.models import Cohort, Enrolment, Progress, TrainedSpan

__all__ = ["cohort", "member", "session", "trainer"]


def test_a_cohort_needs_a_trainer_of_its_country(course, countries, trainer, person, at):
    elsewhere = person("trainer", country=countries["TN"])

    for trainers in ([], [elsewhere], [trainer, elsewhere]):
        with pytest.raises(actions.NoTrainer):
            actions.make_cohort(
                course=course, country=countries["HT"], trainers=trainers, by=trainer, at=at, name="X", begins_on=at
            )


def test_members_are_enrolled_once_and_keep_their_numbers(cohort, person, countries, trainer, at):
    people = [person("learner", country=countries["HT"]) for _place in range(3)]

    first = actions.add_members(cohort=cohort, users=people[:2], road=Road.FILE, by=trainer, at=at)
    again = actions.add_members(cohort=cohort, users=[*people, people[0]], road=Road.FILE, by=trainer, at=at)

    assert (first, again) == (2, 1)
    numbers = cohort.members.order_by("number").values_list("number", "enrolment__learner__user")
    assert list(numbers) == [(1, people[0].pk), (2, people[1].pk), (3, people[2].pk)]
    rows = Progress.objects.filter(enrolment__learner__user__in=people)
    assert set(rows.values_list("done", "last_at", "fold")) == {(0, None, progress.FOLD)}
    assert {row.of for row in rows} == {sum(1 for one in _asked(cohort) if one.kind == "lesson")}
    assert AuditEntry.objects.filter(verb="training.members_added").count() == 2


def _asked(cohort):
    version = Enrolment.objects.filter(course=cohort.course).select_related("version").first().version
    return progress.version_of(str(version.public_id), version.body).asked("")


def test_a_hundred_members_cost_as_many_queries_as_two(
    cohort, person, countries, trainer, at, django_assert_max_num_queries
):
    two, many = ([person("learner", country=countries["HT"]) for _place in range(count)] for count in (2, 100))
    actions.add_members(cohort=cohort, users=two, road=Road.FILE, by=trainer, at=at)

    with django_assert_max_num_queries(28):
        actions.add_members(cohort=cohort, users=many, road=Road.FILE, by=trainer, at=at)

    assert cohort.members.count() == 102


def test_who_began_the_course_before_keeps_what_she_did(cohort, official, enrolment, trainer, at):
    actions.add_members(cohort=cohort, users=[official], road=Road.FILE, by=trainer, at=at)

    assert cohort.members.get().enrolment == enrolment
    assert Enrolment.objects.count() == 1


def test_who_left_comes_back_under_her_number(cohort, member, official, trainer, at):
    actions.take_out(member=member, by=trainer, at=at)
    actions.take_out(member=member, by=trainer, at=at)

    back = actions.add_members(cohort=cohort, users=[official], road=Road.OFFICE, by=trainer, at=at)

    assert back == 1
    assert list(cohort.members.values_list("pk", "number", "left_at")) == [(member.pk, 1, None)]
    assert AuditEntry.objects.filter(verb="training.member_left").count() == 1


def test_an_office_comes_in_with_everybody_who_learns_there(cohort, trainer, person, countries, at):
    office = Office.objects.create(country=countries["HT"], name="Court A", kind="court")
    inside = [person("learner", country=countries["HT"], office=office) for _place in range(2)]
    person("learner", country=countries["HT"])
    person("manager", country=countries["HT"], office=office)

    count = actions.add_office(cohort=cohort, office=office, by=trainer, at=at)

    assert count == 2
    assert set(cohort.members.values_list("enrolment__learner__user", flat=True)) == {one.pk for one in inside}


def test_the_code_lets_officials_of_the_country_in(cohort, official, person, countries, trainer, at):
    code = actions.open_joining(cohort=cohort, until=at.date(), by=trainer, at=at)

    found = actions.join_cohort(user=official, code=f" {code[:4].lower()} {code[4:]} ", at=at)
    actions.join_cohort(user=official, code=code, at=at)

    assert found == cohort
    assert list(cohort.members.values_list("road", flat=True)) == ["code"]
    with pytest.raises(actions.JoinRefused, match="another country"):
        actions.join_cohort(user=person("learner", country=countries["TN"]), code=code, at=at)


def test_a_code_that_is_wrong_over_or_closed_lets_nobody_in(cohort, official, trainer, at):
    code = actions.open_joining(cohort=cohort, until=at.date(), by=trainer, at=at)

    with pytest.raises(actions.JoinRefused, match="No group has this code"):
        actions.join_cohort(user=official, code="ABCD2345", at=at)
    with pytest.raises(actions.JoinRefused, match="No group has this code"):
        actions.join_cohort(user=official, code="", at=at)
    # In Haiti the day ends at five o'clock UTC of the next one.
    with pytest.raises(actions.JoinRefused, match="has ended"):
        actions.join_cohort(user=official, code=code, at=dt.datetime(2026, 11, 26, 5, 1, tzinfo=dt.UTC))
    actions.close_joining(cohort=cohort, by=trainer, at=at)
    with pytest.raises(actions.JoinRefused, match="No group has this code"):
        actions.join_cohort(user=official, code=code, at=at)
    assert not cohort.members.exists()


def test_codes_are_guessed_ten_times_an_hour(cohort, official, trainer, at):
    code = actions.open_joining(cohort=cohort, until=at.date(), by=trainer, at=at)
    for _try in range(10):
        with pytest.raises(actions.JoinRefused, match="No group"):
            actions.join_cohort(user=official, code="ABCD2345", at=at)

    with pytest.raises(actions.JoinRefused, match="Ten codes"):
        actions.join_cohort(user=official, code=code, at=at)


def test_the_same_hour_is_the_same_session(session, cohort, trainer, at):
    again = actions.plan_session(cohort=cohort, starts_at=session.starts_at, minutes=30, place="", by=trainer, at=at)

    assert again == session
    assert cohort.sessions.count() == 1


def test_who_sees_which_cohorts(cohort, trainer, manager, person, countries, course, official, member, session):
    others = [
        person("trainer", country=countries["HT"]),
        person("manager", country=countries["TN"]),
        person("analyst", country=countries["HT"]),
        person("manager"),
        official,
    ]
    moved = person("trainer", country=countries["TN"])
    cohort.trainers.add(moved)

    for one in (trainer, manager):
        assert list(queries.cohorts_visible_to(one)) == [cohort]
        assert list(queries.sessions_visible_to(one)) == [session]
        assert list(queries.members_visible_to(one)) == [member]
    for one in (*others, moved):
        assert not queries.cohorts_visible_to(one).exists()
        assert not queries.sessions_visible_to(one).exists()
        assert not queries.members_visible_to(one).exists()


def test_the_page_tells_done_begun_due_and_not_begun(cohort, member, official, course, lessons, trainer, at):
    version = member.enrolment.version
    read = [(lessons[0], progress.END), (lessons[1], None)]
    arrivals = [
        actions.Arrival(
            id=uuid.uuid4(), verb=Verb.REACHED if screen else Verb.OPENED, activity=str(lesson.translation_key),
            version=str(version.public_id), language="fr", occurred_at=at, payload={"screen": screen} if screen else {},
        )
        for lesson, screen in read
    ]  # fmt: skip
    sent(official, *arrivals, at=at)

    view = queries.cohort_view(cohort, queries.members_inside(trainer, cohort), "en", at=at)
    cohort.due_on = at.date() + dt.timedelta(days=3)
    soon = queries.cohort_view(cohort, queries.members_inside(trainer, cohort), "en", at=at)

    states = view.lines[0].cells
    assert states[:3] == (Done.DONE, Done.BEGUN, Done.NOT_BEGUN)
    assert view.lines[0].done == 1
    assert soon.lines[0].cells[:3] == (Done.DONE, Done.DUE, Done.DUE)
    assert (view.is_due, soon.is_due) == (False, True)


@pytest.mark.parametrize(
    ("state", "said"), [("current", ""), ("refresher_due", "Refresher due"), ("lapsed", "Lapsed")]
)
def test_who_has_done_all_and_owes_a_refresher_is_marked_beside_her_name(
    cohort, member, official, trainer, sign_in, at, state, said
):
    for days, one in ((9, "current"), (2, state)):
        begins = at - dt.timedelta(days=days)
        ends = begins + dt.timedelta(days=7) if days == 9 else None
        TrainedSpan.objects.create(
            enrolment=member.enrolment, course=cohort.course, user=official, language="fr", state=one, begins=begins,
            ends=ends,
        )  # fmt: skip

    with time_machine.travel(at, tick=False):
        html = sign_in(trainer).get(f"/en/groups/{cohort.public_id}/").content.decode()

    name = BeautifulSoup(html, "html.parser").select_one(".cohort-grid tbody th")
    assert [chip.get_text(strip=True) for chip in name.select(".chip")] == ([said] if said else [])


def test_the_deadline_is_the_end_of_its_day_there(cohort):
    cohort.due_on = dt.date(2026, 11, 30)

    assert queries.due_at(cohort) == dt.datetime(2026, 12, 1, 5, 0, tzinfo=dt.UTC)


def test_completion_by_cohort_counts_who_is_inside(
    cohort, member, official, person, countries, trainer, manager, at, django_assert_num_queries
):
    gone, idle = (person("learner", country=countries["HT"]) for _place in range(2))
    actions.add_members(cohort=cohort, users=[gone, idle], road=Road.FILE, by=trainer, at=at)
    actions.take_out(member=cohort.members.get(number=2), by=trainer, at=at)
    Progress.objects.filter(enrolment=member.enrolment_id).update(completed_at=at, last_at=at)
    other = actions.make_cohort(
        course=cohort.course, country=cohort.country, trainers=[trainer], by=trainer, at=at, name="Empty",
        begins_on=at.date(),
    )  # fmt: skip

    with django_assert_num_queries(2):
        rows = queries.completion_by_cohort(manager, "en", at=at)
        assert len([lists.cohort_cells(row, "Haiti") for row in rows]) == 2

    told = [(one.cohort, one.total, one.finished, one.under_way, one.not_begun, one.percent) for one in rows]
    assert told == [(other, 0, 0, 0, 0, 0), (cohort, 2, 1, 0, 1, 50)]
    assert queries.completion_by_cohort(manager, "en", at=at, only=[]) == []
    assert queries.completion_by_cohort(person("analyst", country=countries["HT"]), "en", at=at) == []


def test_who_was_let_in_and_has_not_opened_the_course_has_not_begun_it(cohort, person, countries, trainer, at):
    office = Office.objects.create(country=countries["HT"], name="Court A", kind="court")
    people = [person("learner", country=countries["HT"], office=office) for _place in range(12)]
    actions.add_members(cohort=cohort, users=people, road=Road.FILE, by=trainer, at=at)
    actions.count_readiness(at=at)

    report = queries.completion(trainer, {})

    assert (report.total, report.under_way, report.not_begun) == (12, 0, 12)


def test_a_cohort_of_a_course_may_be_changed_but_not_moved(cohort, trainer, at, person, countries):
    second = person("trainer", country=countries["HT"])

    actions.change_cohort(
        cohort=cohort, trainers=[second], name="Clerks, second year", due_on=at.date(), by=trainer, at=at
    )

    again = Cohort.objects.get()
    assert (again.name, again.due_on, list(again.trainers.all())) == ("Clerks, second year", at.date(), [second])
    assert not queries.cohorts_visible_to(trainer).exists()
