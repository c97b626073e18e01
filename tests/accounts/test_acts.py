"""What the audit log records has words: the code of every room is read, nothing is listed by hand."""

import ast
import functools

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts import actions, queries

ROOMS = (*queries.ROOMS, "languages")
# Acts whose code is handed on or put together while running.
PUT_TOGETHER = {
    "referral.consent_given", "referral.consent_refused", "referral.link_opened", "referral.link_dead",
    "hotline.prompt_heard", "hotline.prompt_recorded", "hotline.prompt_removed",
    "hotline.notice_refused", "operator.phone_set", "operator.phone_verified", "operator.phone_removed",
    "referral.hold_set", "referral.hold_lifted", "referral.deletion_confirmed", "referral.deletion_told",
    "hotline.hold_set", "hotline.hold_lifted", "directory.contact_change_asked", "directory.contact_change_dropped",
    "directory.contact_changed", "officials.exported", "training.enrolments_exported", "training.results_exported",
}  # fmt: skip


@functools.cache
def calls_of_record():
    """Return, for every call of `record` and every act of a `record_many` in the rooms' code, its file and the node of its verb."""
    found = []
    for path in (path for room in ROOMS for path in (settings.BASE_DIR / room).rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "record(" in source or "record_many(" in source:
            nodes = list(ast.walk(ast.parse(source)))
            found += [
                (path.name, verb) for node in nodes if isinstance(node, ast.Call) for verb in verbs_of_call(node)
            ]
            if "record_many(" in source:
                found += [(path.name, node.elts[0]) for node in nodes if is_act(node)]
    return found


def verbs_of_call(node):
    """Return the node of the verb that a call of `record` is given."""
    is_record = ast.unparse(node.func).split(".")[-1] == "record"
    return [key.value for key in node.keywords if is_record and key.arg == "verb"]


def is_act(node):
    """Tell whether a node is an act as `record_many` takes it: verb, thing, country, facts."""
    return isinstance(node, ast.Tuple) and len(node.elts) == 4 and isinstance(node.elts[0], ast.Constant)


def test_every_act_that_is_recorded_has_words_and_no_other():
    written = {verb.value for _, verb in calls_of_record() if isinstance(verb, ast.Constant)}

    assert written | PUT_TOGETHER == set(queries.declared_acts())


def test_only_these_files_put_an_act_together():
    running = {name for name, verb in calls_of_record() if not isinstance(verb, ast.Constant)}

    assert running == {
        "consent.py",
        "contacts.py",
        "exports.py",
        "links.py",
        "notices.py",
        "recordings.py",
        "telephones.py",
        "holds.py",
        "deletions.py",
    }


@pytest.mark.either
@pytest.mark.django_db
def test_the_log_says_the_acts_of_other_rooms_in_words(person, sign_in):
    keeper = person("administrator")
    actions.record(by=keeper, verb="referral.case_read", thing="referral.case:1", at=timezone.now())

    page = sign_in(keeper).get(reverse("accounts:audit")).content.decode()

    assert "Read a case" in page
