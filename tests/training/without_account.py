"""What the tests of learning without an account begin with: a course that allows it, begun by form, and its code."""

import re

import pytest

from training import actions
from training.models import Course

BEGIN, OPEN, ERASE = "/en/learning/judicial/without-account/", "/en/learning/code/", "/en/wipe/everywhere/"
CLAIM, NEW = "/en/learning/code/account/", "/en/learning/code/new/"


@pytest.fixture
def allowed(course):
    """The judicial course, which may be begun without an account here."""
    Course.objects.filter(pk=course.pk).update(without_account=True)
    course.refresh_from_db()
    actions.compile_course(course)
    return course


def begin(client, country="HT"):
    """Begin the course by its form; return the code as the page shows it, once."""
    return shown(client.post(BEGIN, {"country": country}))


def shown(response):
    """Return the code that a page shows."""
    assert response.status_code == 200, response
    block = re.search(r'class="progress-code"[^>]*>(.*?)</p>', response.content.decode(), re.DOTALL).group(1)
    return " ".join(re.findall(r"<span>(\w+)</span>", block))
