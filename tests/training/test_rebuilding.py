"""`rebuild_progress`: every stored column of progress, and every test result, is what the events fold to, or is mended."""

import datetime as dt
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from training import actions, progress
from training.actions import rebuilding
from training.actions.recording import record_or_raise
from training.models import Attempt, Progress

LONG_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
RESULT = ("right", "passed", "submitted_at")
COLUMNS = ("fold", "state", "sha256", "done", "of", "best", "seconds", "language", "track", "passed_at", "completed_at",
           "last_at")  # fmt: skip


@pytest.fixture
def taken(enrolment, later):
    """Her test, handed in and passed."""
    return handed_in(enrolment, later)


def handed_in(enrolment, later):
    attempt = actions.start_attempt(enrolment=enrolment, language="fr", at=later(1))
    items = progress.paper_of(str(attempt.public_id), attempt.paper).items
    actions.submit_attempt(
        attempt=attempt, responses={item.id: item.right[0] for item in items}, language="fr", at=later(2)
    )
    return attempt


def stored(*names):
    return Progress.objects.values(*(names or COLUMNS)).get()


def told(capsys):
    """What `--check` says differs: the columns of its one line."""
    with pytest.raises(CommandError, match="1 enrolments differ"):
        call_command("rebuild_progress", "--check")
    line = capsys.readouterr().out.strip()
    return line.split(" ", 1)[1].split(", ")


@pytest.mark.parametrize(
    "damage",
    [
        {"fold": 1}, {"sha256": "0" * 64}, {"done": 3}, {"of": 9}, {"best": 1}, {"seconds": 7}, {"language": "ar"},
        {"track": "police"}, {"passed_at": None}, {"completed_at": LONG_AGO}, {"last_at": LONG_AGO},
    ],
    ids=lambda damage: next(iter(damage)),
)  # fmt: skip
def test_each_damaged_column_is_told_and_mended(taken, damage, capsys):
    before = stored()
    Progress.objects.update(**damage)

    assert told(capsys) == list(damage)
    call_command("rebuild_progress", "--apply")

    assert stored() == before
    assert list(actions.differences()) == []


def test_a_state_that_was_written_over_is_told_and_mended_though_its_hash_stands(taken, capsys):
    before = stored()
    Progress.objects.update(state=before["state"].replace('"submitted"', '"submitted_x"'))

    assert told(capsys) == ["state"]
    call_command("rebuild_progress", "--apply")

    assert stored() == before


@pytest.mark.parametrize("damage", [{"right": 1}, {"passed": False}, {"submitted_at": LONG_AGO}], ids=str)
def test_a_result_of_a_test_is_told_and_mended(taken, damage, capsys):
    before = Attempt.objects.values(*RESULT).get()
    Attempt.objects.update(**damage)

    assert told(capsys) == [f"test 1: {name}" for name in damage]
    call_command("rebuild_progress", "--apply")

    assert Attempt.objects.values(*RESULT).get() == before
    assert list(actions.differences()) == []


def test_a_result_that_is_gone_comes_again(taken, capsys):
    before = Attempt.objects.values(*RESULT).get()
    Attempt.objects.update(right=None, passed=None, submitted_at=None)

    assert told(capsys) == [f"test 1: {name}" for name in RESULT]
    call_command("rebuild_progress", "--apply")

    assert Attempt.objects.values(*RESULT).get() == before


def test_a_result_without_a_paper_is_taken_back(enrolment, later, capsys):
    actions.start_attempt(enrolment=enrolment, language="fr", at=later(1))
    Attempt.objects.update(right=6, passed=True, submitted_at=LONG_AGO)

    assert told(capsys) == [f"test 1: {name}" for name in RESULT]
    call_command("rebuild_progress", "--apply")

    assert Attempt.objects.values_list(*RESULT).get() == (None, None, None)


def test_spans_that_were_worked_out_are_no_difference_and_are_worked_out_again_after_a_mend(taken):
    Progress.objects.update(spans_due=False)
    assert list(actions.differences()) == []

    Progress.objects.update(done=9)
    actions.rebuild(by="tests", at=LONG_AGO)

    assert Progress.objects.get().spans_due


def test_what_is_mended_is_recorded_once_each(taken, later):
    Progress.objects.update(best=F("best") + 1)

    assert actions.rebuild(by="tests", at=later(9)) == 1
    assert actions.rebuild(by="tests", at=later(9)) == 0

    assert AuditEntry.objects.filter(verb="training.progress_rebuilt").count() == 1


def people(person, course, countries, at, count):
    """So many officials, each with a lesson read to its end."""
    made = [
        actions.enrol(
            learner=actions.learner_of(person("learner", country=countries["HT"])), course=course, country="HT", at=at
        )
        for _ in range(count)
    ]
    for one in made:
        lesson = progress.version_of("", one.version.body).lessons[0].id
        arrivals = [
            actions.Arrival(
                id=uuid.uuid4(), verb="reached", activity=lesson, version=str(one.version.public_id),
                language="fr", occurred_at=at, payload={"screen": "end"},
            )
        ]  # fmt: skip
        record_or_raise(learner=one.learner, arrivals=arrivals, at=at)


def statements():
    with CaptureQueriesContext(connection) as caught:
        assert list(actions.differences()) == []
    return len([one for one in caught if "SAVEPOINT" not in one["sql"]])


def test_ten_people_cost_as_many_questions_as_one(person, course, countries, at):
    people(person, course, countries, at, 1)
    one = statements()
    people(person, course, countries, at, 9)

    assert statements() == one
    assert one <= 6


def test_it_goes_some_at_a_time_and_misses_none(person, course, countries, at, monkeypatch):
    people(person, course, countries, at, 5)
    monkeypatch.setattr(rebuilding, "AT_ONCE", 1)
    single = statements()
    monkeypatch.setattr(rebuilding, "AT_ONCE", 2)

    assert statements() < single
    assert [len(rows) for rows in rebuilding._chunks()] == [2, 2, 1]

    Progress.objects.update(done=0)
    assert {one.columns for one in actions.differences()} == {("done",)}
    assert actions.rebuild(by="tests", at=at) == 5
    assert set(Progress.objects.values_list("done", flat=True)) == {1}


def test_what_arrives_while_it_reads_is_no_difference(person, course, countries, at, monkeypatch):
    people(person, course, countries, at, 1)
    kept = stored()
    Progress.objects.update(done=0)
    judged = rebuilding._wrong

    def meanwhile(rows):
        found = judged(rows)
        Progress.objects.update(done=kept["done"])
        return found

    monkeypatch.setattr(rebuilding, "_wrong", meanwhile)

    assert list(actions.differences()) == []
