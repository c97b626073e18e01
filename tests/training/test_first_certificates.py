"""A first certificate after a move in mid-course: it names the edition of which she has done all, and says no other one."""

import datetime as dt
import uuid

import pytest

from tests.training.finishing import ask_anew, finish
from training import actions, progress, queries
from training.choices import END, Source
from training.demo.learners import take_test
from training.models import Certificate, Enrolment, Lesson

HALF = 2


@pytest.fixture
def days(at):
    """Days after the course was begun."""
    return lambda number: at + dt.timedelta(days=number)


@pytest.fixture
def moved(official, course, at, days):
    """Let the official read half of the course, then move to a newer edition that asks a lesson anew."""

    def act(asked: int) -> Enrolment:
        enrolment = finish(official, course, at, lessons=HALF, passed=False)
        lessons = Lesson.objects.filter(path__startswith=course.path).order_by("path")
        ask_anew(lessons[asked], days(10))
        actions.move_to_newest(enrolment=Enrolment.objects.get(pk=enrolment.pk), language="fr", at=days(11))
        return Enrolment.objects.get(pk=enrolment.pk)

    return act


def go_on(enrolment, at, *, passed=True, lessons=slice(HALF, None)):
    """Let her read lessons, the second half of the course as it is now, and pass its test."""
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    arrivals = [
        actions.Arrival(
            id=uuid.uuid4(), verb="reached", activity=lesson.id, version=version.id, language="fr", occurred_at=at,
            payload={"screen": END},
        )
        for lesson in version.lessons[lessons]
    ]  # fmt: skip
    if passed:
        arrivals.append(take_test(enrolment, "fr", at))
    actions.record_events(learner=enrolment.learner, arrivals=arrivals, source=Source.FORM, at=at)


def told(official, at, kind="achievement"):
    """Each certificate of a kind, as it was issued: its edition, how it stands, to what it is current, until when."""
    rows = queries.certificates_of(official).filter(kind=kind).order_by("pk")
    return [(one.certificate.version.number, one.state, one.current_to, one.until) for one in queries.held(rows, at)]


@pytest.mark.parametrize("kind", ["completion", "achievement"])
@pytest.mark.parametrize("asked", [0, HALF])
def test_who_did_all_that_the_newer_edition_asks_holds_one_that_is_current_to_it(official, moved, days, asked, kind):
    enrolment = moved(asked)

    go_on(enrolment, days(12), passed=False, lessons=slice(0, 1))  # read again where it is asked anew
    go_on(enrolment, days(13), passed=kind == "achievement")

    assert told(official, days(14), kind) == [(2, "current", 2, None)]


@pytest.mark.parametrize(("kind", "passed"), [("achievement", True), ("completion", True), ("completion", False)])
def test_who_has_not_read_again_holds_one_of_the_edition_that_she_knows_until_she_has(
    official, moved, days, kind, passed
):
    enrolment = moved(0)

    go_on(enrolment, days(120), passed=passed)
    before = told(official, days(121), kind)
    go_on(enrolment, days(125), passed=False, lessons=slice(0, 1))

    # Ninety days from when she had finished, for before there was nothing to lapse.
    assert before == [(1, "refresher_due", 1, days(210))]
    assert told(official, days(126), kind) == [(1, "replaced", 1, None), (2, "current", 2, None)]
    assert [row.attained_at for row in Certificate.objects.filter(kind=kind).order_by("pk")] == [days(120), days(125)]
    assert actions.issue_certificates(enrolment=Enrolment.objects.get(pk=enrolment.pk), at=days(127)) == []


def test_a_change_of_the_test_alone_brings_no_second_one_of_completion_to_who_has_not_passed(
    official, course, at, days
):
    enrolment = finish(official, course, at, passed=False)
    course.pass_minimum -= 1
    course.save()
    actions.course_changed(course, by="test", at=days(10), material=queries.id_of_test(course, 2))
    actions.move_to_newest(enrolment=Enrolment.objects.get(pk=enrolment.pk), language="fr", at=days(11))

    more = actions.issue_certificates(enrolment=Enrolment.objects.get(pk=enrolment.pk), at=days(12))

    assert more == []
    assert told(official, days(12), "completion") == [(1, "current", 2, None)]


@pytest.mark.parametrize("kind", ["completion", "achievement"])
@pytest.mark.parametrize(
    ("waived", "issued"), [(11, [(2, 12)]), (12, [(2, 12)]), (13, [(1, 12), (2, 13)])], ids=["before", "with", "after"]
)
def test_the_first_one_is_for_the_edition_of_which_she_had_done_all_when_she_earned_it(
    official, manager, course, lessons, at, days, kind, waived, issued
):
    """She follows the first edition; what the second asks anew was waived. Her account has no name until all is done."""
    name, official.name = official.name, ""
    official.save()
    enrolment = finish(official, course, at, lessons=HALF, passed=False)
    ask_anew(lessons[0], days(10))
    told = {"activity": str(lessons[0].translation_key), "reason": "taught", "by": manager}
    steps = [(waived, lambda: actions.waive_activity(enrolment=enrolment, at=days(waived), **told))]
    steps.append((12, lambda: go_on(enrolment, days(12))))
    for _day, step in sorted(steps, key=lambda one: one[0]):
        step()
    official.name = name
    official.save()

    for _time in range(2):
        actions.issue_certificates(enrolment=Enrolment.objects.get(), at=days(20))

    rows = Certificate.objects.filter(kind=kind).order_by("pk")
    assert [(row.version.number, row.attained_at) for row in rows] == [(edition, days(day)) for edition, day in issued]
