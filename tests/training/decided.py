"""Somebody who finished a course, and somebody of whom a lesson was waived: what a manager decides on."""

import pytest
import time_machine

from tests.training.finishing import finish
from training import actions


@pytest.fixture
def finished(official, course, at):
    """The enrolment of an official who read all lessons and passed."""
    return finish(official, course, at)


@pytest.fixture
def clock(later):
    """An hour after the official finished, on the clock of the server."""
    with time_machine.travel(later(60), tick=False) as clock:
        yield clock


@pytest.fixture
def excused(official, manager, course, lessons, at):
    """The enrolment of an official whose last lesson was waived, with which she finished."""
    enrolment = finish(official, course, at, lessons=-1)
    key = str(lessons[-1].translation_key)
    actions.waive_activity(enrolment=enrolment, activity=key, reason="taught", by=manager, at=at)
    return enrolment
