"""The pages around a lesson are measured for each kind of learner, and told of the dearest."""

from django.utils import timezone

from cms import bench_learning
from tests.cms.measuring import measured
from training.actions import enrol, start_attempt, submit_attempt
from training.models import Course, Learner, Progress

__all__ = ["measured"]


def test_who_failed_a_test_and_who_has_finished_are_measured_too(measured, person, liberia):
    under_way, failed, finished = (_begun(person("learner", country=liberia)) for _one in range(3))
    Progress.objects.filter(enrolment=under_way).update(done=1)
    attempt = start_attempt(enrolment=failed, language="en", at=timezone.now())
    submit_attempt(attempt=attempt, responses={}, language="en", at=timezone.now())
    Progress.objects.filter(enrolment=finished).update(completed_at=timezone.now())

    found = bench_learning._learners()

    assert found[0] == under_way
    assert {failed, finished} <= set(found)


def _begun(user):
    learner = Learner.objects.create(user=user)
    return enrol(learner=learner, course=Course.objects.get(), country="LR", at=timezone.now())
