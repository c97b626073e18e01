"""A course whose test may be taken three times, a day apart; imported by the tests of tries."""

import pytest
import time_machine

from training import actions


@pytest.fixture
def course(course, at):
    """The judicial course with three tries and a day between them."""
    course.test_attempts, course.test_wait_hours = 3, 24
    course.save()
    actions.course_changed(course, by="test", at=at)
    return course


@pytest.fixture
def clock(at):
    """The clock of the server, moved by hand."""
    with time_machine.travel(at, tick=False) as clock:
        yield clock
