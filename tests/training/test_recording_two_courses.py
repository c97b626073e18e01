"""A sending of two courses: what was done in one counts in no other, however it is shuffled, cut and sent again."""

import uuid
from dataclasses import replace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cms.models import FrontPage
from tests.training.conftest import AT
from tests.training.once import once
from tests.training.small import small
from training import actions, grading, progress
from training.actions.rebuilding import differences
from training.actions.recording import record_or_raise
from training.choices import END, CertificateKind, Source, Verb
from training.models import Attempt, Certificate, Course, Progress, RefusedEvent


class Side:
    """One course as a learner has begun it: her enrolment, its edition as a value, her open test."""

    def __init__(self, learner, course, at):
        self.enrolment = actions.enrol(learner=learner, course=course, country="HT", at=at)
        self.version = progress.version_of(str(self.enrolment.version.public_id), self.enrolment.version.body)
        self.attempt = actions.start_attempt(enrolment=self.enrolment, language="fr", at=at)
        self.at = at

    @property
    def paper(self):
        """Return her paper."""
        return progress.paper_of(str(self.attempt.public_id), self.attempt.paper)

    @property
    def test(self):
        """Return the id of the test."""
        return self.paper.activity

    def told(self, verb, activity, **payload):
        """Return an event of this course."""
        return actions.Arrival(
            id=uuid.uuid4(), verb=verb, activity=activity, version=self.version.id, language="fr",
            occurred_at=self.at, payload=payload,
        )  # fmt: skip

    def read(self):
        """Return the ends of all its lessons."""
        return [self.told(Verb.REACHED, lesson.id, screen=END) for lesson in self.version.lessons]

    def handed_in(self):
        """Return the test, all of it right."""
        answers = [{"item": item.id, "response": right(item)} for item in self.paper.items]
        return self.told(Verb.SUBMITTED, self.test, attempt=self.paper.attempt, answers=answers)

    def kept(self):
        """Return one answer of the open test."""
        item = self.paper.items[0]
        return self.told(
            Verb.ANSWERED, self.test, attempt=self.paper.attempt, item=item.id, turn=1, response=right(item)
        )


def right(item):
    """Return the right answer of a question with one or several right options."""
    return list(item.right) if item.kind == "multiple" else item.right[0]


@pytest.fixture
def learner(official):
    """The learner behind the official's account."""
    return actions.learner_of(official)


@pytest.fixture(scope="module")
def migration_once(school, django_db_blocker, tmp_path_factory):
    """The number of the course on safe migration, beside the judicial one."""
    folder = small("safe-migration", tmp_path_factory.mktemp("content"))
    loaded = once(django_db_blocker, lambda: actions.load_course(folder, FrontPage.objects.get(), by="test", at=AT).pk)
    with loaded as number:
        yield number


@pytest.fixture
def sides(learner, course, migration_once, at):
    """The judicial course and the one on safe migration, both begun, with a test open in each."""
    return Side(learner, course, at), Side(learner, Course.objects.get(pk=migration_once), at)


@pytest.fixture
def send(learner, later):
    """Send arrivals and return their outcomes as pairs."""

    def go(*arrivals):
        outcomes = actions.record_events(learner=learner, arrivals=list(arrivals), source=Source.WEB, at=later(1))
        return [(one.status, str(one.reason)) for one in outcomes]

    return go


def as_of(side, arrival, **changes):
    """Return an event of one course as if it were of another: its edition, its test."""
    return replace(arrival, id=uuid.uuid4(), version=side.version.id, activity=side.test, **changes)


def test_the_test_of_another_course_passes_none(sides, send):
    judicial, migration = sides
    foreign = as_of(judicial, migration.handed_in())

    outcomes = send(*judicial.read(), migration.told(Verb.OPENED, migration.version.lessons[0].id), foreign)

    assert outcomes == [("accepted", "")] * 5 + [("rejected", "item_not_in_attempt")]
    row = Progress.objects.get(enrolment=judicial.enrolment)
    assert (row.done, row.passed_at, row.completed_at) == (4, None, None)
    assert not Attempt.objects.filter(submitted_at__isnull=False).exists()
    assert not Certificate.objects.filter(enrolment=judicial.enrolment, kind=CertificateKind.ACHIEVEMENT).exists()
    assert RefusedEvent.objects.get().reason == "item_not_in_attempt"
    assert list(differences()) == []


def test_an_answer_of_the_test_of_another_course_is_refused(sides, send):
    judicial, migration = sides

    outcomes = send(judicial.kept(), migration.kept(), as_of(judicial, migration.kept()))

    assert outcomes == [("accepted", ""), ("accepted", ""), ("rejected", "item_not_in_attempt")]


@pytest.mark.parametrize("name", ["handed_in", "kept"])
def test_a_paper_is_of_its_test_and_not_of_a_lesson(sides, send, name):
    judicial, _migration = sides
    told = getattr(judicial, name)()

    assert send(replace(told, activity=judicial.version.lessons[0].id)) == [("rejected", "item_not_in_attempt")]
    assert send(told) == [("accepted", "")]


@pytest.mark.parametrize("is_other_course", [True, False])
def test_an_answer_is_marked_anew_in_its_own_test_only(sides, send, learner, later, is_other_course):
    judicial, migration = sides
    send(judicial.handed_in(), migration.handed_in())
    mine, other = judicial.paper, migration.paper
    paper, activity = (other, judicial.test) if is_other_course else (mine, judicial.version.lessons[0].id)
    told = judicial.told(
        Verb.REGRADED, activity, attempt=paper.attempt, item=paper.items[0].id, item_version=1, key="k",
        points=grading.FULL, max=grading.FULL,
    )  # fmt: skip

    with pytest.raises(actions.NotRecorded, match="This question was not in the test"):
        record_or_raise(learner=learner, arrivals=[migration.read()[0], told], at=later(2))


def test_a_test_has_no_end_to_be_read_to(sides, send):
    judicial, _migration = sides

    assert send(judicial.told(Verb.REACHED, judicial.test, screen=END)) == [("rejected", "payload_invalid")]
    assert send(*judicial.read()) == [("accepted", "")] * 4


def mixed(judicial, migration):
    """Return the whole of both courses, and what tries to carry something of one into the other."""
    lesson = judicial.version.lessons[0].id
    sound = [one for side in (judicial, migration) for one in (*side.read(), side.kept(), side.handed_in())]
    bad = [
        as_of(judicial, migration.handed_in()),
        as_of(migration, judicial.handed_in()),
        as_of(judicial, migration.kept()),
        replace(judicial.handed_in(), activity=lesson),
        replace(migration.read()[0], version=judicial.version.id),
        judicial.told(Verb.REACHED, migration.version.lessons[0].id, screen=END),
    ]
    return sound, bad


def stands():
    """Return all that the events of a sending have written."""
    rows = Progress.objects.order_by("enrolment")
    return (
        list(rows.values_list("enrolment", "state", "sha256", "done", "best", "passed_at", "completed_at")),
        list(Attempt.objects.order_by("pk").values_list("pk", "right", "passed", "submitted_at")),
        list(Certificate.objects.order_by("enrolment", "kind").values_list("enrolment", "kind").distinct()),
    )


def test_any_order_and_any_cut_of_a_mixed_sending_gives_the_same(sides, send):
    sound, bad = mixed(*sides)
    with transaction.atomic():
        assert send(*sound) == [("accepted", "")] * len(sound)
        expected = stands()
        assert len(expected[2]) == 4  # of each course the certificate of completion and that of the test
        transaction.set_rollback(True)

    # A failure is told as it came: to make it smaller takes minutes, and each example is a whole sending.
    @settings(max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.permutations([*sound, *bad]), st.lists(st.sampled_from([*sound, *bad]), max_size=6), st.data())
    def holds(order, again, data):
        whole = [*order, *again]
        cuts = sorted(data.draw(st.sets(st.integers(1, len(whole) - 1), max_size=3)))
        with transaction.atomic():
            outcomes = {}
            for begin, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
                part = whole[begin:end]
                for one, (status, _reason) in zip(part, send(*part), strict=True):
                    outcomes.setdefault(one.id, status)
            assert {outcomes[one.id] for one in sound} == {"accepted"}
            assert {outcomes[one.id] for one in bad} == {"rejected"}
            assert stands() == expected
            assert list(differences()) == []
            transaction.set_rollback(True)

    holds()
