"""A further certificate that is due while the sealing key is away: the worker issues it once the key is back."""

import pytest

from tests.training.decided import finished
from tests.training.finishing import ask_anew, finish, refresh
from training import actions
from training.choices import Source
from training.demo.learners import take_test
from training.models import Attempt, AwaitedCertificate, Certificate

__all__ = ["finished"]
AWAY = "LR:x:" + "A" * 43 + "="  # a seal key that is not the one in use


@pytest.fixture
def key_away(settings):
    """Take the seal key away for as long as an act lasts."""

    def act(what):
        keys, settings.SEAL_KEYS = settings.SEAL_KEYS, AWAY
        try:
            return what()
        finally:
            settings.SEAL_KEYS = keys

    return act


def standing():
    return sorted(Certificate.objects.filter(withdrawal=None).values_list("kind", "copy", "version__number"))


def pass_again(enrolment, at):
    paper = take_test(enrolment, "fr", at)
    actions.record_events(learner=enrolment.learner, arrivals=[paper], source=Source.FORM, at=at)


def test_what_a_refresher_brings_while_the_key_is_away_the_worker_issues(
    finished, official, course, lessons, key_away, later
):
    ask_anew(lessons[0], later(10))
    before = standing()
    key_away(lambda: refresh(official, course, later(20)))
    meanwhile = standing()

    assert meanwhile == before == [("achievement", 1, 1), ("completion", 1, 1)]
    assert actions.issue_left(at=later(30)) == 1
    assert standing() == [*before[:1], ("achievement", 1, 2), *before[1:], ("completion", 1, 2)]
    assert not AwaitedCertificate.objects.exists()
    assert actions.issue_left(at=later(40)) == 0


def test_a_test_passed_again_while_the_key_is_away_is_certified_by_the_worker(finished, manager, key_away, later):
    actions.void_attempt(attempt=Attempt.objects.get(), reason="not_her_work", by=manager, at=later(10))
    key_away(lambda: pass_again(finished, later(20)))
    meanwhile = standing()

    assert meanwhile == [("completion", 1, 1)]
    assert actions.issue_left(at=later(30)) == 1
    assert standing() == [("achievement", 2, 1), ("completion", 1, 1)]
    assert actions.issue_left(at=later(40)) == 0


def test_it_waits_for_as_long_as_the_key_is_away(finished, manager, key_away, later):
    actions.void_attempt(attempt=Attempt.objects.get(), reason="not_her_work", by=manager, at=later(10))
    key_away(lambda: pass_again(finished, later(20)))

    assert key_away(lambda: actions.issue_left(at=later(30))) == 0
    assert actions.issue_left(at=later(40)) == 1


def test_where_her_next_event_brought_it_nothing_waits_any_more(finished, official, course, lessons, key_away, later):
    ask_anew(lessons[0], later(10))
    key_away(lambda: refresh(official, course, later(20)))
    finish(official, course, later(25), lessons=1, passed=False)
    brought = standing()

    assert len(brought) == 4
    assert actions.issue_left(at=later(30)) == 0
    assert standing() == brought
    assert not AwaitedCertificate.objects.exists()


def test_what_waits_anew_while_the_worker_looks_is_not_lost(finished, later):
    AwaitedCertificate.objects.create(enrolment=finished, since=later(31))

    assert actions.issue_left(at=later(30)) == 0
    assert AwaitedCertificate.objects.exists()
