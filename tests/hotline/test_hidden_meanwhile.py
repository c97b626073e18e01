"""A contact is hidden from somebody between her page's look-up and her act: each act of a person asks anew under the lock."""

import inspect
import pkgutil
from importlib import import_module

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from hotline import actions
from hotline.actions import sheets
from hotline.actions.heartbeat import note_alive
from hotline.actions.operators import AlreadyTaken
from hotline.actions.own_rows import NamesHer
from hotline.actions.shielding import shield_contact
from hotline.ivr import QUESTIONS
from hotline.models import Attachment, CallBack, Contact, ContactLink, Recording, Review, Shield
from referral.models import Case
from tests.hotline.test_hidden_texts import at_the_first_transaction

pytestmark = pytest.mark.django_db

# What takes a contact and a person and is no act by which she writes on it or reads it, and why.
OTHERS = {
    "hold_answer": "whoever calls it has locked the row and asked",
    "keep_answering": "her own claim alone, by one update",
    "leave_case": "gives her own claim back",
    "confirm_recording": "of the words of a line",
    "remove_recording": "of the words of a line",
    "read_contact": "notes that she reads",
    "note_shown": "rings whom a call for help brings, whoever asked for it",
    "end_call_back": "who talks leaves, though it was hidden from her since",
    "meet_stranger": "who talks leaves, though it was hidden from her since",
}
OF_ONE = ("contact", "recording", "attachment", "review", "link", "shield")


def acts_of_persons():
    """Return each public act of the hotline that takes a contact, or what belongs to one, and who does it."""
    found = {}
    for module in pkgutil.iter_modules(actions.__path__, "hotline.actions."):
        for name, one in inspect.getmembers(import_module(module.name), inspect.isfunction):
            takes = inspect.signature(one).parameters
            is_act = "by" in takes and any(
                what in takes and takes[what].kind == takes[what].KEYWORD_ONLY for what in OF_ONE
            )
            if one.__module__ == module.name and is_act and not name.startswith("_"):
                found[f"{module.name.rpartition('.')[2]}.{name}"] = one
    return found


ACTS = acts_of_persons()


def is_other(name):
    return name.rpartition(".")[2] in OTHERS


@pytest.fixture
def found(contact, line, operator, supervisor, at):
    """A contact as the operator's page found it, with all that an act may ask for, before it was hidden from her."""
    note_alive(at=at)
    second = Contact.objects.create(
        line=line, country=line.country, state="wrap_up", step="done", started_at=at, changed_at=at, ended_at=at
    )
    CallBack.objects.create(contact=contact, by=operator, account=line.account, made_at=at, state="talking")
    Contact.objects.filter(pk=contact.pk).update(is_missed=True, claimed_by=operator)
    row = Contact.objects.get(pk=contact.pk)
    values = {
        "contact": row, "other": second, "by": operator, "at": at, "key": "safe_now", "values": ["yes"], "version": 0,
        "text": "Words.", "language": "fr", "answers": {}, "who_may_answer": "", "cover": "", "safe_from": None,
        "safe_until": None, "code_word": None, "topic": "concern", "owner": supervisor, "closing": "reached", "seen": "",
        "reason": "follow_up", "case": Case(), "hours": 1, "question": QUESTIONS[0], "role": "supervisor", "mode": "open",
        "agency": None, "is_cold": False, "person": supervisor, "operator": operator, "marks": {}, "comment": "",
        "answer": "", "user": supervisor, "data": b"",
        "recording": Recording(contact=row), "review": Review(contact=row, asked_by=operator),
        "link": ContactLink(one=row, other=second), "shield": Shield(contact=row),
        "attachment": Attachment(contact=row),
    }  # fmt: skip
    shield_contact(contact=row, by=supervisor, at=at, user=operator)
    return values


def traces(contact):
    return contact.events.count(), AuditEntry.objects.count(), contact.sheets.count(), Case.objects.count()


TAKES = "operators.take_call"


@pytest.mark.parametrize("name", [name for name in ACTS if not is_other(name) and name != TAKES])
def test_whom_it_names_by_then_does_nothing_on_it_and_reads_nothing(name, found):
    takes = inspect.signature(ACTS[name]).parameters.values()
    asked = {one.name: found[one.name] for one in takes if one.default is one.empty}
    before = traces(found["contact"])

    with pytest.raises(NamesHer):
        ACTS[name](**asked)

    assert traces(found["contact"]) == before


def test_a_waiting_call_that_names_her_by_then_is_taken_by_nobody_whose_name_is_told(
    network, operator, supervisor, at
):
    waiting = network.queued()
    shield_contact(contact=waiting, by=supervisor, at=at, user=operator)
    before = traces(waiting)

    with pytest.raises(AlreadyTaken) as refused:
        ACTS[TAKES](contact=waiting, by=operator, at=at)

    assert (refused.value.holder, network.contact.state, network.contact.claimed_by) == ("–", "waiting", None)
    assert traces(waiting) == before


def test_each_exception_is_an_act_that_there_is():
    assert {name.rpartition(".")[2] for name in ACTS if is_other(name)} == set(OTHERS)
    assert len(ACTS) > 50


DOORS = {
    "note": {"note": "Words.", "version": 0},
    "set_language": {"language": "en"},
    "close_follow_up": {"closing": "reached"},
    "open_case": {},
}


@pytest.mark.parametrize("name", DOORS)
def test_the_doors_answer_as_if_it_was_not_there(name, desk, contact, operator, supervisor, at):
    Contact.objects.filter(pk=contact.pk).update(is_missed=True, state="ended", claimed_by=operator)
    sheets.save_answer(contact=contact, key="consent_case", values=["yes"], version=0, by=operator, at=at)

    def hide():
        shield_contact(contact=Contact.objects.get(pk=contact.pk), by=supervisor, at=at, user=operator)

    with at_the_first_transaction(hide):
        answer = desk.post(reverse(f"hotline:{name}", args=[contact.public_id]), DOORS[name])

    now = Contact.objects.get(pk=contact.pk)
    assert (answer.status_code, now.closed_at, now.case, now.sheets.count(), now.language) == (
        404,
        None,
        None,
        1,
        "fr",
    )
    assert now.events.filter(kind="shield_met").exists()
