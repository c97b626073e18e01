"""What the audit log records has words: the code of every room is read, nothing is listed by hand."""

import ast
import functools
import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts import actions, queries

WORD, BEGIN = re.compile(r"[a-z_]+"), re.compile(r"[a-z]+\.[a-z_]*")
ROOMS = (*queries.ROOMS, "languages")


@functools.cache
def calls_of_record():
    """Return, for every call of `record` and every act of a `record_many` in the rooms' code, its file and the node of its verb."""
    found = []
    for path in (path for room in ROOMS for path in (settings.BASE_DIR / room).rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "record(" in source or "record_many(" in source:
            nodes = list(ast.walk(ast.parse(source)))
            found += [(path, verb) for node in nodes if isinstance(node, ast.Call) for verb in verbs_of_call(node)]
            if "record_many(" in source:
                found += [(path, node.elts[0]) for node in nodes if is_act(node)]
    return found


def verbs_of_call(node):
    """Return the node of the verb that a call of `record` is given."""
    is_record = ast.unparse(node.func).split(".")[-1] == "record"
    return [key.value for key in node.keywords if is_record and key.arg == "verb"]


def is_act(node):
    """Tell whether a node is an act as `record_many` takes it: verb, thing, country, facts."""
    return isinstance(node, ast.Tuple) and len(node.elts) == 4 and isinstance(node.elts[0], ast.Constant)


def acts_in_the_code():
    """Return every act that stands in the rooms' code, whole or put together (`f"hotline.{what}"` with a word of the same room)."""
    return {act for room in ROOMS for act in acts_of_room(settings.BASE_DIR / room)}


def acts_of_room(folder):
    """Return the acts that stand in the code of one room, but for the list of their words."""
    files = [path for path in folder.rglob("*.py") if folder / "rules" not in path.parents and path.name != "rules.py"]
    nodes = [node for path in files for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    words = [text for text in texts if WORD.fullmatch(text)]
    frames = {frame_of(node) for node in nodes if isinstance(node, ast.JoinedStr)}
    made = {begin + word + end for begin, end in frames if begin for word in words}
    return {text for text in texts if "." in text} | made


def frame_of(joined):
    """Return what stands before and after the one value of an act that is put together: ("hotline.swap_", "")."""
    begin, end = (getattr(part, "value", None) for part in (joined.values[0], joined.values[-1]))
    is_act = len(joined.values) in (2, 3) and isinstance(begin, str) and BEGIN.fullmatch(begin)
    return (begin, end if isinstance(end, str) else "") if is_act else ("", "")


def test_every_act_that_is_recorded_has_words_and_no_other():
    constant = {verb.value for _, verb in calls_of_record() if isinstance(verb, ast.Constant)}
    declared = set(queries.declared_acts())

    assert constant <= declared
    assert declared - constant - acts_in_the_code() == set()


@pytest.mark.either
@pytest.mark.django_db
def test_the_log_says_the_acts_of_other_rooms_in_words(person, sign_in):
    keeper = person("administrator")
    actions.record(by=keeper, verb="referral.case_read", thing="referral.case:1", at=timezone.now())

    page = sign_in(keeper).get(reverse("accounts:audit")).content.decode()

    assert "Read a case" in page
