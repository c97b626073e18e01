"""What a phone is told of the codes that were used on it: which are erased, for certain, and of nobody anything else."""

import json
import uuid

import pytest
from django.test import Client

from accounts.actions import destroy_key
from tests.training.without_account import CLAIM, ERASE, NEW, allowed, begin, shown
from training import actions
from training.models import Learner

__all__ = ["allowed"]
DOOR = "/api/erased/"


def asked(*who, **options):
    """Ask the door from a phone that nobody is signed in on."""
    return Client(**options).post(DOOR, json.dumps({"who": list(who)}), "application/json")


def told(*who):
    """Return which ids the door says are erased."""
    answer = asked(*who)
    assert answer.status_code == 200
    assert list(answer.json()) == ["erased"]
    return answer.json()["erased"]


@pytest.fixture
def code(client, allowed):
    """The code of somebody who has just begun in this browser."""
    return begin(client)


@pytest.fixture
def who(code):
    """Her id, as her phones keep it."""
    return str(Learner.objects.get().public_id)


def test_an_erased_code_is_told_to_a_phone_that_is_signed_out(client, who):
    assert told(who) == []

    client.post(ERASE, {"sure": "on"})

    assert told(who, str(uuid.uuid4()), "undefined") == [who]


def test_so_is_one_that_nobody_used_for_so_long(who, at):
    actions.erase_progress(learner=Learner.objects.get(), by="worker", at=at, reason="unused")

    assert told(who) == [who]


def test_it_costs_the_same_for_one_and_for_many(client, who, django_assert_num_queries):
    client.post(ERASE, {"sure": "on"})
    told(who)

    with django_assert_num_queries(3):  # how often this network asked, the ledger, whose row stands
        told(who, *(str(uuid.uuid4()) for _ in range(49)))


def test_of_a_code_that_stands_was_replaced_or_is_signed_out_nothing_is_told(client, who):
    shown(client.post(NEW))
    client.post("/en/wipe/")

    assert told(who) == []


def test_of_a_code_that_an_account_took_over_nothing_is_told(client, code, who, official, sign_in):
    sign_in(official)
    client.post(CLAIM, {"code": code})
    assert Learner.objects.get(public_id=who).merged_into == official.learner

    assert told(who, str(official.learner.public_id)) == []


def test_of_whom_a_row_stands_nothing_is_told_though_the_ledger_has_her(who, at):
    destroy_key(owner=uuid.UUID(who), by="command", at=at)

    assert told(who) == []


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{}", "application/json", 400),
        ("[]", "application/json", 400),
        ("{", "application/json", 400),
        ('{"who": "x"}', "application/json", 400),
        ('{"who": []}', "application/json", 400),
        (json.dumps({"who": ["x"] * 51}), "application/json", 400),
        ('{"who": ["x"]}', "text/plain", 415),
        ('{"who": [{}, null, 3, ["x"]]}', "application/json", 200),
    ],
)
def test_what_is_no_question_gets_no_answer(db, body, kind, status):
    answer = Client().post(DOOR, body, kind)

    assert answer.status_code == status
    assert answer.json().get("erased", []) == []


def test_the_id_stands_in_the_body_alone_and_needs_no_token(client, who):
    client.post(ERASE, {"sure": "on"})

    assert Client().get(DOOR, {"who": who}).status_code == 405
    assert asked(who, enforce_csrf_checks=True).json() == {"erased": [who]}
    assert "no-store" in asked(who)["Cache-Control"]


def test_who_asks_too_often_from_one_network_is_told_nothing_for_a_while(client, who, monkeypatch):
    monkeypatch.setattr("training.api.CALLS_AN_ADDRESS", 1)
    client.post(ERASE, {"sure": "on"})
    told(who)

    answer = asked(who)

    assert (answer.status_code, answer["Retry-After"]) == (429, "600")
    assert "erased" not in answer.json()


@pytest.mark.parametrize("address", [ERASE, "/en/learning/code/", "/en/account/login/", "/en/keep/"])
def test_pages_that_open_signed_out_ask_the_door(db, address):
    assert f'data-erased="{DOOR}"' in Client().get(address).content.decode()


def test_before_and_after_it_is_said_what_a_phone_without_a_network_keeps(client, code):
    words = "Without a network it keeps them until you choose “Empty this phone” on it."

    assert words in client.get(ERASE).content.decode()
    assert words in client.post(ERASE, {"sure": "on"}).content.decode()
