"""Telephones that a document rings stand nowhere in plain once it was answered, and a repeat is answered with it all the same."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from hotline import actions
from hotline.actions.erasing import erase_contact
from hotline.models import Contact, WebhookEvent
from tests.hotline.silence import DUTY, last_heard
from tests.hotline.telephones import NUMBER, verify

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture(params=["of somebody on shift", "duty phone"])
def rung(request, network, operator, at):
    """A call whose document rings a telephone: the number, and the document."""
    last_heard(at - dt.timedelta(seconds=40))
    if request.param == "of somebody on shift":
        verify(operator, at)
    network.call()
    reply = network.step("language", 1, Digits="1").text
    number = NUMBER if request.param == "of somebody on shift" else DUTY
    assert f">{number}</Number>" in reply
    return number, reply


def kept_with(number):
    return [row for row in WebhookEvent.objects.all() if number in row.reply or number[1:] in row.reply]


def test_the_inbox_keeps_no_number_that_a_document_rings_in_plain(rung):
    number, _reply = rung

    assert WebhookEvent.objects.filter(reply__contains="</Number>").exists()
    assert kept_with(number) == []


def test_a_repeat_is_answered_with_the_same_document_and_kept_without_the_number(network, rung):
    number, reply = rung

    assert network.step("language", 1, Digits="1").text == reply
    assert network.step("language", 1, Digits="2").text == reply  # another key, that came too late
    assert network.step("silent", 1, Digits="1").text == reply  # another step of the same turn
    assert kept_with(number) == []


def test_what_a_request_was_answered_is_forgotten_with_it(network, rung, at):
    network.status("completed", "9")
    early = actions.forget_old_payloads(at=at + dt.timedelta(days=29))
    late = actions.forget_old_payloads(at=at + dt.timedelta(days=31))

    assert (early, late > 0) == (0, True)
    assert not WebhookEvent.objects.exclude(reply="").exists()


def test_what_a_request_was_answered_goes_with_an_erased_contact(network, rung, at):
    network.status("completed", "9")
    Contact.objects.update(state="done", is_missed=False, due_at=None)
    erase_contact(contact=Contact.objects.get(), reason="asked", by="worker", at=at)

    assert not WebhookEvent.objects.filter(reply__contains="</Number>").exists()


def test_what_was_kept_in_plain_before_is_emptied(network, rung):
    number, reply = rung
    WebhookEvent.objects.filter(reply__contains="</Number>").update(reply=reply)
    old = WebhookEvent.objects.exclude(reply__contains="</Number>").exclude(reply="").first()
    step = import_module("hotline.migrations.0017_answers_without_numbers")

    step.empty(apps, connection.schema_editor())

    old.refresh_from_db()
    assert kept_with(number) == []
    assert old.reply  # of a request that is kept, and without a number
    assert network.step("language", 1, Digits="1").status == 200
